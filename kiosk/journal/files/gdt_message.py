"""A visit as a GDT 2.1 record 6310 (send examination data): pure, deterministic.

Source: Audio-DATA, description of GDT records (checked against several public writers), and the
published table of fields (:mod:`kiosk.journal.files.gdt_fields`): each line is three digits of
length, four of field, content, CR LF; the length counts all of it in bytes, content + 9. Field 8100
has the bytes of the whole file, 9206 says which character set it is in. GDT has no status of a
result and no comparator: 8420 holds numbers only, so what is only a limit is told in words (8480),
and nothing can be corrected.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from kiosk.journal.contract import Site
from kiosk.journal.fhir.resources import local_time
from kiosk.journal.files.charset import CHARSETS, NotInCharacterSetError, spelled
from kiosk.journal.files.gdt_fields import AT_MOST, GENERAL, OFTEN, TONES, short_key
from kiosk.journal.files.gdt_requests import Person
from kiosk.journal.mapping_error import MappingError
from kiosk.journal.rows import Row, rows_of
from kiosk.model.quantities import LOINC, MEASURED
from kiosk.model.visit import Child, Visit

TOTAL_LENGTH = 5
"""Digits of field 8100, so that its own line has a known length."""

NO_FAMILY_NAME = "Ukjent"
"""What 3101, which must be there, says where only the given name is known."""

LIMITS = {"<=": "høyst", ">": "mer enn"}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class GdtAddresses:
    """The names of sender and receiver, eight letters at most (fields 8316 and 8315), and what was
    agreed between them: ``characters`` is one of :data:`kiosk.journal.files.charset.CHARSETS`,
    ``long_numbers`` that 3000 may hold more than the published ten characters.
    """

    sender: str
    receiver: str
    characters: str = "iso-8859-1"
    long_numbers: bool = False


def gdt_record(
    visit: Visit,
    message: UUID,
    addresses: GdtAddresses,
    site: Site,
    person: Person | None = None,
) -> bytes:
    """Return one record with all values of a visit.

    ``person`` is who the child is in the journal's own words, where it has asked for the values.
    Raises :class:`MappingError` for values that cannot be sent as they are.
    """
    rows = rows_of(visit, site)
    pairs = [
        ("8315", addresses.receiver),
        ("8316", addresses.sender),
        ("9206", CHARSETS[addresses.characters]),
        ("9218", "02.10"),
        *_patient(visit.child, person, addresses),
        *_heading(visit, rows, message),
    ]
    for _, group in groupby(rows, key=lambda row: row.id):
        for place, row in enumerate(group):
            pairs += _result(row)
            # What is said of a hearing test stands once, with its first tone.
            pairs += _about(row) if place == 0 else []
    lines = [line for pair in pairs for line in _lines(*pair, addresses.characters)]
    start, rest = _line("8000", "6310", "ascii"), b"".join(lines)
    size = len(start) + TOTAL_LENGTH + 9 + len(rest)
    return start + _line("8100", f"{size:0{TOTAL_LENGTH}d}", "ascii") + rest


def _patient(child: Child, person: Person | None, addresses: GdtAddresses) -> list[Pair]:
    who = person or Person(child.number, NO_FAMILY_NAME, child.given_name)
    if len(who.number) > AT_MOST["3000"] and not addresses.long_numbers:
        raise MappingError("patient-number-too-long")
    pairs, whole = [("3000", who.number)], []
    for field, name in (("3101", who.family_name), ("3102", who.given_name)):
        try:
            spelt = " ".join(spelled(name, addresses.characters).split())
        except NotInCharacterSetError:
            raise MappingError("name-not-in-character-set") from None
        if not spelt:
            raise MappingError("name-missing")
        pairs.append((field, _shortened(spelt, AT_MOST[field])))
        if pairs[-1][1] != spelt:
            whole.append(("6227", f"Navn: {spelt}"))
    return [*pairs, ("3103", child.birth_date.strftime("%d%m%Y")), *whole]


def _heading(visit: Visit, rows: Sequence[Row], message: UUID) -> Iterator[Pair]:
    for quantity, table in MEASURED.items():
        told = [
            r.value
            for one, r in zip(visit.measurements, rows, strict=False)
            if one.quantity is quantity
        ]
        # Which of two weights is meant nobody could tell.
        if table.gdt and len(told) == 1 and told[0] is not None:
            yield table.gdt, f"{told[0]:f}"
    yield "8402", GENERAL if visit.measurements else TONES
    first = rows[0]
    when = local_time(first.measured_at, first.offset_minutes)
    yield "6200", f"{when[8:10]}{when[5:7]}{when[:4]}"
    yield "6201", when[11:19].replace(":", "")
    yield "6227", f"helsestasjon-kiosk {message}"


def _result(row: Row) -> Iterator[Pair]:
    code = row.codes[0]
    yield "8410", code.code if code.system == LOINC else short_key(code.code)
    name = _shortened(code.display, AT_MOST["8411"])
    yield "8411", name
    if row.value is None:
        yield "8480", row.absent
    elif row.comparator:
        yield "8480", f"{LIMITS[row.comparator]} {row.value:f} {row.unit}"
    else:
        yield "8420", f"{row.value:f}"
        yield "8421", row.unit
    if name != code.display:
        yield "8470", code.display


def _about(row: Row) -> Iterator[Pair]:
    """How it was measured, and by whom, in words."""
    for note in (*row.notes, row.method):
        yield "8470", note
    if row.device is not None:
        serial = f", serienummer {row.device.serial}" if row.device.serial else ""
        yield "8470", f"Måleutstyr: {row.device.name or row.device.driver}{serial}"
    yield "8470", f"Målt av {row.performer.display}"


def _lines(field: str, text: str, characters: str) -> Iterator[bytes]:
    """The lines of a field. One that may stand several times holds as much as there is."""
    spelt = " ".join(spelled(text, characters, strict=False).split())
    if not spelt:
        return
    parts = textwrap.wrap(spelt, AT_MOST[field]) if field in OFTEN else [spelt]
    for part in parts:
        yield _line(field, part, characters)


def _line(field: str, text: str, characters: str) -> bytes:
    content = text.encode(characters)
    return f"{len(content) + 9:03d}{field}".encode("ascii") + content + b"\r\n"


def _shortened(text: str, most: int) -> str:
    """The words of a text that fit; of a single long word its beginning."""
    return text if len(text) <= most else textwrap.wrap(text, most)[0]
