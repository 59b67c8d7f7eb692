"""What a file for a receiver is called, by a pattern that was agreed with it. Pure.

The usual names of GDT are fixed (receiver, sender, ``.gdt``), or count (``.001``); of CSV, the time
or the message's id. A name without the message's id may be needed by the next message too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from uuid import UUID

from kiosk.journal.hl7.hl7_message import made_at, short_id

PLACES = ("message", "short", "count", "date", "time", "sender", "receiver")
MOST = 999
"""The highest number of a counting name."""

_PLAIN = re.compile(r"[A-Za-z0-9_.\-]{1,120}")


class NameFault(StrEnum):
    """Why a pattern cannot be used."""

    NOT_A_PATTERN = "not-a-pattern"
    UNKNOWN_PLACE = "unknown-place"
    NOT_A_FILE_NAME = "not-a-file-name"
    HIDDEN = "hidden"


def name_fault(pattern: str) -> tuple[NameFault, str] | None:
    """Why a pattern is none, with the part that is wrong; ``None`` if it can be used."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return NameFault.NOT_A_PATTERN, pattern
    for text, place, more, conversion in parts:
        if place is not None and (place not in PLACES or more or conversion):
            return NameFault.UNKNOWN_PLACE, place
        if text and not _PLAIN.fullmatch(text):
            return NameFault.NOT_A_FILE_NAME, text
    if not parts:
        return NameFault.NOT_A_FILE_NAME, pattern
    if pattern.startswith(".") or pattern.lower().endswith(".tmp"):
        return NameFault.HIDDEN, pattern
    return None


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern with the words of its sender and receiver. Raises :class:`ValueError` for none."""

    pattern: str
    words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if fault := name_fault(self.pattern):
            raise ValueError(f"{fault[0]}: {fault[1]}")

    @property
    def is_own(self) -> bool:
        """Whether no two messages can have the same name."""
        return "{message}" in self.pattern or "{short}" in self.pattern

    def name(self, message: UUID, count: int = 1) -> str:
        """The name of this message's file."""
        made = made_at(message)
        places = {
            "message": str(message),
            "short": short_id(message),
            "count": f"{count:03d}",
            "date": made.strftime("%Y%m%d"),
            "time": made.strftime("%H%M%S"),
            "sender": "",
            "receiver": "",
        }
        return self.pattern.format_map({**places, **self.words})

    def names(self, message: UUID, lying: frozenset[str]) -> Iterator[str]:
        """The names to try, the one after the highest that lies there first."""
        if "{count}" not in self.pattern:
            yield self.name(message)
            return
        counts = range(1, MOST + 1)
        taken = [n for n in counts if self.name(message, n) in lying]
        start = taken[-1] if taken else 0
        for count in (*counts[start:], *counts[:start]):
            yield self.name(message, count)
