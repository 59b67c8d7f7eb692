"""The lines of a GDT 2.1 file: lengths checked, character set applied, nothing interpreted.

Source: Audio-DATA, description of GDT records (all eighteen printed lines obey the rules below).
A line is three digits of length, four of field, content, CR LF; the length counts the bytes of
all of it, content + 9. Field 8100 has the bytes of the whole file. Field 9206 names the
character set: 1 seven bits, 2 IBM 437 (also when absent), 3 ISO 8859-1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from drivers.audiogram_files.imported import FileRefused, Refusal

KIND: Final = "8000"
TOTAL: Final = "8100"
CHARACTERS: Final = "9206"

_ENCODINGS: Final = {"1": "ascii", "2": "cp437", "3": "iso-8859-1"}
_HEAD = re.compile(rb"[0-9]{3}8000")
_LINE = re.compile(rb"([0-9]{3})([0-9]{4})([^\r\n]*)\r\n")
_AROUND: Final = 9
"""Length, field number, CR and LF."""


@dataclass(frozen=True, slots=True)
class GdtLine:
    """One field and its text."""

    field: str
    text: str


def looks_like_gdt(data: bytes) -> bool:
    """Whether the first line is a record's kind."""
    return _HEAD.match(data) is not None


def gdt_lines(data: bytes) -> tuple[GdtLine, ...]:
    """Return the lines of one record.

    Raises :class:`FileRefused`: a wrong length of the file or a line, a character that the
    named set does not have, a second record in the same file.
    """
    _check_total(data)
    pairs: list[tuple[str, bytes]] = []
    offset = 0
    while offset < len(data):
        found = _LINE.match(data, offset)
        if found is None or int(found[1]) != len(found[3]) + _AROUND:
            raise FileRefused(Refusal.WRONG_LINE_LENGTH, str(len(pairs) + 1))
        pairs.append((found[2].decode("ascii"), found[3]))
        offset = found.end()
    if sum(field == KIND for field, _ in pairs) != 1:
        raise FileRefused(Refusal.MALFORMED, KIND)
    encoding = _encoding(dict(pairs).get(CHARACTERS, b"2"))
    return tuple(GdtLine(field, _text(raw, encoding, field)) for field, raw in pairs)


def _check_total(data: bytes) -> None:
    """Compare the length of the file with what it says of itself, before anything else."""
    stated = re.search(rb"\n[0-9]{3}8100([0-9]{1,9})\r?\n", data)
    if stated is None:
        raise FileRefused(Refusal.CUT_SHORT, TOTAL, unfinished=True)
    total = int(stated[1])
    if total != len(data):
        detail = f"{TOTAL} {total}, {len(data)}"
        raise FileRefused(Refusal.WRONG_TOTAL_LENGTH, detail, unfinished=len(data) < total)


def _encoding(raw: bytes) -> str:
    name = raw.decode("ascii", "replace")
    if name not in _ENCODINGS:
        raise FileRefused(Refusal.WRONG_ENCODING, f"{CHARACTERS} {name}")
    return _ENCODINGS[name]


def _text(raw: bytes, encoding: str, field: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(Refusal.WRONG_ENCODING, f"{field}: {encoding}") from None
