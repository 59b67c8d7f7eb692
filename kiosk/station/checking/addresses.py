"""What is wrong with an address in the configuration, and how it is written right.

An address is never shown back: a password may stand in it.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from drivers.host_names import is_host
from kiosk.journal.contract import is_loopback
from kiosk.language.texts import tr

LOWEST_PORT = 1024
"""Ports below it are root's."""


def service_fault(address: str) -> str:
    """What is wrong with the address of a web service; empty if nothing is."""
    parts = _split(address)
    if parts is None or parts.scheme not in {"http", "https"} or host_fault(parts.hostname or ""):
        return tr("dette er ingen adresse. Skriv for eksempel https://journal.example.no/fhir")
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
    from drivers.printers.open import printer_factory

    try:
        printer_factory(address)
    except ValueError:
        return tr(
            "dette er ingen adresse til en skriver. Skriv /dev/usb/lp0, usb:04b8:0e28, "
            "serial:/dev/ttyUSB0?baud=38400, tcp://maskin:9100 eller usbip://maskin:port."
        )
    return ""


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
