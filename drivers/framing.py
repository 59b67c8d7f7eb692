"""Cutting a byte stream into lines, in bounded memory and linear time.

What is kept between two reads is the unfinished line only, which holds no line feed and is
never longer than the cap; so every byte is searched once, and noise costs the same per byte
as frames do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drivers.events import Event, Garbage

CAP = 256
"""Bytes of one line; several times the longest frame of any text protocol here."""


class LineSplitter:
    """Cuts at CR LF. Lines come out with their ending; noise and overlong lines are marked.

    The pieces do not depend on how the bytes were cut on their way.
    """

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._held = b""
        self._overlong = False

    def feed(self, data: bytes) -> list[tuple[bytes, bool]]:
        """Return (bytes, whole) pairs: a whole line with its CR LF, or bytes that are none."""
        held = self._held + data
        pieces: list[tuple[bytes, bool]] = []
        if b"\n" in data:
            *lines, held = held.split(b"\n")
            for line in lines:
                self._end(line + b"\n", pieces)
        if len(held) > self._cap:
            held = self._cut(held, pieces)
        self._held = held
        return pieces

    def drop(self) -> bytes:
        """Give up the unfinished line and return its bytes."""
        rest, self._held, self._overlong = self._held, b"", False
        return rest

    def _end(self, line: bytes, pieces: list[tuple[bytes, bool]]) -> None:
        """Put a finished line among the pieces; the end of an overlong one is no line."""
        if len(line) > self._cap:
            line = self._cut(line, pieces)
        pieces.append((line, not self._overlong and line.endswith(b"\r\n")))
        self._overlong = False

    def _cut(self, data: bytes, pieces: list[tuple[bytes, bool]]) -> bytes:
        """Give back full pieces of an overlong line; returns its last piece, never empty."""
        self._overlong = True
        last = (len(data) - 1) // self._cap * self._cap
        pieces.extend((data[at : at + self._cap], False) for at in range(0, last, self._cap))
        return data[last:]


class LineDecoder:
    """A decoder for protocols in which one line is one event; anything else is garbage.

    ``read_line`` takes one line with its CR LF.
    """

    def __init__(self, read_line: Callable[[bytes], Event]) -> None:
        self._read_line = read_line
        self._lines = LineSplitter()

    def feed(self, data: bytes) -> Sequence[Event]:
        """Take the next bytes, however they were cut."""
        read = self._read_line
        return [read(line) if whole else Garbage(line) for line, whole in self._lines.feed(data)]

    def drop_partial(self) -> Sequence[Event]:
        """Give up a line whose end has not come."""
        rest = self._lines.drop()
        return [Garbage(rest)] if rest else []
