"""From a rule that names a USB serial port to its node, looked up at each opening.

The kernel numbers nodes in the order of plugging in, so a number names nobody. Two rules do:

* ``usb-serial:VID:PID:SERIAL``: the adapter with this serial number, in whatever socket;
* ``usb-port:1-1.4``: whatever sits in this socket. An adapter with several ports adds the
  interface (``usb-port:1-1.4:1.1``) and, where the interface carries several, the port on it
  (``usb-port:1-1.4:1.0:2``).

``usb-serial:VID:PID`` without a serial number is for a device whose USB identity is its own. For a
bridge chip (:data:`BRIDGES`) it is refused, because all cables of that make have it: with the
scale's cable out it would fit the audiometer's. More than one device that fits is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.transports.base import AddressError, LinkLost, LossCause

SERIAL: Final = "usb-serial:"
PORT: Final = "usb-port:"
TTYS: Final = Path("/sys/class/tty")

BRIDGES: Final = frozenset(
    {
        (0x0403, 0x6001),  # FTDI FT232R
        (0x0403, 0x6010),  # FTDI FT2232
        (0x0403, 0x6011),  # FTDI FT4232
        (0x0403, 0x6014),  # FTDI FT232H
        (0x0403, 0x6015),  # FTDI FT-X
        (0x067B, 0x2303),  # Prolific PL2303
        (0x067B, 0x23A3),  # Prolific PL2303GS
        (0x10C4, 0xEA60),  # Silicon Labs CP210x
        (0x10C4, 0xEA70),  # Silicon Labs CP2105
        (0x1A86, 0x5523),  # WCH CH341
        (0x1A86, 0x55D4),  # WCH CH9102
        (0x1A86, 0x7522),  # WCH CH340K
        (0x1A86, 0x7523),  # WCH CH340
    }
)
"""USB identities of serial adapters: they name a cable, never what hangs on it."""

_HEX: Final = re.compile(r"[0-9a-fA-F]{4}")
_PLACE: Final = re.compile(r"\d+-\d+(\.\d+)*(:\d+\.\d+(:\d+)?)?")


@dataclass(frozen=True, slots=True)
class UsbPort:
    """A serial port on USB as sysfs tells it: ``location`` 1-1.4, ``interface`` 1.0."""

    node: str
    vendor: int
    product: int
    serial: str
    location: str
    interface: str
    number: int

    @property
    def places(self) -> tuple[str, str, str]:
        """What may stand behind ``usb-port:``, from the socket to the single port."""
        inner = f"{self.location}:{self.interface}"
        return self.location, inner, f"{inner}:{self.number}"


def is_rule(address: str) -> bool:
    """Return whether ``address`` is a rule rather than a path or a network address."""
    return address.startswith((SERIAL, PORT))


def check_rule(rule: str) -> None:
    """Raise :class:`AddressError` unless ``rule`` is written as one."""
    if rule.startswith(PORT):
        if not _PLACE.fullmatch(rule.removeprefix(PORT)):
            raise AddressError("a USB socket is written usb-port:1-1.4")
        return
    vendor, _, rest = rule.removeprefix(SERIAL).partition(":")
    product, colon, serial = rest.partition(":")
    if not (_HEX.fullmatch(vendor) and _HEX.fullmatch(product)) or (colon and not serial):
        raise AddressError("a USB serial number is written usb-serial:VID:PID:SERIAL")
    if not serial and (int(vendor, 16), int(product, 16)) in BRIDGES:
        raise AddressError("without a serial number, use usb-port: this identity is any cable's")


def find_port(rule: str, ttys: Path = TTYS) -> str:
    """Return the node that fits ``rule`` now.

    Raises ``LinkLost`` with ``ABSENT`` where none fits and ``AMBIGUOUS`` where several do, and
    :class:`AddressError`.
    """
    check_rule(rule)
    found = [port.node for port in usb_ports(ttys) if _fits(port, rule)]
    if not found:
        raise LinkLost(LossCause.ABSENT)
    if len(found) > 1:
        raise LinkLost(LossCause.AMBIGUOUS)
    return found[0]


def _fits(port: UsbPort, rule: str) -> bool:
    if rule.startswith(PORT):
        return rule.removeprefix(PORT) in port.places
    vendor, product, *serial = rule.removeprefix(SERIAL).split(":", 2)
    if (int(vendor, 16), int(product, 16)) != (port.vendor, port.product):
        return False
    return not serial or serial[0] == port.serial


def usb_ports(ttys: Path = TTYS) -> Iterator[UsbPort]:
    """Yield the serial ports that sit on USB; one that leaves meanwhile is left out."""
    for entry in sorted(ttys.glob("tty[A-Z]*")):
        device = entry / "device"
        if device.exists():
            port = _usb_port(entry.name, device.resolve())
            if port is not None:
                yield port


def _usb_port(name: str, device: Path) -> UsbPort | None:
    """Climb from the port to its interface and its USB device; ``None`` off USB."""
    if not any(part.startswith("usb") for part in device.parts):
        return None
    for folder in (device, *device.parents):
        vendor, product = _text(folder / "idVendor"), _text(folder / "idProduct")
        if _HEX.fullmatch(vendor) and _HEX.fullmatch(product):
            inner = device.relative_to(folder).parts
            interface = inner[0].partition(":")[2] if inner else ""
            number = _text(device / "port_number")
            return UsbPort(
                node=f"/dev/{name}",
                vendor=int(vendor, 16),
                product=int(product, 16),
                serial=_text(folder / "serial"),
                location=folder.name,
                interface=interface,
                number=int(number) if number.isdecimal() else 0,
            )
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
