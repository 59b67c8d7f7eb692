"""Telling whole messages apart in what an MLLP receiver sends. Pure: bytes in, messages out.

Source: HL7 v2 transport specification, MLLP release 1: ``<VT>`` message ``<FS><CR>``. What is sent
is exact; what is read is read as receivers write it: line ends before and after a frame, no
``<CR>`` after ``<FS>``, several frames in one packet, one frame in several.
"""

from __future__ import annotations

START, STOP = b"\x0b", b"\x1c"
END = STOP + b"\r"
BETWEEN = b"\r\n"
"""What may stand between two frames and means nothing."""

NOT_A_FRAME = "not-a-frame"


class Frames:
    """What was read of one answer. A frame that was begun anew counts from its last beginning."""

    def __init__(self) -> None:
        self._read = b""

    def feed(self, part: bytes) -> list[bytes]:
        """The messages that are whole now, without their frames.

        Raises :class:`ValueError` for bytes that belong to no frame: nothing after them can be
        trusted.
        """
        self._read = (self._read + part).lstrip(BETWEEN)
        found = []
        while self._read:
            if not self._read.startswith(START):
                raise ValueError(NOT_A_FRAME)
            message, stop, rest = self._read.partition(STOP)
            if not stop:
                break
            found.append(message.rpartition(START)[2])
            self._read = rest.lstrip(BETWEEN)
        return found

    @property
    def is_between(self) -> bool:
        """Whether no frame has been begun and not ended."""
        return not self._read
