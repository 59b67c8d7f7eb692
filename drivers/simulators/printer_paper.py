"""What comes out of a simulated printer: slips, and how they are looked at."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

from drivers.simulators.printer_escpos import PAPER_BYTES

LINE_ROWS = 30
"""Rows of one text line, the default line spacing."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper: its dots, 72 bytes a row, and the text lines that are on it."""

    rows: bytes = field(repr=False)
    texts: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Rows of dots, 8 a millimetre."""
        return len(self.rows) // PAPER_BYTES

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not any(self.rows)

    def png(self) -> bytes:
        """The slip as a 1-bit picture, black on white (PNG specification, third edition)."""
        size = struct.pack(">IIBBBBB", PAPER_BYTES * 8, self.height, 1, 0, 0, 0, 0)
        white = self.rows.translate(bytes(255 - byte for byte in range(256)))
        lines = b"".join(
            b"\0" + white[at : at + PAPER_BYTES] for at in range(0, len(white), PAPER_BYTES)
        )
        dots_per_metre = struct.pack(">IIB", 8000, 8000, 1)
        return (
            b"\x89PNG\r\n\x1a\n"
            + _part(b"IHDR", size)
            + _part(b"pHYs", dots_per_metre)
            + _part(b"IDAT", zlib.compress(lines))
            + _part(b"IEND", b"")
        )


@dataclass(slots=True)
class Roll:
    """The paper in the printer: what was printed since the last cut."""

    _rows: bytearray = field(default_factory=bytearray)
    _texts: list[str] = field(default_factory=list)

    @property
    def hanging(self) -> Slip:
        """What hangs out of the printer, not cut off yet."""
        return Slip(bytes(self._rows), tuple(self._texts))

    def row(self, dots: bytes) -> None:
        """Print one row."""
        self._rows += dots

    def feed(self, lines: int) -> None:
        """Move the paper on by some text lines."""
        self._rows += bytes(lines * LINE_ROWS * PAPER_BYTES)

    def text(self, line: str, *, double: bool) -> None:
        """Print a line in the printer's own font."""
        self._texts.append(line)
        self._rows += text_rows(line, double=double)

    def tear(self) -> Slip:
        """Take off what hangs out."""
        slip = self.hanging
        self._rows.clear()
        self._texts.clear()
        return slip


def text_rows(line: str, *, double: bool) -> bytes:
    """Draw a line of ASCII in a plain bitmap font, as rows of dots."""
    from PIL import Image, ImageDraw, ImageFont

    scale = 4 if double else 2
    small = Image.new("1", (PAPER_BYTES * 8 // scale, 12))
    font = ImageFont.load_default_imagefont()
    ImageDraw.Draw(small).text((0, 0), line, fill=1, font=font)
    return small.resize((PAPER_BYTES * 8, 12 * scale)).tobytes()


def _part(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check
