"""A USB printer through pyusb: bulk pipes, class requests, and short counts believed.

The backend is a parameter, so the same code drives libusb and a printer reached over
USB/IP. Requests: USB Device Class Definition for Printing Devices 1.1, section 4.2.
"""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Callable
from typing import Any

import usb.core
import usb.util
from usb.backend import IBackend

from drivers.libusb import fresh_backend
from drivers.printers.transports import LostCause, PortStatus, PrinterLost

PRINTER_CLASS = 7
IN_CLASS_INTERFACE, OUT_CLASS_INTERFACE, OUT_CLASS_OTHER = 0xA1, 0x21, 0x23
GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET = 0, 1, 2
CONTROL_MS = 1000

_CAUSES = {
    errno.EBUSY: LostCause.BUSY,
    errno.EACCES: LostCause.NOT_ALLOWED,
    errno.EPERM: LostCause.NOT_ALLOWED,
    errno.ENODEV: LostCause.UNPLUGGED,
}


class UsbBulk:
    """A claimed printer interface with its two bulk pipes."""

    rate = 500_000.0
    must_answer = False

    def __init__(self, backend: IBackend, vendor: int, product: int, serial: str = "") -> None:
        """Find, detach and claim the printer. Raises :class:`PrinterLost`.

        ``serial`` tells two printers of one model apart; empty takes the first.
        """
        try:
            self._device = _find(backend, vendor, product, serial)
            self._claim()
        except usb.core.USBError as error:
            raise PrinterLost(_CAUSES.get(error.errno, LostCause.BROKEN)) from None

    def write(self, data: bytes, deadline: float) -> int:
        """Send in one transfer until ``deadline``; returns the count of the bus, also short."""
        try:
            return int(self._device.write(self._out, data, _milliseconds(deadline)))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            raise PrinterLost(_lost(error)) from None

    def in_doubt(self) -> int:
        """Nothing: the bus counts what the printer acknowledged."""
        return 0

    def read(self, timeout: float) -> bytes:
        """Return what the printer says within ``timeout`` seconds, or nothing."""
        if self._in is None:
            time.sleep(timeout)
            return b""
        try:
            return bytes(self._device.read(self._in, 512, max(1, int(timeout * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise PrinterLost(_lost(error)) from None

    def port_status(self) -> PortStatus | None:
        """GET_PORT_STATUS beside the data pipe; ``None`` if the printer refuses it."""
        answer = self._ask(GET_PORT_STATUS, 0, self._number, 1)
        return PortStatus.from_byte(answer[0]) if answer else None

    def device_id(self) -> str:
        """GET_DEVICE_ID, without its two length bytes; empty if the printer refuses it."""
        index = self._number << 8 | self._alternate
        answer = self._ask(GET_DEVICE_ID, self._configuration, index, 1024)
        return answer[2 : int.from_bytes(answer[:2], "big")].decode("ascii", "replace")

    def soft_reset(self) -> bool:
        """SOFT_RESET to the interface, else in the form of the 1.0 text; whether accepted."""
        return any(
            self._tell(kind, SOFT_RESET, self._number)
            for kind in (OUT_CLASS_INTERFACE, OUT_CLASS_OTHER)
        )

    def close(self) -> None:
        """Release the interface and give it back to the kernel's driver."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._number)
        if self._detached:
            with contextlib.suppress(usb.core.USBError, NotImplementedError):
                self._device.attach_kernel_driver(self._number)
        usb.util.dispose_resources(self._device)

    def _claim(self) -> None:
        configuration = _configured(self._device)
        interface = _printer_interface(configuration)
        self._number = interface.bInterfaceNumber
        self._alternate = interface.bAlternateSetting
        self._configuration = configuration.index
        self._detached = _detach(self._device, self._number)
        usb.util.claim_interface(self._device, self._number)
        if self._alternate:
            interface.set_altsetting()
        self._out = _pipe(interface, usb.util.ENDPOINT_OUT)
        self._in = _pipe(interface, usb.util.ENDPOINT_IN)

    def _ask(self, request: int, value: int, index: int, length: int) -> bytes:
        call = (IN_CLASS_INTERFACE, request, value, index, length, CONTROL_MS)
        try:
            return bytes(self._device.ctrl_transfer(*call))
        except usb.core.USBError as error:
            return _refused(error)

    def _tell(self, kind: int, request: int, index: int) -> bool:
        try:
            self._device.ctrl_transfer(kind, request, 0, index, None, CONTROL_MS)
        except usb.core.USBError as error:
            return bool(_refused(error))
        return True


def fresh_libusb() -> IBackend:
    """Return a libusb backend; raises :class:`PrinterLost` if libusb is not installed."""
    backend = fresh_backend()
    if backend is None:
        raise PrinterLost(LostCause.BROKEN)
    return backend


def opener(
    backend: Callable[[], IBackend], vendor: int, product: int, serial: str
) -> Callable[[], UsbBulk]:
    """Return a function that opens the named printer with a new backend each time."""
    return lambda: UsbBulk(backend(), vendor, product, serial)


def _find(backend: IBackend, vendor: int, product: int, serial: str) -> Any:
    """The first matching device. A device that cannot be asked for its serial is passed over."""

    def matches(device: Any) -> bool:
        try:
            return not serial or device.serial_number == serial
        except (ValueError, usb.core.USBError):
            return False

    device = usb.core.find(
        backend=backend, idVendor=vendor, idProduct=product, custom_match=matches
    )
    if device is None:
        raise PrinterLost(LostCause.NOT_FOUND)
    return device


def _configured(device: Any) -> Any:
    """The active configuration; it is set only where none is, as setting it resets some."""
    try:
        return device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno in _CAUSES:
            raise
        device.set_configuration()
        return device.get_active_configuration()


def _printer_interface(configuration: Any) -> Any:
    """The printer interface with the most to offer: two-way (2) before one-way (1)."""
    found = [
        each
        for each in configuration
        if each.bInterfaceClass == PRINTER_CLASS and each.bInterfaceProtocol in {1, 2}
    ]
    if not found:
        raise PrinterLost(LostCause.NOT_FOUND)
    return max(found, key=lambda each: int(each.bInterfaceProtocol))


def _detach(device: Any, number: int) -> bool:
    """Take the interface from the kernel's printer driver; whether there was one."""
    try:
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
            return True
    except NotImplementedError:
        return False
    return False


def _pipe(interface: Any, direction: int) -> int | None:
    for endpoint in interface:
        address = int(endpoint.bEndpointAddress)
        bulk = usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        if bulk and usb.util.endpoint_direction(address) == direction:
            return address
    return None


def _milliseconds(deadline: float) -> int:
    """What is left, at least 1: to pyusb 0 means for ever."""
    return max(1, int((deadline - time.monotonic()) * 1000))


def _lost(error: usb.core.USBError) -> LostCause:
    """A failed transfer other than an unplug leaves its count unknown."""
    return _CAUSES.get(error.errno, LostCause.COUNT_UNKNOWN)


def _refused(error: usb.core.USBError) -> bytes:
    """Take a stall or time-out of a class request for "no"; anything else as a loss."""
    if error.errno == errno.ENODEV:
        raise PrinterLost(LostCause.UNPLUGGED) from None
    return b""
