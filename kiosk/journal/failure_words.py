"""The word for what went wrong on a line, short and without personal data."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterable

NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
"""How OpenSSL names an answer that is no TLS at all."""


def failure_word(error: BaseException) -> str:
    """The word for what went wrong on a line, as :mod:`kiosk.model.causes` reads it."""
    if isinstance(error, ssl.SSLError) and error.reason in NOT_TLS:
        return "not-tls"
    if type(error) is OSError and error.errno in NO_ROUTE:
        return "no-route"
    if isinstance(error, ssl.SSLError) and error.reason is not None:
        return f"{type(error).__name__} {error.reason}"
    return type(error).__name__


OWN_CERTIFICATE = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_UNKNOWN",
    "UNKNOWN_CA",
    "HANDSHAKE_FAILURE",
)
"""How a server's TLS alerts about the station's own certificate end, as OpenSSL names them."""


def own_certificate_words(causes: Iterable[BaseException]) -> str:
    """What the server has against the station's certificate; it has then processed nothing."""
    for cause in causes:
        reason = getattr(cause, "reason", None) if isinstance(cause, ssl.SSLError) else None
        if isinstance(reason, str) and "ALERT" in reason and reason.endswith(OWN_CERTIFICATE):
            return f"own-certificate: {reason.lower()}"
    return ""
