"""Which certificate a server shows, for a sentence about why it was not accepted. Nothing else is
sent over such a connection, and nothing read from it is trusted.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """What a certificate says of itself. ``names`` are those it is valid for."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    begins: datetime
    ends: datetime


def shown_by(host: str, port: int, seconds: float = SECONDS) -> PeerCertificate | None:
    """Ask a server for its certificate; ``None`` if it shows none that can be read."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), seconds) as plain,
            context.wrap_socket(plain, server_hostname=host) as line,
        ):
            shown = line.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
    return _read(shown) if shown else None


def _read(shown: bytes) -> PeerCertificate | None:
    from cryptography import x509

    try:
        one = x509.load_der_x509_certificate(shown)
        return PeerCertificate(
            _common_name(one.subject),
            _common_name(one.issuer),
            _names(one),
            one.not_valid_before_utc,
            one.not_valid_after_utc,
        )
    except (ValueError, x509.DuplicateExtension):
        return None


def _common_name(name: object) -> str:
    from cryptography import x509

    assert isinstance(name, x509.Name)
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value)[:80] if found else name.rfc4514_string()[:80]


def _names(one: object) -> tuple[str, ...]:
    from cryptography import x509

    assert isinstance(one, x509.Certificate)
    try:
        told = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    names = told.get_values_for_type(x509.DNSName)
    return tuple(map(str, [*names, *told.get_values_for_type(x509.IPAddress)]))[:6]
