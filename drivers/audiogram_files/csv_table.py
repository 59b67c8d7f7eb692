"""Tables as text, read by header with the profile of the program that wrote them.

Source: the documented import table of an open patient system (mieweb/docs), which has no column
for *no response* and tells staff to write 99. So a profile says which numbers mean that; while it
says nothing, a 99 and every number above the device's maximum stop the import.

A table cannot tell that rows are missing at its end, unless the program writes a last line that
the profile names. Without it every import carries the remark ``END_NOT_KNOWN``.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from drivers.audiogram_files.csv_points import points_of
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
from drivers.audiogram_files.points import distinct, remarks_on
from drivers.audiogram_files.profiles import CsvProfile
from drivers.audiogram_files.times import birth_date, on_time, test_time, unless_filler
from drivers.hearing import ToneRecord

Row = Mapping[str, str]

MOST_ROWS: Final = 10_000


def fitting(data: bytes, profiles: Sequence[CsvProfile]) -> CsvProfile | None:
    """Return the first profile whose columns are all in the first line of the file."""
    for profile in profiles:
        head = _head(data, profile)
        if _needed(profile) <= set(head.replace('"', "").split(profile.delimiter)):
            return profile
    return None


def _head(data: bytes, profile: CsvProfile) -> str:
    """Return the first line that is not Excel's own, however much of it is there."""
    text = data.decode(_codec(data, profile), "replace")
    return _without_separator_line(text, profile).partition("\n")[0].rstrip("\r")


def _without_separator_line(text: str, profile: CsvProfile) -> str:
    """Leave out the line ``sep=;``, by which Excel knows the delimiter, where it says the same."""
    first, _, rest = text.partition("\n")
    return rest if first.strip() == f"sep={profile.delimiter}" else text


def read_csv(data: bytes, profile: CsvProfile) -> Imported:
    """Read one file; raises :class:`FileRefused`."""
    rows = _rows(_decoded(data, profile), profile)
    patient = _patient(rows, profile)
    remarks = [] if profile.last_line else [FileRemark(Concern.END_NOT_KNOWN)]
    tests = _by_time(rows, profile)
    records = []
    for stated, of_test in tests.items():
        when = test_time(stated)
        remarks += on_time(when)
        tones = distinct(tone for row in of_test for tone in points_of(row, profile))
        records.append(
            ToneRecord(tones, patient=patient.id, tested_at=when, remarks=remarks_on(tones))
        )
    if len(records) > 1:
        remarks.append(FileRemark(Concern.SEVERAL_TESTS, str(len(records))))
    return Imported(FileFormat.CSV, patient, tuple(records), once(remarks))


def _codec(data: bytes, profile: CsvProfile) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Excel's "Unicode text"; the mark leaves no doubt, whatever the profile says.
        return "utf-16"
    names = {"utf-8": "utf-8-sig", "iso-8859-1": "iso-8859-1", "windows-1252": "cp1252"}
    return names[profile.encoding]


def _decoded(data: bytes, profile: CsvProfile) -> str:
    try:
        text = data.decode(_codec(data, profile))
    except UnicodeDecodeError as error:
        cut = "end of data" in error.reason or error.reason == "truncated data"
        code = Refusal.CUT_SHORT if cut else Refusal.WRONG_ENCODING
        raise FileRefused(code, f"{profile.encoding} @ {error.start}", unfinished=cut) from None
    if "\0" in text:
        raise FileRefused(Refusal.MALFORMED, "NUL", unfinished=True)
    text = _without_separator_line(text, profile)
    if not text.endswith("\n") and not _ends_whole(text, profile):
        raise FileRefused(Refusal.CUT_SHORT, "line", unfinished=True)
    return text


def _ends_whole(text: str, profile: CsvProfile) -> bool:
    """Whether a last line without its end can have lost nothing: its last cell is no open number.

    A 45 that lost its last digit would be a 4.
    """
    last = text.rpartition("\n")[2]
    quoted = len(last) > 1 and last.endswith('"') and last.count('"') % 2 == 0
    return not profile.last_line and (quoted or _is_blank(last.split(profile.delimiter)))


def _is_blank(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _rows(text: str, profile: CsvProfile) -> list[Row]:
    table = list(_cells(_without_last_line(text, profile), profile))
    while table and _is_blank(table[-1]):
        # Excel writes rows that once had a content as nothing but delimiters.
        table.pop()
    if len(table) < 2:
        raise FileRefused(Refusal.NO_TONE_TEST, unfinished=True)
    if len(table) > MOST_ROWS:
        raise FileRefused(Refusal.TOO_LARGE, f"more than {MOST_ROWS} rows")
    header = [cell.strip() for cell in table[0]]
    _check_header(header, profile)
    for line, row in enumerate(table[1:], start=2):
        if len(row) != len(header):
            raise FileRefused(Refusal.MALFORMED, str(line))
    return [dict(zip(header, map(str.strip, row), strict=True)) for row in table[1:]]


def _without_last_line(text: str, profile: CsvProfile) -> str:
    if not profile.last_line:
        return text
    before, mark, after = text.rpartition("\n" + profile.last_line)
    if not mark or after.strip():
        raise FileRefused(Refusal.CUT_SHORT, profile.last_line, unfinished=True)
    return before + "\n"


def _cells(text: str, profile: CsvProfile) -> Iterator[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=profile.delimiter, strict=True)
    try:
        yield from (row for row in reader if row)
    except csv.Error:
        raise FileRefused(Refusal.MALFORMED, str(reader.line_num)) from None


def _needed(profile: CsvProfile) -> set[str]:
    columns = profile.columns
    named = {
        columns.patient,
        columns.time,
        columns.name,
        columns.birth_date,
        columns.ear,
        columns.path,
        columns.hz,
        columns.level,
        columns.status,
        columns.masking,
    }
    return (named | profile.cells.keys()) - {""}


def _check_header(header: list[str], profile: CsvProfile) -> None:
    """Refuse a column twice, and one nobody has said the meaning of: it may be the masking."""
    if len(set(header)) != len(header):
        raise FileRefused(Refusal.MALFORMED, "1")
    unknown = set(header) - _needed(profile) - set(profile.passed_over)
    if unknown:
        raise FileRefused(Refusal.UNMAPPED, ", ".join(sorted(unknown)))


def _patient(rows: Sequence[Row], profile: CsvProfile) -> FilePatient:
    columns = profile.columns
    patients = {
        (row[columns.patient], row.get(columns.name, ""), row.get(columns.birth_date, ""))
        for row in rows
    }
    if len(patients) > 1:
        raise FileRefused(Refusal.SEVERAL_PATIENTS, str(len(patients)))
    id_, name, born = patients.pop()
    return FilePatient(unless_filler(id_), unless_filler(name), birth_date(born))


def _by_time(rows: Sequence[Row], profile: CsvProfile) -> dict[str, list[Row]]:
    tests: dict[str, list[Row]] = {}
    for row in rows:
        tests.setdefault(row[profile.columns.time], []).append(row)
    return tests
