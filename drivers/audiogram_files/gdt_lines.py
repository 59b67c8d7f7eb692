"""The lines of a GDT 2.1 file: lengths checked, character set applied, nothing interpreted.

Source: Audio-DATA, description of GDT records (all eighteen printed lines obey the rules below).
A line is three digits of length, four of field, content, CR LF; the length counts the bytes of
all of it, content + 9. Field 8100 has the bytes of the whole file; some programs leave it out, and
then nothing tells whether lines are missing at the end. Field 9206 names the character set: 1 seven
bits, 2 IBM 437 (also when absent), 3 ISO 8859-1, and in later versions 4 ISO 8859-15. A byte
order mark in front says UTF-8, whatever the field says, and may be counted or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from drivers.audiogram_files.imported import FileRefused, Refusal

KIND: Final = "8000"
TOTAL: Final = "8100"
CHARACTERS: Final = "9206"

_ENCODINGS: Final = {"1": "ascii", "2": "cp437", "3": "iso-8859-1", "4": "iso-8859-15"}
_NAMES: Final = frozenset({"3101", "3102"})
_MARK: Final = b"\xef\xbb\xbf"
_HEAD = re.compile(rb"[0-9]{3}8000")
_LINE = re.compile(rb"([0-9]{3})([0-9]{4})([^\r\n]*)\r\n")
_AROUND: Final = 9
"""Length, field number, CR and LF."""


@dataclass(frozen=True, slots=True)
class GdtLine:
    """One field and its text; ``readable`` is false for a name in another character set."""

    field: str
    text: str
    readable: bool = True


def looks_like_gdt(data: bytes) -> bool:
    """Whether the first line is a record's kind."""
    return _HEAD.match(data.removeprefix(_MARK)) is not None


def gdt_lines(data: bytes) -> tuple[GdtLine, ...]:
    """Return the lines of one record.

    Raises :class:`FileRefused`: a wrong length of the file or a line, a character that the
    named set does not have, a second record in the same file.
    """
    marked = data.startswith(_MARK)
    _check_total(data, len(_MARK) if marked else 0)
    data = data.removeprefix(_MARK)
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
    encoding = "utf-8" if marked else _encoding(dict(pairs).get(CHARACTERS, b"2"))
    return tuple(_line(field, raw, encoding) for field, raw in pairs)


def says_its_length(lines: tuple[GdtLine, ...]) -> bool:
    """Whether the file tells how long it is, so that missing lines would have been noticed."""
    return any(line.field == TOTAL for line in lines)


def _check_total(data: bytes, mark: int) -> None:
    """Compare the length of the file with what it says of itself, before anything else."""
    stated = re.search(rb"\n[0-9]{3}8100([0-9]{1,9})\r?\n", data)
    if stated is None:
        if data.count(b"\n") < 2 or not data.endswith(b"\n"):
            raise FileRefused(Refusal.CUT_SHORT, TOTAL, unfinished=True)
        return
    total = int(stated[1])
    if total not in {len(data), len(data) - mark}:
        detail = f"{TOTAL} {total}, {len(data)}"
        raise FileRefused(Refusal.WRONG_TOTAL_LENGTH, detail, unfinished=len(data) < total)


def _encoding(raw: bytes) -> str:
    name = raw.decode("ascii", "replace")
    if name not in _ENCODINGS:
        raise FileRefused(Refusal.WRONG_ENCODING, f"{CHARACTERS} {name}")
    return _ENCODINGS[name]


def _line(field: str, raw: bytes, encoding: str) -> GdtLine:
    """A line as text. A name that is in another set than the file says is left out, and flagged."""
    if field not in _NAMES or encoding == "ascii":
        return GdtLine(field, _text(raw, encoding, field))
    text = raw.decode(encoding, "replace")
    if encoding != "utf-8" and not raw.isascii() and not _is_name(text):
        # Programs of the Nordic countries write IBM 850, for which the field has no number.
        text = raw.decode("cp850")
    return GdtLine(field, text) if _is_name(text) else GdtLine(field, "", readable=False)


def _is_name(text: str) -> bool:
    return all(letter.isalpha() or letter in " -.'’" for letter in text)


def _text(raw: bytes, encoding: str, field: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(Refusal.WRONG_ENCODING, f"{field}: {encoding}") from None
