"""A pyserial port in memory that plays one hostile stream after the first request."""

from __future__ import annotations

import time
from typing import Any

import serial

from tests.bench.hostile import Stream

TIMEOUT = 0.02
"""Seconds a read waits; a pause in a stream lasts just longer than that."""

EMPTY_READS = 3
"""After this many reads of nothing the port is closed: the reader has seen the silence."""


class ScriptedPort(serial.SerialBase):
    """Reads as pyserial reads: what is there, or until the time-out. Writing starts the stream."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(timeout=TIMEOUT)
        self.is_open = True
        self._here = stream.waiting
        self._to_come = list(stream.chunks)
        self._empty_reads = 0

    def _reconfigure_port(self, *_: object, **__: object) -> None:
        """Do nothing: there are no line settings in memory."""

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read at once."""
        return len(self._here)

    def write(self, data: Any, /) -> int:
        """Take a request; the first chunk of the answer is there at once."""
        self._next_chunk()
        return len(data)

    def read(self, size: int = 1, /) -> bytes:
        """Return up to ``size`` bytes; a pause of the stream uses up the time-out."""
        got, self._here = self._here[:size], self._here[size:]
        if len(got) < size:
            time.sleep(self.timeout or 0)
            self._next_chunk()
            self._empty_reads = 0 if got else self._empty_reads + 1
            if self._empty_reads > EMPTY_READS:
                raise serial.SerialException("silent")
        return got

    def reset_input_buffer(self) -> None:
        """Drop what waits."""
        self._here = b""

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def close(self) -> None:
        """Close; the port is used for one stream only."""
        self.is_open = False

    def _next_chunk(self) -> None:
        if self._to_come:
            self._here += self._to_come.pop(0)
