"""A visit as an HL7 v2 message ORU^R01: pure, deterministic, exact to the digit.

One OBR for each measurement and each hearing test, with its id as filler order number (OBR-3), so
that a correction names what it corrects; one OBX a value or tone, with its own notes (NTE) under it
and those on a whole test under the OBR. A level that is only a limit is a
structured number (``SN``, comparator and number), never a plain one. What has no level has no value
either: a finding is told as text, what was not tested has the status ``X`` (HL7 table 0085, results
cannot be obtained). Sources: HL7 v2.5 chapters 2, 3 and 7; status codes table 0085.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from kiosk.journal import codes, hearing_codes
from kiosk.journal.codes import ID_SYSTEMS
from kiosk.journal.contract import Site
from kiosk.journal.fhir.resources import device_identifier
from kiosk.journal.rows import Row, rows_of
from kiosk.model.performer import Device, Performer
from kiosk.model.quantities import LOINC, MEASURED, SNOMED, Code
from kiosk.model.visit import Child, IdKind, Visit

FILLER = 22
"""Characters of OBR-3 and OBX-18 in version 2.5. The first 22 of a measurement's id, a UUIDv7, hold
its millisecond and 22 random bits, and are what a receiver kept that cut a longer one."""

CODE_SYSTEMS = {LOINC: "LN", SNOMED: "SCT"}
"""HL7 table 0396. Anything else is a code of this station."""

OWN_CODES = "99KIOSK"
EXACT = frozenset(code for table in MEASURED.values() for code in table.exact.values())
"""Codes that tell lying from standing and with clothes from without."""

ID_TYPES = {IdKind.NATIONAL: "NNNOR", IdKind.D_NUMBER: "NNNOR"}
"""HL7 table 0203, national person identifier of Norway; other numbers are internal ones."""

ESCAPES = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "}
)

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_LAST_62 = (1 << 62) - 1


class Status(StrEnum):
    """OBX-11 and OBR-25 (HL7 tables 0085 and 0123)."""

    FINAL = "F"
    CORRECTED = "C"
    DELETED = "D"
    WRONG = "W"


GONE = frozenset({Status.DELETED, Status.WRONG})


class Version(StrEnum):
    """MSH-12."""

    V2_5 = "2.5"
    V2_6 = "2.6"


class Answers(StrEnum):
    """Which acknowledgement the receiver is asked for."""

    ORIGINAL = "original"
    ACCEPT = "accept"
    APPLICATION = "application"
    BOTH = "both"


ASKED_FOR: Mapping[Answers, tuple[str, str]] = {
    Answers.ORIGINAL: ("", ""),
    Answers.ACCEPT: ("AL", "NE"),
    Answers.APPLICATION: ("NE", "AL"),
    Answers.BOTH: ("AL", "AL"),
}
"""MSH-15 and MSH-16 (HL7 table 0155)."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who sends and who receives (MSH-3 to MSH-6, MSH-11), and what was agreed between them."""

    sending_application: str
    sending_facility: str
    receiving_application: str
    receiving_facility: str
    processing: str = "P"
    version: Version = Version.V2_5
    answers: Answers = Answers.ORIGINAL


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
        segments += _order(number, list(group), site, addresses.version, status)
    return "".join(f"{segment}\r" for segment in segments).encode("utf-8")


@dataclass(frozen=True, slots=True)
class Header:
    """What of a message decides how it is answered: MSH-10, MSH-15 and MSH-16."""

    control_id: str
    accept: str = ""
    application: str = ""


def header_of(body: bytes) -> Header:
    """The header of a message made here; raises :class:`ValueError` for others."""
    fields = body.split(b"\r", 1)[0].decode("utf-8").split("|")
    if fields[0] != "MSH" or len(fields) < 16 or not fields[9]:
        raise ValueError("not a message of this station")
    return Header(fields[9], fields[14], fields[15])


def _header(message: UUID, addresses: Addresses) -> str:
    return _segment(
        "MSH",
        "^~\\&",
        _text(addresses.sending_application),
        _text(addresses.sending_facility),
        _text(addresses.receiving_application),
        _text(addresses.receiving_facility),
        _time(made_at(message), 0),
        "",
        "ORU^R01^ORU_R01",
        short_id(message),
        addresses.processing,
        addresses.version.value,
        *("", "", *ASKED_FOR[addresses.answers], "NOR", "UNICODE UTF-8"),
    )


def short_id(message: UUID) -> str:
    """The control id of a message: the first 100 of its id's 122 free bits, in base 32.

    20 characters are what MSH-10 and MSA-2 hold in version 2.5. Digits as in RFC 4648, 7.
    """
    free = (message.int >> 80) << 74 | (message.int >> 64 & 0xFFF) << 62 | message.int & _LAST_62
    bits = free >> 22
    return "".join(_DIGITS[bits >> shift & 31] for shift in range(95, -1, -5))


def made_at(message: UUID) -> datetime:
    """When a message was made: its id (UUIDv7) holds the milliseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=message.int >> 80)


def _patient(child: Child) -> str:
    system = ID_SYSTEMS.get(child.number_kind, "").removeprefix("urn:oid:")
    authority = f"&{system}&ISO" if system else ""
    kind = ID_TYPES.get(child.number_kind, "PI")
    number = f"{_text(child.number)}^^^{authority}^{kind}"
    name = f"^{_text(child.given_name)}"
    return _segment("PID", "1", "", number, "", name, "", child.birth_date.strftime("%Y%m%d"))


def _order(
    number: int, rows: Sequence[Row], site: Site, version: Version, status: Status
) -> Iterator[str]:
    first = rows[0]
    is_test = first.unit == hearing_codes.UNIT
    what = hearing_codes.PANEL if is_test else first.codes[0]
    identifier = _entity(str(first.id), site.system, version)
    when = _time(first.measured_at, first.offset_minutes)
    fields = ["OBR", str(number), "", identifier, _coded([what]), "", "", when]
    yield _segment(*fields, *[""] * 14, when, "", "", status.value)
    # What was withdrawn is not told once more, least of all in words on another child.
    notes = [] if status in GONE else [*first.notes, *_device_words(first.device, version)]
    if is_test:
        yield from _notes(notes)
    for place, row in enumerate(rows, start=1):
        yield _observation(place, row, site, version, status)
        absent = [row.absent] if row.absent and not row.is_finding and status not in GONE else []
        yield from _notes(absent if is_test else [*absent, *notes])


def _notes(texts: Iterable[str]) -> Iterator[str]:
    for place, text in enumerate(texts, start=1):
        yield _segment("NTE", str(place), "L", _text(text))


def _device_words(device: Device | None, version: Version) -> list[str]:
    """What OBX-18 has no room for in version 2.5."""
    if device is None or version is not Version.V2_5:
        return []
    serial = f", serienummer {device.serial}" if device.serial else ""
    return [f"Måleutstyr: {device.name or device.driver}{serial}"]


def _entity(identifier: str, system: str, version: Version) -> str:
    """An entity identifier (EI). In version 2.5 there is no room for where it is from."""
    if version is Version.V2_5:
        return _text(identifier[:FILLER])
    return f"{_text(identifier)}^^{_text(system)}^URI"


def _observation(place: int, row: Row, site: Site, version: Version, status: Status) -> str:
    kind, value = _value(row)
    told = status.value if row.is_finding or status is not Status.FINAL else "X"
    if status in GONE:
        kind, value = "ST", '""'
    unit = f"{row.ucum}^{_text(row.unit)}^UCUM" if row.value is not None else ""
    when = _time(row.measured_at, row.offset_minutes)
    head = ["OBX", str(place), kind, _coded(row.codes), "", value, unit, "", "", "", "", told]
    method, device = f"^{_text(row.method)}", _device(row.device, site, version)
    return _segment(*head, "", "", when, "", _performer(row.performer, site), method, device)


def _device(device: Device | None, site: Site, version: Version) -> str:
    if device is None:
        return ""
    if version is Version.V2_5:
        link = f"{site.station}:{device.link_id}" if site.station else device.link_id
        return _entity(device.serial or link, "", version)
    identifier = device_identifier(device, site)
    return _entity(identifier.value, identifier.system, version)


def _performer(performer: Performer, site: Site) -> str:
    """OBX-16: number, family name (the last word, as Norwegian names have it), given names."""
    given, _, family = performer.display.rpartition(" ")
    if performer.hpr_number:
        system, kind = codes.HPR_SYSTEM.removeprefix("urn:oid:"), "ISO"
    else:
        system, kind = f"{site.system}:user", "URI"
    number = _text(performer.hpr_number or performer.user_id)
    authority = f"&{_text(system)}&{kind}"
    return f"{number}^{_text(family)}^{_text(given)}^^^^^^{authority}"


def _value(row: Row) -> tuple[str, str]:
    """OBX-2 and OBX-5."""
    if row.value is None:
        return ("ST", _text(row.absent)) if row.is_finding else ("", "")
    number = format(row.value, "f")
    return ("SN", f"{row.comparator}^{number}") if row.comparator else ("NM", number)


def _coded(found: Sequence[Code]) -> str:
    """A coded element. There is room for one alternate: the one that says most."""
    exact = [code for code in found[1:] if code in EXACT]
    parts = []
    for code in [*found[:1], *(exact or found[1:])[:1]]:
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
