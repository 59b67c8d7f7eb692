"""Hostile byte streams by listed rules, and what may be made of each.

A stream is what arrives after a request for the weight. ``chunks`` are parted by a pause longer
than any reader's time-out. ``allowed`` has every reading that may come out; no reading at all is
always allowed. Judged generously: a reader that sees through the damage and reports the weight
that was really sent is not wrong.

Left out is damage that nobody can see in a frame without a checksum, because it makes another
legal frame: a digit that became another digit, a leading digit that became a blank. Against those
stands that several equal frames in a row are wanted before a value may be taken; :func:`unseen`
has them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Outcome(NamedTuple):
    """A reported reading; ``unit`` or ``stability`` is empty when the reader does not tell."""

    value: Decimal
    unit: str
    stability: str


@dataclass(frozen=True, slots=True)
class Stream:
    """One hostile stream and the readings that may come out of it.

    ``waiting`` is in the buffer since before the request; nothing in it may be the answer.
    """

    protocol: str
    rule: str
    name: str
    chunks: tuple[bytes, ...]
    allowed: frozenset[Outcome] = frozenset()
    waiting: bytes = b""


@dataclass(frozen=True, slots=True)
class Speech:
    """How a protocol says a weight: ``frame`` is the sent weight, ``say`` puts any text in it."""

    protocol: str
    say: Callable[[str, str], bytes]
    moving: bytes

    @property
    def frame(self) -> bytes:
        """The frame of the weight that is really on the platform."""
        return self.say("4236.5", "g")


TRUE = Outcome(Decimal("4236.5"), "g", "stable")
OLD = "1000.5"
JUNK = (b"?", b"\x00", b"\xff", b"\\")

MT_SICS = Speech(
    "mt-sics",
    lambda number, unit: f"S S {number:>10} {unit}\r\n".encode(),
    b"S D     4236.5 g\r\n",
)
RADWAG = Speech(
    "radwag",
    lambda number, unit: f"SI    {number:>9} {unit:<3}\r\n".encode(),
    b"SI ?     4236.5 g  \r\n",
)
OHAUS = Speech(
    "ohaus",
    lambda number, unit: f" {number:>7} {unit:<5} G\r\n".encode(),
    b"  4236.5 g    ?G\r\n",
)

NUMBERS = (
    *("12?345", "4.236.1", "1E5", "1e5", "1E-5", "4,236", "4 236", "4.23 6", "--4.2", "- 4.2"),
    *("0x10", "1_000", "nan", "inf", "Infinity", "4236.5-", "4..2", ".", "-", "?", "*", "4:2"),
    *("4\x002", "4\u0662", "\uff14", "4l", "O.5", "=4.2", "4/2"),
)
UNITS = ("", "G", "KG", "Kg", "kG", "gg", "kgg", "pcs", "%", "?", "\\", "k g", "\xb5g", "LB")

LEGAL_UNITS = {"", "g", "kg", "lb", "oz"}
LONG_NUMBERS = ("1234567890", "12345678901", "4236.50000000")
ODD_HEADS = {
    "mt-sics": (b"s s     4236.5 g", b"SS     4236.5 g", b"S A     4236.5 g", b"S  S    4236.5 g"),
    "ohaus": (b"= 4236.5 g     G", b"S 4236.5 g     G", b"? 4236.5 g     G"),
    "radwag": (b"si       4236.5 g  ", b"SIX      4236.5 g  ", b"S!       4236.5 g  "),
}

MT_SICS_NO_VALUE = (
    *(b"S I", b"S L", b"S +", b"S -", b"ES", b"ET", b"EL", b"S S Error 10b", b"S S Error 1t"),
    *(b"S + 4236.5 g", b"S - 4236.5 g", b"S I 4236.5 g", b"S L 4236.5 g", b"S S Error 4236.5 g"),
    *(b"S S 4236.5 g Error 10b", b"S S 4236.5 12.0 g", b"S S 12.0 4236.5 g"),
    *(b"S S 4236.5 g 12.0 g", b"S S 4236.5 g S S 12.0 g"),
    *(b"T S      700.0 g", b"TA A      700.0 g", b"TI D      700.0 g", b"Z A", b"TAC A"),
    *(b'I4 A "700.0"', b'I2 A "XS 220.0 g"', b"I4 A 700.0 g", b"SIR 1 700 g", b"D A 700.0 g"),
)
RADWAG_NO_VALUE = (
    *(b"S A", b"S E", b"SI I", b"SI ^", b"SI v", b"ES", b"Z A", b"Z D", b"T A", b"T D", b"T v"),
    *(b"SI ^    20180.0 g  ", b"SI v -    500.0 g  ", b"SUI^    20180.0 g  "),
    *(
        b"SI E     4236.5 g  ",
        b"SI A     4236.5 g  ",
        b"SI  4236.5 12.0 g  ",
        b"si       4236.5 g  ",
    ),
    *(
        b"OT        700.0 g  ",
        b"T         700.0 g  ",
        b"SIX      4236.5 g  ",
        b"S!       4236.5 g  ",
    ),
    *(b'NB A "700.0"', b"UT 700.0", b"SI     4236.5 12.0 g  "),
)

OHAUS_NO_VALUE = (
    *(b"ES", b"OK!", b"   Err 8.4", b"  4236.5 g     T", b"  4236.5 g     X", b"  4236.5 12 g   G"),
    *(b"  4236.5 g    !G", b"  4236.5 pcs   G", b"Gross:  4236.5 g", b"  4236.5       G"),
)


class Verdict(StrEnum):
    """What a reported reading is worth.

    ``ODD`` leaves a unit or a state that does not exist for the caller to see. ``WRONG`` looks
    like a good weight and is not what the scale said.
    """

    RIGHT = "right"
    ODD = "odd"
    WRONG = "wrong"


def judge(stream: Stream, told: Outcome) -> Verdict:
    """Judge one reading. What is not told counts against it only while the weight moves."""
    if told.unit not in LEGAL_UNITS or told.stability not in {"", "stable", "moving"}:
        return Verdict.ODD
    for meant in stream.allowed:
        stable = told.stability or "stable"
        same_unit = told.unit in {"", meant.unit}
        if told.value == meant.value and same_unit and stable == meant.stability:
            return Verdict.RIGHT
    return Verdict.WRONG


def judge_text(stream: Stream, text: str) -> Verdict:
    """Judge the text of an answer: cut short or left over from before is wrong, if it has digits.

    Any other text is the caller's to judge, whatever it says.
    """
    sent = b"".join(stream.chunks)
    lines = {*(stream.waiting + sent).split(b"\r\n"), sent}
    lines -= set(stream.waiting.split(b"\r\n"))
    handed_over = any(text == line.decode(errors="replace") for line in lines)
    if handed_over or not any(letter.isdigit() for letter in text):
        return Verdict.ODD
    return Verdict.WRONG


def streams() -> tuple[Stream, ...]:
    """Return all streams, always the same ones in the same order."""
    mt_sics = (*_common(MT_SICS), *_no_value(MT_SICS, MT_SICS_NO_VALUE))
    radwag = (*_common(RADWAG), *_no_value(RADWAG, RADWAG_NO_VALUE))
    ohaus = (*_common(OHAUS), *_no_value(OHAUS, OHAUS_NO_VALUE))
    return (*mt_sics, *radwag, *ohaus)


def unseen(speech: Speech) -> Iterator[bytes]:
    """Yield every frame in which one flipped bit made one digit another."""
    frame = speech.frame
    for at, byte in enumerate(frame):
        for bit in range(8):
            flipped = bytes([byte ^ 1 << bit])
            if flipped.isdigit() and bytes([byte]).isdigit():
                yield frame[:at] + flipped + frame[at + 1 :]


def _common(speech: Speech) -> Iterator[Stream]:
    rules: tuple[tuple[str, Callable[[Speech], Iterable[tuple[str, tuple[bytes, ...]]]]], ...] = (
        ("a byte replaced by noise", _noise),
        ("a single bit flipped", _flips),
        ("the second half comes late", _late),
        ("the head is cut off", _headless),
        ("another line ending", _endings),
        ("noise around the frame", _surrounded),
        ("wrong line settings", _parity),
    )
    for rule, cases in rules:
        for name, chunks in cases(speech):
            yield Stream(speech.protocol, rule, name, chunks, frozenset({TRUE}))
    yield from _numbers(speech)
    yield from _odd(speech)
    yield from _units(speech)
    yield from _told(speech)
    yield from _stale(speech)
    for seed in range(10):
        line = random.Random(seed).randbytes(40).replace(b"S", b"x") + b"\r\n"
        yield Stream(speech.protocol, "random bytes", f"seed {seed}", (line,))


def _noise(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    frame = speech.frame
    for at in range(len(frame)):
        for junk in JUNK:
            damaged = frame[:at] + junk + frame[at + 1 :]
            if damaged != speech.moving:
                yield f"byte {at} is {junk!r}", (damaged,)


def _flips(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    frame = speech.frame
    for at, byte in enumerate(frame):
        for bit in range(8):
            flipped = bytes([byte ^ 1 << bit])
            if not (flipped.isdigit() and bytes([byte]).isdigit()):
                yield f"bit {bit} of byte {at}", (frame[:at] + flipped + frame[at + 1 :],)


def _late(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    frame = speech.frame
    for at in range(1, len(frame)):
        yield f"after byte {at}", (frame[:at], frame[at:])


def _headless(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for at in range(1, len(speech.frame) - 2):
        yield f"{at} bytes short", (speech.frame[at:],)


def _endings(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    body = speech.frame[:-2]
    for ending in (b"\r", b"\n", b"\n\r", b"\r\r\n", b"\r\x00\n", b"", b" \n", b"\x03\r\n"):
        yield repr(ending), (body + ending,)


def _surrounded(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    frame = speech.frame
    yield "the request comes back first", (b"SI\r\n" + frame,)
    yield "a modem program knocks first", (b"AT+GCAP\r\n" + frame,)
    yield "a backslash alone, then the frame", (b"\\", b"\r\n" + frame)
    yield "200 bytes of noise before, in one line", (b"#" * 200 + frame,)
    for size in (255, 256, 257, 512, 5000):
        yield f"{size} bytes of noise before, in one line", (b"#" * size + frame,)
    yield "noise without an end", (b"S " * 4000,)
    yield "two frames run into each other", (frame[:-2] + frame,)
    yield "empty lines", (b"\r\n\r\n\n" + frame,)


def _parity(speech: Speech) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    even = bytes(byte | 0x80 * (byte.bit_count() % 2) for byte in speech.frame)
    yield "7E1 read as 8N1", (even,)
    yield "7-bit with mark parity read as 8N1", (bytes(byte | 0x80 for byte in speech.frame),)
    yield "7O1 read as 8N1", (bytes(byte ^ 0x80 for byte in even),)


def _numbers(speech: Speech) -> Iterator[Stream]:
    for number in NUMBERS:
        yield Stream(speech.protocol, "no legal number", ascii(number), (speech.say(number, "g"),))


def _odd(speech: Speech) -> Iterator[Stream]:
    """Yield what no manual has and where a lenient reader would still be right."""
    for number in LONG_NUMBERS:
        allowed = frozenset({Outcome(Decimal(number), "g", "stable")})
        chunks = (speech.say(number, "g"),)
        yield Stream(speech.protocol, "a number too long for the field", number, chunks, allowed)
    for head in ODD_HEADS[speech.protocol]:
        name = ascii(head)[2:-1]
        chunks = (head + b"\r\n",)
        yield Stream(speech.protocol, "a head no manual has", name, chunks, frozenset({TRUE}))


def _units(speech: Speech) -> Iterator[Stream]:
    for unit in UNITS:
        chunks = (speech.say("4236.5", unit),)
        allowed = frozenset({Outcome(TRUE.value, unit, "stable")})
        yield Stream(speech.protocol, "no legal unit", ascii(unit), chunks, allowed)


def _told(speech: Speech) -> Iterator[Stream]:
    """Yield frames in which everything is legal and has to be told: unit, motion, age."""
    for unit in ("lb", "oz", "kg"):
        allowed = frozenset({Outcome(TRUE.value, unit, "stable")})
        yield Stream(speech.protocol, "another unit", unit, (speech.say("4236.5", unit),), allowed)
    allowed = frozenset({Outcome(TRUE.value, "g", "moving")})
    yield Stream(speech.protocol, "a moving weight", "moving", (speech.moving,), allowed)
    negative = frozenset({Outcome(-TRUE.value, "g", "stable")})
    frame = _negative(speech)
    yield Stream(speech.protocol, "a negative weight", "negative", (frame,), negative)


def _stale(speech: Speech) -> Iterator[Stream]:
    old = speech.say(OLD, "g")
    for name, waiting in (
        ("one old frame", old),
        ("ten old frames", old * 10),
        ("an old frame without its end", old[:-2]),
        ("the first half of an old frame", old[:9]),
    ):
        allowed = frozenset({TRUE})
        rule = "an old frame is still waiting"
        yield Stream(speech.protocol, rule, name, (speech.frame,), allowed, waiting)


def _negative(speech: Speech) -> bytes:
    if speech is MT_SICS:
        return speech.say("-4236.5", "g")
    if speech is OHAUS:
        return b"-" + speech.frame[1:]
    return speech.frame[:5] + b"-" + speech.frame[6:]


def _no_value(speech: Speech, lines: Iterable[bytes]) -> Iterator[Stream]:
    for line in lines:
        yield Stream(
            speech.protocol, "an answer that is no weight", ascii(line)[2:-1], (line + b"\r\n",)
        )
