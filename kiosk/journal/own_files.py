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
