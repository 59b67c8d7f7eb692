"""GSI 38 Auto Tymp and Welch Allyn TM 262: screening audiometry over RS-232.

Source: Welch Allyn TM 262 manual 1738-0101, pages 5-4, 5-5, 5-9 and 5-13. A record is 58
printable characters and CR LF: ``:``, the type, a sequence digit, where it stands in its group,
five reserved characters, the ear, eleven levels of four hexadecimal digits, and a checksum: the
sum of the 56 characters before it, of which seven bits are kept. Two cells that changed places
pass that sum, so a person looks at the drawn audiogram before anything is saved.

A level is twice the decibels hearing level, -10 to +100; 8000h says not tested, 231 to 450 no
response, whose level the manual does not state. The record tells neither masking nor patient
nor date. Tympanometry records are passed over. Whether the device waits for an acknowledgement
could not be found out, so nothing is ever answered.
"""

from __future__ import annotations

import re
from decimal import Decimal

from drivers.driver import Driver, Kind, Line, Maturity, Settings
from drivers.events import DeviceEvent, Event, Garbage, NoReading, Reason
from drivers.framing import FrameDecoder
from drivers.hearing import Ear, Remark, Response, Tone, ToneRecord, Transducer

HERTZ = (125, 250, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000)
EARS = {"01": Ear.LEFT, "02": Ear.RIGHT}
"""Bit 0 is the left ear and bit 1 the right; both or neither is no ear."""

NOT_TESTED = 0x8000
NO_RESPONSE = range(231, 451)
LEVELS = range(-20, 201)
"""Twice the decibels hearing level. What lies between the ranges means nothing."""

NO_RESPONSE_SAID = 231
"""What a simulated device says; a real one may use any value of the range."""

_RECORD = re.compile(rb":y(\d)([1-8])([1-8])[ -~]{5}([0-9A-F]{2})([0-9A-F]{44})([0-9A-F]{2})\r\n")
_TYMPANOMETRY = re.compile(rb":x[ -9;-~]*\r\n")
"""Without a colon: one that broke off must not take the record behind it along."""


def decoder(settings: Settings) -> FrameDecoder:
    """A fresh decoder; the protocol has no settings."""
    del settings
    return FrameDecoder(b":", b"\r\n", read_record)


def read_record(line: bytes) -> DeviceEvent:
    """Read one record from its colon to its line feed."""
    if _TYMPANOMETRY.fullmatch(line):
        return NoReading(Reason.OTHER, "tympanometry", line)
    found = _RECORD.fullmatch(line)
    if found is None:
        return Garbage(line)
    sequence, number, count, ear, cells, check = (part.decode("ascii") for part in found.groups())
    if check != checksum(line[:56]):
        return NoReading(Reason.TRANSMISSION, "checksum", line)
    if ear not in EARS or int(number) > int(count):
        return NoReading(Reason.NOT_UNDERSTOOD, "ear-or-group", line)
    tones = [_tone(EARS[ear], hz, cells[4 * at : 4 * at + 4]) for at, hz in enumerate(HERTZ)]
    known = tuple(tone for tone in tones if tone is not None)
    if len(known) < len(HERTZ):
        return NoReading(Reason.NOT_UNDERSTOOD, "undefined-level", line)
    empty = all(tone.response is Response.NOT_TESTED for tone in known)
    remarks = (Remark.EMPTY,) if empty else ()
    return ToneRecord(known, int(number), int(count), sequence, remarks=remarks, raw=line)


def checksum(characters: bytes) -> str:
    """Two upper-case hexadecimal digits: the sum of the characters, of which seven bits count."""
    return f"{sum(characters) & 0x7F:02X}"


def _tone(ear: Ear, hz: int, cell: str) -> Tone | None:
    """One cell; ``None`` for a value that the manual does not define."""
    word = int(cell, 16)
    if word == NOT_TESTED:
        return Tone(ear, Transducer.HEADPHONE, hz, Response.NOT_TESTED)
    if word in NO_RESPONSE:
        return Tone(ear, Transducer.HEADPHONE, hz, Response.NO_RESPONSE_LEVEL_UNKNOWN)
    signed = word - 0x10000 if word > NOT_TESTED else word
    if signed not in LEVELS:
        return None
    return Tone(ear, Transducer.HEADPHONE, hz, Response.THRESHOLD, Decimal(signed) / 2)


def render(event: Event, settings: Settings) -> bytes:
    """Write bytes that are no record as they are; raises ``ValueError`` for anything else."""
    del settings
    if isinstance(event, Garbage):
        return event.raw
    raise ValueError("an audiometer sends records")


def render_record(record: ToneRecord, settings: Settings) -> bytes:
    """Write a record as the device would; raises ``ValueError`` for what it cannot say."""
    del settings
    ears = {tone.ear for tone in record.tones}
    codes = [code for code, ear in EARS.items() if ears == {ear}]
    by_hz = {tone.hz: tone for tone in record.tones}
    if len(codes) != 1 or set(by_hz) != set(HERTZ):
        raise ValueError("a record holds one ear at its eleven frequencies")
    cells = "".join(_cell(by_hz[hz]) for hz in HERTZ)
    head = f":y{record.sequence or '0'}{record.number}{record.count}-----{codes[0]}{cells}"
    return f"{head}{checksum(head.encode('ascii'))}\r\n".encode("ascii")


def _cell(tone: Tone) -> str:
    match tone.response:
        case Response.NOT_TESTED:
            return f"{NOT_TESTED:04X}"
        case Response.NO_RESPONSE_LEVEL_UNKNOWN:
            return f"{NO_RESPONSE_SAID:04X}"
        case Response.THRESHOLD if tone.level_db is not None and 2 * tone.level_db in LEVELS:
            return f"{int(2 * tone.level_db) & 0xFFFF:04X}"
    raise ValueError(f"the record has no way to say {tone.response.value}")


DRIVERS = (
    Driver(
        key="gsi-38",
        name="GSI 38 / Welch Allyn TM 262",
        kind=Kind.AUDIOMETER,
        version="1",
        models=("GSI 38 Auto Tymp", "Welch Allyn TM 262"),
        sources=("Welch Allyn TM 262 manual 1738-0101, pages 5-4 to 5-13",),
        maturity=Maturity.FROM_MANUAL,
        line=Line(stop=2),
        decoder=decoder,
        render=render,
        render_record=render_record,
        measures=(),
    ),
)
