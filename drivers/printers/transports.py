"""How bytes reach a printer: one small contract for USB, serial and network.

Every transport counts exactly. A short write is a count and never a loss, because a picture
cut short makes the printer take the next slip for its missing rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LostCause(StrEnum):
    """Why a printer cannot be used. A code; the words for it belong to the screen."""

    NOT_FOUND = "not-found"
    BUSY = "busy"
    NOT_ALLOWED = "not-allowed"
    UNPLUGGED = "unplugged"
    COUNT_UNKNOWN = "count-unknown"
    BROKEN = "broken"
    SILENT = "silent"
    UNSUPPORTED = "unsupported"


class PrinterLost(Exception):  # noqa: N818 - names what happened, as LinkLost does for links
    """The connection to the printer is gone; close the transport and make a new one."""

    def __init__(self, cause: LostCause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class PortStatus:
    """The status byte every USB printer offers beside its data pipe.

    USB Device Class Definition for Printing Devices 1.1, section 4.2.2. Many cheap printers
    always say "fine", so only bad news is evidence.
    """

    paper_empty: bool
    selected: bool
    error: bool

    @classmethod
    def from_byte(cls, value: int) -> PortStatus:
        """Read bit 5 paper empty, bit 4 selected and bit 3 *not* error."""
        return cls(bool(value & 0x20), bool(value & 0x10), not value & 0x08)

    @property
    def fine(self) -> bool:
        """Whether the port reports nothing wrong. No proof that all is well."""
        return self.selected and not self.paper_empty and not self.error


class Transport(Protocol):
    """An open connection to one printer, used by one thread. Only :class:`PrinterLost` leaves it.

    ``rate`` is how many bytes a second the line itself can carry, used for deadlines.
    ``must_answer`` says that silence means nobody is there: a network printer that serves another
    client takes the connection and the bytes, and prints them when the other has left.
    """

    rate: float
    must_answer: bool

    def write(self, data: bytes, deadline: float) -> int:
        """Hand over ``data`` until ``deadline`` (:func:`time.monotonic` seconds).

        Returns how many bytes the printer has taken, 0 to ``len(data)``. After a short
        count the caller goes on with the rest, or gives up and asks :meth:`in_doubt`.
        """

    def in_doubt(self) -> int:
        """How many bytes beyond the counted ones may have reached the printer."""

    def read(self, timeout: float) -> bytes:
        """Return what the printer says within ``timeout`` seconds, or nothing."""

    def port_status(self) -> PortStatus | None:
        """The port's status, ``None`` where there is none. Works while writes are blocked."""

    def device_id(self) -> str:
        """The IEEE 1284 identity (``MFG:…;MDL:…;``), or an empty string."""

    def soft_reset(self) -> bool:
        """Ask the printer to drop its buffers beside the data pipe; whether it agreed."""

    def close(self) -> None:
        """Give the device back. Bytes not yet taken are dropped where that is possible."""
