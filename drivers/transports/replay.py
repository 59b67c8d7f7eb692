"""A capture played back as if the device were there, at the pace it was recorded."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Final

from drivers.capture import CaptureError, Chunk, Direction, read_capture
from drivers.transports.base import LinkLost, LossCause, opening_cause

LONGEST_PAUSE: Final = 3600.0
LEAD_SECONDS: Final = 0.1
"""Silence before the first byte: a link drops what it finds just after opening a port."""


class ReplayPort:
    """Plays the received half of a capture file, then stays silent. Satisfies ``Transport``.

    What is written goes nowhere: the recorded answers come when they came then.
    """

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        """Load ``path``; ``speed`` 2 plays twice as fast. Raises ``LinkLost``."""
        try:
            chunks = read_capture(path).chunks
        except CaptureError:
            raise LinkLost(LossCause.IO) from None
        except OSError as error:
            raise LinkLost(opening_cause(error)) from None
        self._speed = speed
        self._chunks: deque[Chunk] = deque(
            chunk for chunk in chunks if chunk.direction is Direction.IN and chunk.data
        )
        self._start = time.monotonic() + LEAD_SECONDS
        self._open = True
        self.ignored = 0

    def read(self, timeout: float) -> bytes:
        """Return the bytes due by now, waiting up to ``timeout`` seconds for the next ones."""
        if not self._open:
            raise LinkLost(LossCause.UNPLUGGED)
        wait = self._until_next()
        if wait > timeout:
            time.sleep(max(0.0, timeout))
            return b""
        time.sleep(max(0.0, wait))
        return self._chunks.popleft().data

    def write(self, data: bytes) -> None:
        """Take ``data``, count it in ``ignored`` and forget it."""
        if not self._open:
            raise LinkLost(LossCause.UNPLUGGED)
        self.ignored += len(data)

    def close(self) -> None:
        """End the playback."""
        self._open = False

    def _until_next(self) -> float:
        """Return the seconds until the next chunk is due; very long when none is left."""
        if not self._chunks:
            return LONGEST_PAUSE
        return self._start + self._chunks[0].t / self._speed - time.monotonic()
