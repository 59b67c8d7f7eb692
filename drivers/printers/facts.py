"""What is known about a printer's paper, cover and errors. Unknown is never "fine".

Bit tables from Epson's *ESC/POS Command Reference*: ``DLE EOT``, ``GS a`` and ``GS r``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Paper(StrEnum):
    """The paper roll."""

    UNKNOWN = "unknown"
    OK = "ok"
    NEAR_END = "near-end"
    OUT = "out"


class Cover(StrEnum):
    """The cover over the roll."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    OPEN = "open"


class Online(StrEnum):
    """Whether the printer takes print data."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"


class Fault(StrEnum):
    """An error the printer reports. ``CUTTER`` and ``HARDWARE`` need a person."""

    UNKNOWN = "unknown"
    NONE = "none"
    CUTTER = "cutter"
    HARDWARE = "hardware"
    PASSING = "passing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the last valid answers say; everything begins unknown."""

    paper: Paper = Paper.UNKNOWN
    cover: Cover = Cover.UNKNOWN
    online: Online = Online.UNKNOWN
    fault: Fault = Fault.UNKNOWN

    def updated(self, newer: Facts) -> Facts:
        """These facts with everything ``newer`` knows put over them."""
        return Facts(
            self.paper if newer.paper is Paper.UNKNOWN else newer.paper,
            self.cover if newer.cover is Cover.UNKNOWN else newer.cover,
            self.online if newer.online is Online.UNKNOWN else newer.online,
            self.fault if newer.fault is Fault.UNKNOWN else newer.fault,
        )

    @property
    def hindered(self) -> bool:
        """Whether something is known that keeps paper from coming out."""
        return (
            self.paper is Paper.OUT
            or self.cover is Cover.OPEN
            or self.online is Online.OFFLINE
            or self.fault in {Fault.CUTTER, Fault.HARDWARE}
        )


def facts_of_real_time(question: int, byte: int) -> Facts:
    """Read the answer ``0xx1xx10`` to ``DLE EOT question`` (1 to 4)."""
    if question == 1:
        return Facts(online=_online(offline=bool(byte & 0x08)))
    if question == 2:
        paper = Paper.OUT if byte & 0x20 else Paper.UNKNOWN
        return Facts(paper=paper, cover=_cover(is_open=bool(byte & 0x04)))
    if question == 3:
        return Facts(fault=_fault(byte))
    return Facts(paper=_paper(near_end=bool(byte & 0x0C), out=bool(byte & 0x60)))


def facts_of_automatic(raw: bytes) -> Facts:
    """Read the four bytes of ``GS a`` status."""
    return Facts(
        _paper(near_end=bool(raw[2] & 0x03), out=bool(raw[2] & 0x0C)),
        _cover(is_open=bool(raw[0] & 0x20)),
        _online(offline=bool(raw[0] & 0x08)),
        _fault(raw[1]),
    )


def facts_of_paper_sensor(byte: int) -> Facts:
    """Read the answer ``0xx0xxxx`` to ``GS r 1``."""
    return Facts(paper=_paper(near_end=bool(byte & 0x03), out=bool(byte & 0x0C)))


def _paper(*, near_end: bool, out: bool) -> Paper:
    if out:
        return Paper.OUT
    return Paper.NEAR_END if near_end else Paper.OK


def _cover(*, is_open: bool) -> Cover:
    return Cover.OPEN if is_open else Cover.CLOSED


def _online(*, offline: bool) -> Online:
    return Online.OFFLINE if offline else Online.ONLINE


def _fault(byte: int) -> Fault:
    """Bits 3 cutter, 5 unrecoverable, 2 and 6 recoverable; the same in both status forms."""
    if byte & 0x20:
        return Fault.HARDWARE
    if byte & 0x08:
        return Fault.CUTTER
    return Fault.PASSING if byte & 0x44 else Fault.NONE
