"""What is wrong with an address in the configuration, and how it is written right.

The address of a service is never shown back: a password may stand in it.
"""

from __future__ import annotations

import os
import re
from urllib.parse import SplitResult, urlsplit

from drivers.host_names import is_host
from drivers.transports.base import AddressError
from drivers.transports.hid_rule import is_hid
from drivers.transports.opening import TCP, check_address
from drivers.transports.usb_rule import is_rule
from kiosk.journal.contract import is_loopback
from kiosk.language.texts import tr

LOWEST_PORT = 1024
"""Ports below it are root's."""

BELOW_A_BASE = {"metadata", "Patient", "Observation", "openid-configuration", "smart-configuration"}
"""Last parts of addresses that people copy from a browser, each below the one that is wanted."""

SERIAL_NODES = ("/dev/tty", "/dev/serial/")
_USB_CABLE = re.compile(r"usb-serial:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")


def service_fault(address: str) -> str:
    """What is wrong with the address of a web service; empty if nothing is."""
    parts = _split(address)
    if parts is None or parts.scheme not in {"http", "https"} or host_fault(parts.hostname or ""):
        return tr("dette er ingen adresse. Skriv for eksempel https://journal.example.no/fhir")
    if parts.path.rstrip("/").rpartition("/")[2] in BELOW_A_BASE:
        return tr("dette er én side hos tjenesten. Skriv bare grunnadressen, som står foran den.")
    if parts.username is not None or parts.password is not None:
        return tr(
            "bruker og passord hører ikke hjemme i adressen. Bruk «journal.token_file» eller "
            "[journal.sign_in]."
        )
    if parts.query or parts.fragment:
        return tr("adressen skal slutte før ? og #. Skriv bare grunnadressen.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        return tr(
            "adressen må begynne med https:// når tjenesten ikke er på denne maskinen: ellers går "
            "opplysningene åpent over nettet."
        )
    return ""


def proxy_fault(address: str) -> str:
    """What is wrong with the address of an HTTP proxy; empty if nothing is."""
    parts = _split(address)
    known = parts is not None and parts.scheme in {"http", "https"}
    if parts is None or not known or host_fault(parts.hostname or ""):
        return tr("dette er ingen proxy. Skriv for eksempel http://proxy.example.no:3128")
    if parts.username is not None or parts.password is not None:
        return tr(
            "stasjonen logger ikke på en proxy, og passord hører ikke hjemme her. Be om å slippe "
            "gjennom uten pålogging."
        )
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        return tr("skriv bare proxyens navn og port, for eksempel http://proxy.example.no:3128")
    return ""


def host_fault(host: str) -> str:
    """What is wrong with the name of a machine; empty if nothing is."""
    if is_host(host):
        return ""
    return tr(
        "dette er ikke navnet på en maskin. Skriv bare navnet eller IP-adressen, for eksempel "
        "hl7.example.no"
    )


def printer_fault(address: str) -> str:
    """What is wrong with the address of a printer; empty if nothing is."""
    from drivers.printers.open import UnsupportedPrinterError, printer_factory

    try:
        printer_factory(address)
    except UnsupportedPrinterError as error:
        text = tr("{model} forstår ikke ESC/POS og kan ikke brukes. Velg en annen skriver.")
        return text.format(model=error.model)
    except ValueError:
        return tr(
            "dette er ingen adresse til en skriver. Skriv /dev/usb/lp0, usb:04b8:0e28, "
            "serial:/dev/ttyUSB0?baud=38400, tcp://maskin:9100 eller usbip://maskin:port."
        )
    return ""


def port_fault(address: str) -> str:
    """What is wrong with the port of a scale or another device; empty if nothing is."""
    if not address:
        return tr("porten mangler. «kiosk devices» viser den.")
    try:
        check_address(address)
    except AddressError:
        if _USB_CABLE.fullmatch(address):
            text = tr(
                "{port} er alle kabler av dette merket. Skriv serienummeret etter, eller bruk "
                "usb-port: fra «kiosk devices»."
            )
        elif "@" in address:  # a password may stand before it
            text = tr("brukernavn hører ikke hjemme i adressen. Se «kiosk devices».")
        else:
            text = tr("«{port}» er ingen adresse. Se «kiosk devices».")
        return text.format(port=address)
    return ""


def cable_fault(address: str, *, reports: bool) -> str:
    """What is wrong between a port and a driver; empty if they fit.

    ``reports``: the driver reads USB HID reports, and not the characters of a line.
    """
    if is_hid(address) and not reports:
        return tr("driveren leser en seriell linje, og porten er til en USB HID-vekt.")
    # Another path may be a link to the scale's node that udev makes once it is plugged in.
    if reports and (is_rule(address) or address.startswith((TCP, *SERIAL_NODES))):
        return tr("driveren leser en USB HID-vekt. Skriv porten som hid:VID:PID.")
    return ""


def is_serial(address: str) -> bool:
    """Whether a port is a serial line; another path may be one, too."""
    if is_rule(address):
        return True
    return address.startswith("/") and not is_hid(address)


def same_place(one: str, other: str) -> bool:
    """Whether two addresses are of one port, however each is written."""
    return _place(one) == _place(other)


def _place(address: str) -> str:
    bare = address.removeprefix("serial:").partition("?")[0]
    return os.path.realpath(bare) if bare.startswith("/") else bare.rstrip("/").casefold()


def listen_fault(address: str) -> str:
    """What is wrong with the address that is listened on, as a whole sentence; else empty."""
    if not address:
        return ""
    from kiosk.watching.server import parse_address

    try:
        where = parse_address(address)
    except ValueError:
        return tr("«watching.listen» må være på denne maskinen: 127.0.0.1:PORT eller unix:/STI.")
    if isinstance(where, tuple) and 0 < where[1] < LOWEST_PORT:
        return tr("«watching.listen»: stasjonen får ikke bruke en port under 1024.")
    return ""


def _split(address: str) -> SplitResult | None:
    if re.search(r"[\s\x00-\x1f\x7f]", address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts
