"""Whether a file is of the child the station has open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from drivers.audiogram_files.imported import Imported


class Match(StrEnum):
    """The three answers. Only ``SAME`` may go on without a question; ``OTHER`` stops."""

    SAME = "same"
    CANNOT_TELL = "cannot-tell"
    OTHER = "other"


def same_person(imported: Imported, identifiers: Collection[str], birth_date: date | None) -> Match:
    """Compare the file's person with the child: by number and birth date, never by name.

    Whatever both sides have must agree. A birth date alone proves nothing (twins, and many
    children of a day), and names are not compared at all, because files cannot write all of
    them. A number that is none of the child's is another child's, even if the birth date agrees.
    """
    patient = imported.patient
    known = {_plain(identifier) for identifier in identifiers} - {""}
    number = _plain(patient.id)
    if patient.birth_date and birth_date and patient.birth_date != birth_date:
        return Match.OTHER
    if not number or not known:
        return Match.CANNOT_TELL
    return Match.SAME if number in known else Match.OTHER


def _plain(identifier: str) -> str:
    """Drop the blanks and hyphens that people put between groups of digits."""
    return "".join(identifier.split()).replace("-", "").casefold()
