"""A USB HID device through pyusb: its report descriptor, then one report a read.

For machines without a hidraw node, and for devices reached over USB/IP: the backend is a
parameter. Source: USB *Device Class Definition for HID* 1.11, sections 6.2.1 and 7.1.1.
"""

from __future__ import annotations

import contextlib
import errno
from typing import Any, Final

import usb.core
import usb.util
from usb.backend import IBackend

from drivers.driver import Settings
from drivers.hid_report import DESCRIPTOR_SETTING
from drivers.transports.base import LinkLost, LossCause
from drivers.transports.hid_rule import HidRule

HID_CLASS: Final = 3
IN_INTERFACE, GET_DESCRIPTOR, REPORT = 0x81, 6, 0x22
OUT_CLASS_INTERFACE, SET_REPORT, OUTPUT_REPORT = 0x21, 9, 2
LONGEST_DESCRIPTOR: Final = 4096
CONTROL_MS: Final = 500

_CAUSES: Final = {
    errno.EBUSY: LossCause.BUSY,
    errno.EACCES: LossCause.PERMISSION,
    errno.EPERM: LossCause.PERMISSION,
    errno.ENODEV: LossCause.UNPLUGGED,
}


class HidUsbPort:
    """A claimed HID interface. Satisfies ``Transport``, and tells the device's descriptor."""

    def __init__(
        self, backend: IBackend | None, rule: HidRule | None, *, leave_to_kernel: bool = False
    ) -> None:
        """Find and claim the device; without a rule the only HID device there is.

        With ``leave_to_kernel`` one that a driver of the kernel has is not taken from it: where the
        kernel makes nodes, this one's is a moment behind the device. Raises ``LinkLost``: ABSENT
        without such a device, AMBIGUOUS with several, IO without libusb.
        """
        if backend is None:
            raise LinkLost(LossCause.IO)
        self._leave_to_kernel = leave_to_kernel
        self._detached = False
        try:
            self._device = _find(backend, rule)
            self._claim()
            self.settings: Settings = {DESCRIPTOR_SETTING: self._descriptor().hex()}
        except usb.core.USBError as error:
            raise LinkLost(_CAUSES.get(error.errno, LossCause.IO)) from None

    def read(self, timeout: float) -> bytes:
        """Return one report, waiting up to ``timeout`` seconds. Raises ``LinkLost``."""
        try:
            return bytes(self._device.read(self._in, self._size, max(1, int(timeout * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            if error.errno == errno.EOVERFLOW:
                return b""
            raise LinkLost(_CAUSES.get(error.errno, LossCause.IO)) from None

    def write(self, data: bytes) -> None:
        """Send ``data``, report id first, by SET_REPORT. Raises ``LinkLost``."""
        value = OUTPUT_REPORT << 8 | data[0]
        call = (OUT_CLASS_INTERFACE, SET_REPORT, value, self._number, data, CONTROL_MS)
        try:
            self._device.ctrl_transfer(*call)
        except usb.core.USBError as error:
            raise LinkLost(_CAUSES.get(error.errno, LossCause.IO)) from None

    def close(self) -> None:
        """Release the interface and give it back to the kernel's driver."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._number)
        if self._detached:
            with contextlib.suppress(usb.core.USBError, NotImplementedError):
                self._device.attach_kernel_driver(self._number)
        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)

    def _claim(self) -> None:
        interface = _interface(self._device)
        self._number = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):
            if self._device.is_kernel_driver_active(self._number):
                if self._leave_to_kernel:
                    usb.util.dispose_resources(self._device)
                    raise LinkLost(LossCause.ABSENT)
                self._device.detach_kernel_driver(self._number)
                self._detached = True
        usb.util.claim_interface(self._device, self._number)
        endpoint = next(each for each in interface if _is_interrupt_in(each))
        self._in, self._size = int(endpoint.bEndpointAddress), int(endpoint.wMaxPacketSize)

    def _descriptor(self) -> bytes:
        call = (IN_INTERFACE, GET_DESCRIPTOR, REPORT << 8, self._number, LONGEST_DESCRIPTOR)
        return bytes(self._device.ctrl_transfer(*call, CONTROL_MS))


def _find(backend: IBackend, rule: HidRule | None) -> Any:
    identity = {"idVendor": rule.vendor, "idProduct": rule.product} if rule else {}
    serial = rule.serial if rule else ""

    def fits(device: Any) -> bool:
        try:
            return (not serial or device.serial_number == serial) and _has_hid(device)
        except (ValueError, usb.core.USBError):
            return False

    found = list(usb.core.find(find_all=True, backend=backend, custom_match=fits, **identity))
    if not found:
        raise LinkLost(LossCause.ABSENT)
    if len(found) > 1:
        raise LinkLost(LossCause.AMBIGUOUS)
    return found[0]


def _has_hid(device: Any) -> bool:
    return any(
        each.bInterfaceClass == HID_CLASS for configuration in device for each in configuration
    )


def _interface(device: Any) -> Any:
    """Return the HID interface that sends; the configuration is set only where none is."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    for each in configuration:
        if each.bInterfaceClass == HID_CLASS and any(map(_is_interrupt_in, each)):
            return each
    raise LinkLost(LossCause.ABSENT)


def _is_interrupt_in(endpoint: Any) -> bool:
    interrupt = usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_INTR
    incoming = usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN
    return bool(interrupt and incoming)
