"""Cutting a byte stream into frames, in bounded memory and linear time.

What is kept between two reads is the unfinished frame only, never longer than its cap, and no
byte is searched for an ending twice; so noise costs the same per byte as frames do. Each decoder
gives every byte back: in an event's ``raw``, or as garbage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drivers.events import DeviceEvent, Garbage

CAP = 256
"""Bytes of one frame, where a protocol has no longer ones."""

LOW7 = bytes(byte & 0x7F for byte in range(256))
"""Each byte without its bit 7, for :meth:`bytes.translate`."""

Read = Callable[[bytes], DeviceEvent | tuple[DeviceEvent, ...]]
"""Reads one candidate: an event, several that share its bytes, or ``Garbage``."""


class LineDecoder:
    """A decoder for protocols in which one line is one frame; anything else is garbage.

    ``read_line`` takes a line with its ending. The events do not depend on how the bytes were cut
    on their way. A line with another ending, or beyond the cap, is garbage from its first byte
    to its last: its end is never taken for a line of its own.
    """

    def __init__(self, read_line: Read, ending: bytes = b"\r\n", *, longest: int = CAP) -> None:
        self._read_line = read_line
        self._ending = ending
        self._longest = longest
        self._last = ending[-1:]
        self._held = b""
        self._overlong = False

    def feed(self, data: bytes) -> Sequence[DeviceEvent]:
        """Take the next bytes, however they were cut."""
        held = self._held + data
        events: list[DeviceEvent] = []
        start, end = 0, held.find(self._last, len(self._held)) + 1
        while end:
            line = held[start:end]
            if line.endswith(self._ending) and len(line) <= self._longest and not self._overlong:
                _add(events, self._read_line(line))
            else:
                events.append(Garbage(self._cut(line, events)))
                self._overlong = False
            start, end = end, held.find(self._last, end) + 1
        self._held = held[start:]
        if len(self._held) > self._longest:
            self._held = self._cut(self._held, events)
            self._overlong = True
        return events

    def drop_partial(self) -> Sequence[DeviceEvent]:
        """Give up a line whose end has not come."""
        rest, self._held, self._overlong = self._held, b"", False
        return [Garbage(rest)] if rest else []

    def _cut(self, data: bytes, events: list[DeviceEvent]) -> bytes:
        """Give back all but the last piece of an overlong line; returns that piece."""
        last = (len(data) - 1) // CAP * CAP
        events.extend(Garbage(data[at : at + CAP]) for at in range(0, last, CAP))
        return data[last:]


class FrameDecoder:
    """A decoder for frames between one of several start bytes and an ending.

    Up to each ending every start byte is tried, the earliest first, until ``read_frame`` finds a
    legal frame; what lies before it is garbage. So a frame whose ending was lost does not take
    the next one with it, and a frame whose head was lost has no start to be read from.

    With ``low7`` bit 7 of each byte is overlooked when starts and endings are searched, for
    protocols whose parity may be left in it; ``read_frame`` gets the bytes as they came.
    """

    def __init__(
        self, starts: bytes, ending: bytes, read_frame: Read, *, low7: bool = False
    ) -> None:
        self._starts = frozenset(starts)
        self._seen = LOW7 if low7 else None
        self._ending = ending
        self._read_frame = read_frame
        self._held = b""

    def feed(self, data: bytes) -> Sequence[DeviceEvent]:
        """Take the next bytes, however they were cut."""
        held = self._held + data
        seen = held.translate(self._seen)
        events: list[DeviceEvent] = []
        start, size = 0, len(self._ending)
        found = seen.find(self._ending, max(0, len(self._held) - size + 1))
        while found >= 0:
            self._read(held[start : found + size], events)
            start = found + size
            found = seen.find(self._ending, start)
        self._held = self._newest(held[start:], events)
        return events

    def drop_partial(self) -> Sequence[DeviceEvent]:
        """Give up a frame whose end has not come."""
        rest, self._held = self._held, b""
        return [Garbage(rest)] if rest else []

    def _read(self, data: bytes, events: list[DeviceEvent]) -> None:
        """Read the one frame that ends where ``data`` ends."""
        data = self._newest(data, events)
        for at, byte in enumerate(data.translate(self._seen)):
            if byte in self._starts:
                got = self._read_frame(data[at:])
                if not isinstance(got, Garbage):
                    _give_back(data[:at], events)
                    _add(events, got)
                    return
        _give_back(data, events)

    def _newest(self, data: bytes, events: list[DeviceEvent]) -> bytes:
        """Give back what is too old to belong to a frame; returns the newest bytes."""
        old = max(0, len(data) - CAP)
        _give_back(data[:old], events)
        return data[old:]


class FixedDecoder:
    """A decoder for binary frames of one length behind a start byte.

    A candidate that is no legal frame loses its first byte only, for the real start may lie
    inside it.
    """

    def __init__(self, starts: bytes, length: int, read_frame: Read) -> None:
        self._starts = frozenset(starts)
        self._length = length
        self._read_frame = read_frame
        self._held = b""
        self._junk = 0

    def feed(self, data: bytes) -> Sequence[DeviceEvent]:
        """Take the next bytes, however they were cut.

        Foreign bytes are given back when a frame follows them or when there are many, so that
        what they are called does not depend on the cuts either.
        """
        held = self._held + data
        events: list[DeviceEvent] = []
        start, at = 0, self._junk
        while at + self._length <= len(held):
            got = self._candidate(held[at : at + self._length])
            if isinstance(got, Garbage):
                at += 1
                continue
            _give_back(held[start:at], events)
            _add(events, got)
            start = at = at + self._length
        old = (at - start) // CAP * CAP
        _give_back(held[start : start + old], events)
        self._held = held[start + old :]
        self._junk = at - start - old
        return events

    def drop_partial(self) -> Sequence[DeviceEvent]:
        """Give up a frame whose end has not come."""
        rest, self._held, self._junk = self._held, b"", 0
        return [Garbage(rest)] if rest else []

    def _candidate(self, data: bytes) -> DeviceEvent | tuple[DeviceEvent, ...]:
        return self._read_frame(data) if data[0] in self._starts else Garbage(data)


class SizedDecoder:
    """A decoder for frames that tell their own length, behind one of several start bytes.

    ``size_of`` gets the bytes from a start on, at most ``longest`` of them, and says how long the
    frame is, 0 where none begins there, ``None`` while too few bytes have come. A candidate that
    is no legal frame loses its first byte only, for the real start may lie inside it.
    """

    def __init__(
        self, starts: bytes, longest: int, size_of: Callable[[bytes], int | None], read_frame: Read
    ) -> None:
        self._starts = frozenset(starts)
        self._longest = longest
        self._size_of = size_of
        self._read_frame = read_frame
        self._held = b""
        self._junk = 0

    def feed(self, data: bytes) -> Sequence[DeviceEvent]:
        """Take the next bytes, however they were cut."""
        held = self._held + data
        events: list[DeviceEvent] = []
        start, at = 0, self._junk
        while at < len(held):
            size = self._size(held, at)
            if size is None or at + size > len(held):
                break
            got = self._read_frame(held[at : at + size]) if size else None
            if got is None or isinstance(got, Garbage):
                at += 1
                continue
            _give_back(held[start:at], events)
            _add(events, got)
            start = at = at + size
        old = (at - start) // CAP * CAP
        _give_back(held[start : start + old], events)
        self._held = held[start + old :]
        self._junk = at - start - old
        return events

    def drop_partial(self) -> Sequence[DeviceEvent]:
        """Give up a frame whose end has not come."""
        events: list[DeviceEvent] = []
        _give_back(self._held, events)
        self._held, self._junk = b"", 0
        return events

    def _size(self, held: bytes, at: int) -> int | None:
        if held[at] not in self._starts:
            return 0
        return self._size_of(held[at : at + self._longest])


def _give_back(data: bytes, events: list[DeviceEvent]) -> None:
    """Return bytes that belong to no frame, in pieces of bounded size."""
    events.extend(Garbage(data[at : at + CAP]) for at in range(0, len(data), CAP))


def _add(events: list[DeviceEvent], got: DeviceEvent | tuple[DeviceEvent, ...]) -> None:
    if isinstance(got, tuple):
        events.extend(got)
    else:
        events.append(got)
