"""Rion AA-79S: one frame a patient over RS-232, air and bone, with masking.

Source: the serial program of a Japanese ENT clinic (SMam/audioserver_ruby18, ``lib/AA79S.rb`` and
``lib/com_RS232C_AA79S.rb``) and the frame it captured. The frame: STX, ``7@/``, ten characters of
id, ``/``, ten of a date field, ``//``, the data, ``/`` and the BCC. The program also reads an ETX
behind it, which the capture lacks; so it is no part of the frame here. The BCC is the XOR of
everything from ``7`` to the last ``/``, one raw byte that may itself look like a delimiter; so a
frame is cut by its structure and length, never at a delimiter.

The data is coded by position: eleven frequencies of air, then of bone, each five characters for
the right ear, five for the left and a comma; then the masking of both, four and four and a
comma. The oldest devices end before the masking. ``" 15 "`` is a level, ``"( 90)"`` no response at
that level, five blanks not tested. Levels are whole decibels hearing level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from operator import xor

from drivers.driver import Driver, Kind, Line, Maturity, Settings
from drivers.events import DeviceEvent, Event, Garbage, NoReading, Reason
from drivers.framing import SizedDecoder
from drivers.hearing import (
    Ear,
    Masking,
    Noise,
    Remark,
    Response,
    Tone,
    ToneRecord,
    Transducer,
)

HERTZ = (125, 250, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000)
HEAD = 27
"""Bytes before the data: STX, codes, id, date field and their slashes."""

TONES, WITH_MASKING = 242, 440
"""Characters of data without and with the masking."""

PATHS = (Transducer.HEADPHONE, Transducer.BONE)
EARS = (Ear.RIGHT, Ear.LEFT)
STX = b"\x02"
LONGEST = HEAD + WITH_MASKING + 2
LEVELS = range(-20, 131)
_HEAD = re.compile(rb"\x02(.)(.)/(.{10})/(.{10})//", re.DOTALL)
_HEARD = re.compile(r" ([ \-\d]{3}) ")
_UNHEARD = re.compile(r"\(([ \-\d]{3})\)")
_NOISE = re.compile(r"  [0-7][0-?]")
_NUMBER = re.compile(r" *-?\d+")
NOISES = {1: Noise.WHITE, 2: Noise.NARROW_BAND}


def decoder(settings: Settings) -> SizedDecoder:
    """A fresh decoder; the protocol has no settings."""
    del settings
    return SizedDecoder(STX, LONGEST, size_of, read_frame)


def size_of(data: bytes) -> int | None:
    """How long the frame is that begins here; 0 if none does, ``None`` if more is needed."""
    short = HEAD + TONES
    if data[3:4] not in b"/" or data[14:15] not in b"/" or data[25:27] not in (b"", b"/", b"//"):
        return 0
    if len(data) <= short:
        return None
    return (short if data[short : short + 1] == b"/" else HEAD + WITH_MASKING) + 2


def read_frame(frame: bytes) -> DeviceEvent:
    """Read one frame from STX to its BCC."""
    head = _HEAD.match(frame)
    if head is None or frame[-2:-1] != b"/" or bcc(frame[1:-1]) != frame[-1]:
        return Garbage(frame)
    if head[1] + head[2] != b"7@":
        return NoReading(Reason.NOT_UNDERSTOOD, "other-device", frame)
    data = frame[HEAD:-2].decode("latin-1")
    try:
        tones = tuple(_tones(data))
    except ValueError:
        return NoReading(Reason.NOT_UNDERSTOOD, "undefined-cell", frame)
    patient = head[3].decode("latin-1").strip()
    return ToneRecord(tones, patient=patient, remarks=_remarks(tones), raw=frame)


def bcc(body: bytes) -> int:
    """Return the XOR of all bytes."""
    return reduce(xor, body, 0)


def _tones(data: str) -> Iterator[Tone]:
    masked = len(data) == WITH_MASKING
    for path, transducer in enumerate(PATHS):
        for at, hz in enumerate(HERTZ):
            cell = data[path * 121 + at * 11 :][:11]
            noise = data[TONES + path * 99 + at * 9 :][:9] if masked else ""
            if cell[10] != "," or (masked and noise[8] != ","):
                raise ValueError("a cell does not end with a comma")
            for ear, level, other in (
                (Ear.RIGHT, cell[:5], noise[:4]),
                (Ear.LEFT, cell[5:10], noise[4:8]),
            ):
                yield _tone(ear, transducer, hz, level, other)


def _tone(ear: Ear, transducer: Transducer, hz: int, cell: str, noise: str) -> Tone:
    """One ear at one frequency; raises ``ValueError`` for what the device never sends."""
    if not cell.strip():
        return Tone(ear, transducer, hz, Response.NOT_TESTED)
    heard, unheard = _HEARD.fullmatch(cell), _UNHEARD.fullmatch(cell)
    found = heard or unheard
    if found is None or not _NUMBER.fullmatch(found[1]) or int(found[1]) not in LEVELS:
        raise ValueError("no level")
    response = Response.THRESHOLD if heard else Response.NO_RESPONSE
    masking, level, kind = _noise(noise)
    return Tone(ear, transducer, hz, response, Decimal(int(found[1])), masking, level, kind)


def _noise(cell: str) -> tuple[Masking, Decimal | None, Noise | None]:
    """The noise of a cell: its level lies on a scale of 5 dB from -20 or from 60."""
    if not cell:
        return Masking.UNKNOWN, None, None
    if not cell.strip():
        return Masking.NONE, None, None
    if not _NOISE.fullmatch(cell):
        raise ValueError("no masking")
    first, second = ord(cell[2]), ord(cell[3])
    kind = NOISES.get(first >> 1 & 3)
    if kind is None:
        # The codes name white and narrow band; any other is no noise at all.
        return Masking.NONE, None, None
    return Masking.MASKED, Decimal((60 if first & 1 else -20) + 5 * (second & 15)), kind


def _remarks(tones: tuple[Tone, ...]) -> tuple[Remark, ...]:
    found: list[Remark] = []
    if all(tone.response is Response.NOT_TESTED for tone in tones):
        found.append(Remark.EMPTY)
    air = {(t.ear, t.hz): t.threshold for t in tones if t.transducer is Transducer.HEADPHONE}
    for tone in tones:
        heard, over_air = tone.threshold, air[tone.ear, tone.hz]
        bone = tone.transducer is Transducer.BONE
        if bone and heard is not None and over_air is not None and heard > over_air:
            found.append(Remark.BONE_WORSE_THAN_AIR)
            break
    return tuple(found)


def render(event: Event, settings: Settings) -> bytes:
    """Write bytes that are no record as they are; raises ``ValueError`` for anything else."""
    del settings
    if isinstance(event, Garbage):
        return event.raw
    raise ValueError("an audiometer sends records")


def render_record(record: ToneRecord, settings: Settings) -> bytes:
    """Write a record as the device would, without ETX; raises ``ValueError`` for what it cannot."""
    del settings
    tones = {(tone.transducer, tone.ear, tone.hz): tone for tone in record.tones}
    if set(tones) != {(path, ear, hz) for path in PATHS for ear in EARS for hz in HERTZ}:
        raise ValueError("a frame holds both ears, air and bone, at eleven frequencies")
    rows = [[tones[path, ear, hz] for ear in EARS] for path in PATHS for hz in HERTZ]
    data = "".join("".join(map(_level_cell, row)) + "," for row in rows)
    if all(tone.masking is not Masking.UNKNOWN for tone in record.tones if _is_tested(tone)):
        data += "".join("".join(map(_noise_cell, row)) + "," for row in rows)
    body = f"7@/{record.patient:>10}/{'':10}//{data}/".encode("latin-1")
    return STX + body + bytes([bcc(body)])


def _is_tested(tone: Tone) -> bool:
    return tone.response is not Response.NOT_TESTED


def _level_cell(tone: Tone) -> str:
    if tone.response is Response.NOT_TESTED:
        return " " * 5
    level = tone.level_db
    if level is None or level != int(level):
        raise ValueError(f"the frame has no way to say {tone.response.value}")
    match tone.response:
        case Response.THRESHOLD:
            return f" {int(level):>3} "
        case Response.NO_RESPONSE:
            return f"({int(level):>3})"
    raise ValueError(f"the frame has no way to say {tone.response.value}")


def _noise_cell(tone: Tone) -> str:
    level, kinds = tone.masking_db, {kind: code for code, kind in NOISES.items()}
    if tone.masking is not Masking.MASKED:
        return " " * 4
    if level is None or tone.noise is None:
        raise ValueError("the frame says level and kind of the noise")
    high = level >= 60
    step = (int(level) - (60 if high else -20)) // 5
    return f"  {chr(0x30 | kinds[tone.noise] << 1 | high)}{chr(0x30 | step)}"


DRIVERS = (
    Driver(
        key="rion-aa79s",
        name="Rion AA-79S",
        kind=Kind.AUDIOMETER,
        version="1",
        models=("Rion AA-79S",),
        sources=("SMam/audioserver_ruby18: lib/AA79S.rb and a captured frame",),
        maturity=Maturity.EXPERIMENTAL,
        line=Line(bits=7, parity="E"),
        decoder=decoder,
        render=render,
        render_record=render_record,
        measures=(),
    ),
)
