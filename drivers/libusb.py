"""libusb through pyusb, with a list of devices that is never older than the question."""

from __future__ import annotations

from usb.backend import IBackend


def fresh_backend() -> IBackend | None:
    """Return a libusb backend with a list of devices of its own; ``None`` without libusb.

    libusb keeps its list as it was where no udev tells it of changes, so each opening asks
    for a new one.
    """
    from usb.backend import libusb1

    libusb1._lib_object = None  # noqa: SLF001 - pyusb offers no other way to a new context
    return libusb1.get_backend()
