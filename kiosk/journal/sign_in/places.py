"""Whether the places that a discovery document names may be used. Pure.

The document says where the station's signed assertion goes. One over plain HTTP, or of somebody
else than the service that was asked, is refused (RFC 8414, 3.3 and 6.2; OpenID Connect Discovery,
4.3).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from kiosk.journal.contract import is_loopback

NOT_HTTPS = "token-endpoint-not-https"
OF_ANOTHER = "token-endpoint-of-another"
OTHER_ISSUER = "issuer-of-another"


def place_fault(base: str, issuer: str, endpoint: str, *, exact: bool) -> str:
    """Why a token endpoint is not used; empty if nothing is wrong with it.

    ``base`` is what was asked and ``issuer`` what the document says of itself: the same to the
    letter where ``exact``. ``endpoint`` is empty where the configuration names it.
    """
    if exact and issuer.rstrip("/") != base.rstrip("/"):
        return f"{OTHER_ISSUER} {_origin(issuer)}"
    if issuer and not _is_safe(issuer):
        return f"{OTHER_ISSUER} {_origin(issuer)}"
    if not endpoint:
        return ""
    if not _is_safe(endpoint):
        return f"{NOT_HTTPS} {_origin(endpoint)}"
    if _origin(endpoint) not in {_origin(base), _origin(issuer)}:
        return f"{OF_ANOTHER} {_origin(endpoint)}"
    return ""


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _origin(url: str) -> str:
    """Where a URL leads to, without what may be secret in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        return f"{parts.scheme}://{(parts.hostname or '')[:100]}:{port}"
    except ValueError:
        return "?"
