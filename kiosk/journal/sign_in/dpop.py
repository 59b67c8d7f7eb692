"""Proof of possession of a token (DPoP, RFC 9449): each request is signed with a key of its own."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4


class Prover:
    """Signs proofs with a key made for this run of the station; it is never written down."""

    def __init__(self) -> None:
        from joserfc.jwk import ECKey

        self._key = ECKey.generate_key("P-256")
        self._public = self._key.as_dict(private=False)

    def proof(
        self, method: str, url: str, now: datetime, *, token: str = "", nonce: str = ""
    ) -> str:
        """A proof for one request (RFC 9449, 4.2); ``token`` binds it to that access token."""
        from joserfc import jwt

        claims: dict[str, str | int] = {
            "jti": str(uuid4()),
            "htm": method,
            "htu": _without_query(url),
            "iat": int(now.timestamp()),
        }
        if token:
            digest = hashlib.sha256(token.encode("ascii")).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        if nonce:
            claims["nonce"] = nonce
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._public}
        return jwt.encode(header, claims, self._key)


def _without_query(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
