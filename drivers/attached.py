"""What is plugged in: serial ports and USB devices, and an address that survives replugging.

A node such as ``/dev/ttyUSB0`` names whichever device came first. The kernel's links below
``/dev/serial`` name the device by serial number or the socket it sits in. Many cheap adapters
(CH340, PL2303) have no serial number or all the same, and then only the socket is certain.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from drivers.transports.usb_rule import PORT, SERIAL

USB_DEVICES: Final = Path("/sys/bus/usb/devices")
SERIAL_LINKS: Final = Path("/dev/serial")
HUB_CLASS: Final = 0x09
HID_CLASS: Final = 0x03


class Rule(StrEnum):
    """What an address is tied to, the surest first."""

    SERIAL_NUMBER = "serial-number"
    USB_PATH = "usb-path"
    USB_IDENTITY = "usb-identity"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class Attached:
    """One serial port or USB device.

    ``node`` is the device file, or empty; ``location`` the USB path such as ``1-1.4``.
    ``vendor`` and ``product`` are ``None`` for what does not sit on USB. ``address`` is what
    to write into the configuration and ``rule`` what it is tied to. ``accessible`` tells
    whether this user may open the node.
    """

    kind: str
    name: str
    node: str = ""
    vendor: int | None = None
    product: int | None = None
    serial: str = ""
    location: str = ""
    interface_classes: tuple[int, ...] = ()
    address: str = ""
    rule: Rule = Rule.NODE
    accessible: bool = True


def attached() -> tuple[Attached, ...]:
    """Return everything plugged in: serial ports first, then USB devices without hubs."""
    return with_addresses((*serial_ports(), *usb_devices()))


def serial_ports() -> Iterator[Attached]:
    """Yield the serial ports the system lists. Pseudo-terminals are not among them."""
    from serial.tools import list_ports

    for port in list_ports.comports():
        yield Attached(
            kind="serial",
            name=" ".join(filter(None, (port.manufacturer, port.product))),
            node=port.device,
            vendor=port.vid,
            product=port.pid,
            serial=port.serial_number or "",
            location=(port.location or "").partition(":")[0],
            accessible=os.access(port.device, os.R_OK | os.W_OK),
        )


def usb_devices(root: Path = USB_DEVICES) -> Iterator[Attached]:
    """Yield USB devices from ``root`` in sysfs, or from pyusb where there is no sysfs."""
    if not root.is_dir():
        yield from _usb_devices_by_pyusb()
        return
    for folder in sorted(root.iterdir()):
        if _text(folder / "idVendor") and _hex(folder / "bDeviceClass") != HUB_CLASS:
            yield _usb_device(folder)


def with_addresses(devices: Iterable[Attached], links: Path = SERIAL_LINKS) -> tuple[Attached, ...]:
    """Return ``devices`` with the address that best survives replugging and restarting."""
    devices = tuple(devices)
    counts = Counter((d.kind, d.vendor, d.product, d.serial) for d in devices)
    sockets = Counter((d.kind, d.location) for d in devices)
    return tuple(
        _with_address(
            device,
            links,
            alone=bool(device.location) and sockets[device.kind, device.location] == 1,
            unique=bool(device.serial)
            and counts[device.kind, device.vendor, device.product, device.serial] == 1,
        )
        for device in devices
    )


def _with_address(device: Attached, links: Path, *, unique: bool, alone: bool) -> Attached:
    """Give ``device`` its address; ``alone`` in its socket, ``unique`` by its serial number."""
    if device.kind == "usb":
        scheme = "hid" if HID_CLASS in device.interface_classes else "usb"
        identity = f"{scheme}:{device.vendor or 0:04x}:{device.product or 0:04x}"
        if unique:
            return replace(device, address=f"{identity}:{device.serial}", rule=Rule.SERIAL_NUMBER)
        return replace(device, address=identity, rule=Rule.USB_IDENTITY)
    if unique and device.vendor is not None and device.product is not None:
        address = f"{SERIAL}{device.vendor:04x}:{device.product:04x}:{device.serial}"
        return replace(device, address=address, rule=Rule.SERIAL_NUMBER)
    if alone:
        return replace(device, address=PORT + device.location, rule=Rule.USB_PATH)
    by_path = _link_to(device.node, links / "by-path")
    if by_path:
        return replace(device, address=by_path, rule=Rule.USB_PATH)
    return replace(device, address=device.node, rule=Rule.NODE)


def _link_to(node: str, folder: Path) -> str:
    """Return the link in ``folder`` that leads to ``node``, or nothing."""
    if not folder.is_dir():
        return ""
    target = Path(node).resolve()
    found = (link for link in sorted(folder.iterdir()) if link.resolve() == target)
    return str(next(found, ""))


def _usb_device(folder: Path) -> Attached:
    names = (_text(folder / "manufacturer"), _text(folder / "product"))
    node = _usb_node(folder)
    return Attached(
        kind="usb",
        name=" ".join(filter(None, names)) or "USB",
        node=node,
        vendor=_hex(folder / "idVendor"),
        product=_hex(folder / "idProduct"),
        serial=_text(folder / "serial"),
        location=folder.name,
        interface_classes=tuple(
            sorted({_hex(f) for f in folder.glob(f"{folder.name}:*/bInterfaceClass")})
        ),
        accessible=not node or os.access(node, os.R_OK | os.W_OK),
    )


def _usb_node(folder: Path) -> str:
    bus, number = _text(folder / "busnum"), _text(folder / "devnum")
    if not (bus.isdecimal() and number.isdecimal()):
        return ""
    return f"/dev/bus/usb/{int(bus):03}/{int(number):03}"


def _usb_devices_by_pyusb() -> Iterator[Attached]:
    """Yield USB devices through libusb; nothing where no libusb is installed."""
    import usb.core

    try:
        found = tuple(usb.core.find(find_all=True))
    except usb.core.NoBackendError:
        return
    for device in found:
        if device.bDeviceClass != HUB_CLASS:
            yield Attached(
                kind="usb",
                name="USB",
                vendor=device.idVendor,
                product=device.idProduct,
                location=f"{device.bus}-{device.address}",
            )


def _text(path: Path) -> str:
    """Return the content of a sysfs file; empty when it is missing or the device just left."""
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _hex(path: Path) -> int:
    try:
        return int(_text(path), 16)
    except ValueError:
        return 0
