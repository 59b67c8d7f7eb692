"""The word for what went wrong on a line, short and without personal data."""

from __future__ import annotations

import errno
import ssl

NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
"""How OpenSSL names an answer that is no TLS at all."""


def failure_word(error: BaseException) -> str:
    """The word for what went wrong on a line, as :mod:`kiosk.journal.causes` reads it."""
    if isinstance(error, ssl.SSLError) and error.reason in NOT_TLS:
        return "not-tls"
    if type(error) is OSError and error.errno in NO_ROUTE:
        return "no-route"
    if isinstance(error, ssl.SSLError) and error.reason is not None:
        return f"{type(error).__name__} {error.reason}"
    return type(error).__name__
