"""Spots real-time commands in the stream a printer receives, wherever they stand."""

from __future__ import annotations

DLE = 0x10
_CLEAR = bytes((DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))


class RealTimeScanner:
    """Looks at each byte as it arrives; holds at most 10 bytes."""

    def __init__(self) -> None:
        self._recent = bytearray()

    def reset(self) -> None:
        """Forget what was seen."""
        self._recent.clear()

    def feed(self, byte: int) -> bytes | None:
        """Return the real-time command that ``byte`` completes, if any."""
        self._recent.append(byte)
        del self._recent[:-10]
        if self._recent == _CLEAR:
            return _CLEAR
        if self._recent[-3:-1] == b"\x10\x04" and 1 <= byte <= 4:
            return bytes(self._recent[-3:])
        if self._recent[-5:-2] == b"\x10\x14\x01" and self._recent[-2] <= 1 and 1 <= byte <= 8:
            return bytes(self._recent[-5:])
        return None
