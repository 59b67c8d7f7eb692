"""GDT 2.1 results of an audiometry, read with the profile of the program that wrote them.

Sources: Audio-DATA, description of GDT records; a product's published field list. GDT has no
common coding of ear, path, masking or *no response*, so the meaning of every test id comes from
a :class:`~drivers.audiogram_files.profiles.GdtProfile`, and an id without a meaning stops the
import: half an audiogram looks like a whole one.

A name cannot prove a person here (IBM 437 has no ø): the patient number or the birth date must
be in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from drivers.audiogram_files.gdt_lines import KIND, GdtLine, gdt_lines, says_its_length
from drivers.audiogram_files.imported import (
    Concern,
    FileFormat,
    FilePatient,
    FileRefused,
    FileRemark,
    Imported,
    Refusal,
    once,
)
from drivers.audiogram_files.points import (
    Place,
    distinct,
    number,
    plausible_level,
    remarks_on,
)
from drivers.audiogram_files.profiles import GdtProfile
from drivers.hearing import Response, Tone, ToneRecord

RESULTS: Final = "6310"
VERSIONS: Final = ("", "02.00", "02.10")

_TEST: Final = "8410"
_VALUE: Final = "8420"
_UNIT: Final = "8421"
_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_COMMENTS: Final = frozenset({"6220", "6227", "6228"})


@dataclass(slots=True)
class _Test:
    """The lines from one test id to the next."""

    id: str
    values: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)


def read_gdt(data: bytes, profiles: Sequence[GdtProfile]) -> Imported:
    """Read one file; raises :class:`FileRefused`."""
    lines = gdt_lines(data)
    if _first(lines, KIND) != RESULTS:
        raise FileRefused(Refusal.NOT_A_RESULT, _first(lines, KIND))
    if (version := _first(lines, "9218")) not in VERSIONS:
        raise FileRefused(Refusal.UNSUPPORTED_VERSION, version)
    profile = _profile(_first(lines, "8316"), profiles)
    if (examination := _first(lines, "8402")) not in ("", *profile.examinations):
        raise FileRefused(Refusal.NO_TONE_TEST, examination)
    patient = _patient(lines)
    tones = _tones(_tests(lines), profile)
    remarks = once([*_on_date(lines), *_comments(lines), *_on_file(lines)])
    record = ToneRecord(
        tones, patient=patient.id, device=_first(lines, "8316"), remarks=remarks_on(tones)
    )
    return Imported(FileFormat.GDT, patient, (record,), remarks)


def _first(lines: Sequence[GdtLine], name: str) -> str:
    return next((line.text.strip() for line in lines if line.field == name), "")


def _profile(sender: str, profiles: Sequence[GdtProfile]) -> GdtProfile:
    for profile in profiles:
        if sender in profile.senders:
            return profile
    raise FileRefused(Refusal.NO_PROFILE, sender)


def _patient(lines: Sequence[GdtLine]) -> FilePatient:
    names = (_first(lines, part) for part in ("3102", "3101"))
    born = _first(lines, "3103")
    patient = FilePatient(
        _first(lines, "3000"), " ".join(filter(None, names)), _date(born) if born else None
    )
    if not patient.id and patient.birth_date is None:
        raise FileRefused(Refusal.NO_PATIENT)
    return patient


def _date(text: str) -> date:
    """Read DDMMYYYY."""
    found = _DAY.fullmatch(text)
    if found is not None:
        with suppress(ValueError):
            return date(int(found[3]), int(found[2]), int(found[1]))
    raise FileRefused(Refusal.BAD_VALUE, "DDMMYYYY")


def _on_date(lines: Sequence[GdtLine]) -> Iterator[FileRemark]:
    """Yield what to ask about the time: the field of the day has no hour, and none is made up."""
    day = _first(lines, "6200")
    if day:
        yield FileRemark(Concern.DATE_WITHOUT_TIME, _date(day).isoformat())
    else:
        yield FileRemark(Concern.TIME_MISSING)


def _comments(lines: Sequence[GdtLine]) -> Iterator[FileRemark]:
    for line in lines:
        if line.field in _COMMENTS and line.text.strip():
            yield FileRemark(Concern.COMMENT, line.text.strip())


def _on_file(lines: Sequence[GdtLine]) -> Iterator[FileRemark]:
    """Yield what the file itself leaves open: where it ends, and a name nobody can read."""
    if not says_its_length(tuple(lines)):
        yield FileRemark(Concern.END_NOT_KNOWN)
    if not all(line.readable for line in lines):
        yield FileRemark(Concern.NAME_NOT_READ)


def _tests(lines: Sequence[GdtLine]) -> list[_Test]:
    tests: list[_Test] = []
    for number_, line in enumerate(lines, start=1):
        if line.field == _TEST:
            tests.append(_Test(line.text.strip()))
        elif line.field in (_VALUE, _UNIT):
            if not tests:
                raise FileRefused(Refusal.MALFORMED, f"{line.field} @ {number_}")
            texts = tests[-1].values if line.field == _VALUE else tests[-1].units
            texts.append(line.text.strip())
    if not tests:
        raise FileRefused(Refusal.NO_TONE_TEST)
    return tests


def _tones(tests: Sequence[_Test], profile: GdtProfile) -> tuple[Tone, ...]:
    known = profile.tests.keys() | set(profile.passed_over)
    if unmapped := sorted({test.id for test in tests} - known):
        raise FileRefused(Refusal.UNMAPPED, ", ".join(unmapped))
    return distinct(
        tone for test in tests if test.id in profile.tests for tone in _answers(test, profile)
    )


def _answers(test: _Test, profile: GdtProfile) -> Iterator[Tone]:
    meaning = profile.tests[test.id]
    place = Place(meaning.ear, meaning.path, meaning.hz, meaning.masking)
    if not test.values:
        yield place.tone(Response.NOT_TESTED)
    for value in test.values:
        yield _answer(value, test, place, profile)


def _answer(value: str, test: _Test, place: Place, profile: GdtProfile) -> Tone:
    for texts, response in (
        (profile.no_response, Response.NO_RESPONSE_LEVEL_UNKNOWN),
        (profile.not_tested, Response.NOT_TESTED),
        (profile.could_not_be_tested, Response.COULD_NOT_BE_TESTED),
    ):
        if value in texts:
            return place.tone(response)
    if len(test.units) != 1 or test.units[0] not in profile.units:
        raise FileRefused(Refusal.NOT_HEARING_LEVEL, f"{test.id}: {', '.join(test.units)}")
    response, digits = _split(value, profile)
    return place.tone(response, plausible_level(number(digits, test.id), test.id))


def _split(value: str, profile: GdtProfile) -> tuple[Response, str]:
    """Return what the mark before a level means, and the level; without a mark, a threshold."""
    for marks, response in (
        (profile.not_heard_before, Response.NO_RESPONSE),
        (profile.heard_before, Response.HEARD),
    ):
        for mark in marks:
            if mark and value.startswith(mark):
                return response, value[len(mark) :].strip()
    return Response.THRESHOLD, value
