"""From the configured address of a printer to a function that opens it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, parse_qsl, urlsplit

from drivers.host_names import is_host
from drivers.printers.kernel_node import KernelNode
from drivers.printers.models import UNSUPPORTED_USB
from drivers.printers.tcp_line import TcpLine
from drivers.printers.transports import Transport

RAW_PORT, USBIP_PORT = 9100, 3240
HANDSHAKES = frozenset({"rtscts", "xonxoff", "none"})
BAUDS = range(110, 1_000_001)
PRINTER_OF_SIMULATOR = (0x04B8, 0x0E28)
"""What a USB/IP address means where it names no vendor and product."""


class UnsupportedPrinterError(ValueError):
    """The address is right, and what is there takes no ESC/POS. ``model`` is its name."""

    def __init__(self, model: str) -> None:
        super().__init__(f"{model} takes no ESC/POS and is not supported")
        self.model = model


def printer_factory(url: str) -> Callable[[], Transport]:
    """Read a printer's address; the function returned opens it and may raise PrinterLost.

    ``/dev/usb/lp0`` or any path · ``usb:04b8:0e28[:SERIAL]`` (hexadecimal) ·
    ``usbip://host:port`` or ``usbip:///path/of/socket`` · ``serial:/dev/ttyUSB0`` with
    ``?baud=38400&handshake=rtscts`` · ``tcp://host:9100``. Raises :class:`ValueError` with
    a sentence for anything else.
    """
    if url.startswith("/"):
        return lambda: KernelNode(url)
    parts = urlsplit(url)
    makers = {"usb": _usb, "usbip": _usbip, "serial": _serial, "tcp": _tcp}
    if parts.scheme not in makers:
        raise ValueError("a printer address begins with /, usb:, usbip://, serial: or tcp://")
    return makers[parts.scheme](parts)


def _usb(parts: SplitResult) -> Callable[[], Transport]:
    vendor, _, rest = parts.path.partition(":")
    product, _, serial = rest.partition(":")
    numbers = _hexadecimal(vendor), _hexadecimal(product)
    if numbers in UNSUPPORTED_USB:
        raise UnsupportedPrinterError(UNSUPPORTED_USB[numbers])

    def open_it() -> Transport:
        from drivers.printers.usb_bulk import UsbBulk, fresh_libusb

        return UsbBulk(fresh_libusb(), *numbers, serial)

    return open_it


def _usbip(parts: SplitResult) -> Callable[[], Transport]:
    address = _host(parts, USBIP_PORT) if parts.netloc else parts.path
    if not address:
        raise ValueError("usbip:// needs host:port or the path of a socket")

    def open_it() -> Transport:
        from drivers.printers.usb_bulk import UsbBulk
        from drivers.usbip.backend import UsbipBackend

        return UsbBulk(UsbipBackend(address), *PRINTER_OF_SIMULATOR)

    return open_it


def _serial(parts: SplitResult) -> Callable[[], Transport]:
    settings = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    baud, handshake = settings.pop("baud", "38400"), settings.pop("handshake", "rtscts")
    known = baud.isdecimal() and int(baud) in BAUDS and handshake in HANDSHAKES
    if settings or not known or not parts.path.startswith("/"):
        raise ValueError("serial: takes a path, ?baud= and &handshake=rtscts, xonxoff or none")

    def open_it() -> Transport:
        from drivers.printers.serial_line import SerialLine

        return SerialLine(parts.path, int(baud), handshake)

    return open_it


def _tcp(parts: SplitResult) -> Callable[[], Transport]:
    host, port = _host(parts, RAW_PORT)
    return lambda: TcpLine(host, port)


def _host(parts: SplitResult, usual: int) -> tuple[str, int]:
    port = usual if parts.port is None else parts.port
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if not is_host(parts.hostname or "") or port == 0 or more:
        raise ValueError("a printer in the network is written tcp://host:port")
    return parts.hostname or "", port


def _hexadecimal(text: str) -> int:
    if len(text) != 4:
        raise ValueError("usb: takes vendor and product as four hexadecimal digits each")
    return int(text, 16)
