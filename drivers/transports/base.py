"""What carries bytes to and from a device, and the one error it may raise."""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from drivers.driver import Settings


class LossCause(StrEnum):
    """Why a transport could not be opened or stopped working. Also used as a link's hint.

    ``AMBIGUOUS``: more than one device fits the address, and none of them is taken on a guess.
    ``TAKEN``: the port vanished right after it appeared, on a machine with a program that does
    such things to serial adapters.
    """

    ABSENT = "absent"
    PERMISSION = "permission"
    BUSY = "busy"
    UNPLUGGED = "unplugged"
    IO = "io"
    AMBIGUOUS = "ambiguous"
    TAKEN = "taken"


class LinkLost(Exception):  # noqa: N818 - names an event of the field, not a mistake of ours
    """The port could not be opened, or went away. The only error a transport raises."""

    def __init__(self, cause: LossCause) -> None:
        super().__init__(cause.value)
        self.cause: Final = cause


class AddressError(ValueError):
    """An address has no meaning. A mistake of the configuration, not a loss of the device."""


@runtime_checkable
class Describing(Protocol):
    """A transport that learned something about the device when it opened it."""

    @property
    def settings(self) -> Settings:
        """Profile settings read from the device; they go before those of the configuration."""


class Transport(Protocol):
    """An open way to one device. Used by one thread; only :meth:`close` may be called twice."""

    def read(self, timeout: float) -> bytes:
        """Return what has arrived, waiting up to ``timeout`` seconds for the first byte.

        Empty when nothing came. Raises :class:`LinkLost`.
        """

    def write(self, data: bytes) -> None:
        """Send all of ``data`` within 0.5 s. Raises :class:`LinkLost`."""

    def close(self) -> None:
        """Give the port back. Never raises, never blocks, may be repeated."""


OPENING: Final = {
    errno.ENOENT: LossCause.ABSENT,
    errno.ENODEV: LossCause.ABSENT,
    errno.ENXIO: LossCause.ABSENT,
    errno.ECONNREFUSED: LossCause.ABSENT,
    errno.EHOSTUNREACH: LossCause.ABSENT,
    errno.ENETUNREACH: LossCause.ABSENT,
    errno.ETIMEDOUT: LossCause.ABSENT,
    errno.EACCES: LossCause.PERMISSION,
    errno.EPERM: LossCause.PERMISSION,
    errno.EAGAIN: LossCause.BUSY,
    errno.EBUSY: LossCause.BUSY,
}
"""What an error number means while a port is being opened."""


def opening_cause(error: BaseException) -> LossCause:
    """Name why opening failed.

    pyserial and :mod:`termios` put the number in different places, and pyserial sometimes
    only in the error it was raised from, so all of them are looked at.
    """
    seen: BaseException | None = error
    while seen is not None:
        number = getattr(seen, "errno", None)
        if number is None and seen.args and isinstance(seen.args[0], int):
            number = seen.args[0]
        if number in OPENING:
            return OPENING[number]
        seen = seen.__context__
    return LossCause.IO
