"""A pyusb backend that reaches devices over USB/IP, in user space and without root.

It does what pyusb's libusb backend does, seen from above: a time-out after some bytes is a
short count, one after none is :class:`usb.core.USBTimeoutError`, an unplugged device is
errno 19. Where the far side gives no count of a taken-back write it raises errno 5, since
a wrong count is worse than none.
"""

from __future__ import annotations

import array
import errno
import time
from collections.abc import Iterator
from types import SimpleNamespace

import usb.core
from usb.backend import IBackend

from drivers.usbip import wire
from drivers.usbip.client import (
    Address,
    DeviceBusy,
    DeviceGone,
    ImportedDevice,
    Outcome,
    list_devices,
)
from drivers.usbip.descriptors import (
    DeviceDescriptors,
    parse_configuration,
    parse_device,
)

FOREVER = 3600.0
CONTROL_SECONDS = 2.0
IMPORT_SECONDS = 1.0
"""How long to wait for a server that has not noticed yet that we gave the device back."""

GET_DESCRIPTOR, GET_CONFIGURATION, SET_CONFIGURATION = 6, 8, 9
CLEAR_FEATURE, SET_INTERFACE = 1, 11


class UsbipBackend(IBackend):  # type: ignore[misc]  # pyusb has no types
    """The devices of one USB/IP server. Handles are :class:`ImportedDevice`."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def enumerate_devices(self) -> Iterator[DeviceDescriptors]:
        """Yield the server's devices with their descriptors; one that leaves is passed over."""
        for record in list_devices(self._address):
            try:
                yield self._described(record)
            except (DeviceGone, DeviceBusy, usb.core.USBError, ValueError):
                continue

    def get_parent(self, dev: DeviceDescriptors) -> None:  # noqa: ARG002 - pyusb's signature
        """There are no hubs."""
        return

    def get_device_descriptor(self, dev: DeviceDescriptors) -> SimpleNamespace:
        """The fields of the device descriptor and where the device hangs."""
        return dev.device

    def get_configuration_descriptor(self, dev: DeviceDescriptors, config: int) -> SimpleNamespace:
        """The configuration with index ``config``; IndexError where there is none."""
        return dev.configurations[config].fields

    def get_interface_descriptor(
        self, dev: DeviceDescriptors, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        """The interface with index ``intf`` and alternate index ``alt``, else IndexError."""
        return dev.configurations[config].interfaces[intf][alt].fields

    def get_endpoint_descriptor(
        self, dev: DeviceDescriptors, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        """The endpoint with index ``ep``, else IndexError."""
        return dev.configurations[config].interfaces[intf][alt].endpoints[ep]

    def open_device(self, dev: DeviceDescriptors) -> ImportedDevice:
        """Import the device for this client alone. Raises USBError 16 or 19."""
        try:
            return self._import(dev.bus_id)
        except DeviceGone:
            raise _gone() from None
        except DeviceBusy:
            raise usb.core.USBError("Resource busy", None, errno.EBUSY) from None

    def close_device(self, dev_handle: ImportedDevice) -> None:
        """Give the device back."""
        dev_handle.close()

    def set_configuration(self, dev_handle: ImportedDevice, config_value: int) -> None:
        """SET_CONFIGURATION."""
        _control(dev_handle, (0x00, SET_CONFIGURATION, config_value, 0), b"", CONTROL_SECONDS)

    def get_configuration(self, dev_handle: ImportedDevice) -> int:
        """GET_CONFIGURATION: the active configuration's value, 0 for none."""
        answer = _control(dev_handle, (0x80, GET_CONFIGURATION, 0, 0), 1, CONTROL_SECONDS)
        return answer.data[0] if answer.data else 0

    def set_interface_altsetting(
        self, dev_handle: ImportedDevice, intf: int, altsetting: int
    ) -> None:
        """SET_INTERFACE."""
        _control(dev_handle, (0x01, SET_INTERFACE, altsetting, intf), b"", CONTROL_SECONDS)

    def claim_interface(self, dev_handle: ImportedDevice, intf: int) -> None:
        """The import already is exclusive."""

    def release_interface(self, dev_handle: ImportedDevice, intf: int) -> None:
        """The device is given back as a whole."""

    def bulk_write(
        self,
        dev_handle: ImportedDevice,
        ep: int,
        intf: int,  # noqa: ARG002 - pyusb's signature
        data: array.array[int],
        timeout: int,
    ) -> int:
        """Write; a time-out after some bytes is their count."""
        outcome = _run(dev_handle, ep, data.tobytes(), bytes(8), _seconds(timeout))
        if outcome.actual is None:
            raise usb.core.USBError("count unknown", None, errno.EIO)
        _raise_for(outcome, moved=outcome.actual)
        return outcome.actual

    def bulk_read(
        self,
        dev_handle: ImportedDevice,
        ep: int,
        intf: int,  # noqa: ARG002 - pyusb's signature
        buff: array.array[int],
        timeout: int,
    ) -> int:
        """Read into ``buff``; returns how many bytes came."""
        length = len(buff) * buff.itemsize
        outcome = _run(dev_handle, ep, length, bytes(8), _seconds(timeout))
        _raise_for(outcome, moved=len(outcome.data))
        buff[: len(outcome.data)] = array.array("B", outcome.data)
        return len(outcome.data)

    intr_write = bulk_write
    intr_read = bulk_read

    def ctrl_transfer(  # noqa: PLR0917 - pyusb calls it by position
        self,
        dev_handle: ImportedDevice,
        bmRequestType: int,  # noqa: N803 - pyusb's name
        bRequest: int,  # noqa: N803 - pyusb's name
        wValue: int,  # noqa: N803 - pyusb's name
        wIndex: int,  # noqa: N803 - pyusb's name
        data: array.array[int],
        timeout: int,
    ) -> int:
        """A transfer on endpoint 0; what is read goes into ``data``."""
        reading = bool(bmRequestType & 0x80)
        payload = len(data) * data.itemsize if reading else data.tobytes()
        setup = (bmRequestType, bRequest, wValue, wIndex)
        outcome = _control(dev_handle, setup, payload, _seconds(timeout))
        if reading:
            data[: len(outcome.data)] = array.array("B", outcome.data)
            return len(outcome.data)
        return outcome.actual or 0

    def clear_halt(self, dev_handle: ImportedDevice, ep: int) -> None:
        """CLEAR_FEATURE(ENDPOINT_HALT)."""
        _control(dev_handle, (0x02, CLEAR_FEATURE, 0, ep), b"", CONTROL_SECONDS)

    def is_kernel_driver_active(self, dev_handle: ImportedDevice, intf: int) -> bool:  # noqa: ARG002
        """No kernel is involved."""
        return False

    def _import(self, bus_id: str) -> ImportedDevice:
        deadline = time.monotonic() + IMPORT_SECONDS
        while True:
            try:
                return ImportedDevice(self._address, bus_id)
            except DeviceBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def _described(self, record: wire.DeviceRecord) -> DeviceDescriptors:
        handle = self._import(record.bus_id)
        try:
            device = parse_device(_descriptor(handle, 1, 0, 18), record)
            configurations = tuple(
                parse_configuration(_descriptor(handle, 2, index, 4096))
                for index in range(device.bNumConfigurations)
            )
        finally:
            handle.close()
        return DeviceDescriptors(record.bus_id, device, configurations)


def _descriptor(handle: ImportedDevice, kind: int, index: int, length: int) -> bytes:
    setup = (0x80, GET_DESCRIPTOR, kind << 8 | index, 0)
    return _control(handle, setup, length, CONTROL_SECONDS).data


def _control(
    handle: ImportedDevice, setup: tuple[int, int, int, int], payload: bytes | int, seconds: float
) -> Outcome:
    length = len(payload) if isinstance(payload, bytes) else payload
    address = setup[0] & 0x80
    outcome = _run(handle, address, payload, wire.SETUP.pack(*setup, length), seconds)
    _raise_for(outcome, moved=0)
    return outcome


def _run(
    handle: ImportedDevice, address: int, payload: bytes | int, setup: bytes, seconds: float
) -> Outcome:
    """Run a transfer on the endpoint ``address``, whose top bit means reading."""
    direction = wire.IN if address & 0x80 else wire.OUT
    try:
        return handle.transfer(direction, address & 0x0F, payload, setup, seconds)
    except DeviceGone:
        raise _gone() from None


def _raise_for(outcome: Outcome, *, moved: int) -> None:
    """Turn a status into pyusb's exceptions; a time-out that moved bytes is no error."""
    if outcome.status == wire.STATUS_OK or (outcome.timed_out and moved):
        return
    if outcome.timed_out:
        raise usb.core.USBTimeoutError("Operation timed out", None, errno.ETIMEDOUT)
    if outcome.status == wire.STATUS_STALL:
        raise usb.core.USBError("Pipe error", None, errno.EPIPE)
    if outcome.status == wire.STATUS_GONE:
        raise _gone()
    raise usb.core.USBError("Input/output error", None, errno.EIO)


def _gone() -> usb.core.USBError:
    return usb.core.USBError("No such device", None, errno.ENODEV)


def _seconds(timeout: int) -> float:
    """pyusb counts milliseconds, and 0 means without end."""
    return timeout / 1000 if timeout else FOREVER
