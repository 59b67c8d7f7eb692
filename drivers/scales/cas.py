"""CAS scales with the ENQ/DC1 dialogue. Source: CAS SW-II owner's manual p. 15 (type 5).

The block: SOH STX, ``S`` stable or ``U`` moving, sign (blank, ``-``, ``F`` for overload), six of
number, two of unit, BCC, ETX EOT. BCC is the XOR of everything from the stability to the unit, so
one flipped bit is always seen. The manual has the host send ENQ, wait for ACK, and then DC1; it
does not say whether DC1 alone is answered, so the way of asking has to be chosen.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor

from drivers.digits import signed
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Rhythm, Setting, Settings
from drivers.events import Event, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.framing import FixedDecoder

LENGTH = 15
_NUMBER = re.compile(rb" *(\d{1,6}(?:\.\d{1,4})?)")
_UNITS = {b"kg": "kg", b" g": "g", b"g ": "g", b"lb": "lb", b"oz": "oz"}
_STATES = {b"S": Stability.STABLE, b"U": Stability.MOVING}


def decoder(settings: Settings) -> FixedDecoder:
    """A fresh decoder; how the scale is asked makes no difference to its blocks."""
    del settings
    return FixedDecoder(b"\x01", LENGTH, read_block)


def read_block(block: bytes) -> Event:
    """Read fifteen bytes from SOH to EOT."""
    body, check = block[2:12], block[12]
    if block[:2] != b"\x01\x02" or block[13:] != b"\x03\x04" or bcc(body) != check:
        return Garbage(block)
    if body[1:2] == b"F":
        return NoReading(Reason.OVERLOAD, raw=block)
    state, number, unit = _STATES.get(body[:1]), _NUMBER.fullmatch(body[2:8]), body[8:]
    if state is None or number is None or unit not in _UNITS or body[1:2] not in b" -":
        return Garbage(block)
    value, flags = signed(number[1], minus=body[1:2] == b"-")
    return Reading(Quantity.WEIGHT, value, _UNITS[unit], state, flags, block, checked=True)


def bcc(body: bytes) -> int:
    """Return the XOR of all bytes."""
    return reduce(xor, body, 0)


def render(event: Event, settings: Settings) -> bytes:
    """Write an event as the scale would; raises ``ValueError`` for what it cannot say."""
    del settings
    match event:
        case Reading():
            digits = f"{abs(event.value):f}"
            if len(digits) > 6:
                raise ValueError("the block has six characters of number")
            state = "U" if event.stability is Stability.MOVING else "S"
            sign = "-" if event.value < 0 else " "
            return _block(f"{state}{sign}{digits:>6}{event.unit:>2}".encode())
        case NoReading(reason=Reason.OVERLOAD):
            return _block(b"SF      kg")
        case Garbage(raw=raw):
            return raw
        case NoReading():
            raise ValueError("the protocol has no answer but overload without a value")


def _block(body: bytes) -> bytes:
    return b"\x01\x02" + body + bytes([bcc(body)]) + b"\x03\x04"


DRIVERS = (
    Driver(
        key="cas",
        name="CAS",
        kind=Kind.SCALE,
        version="1",
        models=("CAS SW-II",),
        sources=("CAS SW-II owner's manual p. 15",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(),
        decoder=decoder,
        render=render,
        settings=(
            Setting("request", ("dc1", "enq-dc1"), None, "what makes the scale send its block"),
        ),
        # Both only read. ENQ is answered by ACK, which is no value.
        requests={"dc1": Poll(b"\x11"), "enq-dc1": Poll(b"\x05\x11")},
        trusted_frames=1,
        rhythm=Rhythm.ANSWERS,
    ),
)
