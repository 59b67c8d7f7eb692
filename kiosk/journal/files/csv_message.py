"""A visit as a CSV file: one row a value or tone, the same columns always.

RFC 4180 with CR LF; which columns under which names, and with which signs, is a
:class:`kiosk.journal.files.csv_template.Template`. ``status`` is ``final``, ``amended`` or
``entered-in-error``: a correction is a further file with the same ``id``.
"""

from __future__ import annotations

import csv
import io
from uuid import UUID

from kiosk.journal.contract import Site
from kiosk.journal.fhir.resources import local_time
from kiosk.journal.files.charset import NotInCharacterSetError, spelled
from kiosk.journal.files.csv_template import (
    COLUMNS,
    DEFAULT,
    ENCODINGS,
    SEPARATORS,
    Template,
    is_formula,
)
from kiosk.journal.mapping_error import MappingError
from kiosk.journal.rows import Row, rows_of
from kiosk.model.visit import Visit

__all__ = ["COLUMNS", "csv_file"]

NAMES = frozenset({"given_name", "performer"})
"""Columns that nothing is written in place of, where a letter cannot be spelt."""


def csv_file(
    visit: Visit,
    message: UUID,
    site: Site,
    status: str,
    only: frozenset[UUID] | None = None,
    *,
    template: Template = DEFAULT,
) -> bytes:
    """Return the file of a visit, or of those of its values that ``only`` names.

    Raises :class:`MappingError` for values that cannot be sent as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATORS[template.separator])
    if template.heading:
        writer.writerow([template.heading_of(column) for column in template.columns])
    for row in rows_of(visit, site):
        if only is None or row.id in only:
            told = _columns(row, visit, message, status, comma=template.decimal_comma)
            writer.writerow([_cell(column, told[column], template) for column in template.columns])
    return text.getvalue().encode(ENCODINGS[template.encoding])


def _columns(row: Row, visit: Visit, message: UUID, status: str, *, comma: bool) -> dict[str, str]:
    child, device = visit.child, row.device
    # A withdrawn value is not told once more: it must not be read by mistake, nor its notes.
    stands = status != "entered-in-error"
    value = format(row.value, "f") if row.value is not None and stands else ""
    return {
        "message": str(message),
        "id": str(row.id),
        "status": status,
        "patient_number": child.number,
        "patient_number_kind": child.number_kind.value,
        "birth_date": child.birth_date.isoformat(),
        "given_name": child.given_name,
        "measured_at": local_time(row.measured_at, row.offset_minutes),
        "key": row.key,
        "code_system": row.codes[0].system,
        "code": row.codes[0].code,
        "comparator": row.comparator if stands else "",
        "value": value.replace(".", ",") if comma else value,
        "unit": row.unit,
        "absent": row.absent if stands else "",
        "method": row.method,
        "device": device.name if device else "",
        "device_serial": device.serial if device else "",
        "calibrated_on": row.calibrated_on.isoformat() if row.calibrated_on else "",
        "performer": row.performer.display,
        "performer_hpr": row.performer.hpr_number,
        "note": "; ".join(row.notes) if stands else "",
    }


def _cell(column: str, text: str, template: Template) -> str:
    """A cell in the letters there are, and none that a spreadsheet takes for a formula.

    Only what this module makes itself may begin with a sign: a level below 0 dB is a number.
    """
    try:
        told = spelled(text, ENCODINGS[template.encoding], strict=column in NAMES)
    except NotInCharacterSetError:
        raise MappingError("name-not-in-character-set") from None
    return f"'{told}" if is_formula(told) and column != "value" else told
