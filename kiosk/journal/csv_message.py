"""A visit as a CSV file: one row a value or tone, the same columns always.

UTF-8, RFC 4180 with CR LF; numbers with a decimal point. ``status`` is ``final``, ``amended`` or
``entered-in-error``: a correction is a further file with the same ``id``.
"""

from __future__ import annotations

import csv
import io
from uuid import UUID

from kiosk.core.model import Visit
from kiosk.journal.contract import Site
from kiosk.journal.resources import local_time
from kiosk.journal.rows import Row, rows_of

COLUMNS = (
    "message",
    "id",
    "status",
    "patient_number",
    "patient_number_kind",
    "birth_date",
    "given_name",
    "measured_at",
    "key",
    "code_system",
    "code",
    "comparator",
    "value",
    "unit",
    "absent",
    "method",
    "device",
    "device_serial",
    "calibrated_on",
    "performer",
    "performer_hpr",
    "note",
)


def csv_file(
    visit: Visit, message: UUID, site: Site, status: str, only: frozenset[UUID] | None = None
) -> bytes:
    """Return the file of a visit, or of those of its values that ``only`` names.

    Raises :class:`MappingError` for values that cannot be sent as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in rows_of(visit, site):
        if only is None or row.id in only:
            writer.writerow(_columns(row, visit, message, status))
    return text.getvalue().encode("utf-8")


def _columns(row: Row, visit: Visit, message: UUID, status: str) -> dict[str, str]:
    child, device = visit.child, row.device
    # A withdrawn value is not told once more: it must not be read by mistake.
    stands = status != "entered-in-error"
    return {
        "message": str(message),
        "id": str(row.id),
        "status": status,
        "patient_number": child.number,
        "patient_number_kind": child.number_kind.value,
        "birth_date": child.birth_date.isoformat(),
        "given_name": _plain(child.given_name),
        "measured_at": local_time(row.measured_at, row.offset_minutes),
        "key": row.key,
        "code_system": row.codes[0].system,
        "code": row.codes[0].code,
        "comparator": row.comparator if stands else "",
        "value": format(row.value, "f") if row.value is not None and stands else "",
        "unit": row.unit,
        "absent": row.absent,
        "method": row.method,
        "device": _plain(device.name) if device else "",
        "device_serial": _plain(device.serial) if device else "",
        "calibrated_on": row.calibrated_on.isoformat() if row.calibrated_on else "",
        "performer": _plain(row.performer.display),
        "performer_hpr": row.performer.hpr_number,
        "note": "; ".join(row.notes),
    }


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
