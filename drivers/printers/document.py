"""What is printed: a 1-bit picture as wide as the paper. It knows nothing of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

WIDTH = 576
"""Dots across 80 mm paper at 8 dots a millimetre, the printable 72 mm: the widest there is."""

ROW_BYTES = WIDTH // 8

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))

MAX_ROWS = 4000
"""Half a metre of paper. More is a mistake in the drawing, never a slip."""


@dataclass(frozen=True, slots=True)
class Document:
    """One picture, ``width`` dots a row, most significant bit left, 1 is black.

    ``copy`` is the number drawn into the picture as *KOPI n*, ``None`` on an original; it
    is kept beside the dots only so that a log can tell. ``from_right`` says that its lines begin
    at the right edge. The dots stay out of ``repr`` because they may show a child's values. Raises
    :class:`ValueError` for a picture that is no whole number of rows, is empty, wider than
    :data:`WIDTH` or longer than :data:`MAX_ROWS`.
    """

    rows: bytes = field(repr=False)
    copy: int | None = None
    width: int = WIDTH
    from_right: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.width <= WIDTH or self.width % 8:
            raise ValueError("a document is as wide as some paper, in whole bytes")
        if not self.rows or len(self.rows) % self.row_bytes:
            raise ValueError("a document is one or more whole rows")
        if self.height > MAX_ROWS:
            raise ValueError("a document is at most MAX_ROWS rows")

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return self.width // 8

    @property
    def height(self) -> int:
        """Rows of dots, 8 a millimetre."""
        return len(self.rows) // self.row_bytes

    @property
    def turned_rows(self) -> bytes:
        """The picture upside down: the same slip, coming out with its foot first."""
        return self.rows[::-1].translate(_REVERSED)

    @property
    def sha256(self) -> str:
        """The picture's hash, which stays in the log when the picture is gone."""
        return sha256(self.rows).hexdigest()
