"""From the address in the configuration to an open transport."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from drivers.driver import Line
from drivers.host_names import is_host
from drivers.transports.base import AddressError, LinkLost, Transport
from drivers.transports.hid_rule import HID, NODES, USBIP, find_node, is_hid, is_node, read_rule
from drivers.transports.hidraw import HidrawPort
from drivers.transports.replay import ReplayPort
from drivers.transports.serial_port import SerialPort
from drivers.transports.tcp import TcpPort
from drivers.transports.usb_rule import check_rule, find_port, is_rule

__all__ = ["AddressError", "check_address", "file_behind", "open_transport", "tcp_address"]

TCP: Final = "tcp://"
REPLAY: Final = "replay:"


def open_transport(address: str, line: Line) -> Transport:
    """Open ``address``; :func:`check_address` tells which there are.

    A rule such as ``usb-port:1-1.4`` is looked up anew each time, so that the number the kernel
    gave the node is of no consequence. ``line`` is used by serial ports only. Raises
    ``LinkLost`` or :class:`AddressError`.
    """
    if address.startswith(TCP):
        return TcpPort(*tcp_address(address))
    if address.startswith(REPLAY):
        return ReplayPort(Path(address.removeprefix(REPLAY)))
    if is_rule(address):
        return SerialPort(find_port(address), line)
    if is_hid(address):
        return _open_hid(address)
    check_address(address)
    return SerialPort(address, line)


def _open_hid(address: str) -> Transport:
    """Open a HID device: by the kernel's node where there is one, else through pyusb."""
    if is_node(address):
        return HidrawPort(address)
    # Only here, because pyusb takes a while to import and most scales are serial.
    from drivers.libusb import fresh_backend
    from drivers.transports.hid_usb import HidUsbPort

    if address.startswith(USBIP):
        from drivers.usbip.backend import UsbipBackend

        return HidUsbPort(UsbipBackend(tcp_address(TCP + address.removeprefix(USBIP))), None)
    rule = read_rule(address)
    node = find_node(rule)
    if node is not None:
        return HidrawPort(node)
    return HidUsbPort(fresh_backend(), rule, leave_to_kernel=NODES.is_dir())


def check_address(address: str) -> None:
    """Raise :class:`AddressError` unless ``address`` means something.

    A path (serial port or hidraw node), ``tcp://host:port``, ``replay:FILE``,
    ``usb-serial:VID:PID:SERIAL``, ``usb-port:PATH``, ``hid:VID:PID[:SERIAL]`` or
    ``hid+usbip://host:port``.
    """
    if address.startswith(TCP):
        tcp_address(address)
    elif is_rule(address):
        check_rule(address)
    elif address.startswith(USBIP):
        tcp_address(TCP + address.removeprefix(USBIP))
    elif address.startswith(HID):
        read_rule(address)
    elif not address.startswith(("/", REPLAY)):
        raise AddressError(
            "an address is a path, usb-serial:VID:PID:SERIAL, usb-port:PATH, "
            "hid:VID:PID[:SERIAL], tcp://host:port or replay:FILE"
        )


def tcp_address(address: str) -> tuple[str, int]:
    """Return host and port of ``tcp://host:port``. Raises :class:`AddressError`."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = parts.hostname or ""
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if not is_host(host) or not port or more:
        raise AddressError("a TCP address is written tcp://host:port")
    return host, port


def file_behind(address: str) -> Path | None:
    """Return the file whose existence tells whether opening can work.

    ``None`` for a network, and for a rule that no device or more than one fits.
    """
    if address.startswith((TCP, USBIP)):
        return None
    if address.startswith(HID):
        try:
            node = find_node(read_rule(address))
        except (LinkLost, AddressError):
            node = None
        return Path(node) if node else None
    if is_rule(address):
        try:
            return Path(find_port(address))
        except (LinkLost, AddressError):
            return None
    return Path(address.removeprefix(REPLAY))
