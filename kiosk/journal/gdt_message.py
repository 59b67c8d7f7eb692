"""A visit as a GDT 2.1 record 6310 (send examination data): pure, deterministic.

Source: Audio-DATA, description of GDT records (checked against several public writers): each line
is three digits of length, four of field, content, CR LF; the length counts all of it in bytes,
content + 9. Field 8100 has the bytes of the whole file, 9206 = 3 says ISO 8859-1. GDT has no status
of a result and no comparator: a limit is told in the value's text, and nothing can be corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kiosk.core.model import Visit
from kiosk.journal.contract import Site
from kiosk.journal.resources import local_time
from kiosk.journal.rows import Row, rows_of

CHARSET = "iso-8859-1"
TOTAL_LENGTH = 5
"""Digits of field 8100, so that its own line has a known length."""


@dataclass(frozen=True, slots=True)
class GdtAddresses:
    """The names of sender and receiver, eight letters at most (fields 8316 and 8315)."""

    sender: str
    receiver: str


def gdt_record(visit: Visit, message: UUID, addresses: GdtAddresses, site: Site) -> bytes:
    """Return one record with all values of a visit.

    Raises :class:`MappingError` for values that cannot be sent as they are.
    """
    rows = rows_of(visit, site)
    child = visit.child
    head = [
        ("8315", addresses.receiver),
        ("8316", addresses.sender),
        ("9206", "3"),
        ("9218", "02.10"),
        ("3000", child.number),
        ("3102", child.given_name),
        ("3103", child.birth_date.strftime("%d%m%Y")),
    ]
    first = rows[0]
    when = local_time(first.measured_at, first.offset_minutes)
    head += [
        ("6200", f"{when[8:10]}{when[5:7]}{when[:4]}"),
        ("6201", when[11:19].replace(":", "")),
        ("6227", f"helsestasjon-kiosk {message}"),
    ]
    lines = [_line(field, text) for field, text in head if text]
    for row in rows:
        lines += _result(row)
    start, rest = _line("8000", "6310"), b"".join(lines)
    size = len(start) + TOTAL_LENGTH + 9 + len(rest)
    return start + _line("8100", f"{size:0{TOTAL_LENGTH}d}") + rest


def _result(row: Row) -> list[bytes]:
    code = row.codes[0]
    lines = [_line("8410", code.code), _line("8411", code.display)]
    if row.value is not None:
        lines.append(_line("8420", f"{row.comparator}{row.value:f}"))
        lines.append(_line("8421", row.unit))
    else:
        lines.append(_line("8480", row.absent))
    lines.append(_line("8470", f"{row.key}; {row.method}"))
    return lines + [_line("8470", note) for note in row.notes]


def _line(field: str, text: str) -> bytes:
    content = " ".join(text.split()).encode(CHARSET, "replace")[:990]
    return f"{len(content) + 9:03d}{field}".encode("ascii") + content + b"\r\n"
