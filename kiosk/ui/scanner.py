"""A barcode scanner that acts as a keyboard: digits and Enter, nothing else.

What arrives from a keyboard is not trusted: only the digits of one line are kept, a line
that is too long or has anything else in it is refused as a whole, control and function keys
are ignored, and a pause drops what has come so far.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 24
PAUSE_SECONDS = 1.0
ENTER_KEYS = frozenset({13, 271})
FIRST_DIGIT, LAST_DIGIT = 48, 57
FIRST_PAD_DIGIT, LAST_PAD_DIGIT = 256, 265
FIRST_PRINTABLE, LAST_PRINTABLE = 32, 255
DELETE = 127
REFUSED = "?"
"""Handed over for a line that is no number, so that the person is told."""


@dataclass(slots=True)
class Scanner:
    """Collects keys; times are seconds of any clock that only goes forward."""

    _line: str = ""
    _spoilt: bool = False
    _last: float = 0.0

    def key(self, code: int, now: float) -> str | None:
        """Take one key code as Kivy numbers them; returns a finished line, else ``None``."""
        if now - self._last > PAUSE_SECONDS:
            self._line, self._spoilt = "", False
        self._last = now
        if code in ENTER_KEYS:
            return self._finished()
        digit = digit_of(code)
        if digit is not None and len(self._line) < LONGEST:
            self._line += digit
        elif digit is not None or _is_printable(code):
            self._spoilt = True
        return None

    def _finished(self) -> str | None:
        line, spoilt = self._line, self._spoilt
        self._line, self._spoilt = "", False
        if spoilt:
            return REFUSED
        return line or None


def digit_of(code: int) -> str | None:
    """The digit of a key code, from the row above the letters or from the number pad."""
    if FIRST_DIGIT <= code <= LAST_DIGIT:
        return str(code - FIRST_DIGIT)
    if FIRST_PAD_DIGIT <= code <= LAST_PAD_DIGIT:
        return str(code - FIRST_PAD_DIGIT)
    return None


def _is_printable(code: int) -> bool:
    return FIRST_PRINTABLE <= code <= LAST_PRINTABLE and code != DELETE
