"""A visit as plain rows, for interfaces that know lines and fields instead of resources.

One row a value, and one a tone of an audiogram. The numbers, codes and units are those of the FHIR
interface: no interface converts anything of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from drivers.hearing import Response
from kiosk.journal import hearing_codes
from kiosk.journal.context import context_words
from kiosk.journal.contract import Site
from kiosk.journal.fhir.hearing_mapping import ABSENT, COMPARATORS, notes_of
from kiosk.journal.fhir.mapping import codes_of, exact_value, method_of
from kiosk.journal.mapping_error import MappingError
from kiosk.model.hearing_test import HearingTest
from kiosk.model.performer import Device, Performer
from kiosk.model.quantities import MEASURED, Code
from kiosk.model.visit import Measurement, Visit


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured.

    ``id`` is the measurement's or the hearing test's own, so the rows of a test share it. ``key``
    names the quantity, or ear, path and frequency, without a code system. ``value`` is ``None``
    where there is no level, and ``absent`` says why; ``comparator`` is ``<=``, ``>`` or empty.
    ``notes`` are words on the value, or with the first tone on its whole test.
    """

    id: UUID
    key: str
    codes: tuple[Code, ...]
    value: Decimal | None
    comparator: str
    unit: str
    ucum: str
    absent: str
    is_finding: bool
    measured_at: datetime
    offset_minutes: int
    performer: Performer
    device: Device | None
    calibrated_on: date | None
    method: str
    notes: tuple[str, ...]


def rows_of(visit: Visit, site: Site) -> tuple[Row, ...]:
    """The rows of a visit in their order. Raises :class:`MappingError` as the FHIR mapping does."""
    found = [_value(one, site) for one in visit.measurements]
    for test in visit.hearing:
        found += _tones(test, site)
    if not found:
        raise MappingError("visit-is-empty")
    return tuple(found)


def _value(one: Measurement, site: Site) -> Row:
    table = MEASURED[one.quantity]
    key = one.quantity.value
    if table.taken and one.position is not None:
        key = f"{key}-{one.position.value}"
    return Row(
        id=one.id,
        key=key,
        codes=tuple(codes_of(one)),
        value=exact_value(one),
        comparator="",
        unit=table.unit,
        ucum=table.unit,
        absent="",
        is_finding=True,
        measured_at=one.measured_at,
        offset_minutes=one.offset_minutes,
        performer=one.performer,
        device=one.device,
        calibrated_on=None,
        method=method_of(one),
        notes=context_words(one, site.language),
    )


def _tones(test: HearingTest, site: Site) -> Iterator[Row]:
    for number, tone in enumerate(test.tones):
        yield Row(
            id=test.id,
            key=hearing_codes.local_key(tone),
            codes=(hearing_codes.code_of(tone, site),),
            value=tone.level_db,
            comparator=COMPARATORS[tone.response] if tone.level_db is not None else "",
            unit=hearing_codes.UNIT,
            ucum=hearing_codes.UNIT_CODE,
            absent="" if tone.level_db is not None else ABSENT[tone.response][1],
            # That a tone was not answered is a result, although it has no number.
            is_finding=tone.response not in {Response.NOT_TESTED, Response.COULD_NOT_BE_TESTED},
            measured_at=test.tested_at,
            offset_minutes=test.offset_minutes,
            performer=test.performer,
            device=test.device,
            calibrated_on=test.calibrated_on,
            method=hearing_codes.METHOD,
            notes=notes_of(test) if number == 0 else (),
        )
