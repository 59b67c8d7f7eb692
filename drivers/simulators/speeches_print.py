"""The command sets of simulated scales that were made for a printer or a till.

Sources: Ohaus Defender 3000 manual p. 36 and U-Line's manual of the Defender 5000 p. 27; A&D EK-L
manual p. 29 and the command list of A&D balances; AXIS series B manual p. 12; CAS SW-II manual p.
15. What a manual says to be obeyed without an answer is not answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from drivers.events import NoReading, Reason
from drivers.simulators.keys import Key
from drivers.simulators.talk import Answer, Bench, Repeat, Wait

_PRESET: Final = re.compile(rb"(\d{1,5})T")
_TARE: Final = re.compile(rb"PT:(\d{1,5})(?:\.\d{1,4})?[A-Za-z]*")


def ohaus(request: bytes, bench: Bench) -> Answer:
    """Print now, on stability or again and again; zero, tare and a preset tare in grams."""
    match request.strip():
        case b"IP" | b"P":
            return (bench.event(),)
        case b"SP" if not bench.is_stable():
            return Wait(b"ES\r\n")
        case b"SP":
            return (bench.event(),)
        case b"CP" | b"CA":
            return Repeat(b"IP")
        case b"Z":
            bench.key(Key.ZERO)
        case b"T":
            bench.key(Key.TARE)
        case b"0S" | b"1S" | b"0A" | b"0P" | b"SA":
            pass
        case other:
            if (preset := _PRESET.fullmatch(other)) is None:
                return (NoReading(Reason.NOT_UNDERSTOOD),)
            bench.take_tare(int(preset[1]))
    return ()


def and_balance(request: bytes, bench: Bench) -> Answer:
    """A&D: now, stable, again and again, cancel; re-zero, tare, mode; an unknown one is E01."""
    match request.strip():
        case b"Q" | b"SI":
            return (bench.event(),)
        case b"S" if not bench.is_stable():
            return Wait(b"EC,E02\r\n")
        case b"S":
            return (bench.event(),)
        case b"SIR":
            return Repeat(b"Q")
        case b"Z" | b"R":
            bench.key(Key.ZERO)
        case b"T":
            bench.key(Key.TARE)
        case b"U":
            bench.key(Key.UNITS)
        case b"C" | b"P":
            pass
        case other:
            return _and_tare(other, bench)
    return ()


def _and_tare(request: bytes, bench: Bench) -> Answer:
    if request == b"?PT":
        return (f"PT,+{bench.tare_grams():08d}  g\r\n".encode(),)
    if (preset := _TARE.fullmatch(request)) is None:
        return (NoReading(Reason.ERROR, "E01"),)
    bench.take_tare(int(preset[1]))
    return ()


def axis(request: bytes, bench: Bench) -> Answer:
    """``SI`` is answered; tare, zero and power are obeyed in silence."""
    match request.strip():
        case b"SI":
            return (bench.event(),)
        case b"ST":
            bench.key(Key.TARE)
        case b"SZ":
            bench.key(Key.ZERO)
    return ()


def cas(request: bytes, bench: Bench) -> Answer:
    """ENQ is answered by ACK, DC1 by a block; other bytes by nothing."""
    answers: dict[bytes, Callable[[], Answer]] = {
        b"\x05": lambda: (b"\x06",),
        b"\x11": lambda: (bench.event(),),
    }
    return answers.get(request, tuple)()
