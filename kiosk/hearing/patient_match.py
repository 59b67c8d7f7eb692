"""Whether what came is of the child the station has open: by number and birth date, never by name.

The rule is that of files (:func:`drivers.audiogram_files.person.same_person`), so that a record
from a cable and one from a file are held to the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from drivers.audiogram_files.imported import FileFormat, FilePatient, Imported
from drivers.audiogram_files.person import Match, same_person
from drivers.hearing import ToneRecord


def identity_of(record: ToneRecord, numbers: frozenset[str], birth_date: date | None) -> Match:
    """Whether one record is of the child who has these numbers and this birth date.

    A record that names nobody, which most audiometers send, gives ``CANNOT_TELL``.
    """
    return person_match(FilePatient(record.patient), numbers, birth_date)


def are_of_one_person(patients: Iterable[str]) -> bool:
    """Whether numbers from several records can be of one person; empty ones say nothing."""
    first, *others = [patient for patient in patients if patient.strip()] or [""]
    return all(
        person_match(FilePatient(other), frozenset({first}), None) is not Match.OTHER
        for other in others
    )


def person_match(patient: FilePatient, numbers: frozenset[str], birth_date: date | None) -> Match:
    """Whether what is told of a person is of the child with these numbers and this birth date."""
    # Only the person of the file is compared; which format it would be does not matter.
    return same_person(Imported(FileFormat.GDT, patient, ()), numbers, birth_date)
