"""The kernel's printer node, ``/dev/usb/lp*``: the preferred way to a USB printer on Linux.

Facts of the ``usblp`` driver this rests on: an open is exclusive; ``poll`` works; one
request of at most 8192 bytes is handed to the kernel at a time and ``write`` returns before
the printer has it; the node is ready for writing again once the printer took all of it;
status travels beside the data pipe and works while that is blocked.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import time

from drivers.printers.transports import LostCause, PortStatus, PrinterLost

REQUEST_BYTES = 8192
LPGETSTATUS = 0x060B
SOFT_RESET_IOCTL = 0x5007
"""``_IO('P', 7)`` of ``drivers/usb/class/usblp.c``."""

REFUSED_PAUSE = 0.01
"""Seconds before a request the kernel did not take is offered again."""

DEVICE_ID_BYTES = 1024
DEVICE_ID_IOCTL = 2 << 30 | DEVICE_ID_BYTES << 16 | ord("P") << 8 | 1
"""``_IOR('P', 1, 1024)`` of the same file."""

_CAUSES = {
    errno.ENOENT: LostCause.NOT_FOUND,
    errno.ENODEV: LostCause.NOT_FOUND,
    errno.ENXIO: LostCause.NOT_FOUND,
    errno.EBUSY: LostCause.BUSY,
    errno.EACCES: LostCause.NOT_ALLOWED,
    errno.EPERM: LostCause.NOT_ALLOWED,
}


class KernelNode:
    """An open printer node. ``path`` is the node or a stable link to it."""

    rate = 500_000.0
    must_answer = False

    def __init__(self, path: str) -> None:
        """Open the node for itself. Raises :class:`PrinterLost`."""
        self._outstanding = b""
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise PrinterLost(_CAUSES.get(error.errno or 0, LostCause.BROKEN)) from None

    def write(self, data: bytes, deadline: float) -> int:
        """Hand over requests until ``deadline``; counted are only those the printer took.

        A request the printer has not finished at the deadline stays with the kernel: the
        next call must bring the same bytes, and learns how they fared.
        """
        if not data.startswith(self._outstanding):
            return 0
        taken = 0
        while taken < len(data):
            if not self._outstanding:
                self._outstanding = self._hand_over(data[taken : taken + REQUEST_BYTES])
            if not self._outstanding and time.monotonic() < deadline:
                time.sleep(REFUSED_PAUSE)
                continue
            if not self._outstanding or not self._wait(select.POLLOUT, deadline - time.monotonic()):
                break
            taken += len(self._outstanding)
            self._outstanding = b""
        return taken

    def in_doubt(self) -> int:
        """Bytes of the request the kernel still holds: any part of them may be printed."""
        return len(self._outstanding)

    def read(self, timeout: float) -> bytes:
        """Return what the printer says within ``timeout`` seconds, or nothing."""
        if not self._wait(select.POLLIN, timeout):
            return b""
        try:
            return os.read(self._fd, 512)
        except BlockingIOError:
            return b""
        except OSError:
            raise PrinterLost(LostCause.UNPLUGGED) from None

    def port_status(self) -> PortStatus | None:
        """The class status by ``LPGETSTATUS``; ``None`` if this node has none."""
        buffer = bytearray(4)
        if not self._ioctl(LPGETSTATUS, buffer):
            return None
        return PortStatus.from_byte(buffer[0])

    def device_id(self) -> str:
        """The IEEE 1284 identity the kernel read, or an empty string."""
        buffer = bytearray(DEVICE_ID_BYTES)
        if not self._ioctl(DEVICE_ID_IOCTL, buffer):
            return ""
        length = int.from_bytes(buffer[:2], "big")
        return bytes(buffer[2:length]).decode("ascii", "replace")

    def soft_reset(self) -> bool:
        """Send the printer class's SOFT_RESET request; whether the printer accepted it."""
        return self._ioctl(SOFT_RESET_IOCTL, bytearray(4))

    def close(self) -> None:
        """Close the node; the kernel takes an unfinished request back from the printer."""
        os.close(self._fd)

    def _hand_over(self, part: bytes) -> bytes:
        """Give the kernel one request; nothing if it is not ready or has no paper."""
        try:
            return part[: os.write(self._fd, part)]
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.ENOSPC, errno.EINTR}:
                return b""
            raise PrinterLost(LostCause.UNPLUGGED) from None

    def _wait(self, what: int, seconds: float) -> bool:
        """Wait until the node is ready. Raises :class:`PrinterLost` once it is gone."""
        poller = select.poll()
        poller.register(self._fd, what)
        found = poller.poll(max(0.0, seconds) * 1000)
        if not found:
            return False
        if found[0][1] & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            raise PrinterLost(LostCause.UNPLUGGED)
        return True

    def _ioctl(self, request: int, buffer: bytearray) -> bool:
        """Run one control request; ``False`` if the node does not know it."""
        try:
            fcntl.ioctl(self._fd, request, buffer)
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise PrinterLost(LostCause.UNPLUGGED) from None
            return False
        return True
