"""Whether what came is of the child the station has open: by number and birth date, never by name.

The rule is that of files (:func:`drivers.audiogram_files.person.same_person`), so that a record
from a cable and one from a file are held to the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from drivers.audiogram_files.imported import FileFormat, FilePatient, Imported
from drivers.audiogram_files.person import Match, same_person
from drivers.hearing import ToneRecord

if TYPE_CHECKING:
    from kiosk.hearing.receiving import Received


def identity_of(record: ToneRecord, numbers: frozenset[str], birth_date: date | None) -> Match:
    """Whether one record is of the child who has these numbers and this birth date.

    A record that names nobody, which most audiometers send, gives ``CANNOT_TELL``.
    """
    return _match(FilePatient(record.patient), numbers, birth_date)


def whose(received: Received, numbers: frozenset[str], birth_date: date | None) -> Match:
    """Whether everything that came is of the child who has these numbers and this birth date.

    ``OTHER`` if the file or a single record names somebody else; ``SAME`` only if the file, or each
    record from a cable, names the child.
    """
    records = [identity_of(record, numbers, birth_date) for record in received.records]
    if received.file is not None:
        # A record of a file may leave the person to the file, and may still say another one.
        of_file = _match(received.file.patient, numbers, birth_date)
        records = [of_file, *(match for match in records if match is not Match.CANNOT_TELL)]
    if Match.OTHER in records:
        return Match.OTHER
    return Match.SAME if set(records) == {Match.SAME} else Match.CANNOT_TELL


def are_of_one_person(patients: Iterable[str]) -> bool:
    """Whether numbers from several records can be of one person; empty ones say nothing."""
    first, *others = [patient for patient in patients if patient.strip()] or [""]
    return all(
        _match(FilePatient(other), frozenset({first}), None) is not Match.OTHER for other in others
    )


def _match(patient: FilePatient, numbers: frozenset[str], birth_date: date | None) -> Match:
    # Only the person of the file is compared; which format it would be does not matter.
    return same_person(Imported(FileFormat.GDT, patient, ()), numbers, birth_date)
