"""Cutting a byte stream into lines, in bounded memory and linear time.

The search for the end of a line goes on where it stopped, so a stream of noise costs the same
per byte as a stream of frames. What grows beyond the cap is given back as noise at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from drivers.events import Event, Garbage

CAP = 256
"""Bytes of one line; several times the longest frame of any text protocol here."""


class LineSplitter:
    """Cuts at CR LF. Lines come out with their ending; noise and overlong lines are marked."""

    def __init__(self, cap: int = CAP) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._cap = cap

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """Yield (bytes, whole): a whole line with its CR LF, or an overlong piece without end."""
        buffer = self._buffer
        buffer += data
        start = 0
        while (end := buffer.find(b"\n", max(start, self._searched))) >= 0:
            line = bytes(buffer[start : end + 1])
            whole = len(line) <= self._cap and line.endswith(b"\r\n")
            yield from _pieces(line, self._cap, whole=whole)
            start = end + 1
        rest = len(buffer) - start
        overlong = rest - rest % self._cap if rest > self._cap else 0
        if overlong:
            yield from _pieces(bytes(buffer[start : start + overlong]), self._cap, whole=False)
        del buffer[: start + overlong]
        self._searched = len(buffer)

    def drop(self) -> bytes:
        """Give up the unfinished line and return its bytes."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._searched = 0
        return rest


def _pieces(data: bytes, cap: int, *, whole: bool) -> Iterator[tuple[bytes, bool]]:
    if whole:
        yield data, True
        return
    for at in range(0, len(data), cap):
        yield data[at : at + cap], False


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
