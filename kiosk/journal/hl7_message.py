"""A visit as an HL7 v2.5 message ORU^R01: pure, deterministic, exact to the digit.

One OBR for each measurement and each hearing test, with its id as filler order number (OBR-3), so
that a correction names what it corrects; one OBX a value or tone. A level that is only a limit is a
structured number (``SN``, comparator and number), never a plain one. What has no level has no value
either: a finding is told as text, what was not tested has the status ``X`` (HL7 table 0085, results
cannot be obtained). Sources: HL7 v2.5 chapters 2, 3 and 7; status codes table 0085.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from kiosk.core.model import Child, IdKind, Visit
from kiosk.journal import codes, hearing_codes
from kiosk.journal.codes import ID_SYSTEMS, LOINC, SNOMED
from kiosk.journal.contract import Site
from kiosk.journal.resources import device_identifier
from kiosk.journal.rows import Row, rows_of

VERSION = "2.5"
CODE_SYSTEMS = {LOINC: "LN", SNOMED: "SCT"}
"""HL7 table 0396. Anything else is a code of this station."""

OWN_CODES = "99KIOSK"
ID_TYPES = {IdKind.NATIONAL: "NNNOR", IdKind.D_NUMBER: "NNNOR"}
"""HL7 table 0203, national person identifier of Norway; other numbers are internal ones."""

ESCAPES = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "}
)


class Status(StrEnum):
    """OBX-11 and OBR-25 (HL7 tables 0085 and 0123)."""

    FINAL = "F"
    CORRECTED = "C"
    DELETED = "D"
    WRONG = "W"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who sends and who receives, as the receiver knows them (MSH-3 to MSH-6, MSH-11)."""

    sending_application: str
    sending_facility: str
    receiving_application: str
    receiving_facility: str
    processing: str = "P"


def oru(
    visit: Visit,
    message: UUID,
    addresses: Addresses,
    site: Site,
    *,
    status: Status = Status.FINAL,
    only: frozenset[UUID] | None = None,
) -> bytes:
    """Return a message of a visit's values in UTF-8, segments ended by CR, without a frame.

    ``only`` keeps the measurements and tests of these ids. Raises :class:`MappingError` for values
    that cannot be sent as they are.
    """
    rows = [row for row in rows_of(visit, site) if only is None or row.id in only]
    segments = [_header(message, addresses), _patient(visit.child)]
    for number, (_, group) in enumerate(groupby(rows, key=lambda row: row.id), start=1):
        segments += _order(number, list(group), site, status)
    return "".join(f"{segment}\r" for segment in segments).encode("utf-8")


def control_id(body: bytes) -> str:
    """The control id (MSH-10) of a message made here; raises :class:`ValueError` for others."""
    fields = body.split(b"\r", 1)[0].split(b"|")
    if fields[0] != b"MSH" or len(fields) < 12:
        raise ValueError("not a message of this station")
    return fields[9].decode("ascii")


def _header(message: UUID, addresses: Addresses) -> str:
    return _segment(
        "MSH",
        "^~\\&",
        _text(addresses.sending_application),
        _text(addresses.sending_facility),
        _text(addresses.receiving_application),
        _text(addresses.receiving_facility),
        _time(_made_at(message), 0),
        "",
        "ORU^R01^ORU_R01",
        str(message),
        addresses.processing,
        VERSION,
        *("", "", "", "", "NOR", "UNICODE UTF-8"),
    )


def _made_at(message: UUID) -> datetime:
    """When a message was made: its id (UUIDv7) holds the milliseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=message.int >> 80)


def _patient(child: Child) -> str:
    system = ID_SYSTEMS.get(child.number_kind, "").removeprefix("urn:oid:")
    authority = f"&{system}&ISO" if system else ""
    kind = ID_TYPES.get(child.number_kind, "PI")
    number = f"{_text(child.number)}^^^{authority}^{kind}"
    name = f"^{_text(child.given_name)}"
    return _segment("PID", "1", "", number, "", name, "", child.birth_date.strftime("%Y%m%d"))


def _order(number: int, rows: Sequence[Row], site: Site, status: Status) -> Iterator[str]:
    first = rows[0]
    is_test = first.unit == hearing_codes.UNIT
    what = hearing_codes.PANEL if is_test else first.codes[0]
    identifier = f"{first.id}^{_text(site.system)}"
    when = _time(first.measured_at, first.offset_minutes)
    fields = ["OBR", str(number), "", identifier, _coded([what]), "", "", when]
    yield _segment(*fields, *[""] * 14, when, "", "", status.value)
    for place, row in enumerate(rows, start=1):
        yield _observation(place, row, site, status)
        if row.absent and not row.is_finding:
            yield _segment("NTE", "1", "L", _text(row.absent))
    for place, note in enumerate(first.notes, start=1):
        yield _segment("NTE", str(place), "L", _text(note))


def _observation(place: int, row: Row, site: Site, status: Status) -> str:
    kind, value = _value(row)
    told = status.value if row.is_finding or status is not Status.FINAL else "X"
    if status in {Status.DELETED, Status.WRONG}:
        value = '""'
    device = ""
    if row.device is not None:
        device = f"{_text(device_identifier(row.device, site).value)}^{_text(site.system)}"
    unit = f"{row.ucum}^{_text(row.unit)}^UCUM" if row.value is not None else ""
    performer = row.performer
    who = f"{_text(performer.hpr_number or performer.user_id)}^{_text(performer.display)}"
    when = _time(row.measured_at, row.offset_minutes)
    head = ["OBX", str(place), kind, _coded(row.codes), "", value, unit]
    return _segment(*head, "", "", "", "", told, "", "", when, "", who, _text(row.method), device)


def _value(row: Row) -> tuple[str, str]:
    """OBX-2 and OBX-5."""
    if row.value is None:
        return ("ST", _text(row.absent)) if row.is_finding else ("", "")
    number = format(row.value, "f")
    return ("SN", f"{row.comparator}^{number}") if row.comparator else ("NM", number)


def _coded(found: Iterable[codes.Code]) -> str:
    """A coded element with at most one alternate."""
    parts = []
    for code in list(found)[:2]:
        system = CODE_SYSTEMS.get(code.system, OWN_CODES)
        parts.append(f"{_text(code.code)}^{_text(code.display)}^{system}")
    return "^".join(parts)


def _time(moment: datetime, offset_minutes: int) -> str:
    local = moment.astimezone(timezone(timedelta(minutes=offset_minutes)))
    return local.strftime("%Y%m%d%H%M%S%z")


def _segment(*fields: str) -> str:
    return "|".join(fields).rstrip("|")


def _text(text: str) -> str:
    return text.translate(ESCAPES)
