"""Which characters a font file has. Reads the ``cmap`` table of TrueType fonts.

Pillow draws a box for a character its font lacks and says nothing, so each text is checked
against this first. Source: OpenType specification 1.9, ``cmap``, formats 4 and 12.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path


class GlyphMissing(Exception):  # noqa: N818 - names what is missing
    """The font has no picture of a character. Names the code point, not the text."""

    def __init__(self, character: str) -> None:
        super().__init__(f"U+{ord(character):04X}")
        self.character = character


@lru_cache(maxsize=8)
def characters_of(path: Path) -> frozenset[int]:
    """All code points the font file maps to a glyph.

    Raises OSError if it cannot be read, :class:`ValueError` if it has no usable table.
    """
    data = path.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for index in range(count):
        (offset,) = struct.unpack_from(">I", data, start + 8 + 8 * index)
        found |= _subtable(data, start + offset)
    if not found:
        raise ValueError("the font maps no character")
    return frozenset(found)


def require_glyphs(text: str, path: Path) -> None:
    """Raise :class:`GlyphMissing` for the first character of ``text`` the font lacks."""
    known = characters_of(path)
    for character in text:
        if ord(character) not in known:
            raise GlyphMissing(character)


def _table(data: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for index in range(count):
        name, _checksum, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError("not a TrueType font")


def _subtable(data: bytes, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == 4:
        return _segments(data, at)
    return _groups(data, at) if form == 12 else set()


def _segments(data: bytes, at: int) -> set[int]:
    """Format 4: ranges of the basic plane, some of whose members map to glyph 0."""
    (double,) = struct.unpack_from(">H", data, at + 6)
    size = double // 2
    layout = f">{size}H"
    ends = struct.unpack_from(layout, data, at + 14)
    starts = struct.unpack_from(layout, data, at + 16 + double)
    deltas = struct.unpack_from(layout, data, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    ranges = struct.unpack_from(layout, data, ranges_at)
    found: set[int] = set()
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if ranges[index]:
                place = ranges_at + 2 * index + ranges[index] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, place)
            if code != 0xFFFF and (glyph + deltas[index]) & 0xFFFF and glyph:
                found.add(code)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    """Format 12: ranges over all planes."""
    (count,) = struct.unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for index in range(count):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * index)
        found.update(range(first + (not glyph), last + 1))
    return found
