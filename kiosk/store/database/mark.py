"""What stands beside the store's file and tells whether the store is all there: its format. Pure.

``store.mark`` holds two lines of :data:`SLOT_BYTES` each, written in turn, so that one that was
torn leaves the other. A line is a JSON object, spaces, and a checksum (CRC-32 in
hexadecimal) at its end:

========  ========================================================================================
format    1. Raised only when a key below changes its meaning; a reader that does not know the
          number takes the mark for one it cannot read.
serial    Counts up; of two whole lines the higher one holds.
store     The id that the store has in its table ``meta`` under ``store``.
row       The highest row of the audit trail that was committed when this was written.
seal      That row's seal: the checkpoint that the store's own trail has to pass through.
whole     The row up to which everything lies in the store's own file and not only in its log.
at        When this was written, in UTC.
coming    A store that is being put in the place of this one: its ``store``, ``row`` and ``seal``.
lost      What was found missing and nobody has answered for: ``kind``, ``row``, ``found``, ``at``.
========  ========================================================================================

It holds no names and no values. Keys that a reader does not know are kept as they are.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

FORMAT = 1
SLOT_BYTES = 1024
_SUM_BYTES = 9  # eight digits and the end of the line


@dataclass(frozen=True, slots=True)
class End:
    """The last row of a trail and its seal."""

    row: int
    seal: str


class Loss(StrEnum):
    """How a store is less than it was: an older one, or one whose newest rows are missing."""

    OLDER = "older"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Lost:
    """What was found missing: the trail had reached ``row`` and ended at ``found``."""

    kind: Loss
    row: int
    found: int
    at: datetime

    @property
    def missing(self) -> int:
        """How many rows of the trail are gone."""
        return self.row - self.found


@dataclass(frozen=True, slots=True)
class Mark:
    """One state of the mark; see the module's table."""

    store: str
    end: End
    whole: int
    at: datetime
    coming: tuple[str, End] | None = None
    lost: Lost | None = None
    serial: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


def line_of(mark: Mark) -> bytes:
    """The line of a mark; raises :class:`ValueError` for one that is too long for it."""
    facts: dict[str, Any] = {
        **mark.more,
        "format": FORMAT,
        "serial": mark.serial,
        "store": mark.store,
        "row": mark.end.row,
        "seal": mark.end.seal,
        "whole": mark.whole,
        "at": mark.at.isoformat(),
    }
    if mark.coming is not None:
        store, end = mark.coming
        facts["coming"] = {"store": store, "row": end.row, "seal": end.seal}
    if mark.lost is not None:
        lost = mark.lost
        facts["lost"] = {
            "kind": lost.kind.value,
            "row": lost.row,
            "found": lost.found,
            "at": lost.at.isoformat(),
        }
    text = json.dumps(facts).encode("ascii")
    if len(text) > SLOT_BYTES - _SUM_BYTES:
        raise ValueError("too long")
    padded = text.ljust(SLOT_BYTES - _SUM_BYTES)
    return padded + b"%08x\n" % zlib.crc32(padded)


def mark_of(content: bytes) -> Mark | None:
    """The newest whole line; ``None`` where none can be read."""
    return max(_whole(content), key=lambda mark: mark.serial, default=None)


def next_place(mark: Mark) -> int:
    """Where in the file a mark is written, in bytes: never over the one before it."""
    return mark.serial % 2 * SLOT_BYTES


def moved(mark: Mark, end: End, at: datetime) -> Mark:
    """The mark after further rows were committed."""
    return replace(mark, end=end, at=at, serial=mark.serial + 1)


def _whole(content: bytes) -> Iterator[Mark]:
    for start in range(0, 2 * SLOT_BYTES, SLOT_BYTES):
        line = content[start : start + SLOT_BYTES]
        padded, told = line[:-_SUM_BYTES], line[-_SUM_BYTES:]
        if len(line) == SLOT_BYTES and told == b"%08x\n" % zlib.crc32(padded):
            read = _read(padded)
            if read is not None:
                yield read


def _read(text: bytes) -> Mark | None:
    try:
        facts = json.loads(text)
        if facts.pop("format") != FORMAT:
            return None
        coming, lost = facts.pop("coming", None), facts.pop("lost", None)
        return Mark(
            facts.pop("store"),
            End(facts.pop("row"), facts.pop("seal")),
            facts.pop("whole"),
            datetime.fromisoformat(facts.pop("at")),
            (coming["store"], End(coming["row"], coming["seal"])) if coming else None,
            _lost(lost) if lost else None,
            facts.pop("serial"),
            facts,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _lost(told: Mapping[str, Any]) -> Lost:
    at = datetime.fromisoformat(told["at"])
    return Lost(Loss(told["kind"]), told["row"], told["found"], at)
