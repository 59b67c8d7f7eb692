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


class LineDecoder:
    """A decoder for protocols in which one line is one event; anything else is garbage.

    Lines end with CR LF, and ``read_line`` takes one with its ending. The events do not depend
    on how the bytes were cut on their way. A line without CR, or beyond the cap, is garbage from
    its first byte to its line feed: its end is never taken for a line of its own.
    """

    def __init__(self, read_line: Callable[[bytes], Event]) -> None:
        self._read_line = read_line
        self._held = b""
        self._overlong = False

    def feed(self, data: bytes) -> Sequence[Event]:
        """Take the next bytes, however they were cut."""
        held = self._held + data
        events: list[Event] = []
        start, end = 0, held.find(b"\n", len(self._held)) + 1
        while end:
            line = held[start:end]
            if line.endswith(b"\r\n") and len(line) <= CAP and not self._overlong:
                events.append(self._read_line(line))
            else:
                events.append(Garbage(self._cut(line, events)))
                self._overlong = False
            start, end = end, held.find(b"\n", end) + 1
        self._held = held[start:]
        if len(self._held) > CAP:
            self._held = self._cut(self._held, events)
            self._overlong = True
        return events

    def drop_partial(self) -> Sequence[Event]:
        """Give up a line whose end has not come."""
        rest, self._held, self._overlong = self._held, b"", False
        return [Garbage(rest)] if rest else []

    def _cut(self, data: bytes, events: list[Event]) -> bytes:
        """Give back all but the last piece of an overlong line; returns that piece."""
        last = (len(data) - 1) // CAP * CAP
        events.extend(Garbage(data[at : at + CAP]) for at in range(0, last, CAP))
        return data[last:]
