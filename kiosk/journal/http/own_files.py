"""Whether the files of certificates and keys on this side can be used, before they are needed."""

from __future__ import annotations

import ssl
from enum import StrEnum
from pathlib import Path


class FileFault(StrEnum):
    """What is wrong with the station's own certificate or its key."""

    NO_CERTIFICATE = "no-certificate"
    NO_KEY = "no-key"
    NO_PRIVATE_KEY = "no-private-key"
    OTHER_KEY = "other-key"
    LOCKED_KEY = "locked-key"


class _LockedError(Exception):
    """Somebody asked for the password of a key."""


def unusable_file(ca: Path | None, certificate: Path | None, key: Path | None) -> str:
    """The word for the first of the files on this side that cannot be used; empty if all can."""
    files = (("ca-file", ca), ("own-certificate-file", certificate), ("own-certificate-file", key))
    for word, path in files:
        if path is not None and not path.is_file():
            return f"{word}-missing"
    try:
        if ca is not None and ca_fault(ca):
            return "ca-file-without-certificates"
    except OSError:
        return "ca-file-unreadable"
    if certificate is None:
        return ""
    try:
        fault = own_certificate_fault(certificate, key)
    except OSError:
        return "own-certificate-file-unreadable"
    return f"own-certificate-file {fault.value}" if fault is not None else ""


def ca_fault(path: Path) -> bool:
    """Whether a bundle of authorities cannot be used; raises :class:`OSError`."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=str(path))
    except ssl.SSLError:
        return True
    return False


def own_certificate_fault(certificate: Path, key: Path | None) -> FileFault | None:
    """What is wrong with a certificate and its key; ``None`` if nothing is. Raises OSError."""

    def locked() -> str:
        raise _LockedError

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_cert_chain(str(certificate), str(key) if key else None, locked)
    except _LockedError:
        return FileFault.LOCKED_KEY
    except ssl.SSLError as error:
        return _named(error, certificate, key)
    return None


def _named(error: ssl.SSLError, certificate: Path, key: Path | None) -> FileFault:
    if error.reason == "KEY_VALUES_MISMATCH":
        return FileFault.OTHER_KEY
    if b"-----BEGIN CERTIFICATE-----" not in certificate.read_bytes():
        return FileFault.NO_CERTIFICATE
    return FileFault.NO_PRIVATE_KEY if key is not None else FileFault.NO_KEY
