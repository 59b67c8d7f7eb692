"""A strict ESC/POS reader for simulated printers, written from the reference alone.

It shares no code with what builds the bytes. Every byte it does not understand is kept and
reported. Source: Epson, *ESC/POS Command Reference for TM Printers*.
"""

from __future__ import annotations

from dataclasses import dataclass

NUL, LF, DLE, ESC, GS = 0x00, 0x0A, 0x10, 0x1B, 0x1D
PAPER_BYTES = 72


@dataclass(frozen=True, slots=True)
class Row:
    """One row of dots, as wide as the paper."""

    dots: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in the printer's own font; ``double`` is twice as wide and high."""

    text: str
    double: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """Blank lines."""

    lines: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed to the knife and cut."""


@dataclass(frozen=True, slots=True)
class Reset:
    """``ESC @``: all settings as at power-on, but for the paper already printed."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question answered in order: ``r`` status, ``I`` identity."""

    what: str
    number: int


@dataclass(frozen=True, slots=True)
class AskDone:
    """``GS ( H`` function 48."""

    identity: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """``GS a``: which changes to report by itself."""

    mask: int


@dataclass(frozen=True, slots=True)
class Guard:
    """``GS ( D``: whether real-time function ``function`` of ``DLE DC4`` is obeyed."""

    function: int
    enabled: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """A byte or command that is understood and does nothing here."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes that are no command this printer has."""

    raw: bytes


Operation = Row | Line | Feed | Cut | Reset | Ask | AskDone | Report | Guard | Nothing | Unknown


class EscPosReader:
    """Takes bytes off the front of a buffer and turns them into operations."""

    def __init__(self) -> None:
        self._partial = bytearray()
        self._text = bytearray()
        self._double = False
        self._rows = 0
        self._row_bytes = 0
        self._right = False
        self._area = PAPER_BYTES
        self._margin = 0

    def reset(self) -> None:
        """Forget everything begun, as after power-on."""
        self.__init__()  # type: ignore[misc]  # the same object must stay in its owner's hand

    @property
    def inside_picture(self) -> bool:
        """Whether the next bytes are dots."""
        return self._rows > 0

    def take(self, buffer: bytearray) -> Operation | None:
        """Consume bytes until one operation is complete; ``None`` if more are needed."""
        while buffer:
            missing = self._row_bytes - len(self._partial) if self._rows else 1
            self._partial += buffer[:missing]
            del buffer[:missing]
            operation = self._row() if self._rows else self._command()
            if operation is not None:
                self._partial.clear()
                return operation
        return None

    def _row(self) -> Operation | None:
        if len(self._partial) < self._row_bytes:
            return None
        self._rows -= 1
        dots = bytes(self._partial[:PAPER_BYTES])
        placed = dots.rjust(self._area, b"\0") if self._right else dots
        return Row((bytes(self._margin) + placed)[:PAPER_BYTES].ljust(PAPER_BYTES, b"\0"))

    def _command(self) -> Operation | None:
        first = self._partial[0]
        if first in {DLE, ESC, GS}:
            if len(self._partial) < 2:
                return None
            return {DLE: self._dle, ESC: self._esc, GS: self._gs}[first](self._partial[1])
        if 0x20 <= first <= 0x7E:
            self._text.append(first)
            return Nothing()
        if first == LF:
            line = Line(self._text.decode("ascii"), self._double)
            self._text.clear()
            return line
        return Nothing() if first == NUL else self._unknown()

    def _dle(self, second: int) -> Operation | None:
        """Real-time commands were obeyed on arrival; here they are only passed over."""
        lengths = {0x04: 3, 0x05: 3, 0x14: self._pulse_length()}
        return self._fixed(lengths.get(second, 0), Nothing())

    def _pulse_length(self) -> int:
        return {1: 5, 2: 5, 8: 10}.get(self._partial[2], 0) if len(self._partial) > 2 else 99

    def _esc(self, second: int) -> Operation | None:
        if second == ord("@"):
            self._text.clear()
            self._double = self._right = False
            self._area, self._margin = PAPER_BYTES, 0
            return Reset()
        if second == ord("d"):
            return self._fixed(3, Feed(self._partial[-1]))
        if second == ord("!"):
            if len(self._partial) == 3:
                self._double = self._partial[2] & 0x30 == 0x30
            return self._fixed(3, Nothing())
        if second == ord("a"):
            return self._justify()
        return self._unknown()

    def _justify(self) -> Operation | None:
        """``ESC a``: 0 left, 2 right; pictures are placed by it too."""
        if len(self._partial) < 3:
            return None
        if self._partial[2] not in {0, 2}:
            return self._unknown()
        self._right = self._partial[2] == 2
        return Nothing()

    def _print_area(self) -> Operation | None:
        """``GS L nL nH`` left margin and ``GS W nL nH`` width of the printing area, in dots."""
        if len(self._partial) < 4:
            return None
        size = min(PAPER_BYTES, (self._partial[2] | self._partial[3] << 8) // 8)
        if self._partial[1] == ord("L"):
            self._margin = size
        else:
            self._area = size
        return Nothing()

    def _gs(self, second: int) -> Operation | None:
        if second == ord("v"):
            return self._picture()
        if second in b"LW":
            return self._print_area()
        if second == ord("V"):
            known = len(self._partial) < 3 or self._partial[2] in {65, 66}
            return self._fixed(4, Cut()) if known else self._unknown()
        if second == ord("("):
            return self._bracket()
        if second in b"rI":
            return self._fixed(3, Ask(chr(second), self._partial[-1]))
        if second == ord("a"):
            return self._fixed(3, Report(self._partial[-1]))
        return self._unknown()

    def _picture(self) -> Operation | None:
        """``GS v 0 m xL xH yL yH``; sizes beyond the paper are refused."""
        if len(self._partial) < 8:
            return None
        zero, mode, x_low, x_high, y_low, y_high = self._partial[2:8]
        width, height = x_low | x_high << 8, y_low | y_high << 8
        if zero != ord("0") or mode or not 0 < width <= PAPER_BYTES or not 0 < height <= 2303:
            return self._unknown()
        self._row_bytes, self._rows = width, height
        return Nothing()

    def _bracket(self) -> Operation | None:
        """``GS ( X pL pH …``: the length is given, so even an unknown one has an end."""
        if len(self._partial) < 5:
            return None
        length = self._partial[3] | self._partial[4] << 8
        if len(self._partial) < 5 + length:
            return None
        kind, body = self._partial[2], bytes(self._partial[5:])
        if kind == ord("H") and len(body) == 6 and body[:2] == b"00":
            return AskDone(body[2:])
        if kind == ord("D") and len(body) == 3 and body[0] == 20:
            return Guard(body[1], bool(body[2] & 1))
        return self._unknown()

    def _fixed(self, length: int, operation: Operation) -> Operation | None:
        """The operation once ``length`` bytes are here; length 0 is no command at all."""
        if not length:
            return self._unknown()
        return operation if len(self._partial) >= length else None

    def _unknown(self) -> Unknown:
        return Unknown(bytes(self._partial))
