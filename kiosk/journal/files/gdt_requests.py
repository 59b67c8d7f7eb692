"""What the journal has asked for: records 6301 and 6302 in a folder, and whom they are about.

A journal that works over GDT leaves a request with its own number of the patient and waits for a
6310 with the same number. A request is for the child of a visit when the birth date is the same and
the number or the first given name too; two that fit and are of different patients are for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from drivers.audiogram_files.gdt_lines import gdt_lines, looks_like_gdt
from drivers.audiogram_files.imported import FileRefused
from drivers.folder import Folder
from kiosk.journal.files.charset import spelled
from kiosk.journal.mapping_error import MappingError
from kiosk.model.visit import Child

REQUESTS = frozenset({"6301", "6302"})
"""Patient data sent, and examination asked for."""

NO_REQUEST = "no-request-of-the-journal"
SEVERAL_REQUESTS = "several-requests-of-the-journal"

LARGEST = 64 * 1024
"""Bytes of a request that are read; one has a few hundred."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a child is in the journal: its own number (3000) and the names it knows."""

    number: str = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False)


class Requests:
    """The folder that the journal leaves its requests in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, child: Child) -> Person:
        """Whom the journal has asked for, if it is this child. Raises :class:`MappingError`."""
        found = {
            person.number: person for _, person, born in self._read() if _fits(child, person, born)
        }
        if not found:
            raise MappingError(NO_REQUEST)
        if len(found) > 1:
            raise MappingError(SEVERAL_REQUESTS)
        return next(iter(found.values()))

    def answered(self, record: bytes) -> None:
        """Remove the requests that a record was written for, as a device does over GDT."""
        number = _texts(record).get("3000")
        with suppress(OSError), Folder.at(self._folder, shared=True) as folder:
            for name, person, _ in self._read():
                if person.number == number:
                    folder.remove(name)

    def _read(self) -> Iterator[tuple[str, Person, str]]:
        """Each request with its file's name and birth date; what is no request is passed over."""
        with suppress(OSError), Folder.at(self._folder, shared=True) as folder:
            for name in folder.names():
                try:
                    texts = _texts(folder.read(name, LARGEST))
                except OSError:
                    continue
                person = _person(texts)
                if texts.get("8000") in REQUESTS and person is not None:
                    yield name, person, texts.get("3103", "")


def _texts(data: bytes) -> dict[str, str]:
    if not looks_like_gdt(data):
        return {}
    try:
        return {line.field: line.text.strip() for line in gdt_lines(data)}
    except FileRefused:
        return {}


def _person(texts: dict[str, str]) -> Person | None:
    must = [texts.get(one, "") for one in ("3000", "3101", "3102")]
    return Person(*must) if all(must) else None


def _fits(child: Child, person: Person, born: str) -> bool:
    if born != f"{child.birth_date:%d%m%Y}":
        return False
    same = _first(child.given_name) == _first(person.given_name) != ""
    return same or person.number == child.number


def _first(name: str) -> str:
    """The first given name as plain letters, for a comparison only."""
    words = spelled(name, "ascii", strict=False).casefold().split()
    return words[0] if words else ""
