"""The station's own key: a JWK or PEM file, or a systemd credential. Never logged or shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import unit

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

CREDENTIAL = "credential:"
"""A key file that begins so names a systemd credential of the service."""


class KeyUnusableError(Exception):
    """The key cannot be read, or is no private RSA or EC key."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name and algorithm it signs by."""

    key: RSAKey | ECKey = field(repr=False)
    key_id: str
    algorithm: str


def _text_of(name: str) -> str:
    """What stands in the file or credential that the configuration names."""
    if not name.startswith(CREDENTIAL):
        return Path(name).read_text("utf-8")
    try:
        secret = unit.read_credential(name.removeprefix(CREDENTIAL))
    except (unit.NotAllowedError, unit.UnsealingFailedError) as error:
        raise KeyUnusableError(type(error).__name__) from None
    if secret is None:
        raise KeyUnusableError("no-such-credential")
    return secret.decode("utf-8")


def read_key(name: str, key_id: str, rsa_algorithm: str) -> SigningKey:
    """Read the key. ``key_id`` wins over the one inside a JWK; raises :class:`KeyUnusableError`.

    An EC key signs with the algorithm of its curve, an RSA key with ``rsa_algorithm``.
    """
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey

    try:
        key: RSAKey | ECKey
        text = _text_of(name)
        if text.lstrip().startswith("{"):
            given = json.loads(text)
            key_id = key_id or str(given.get("kid", ""))
            key = RSAKey.import_key(given) if given["kty"] == "RSA" else ECKey.import_key(given)
        else:
            key = RSAKey.import_key(text) if _is_rsa(text) else ECKey.import_key(text)
    except (OSError, ValueError, TypeError, KeyError, JoseError) as error:
        raise KeyUnusableError(type(error).__name__) from None
    if not key.is_private:
        raise KeyUnusableError("not-a-private-key")
    if isinstance(key, RSAKey):
        return SigningKey(key, key_id, rsa_algorithm)
    curves = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
    return SigningKey(key, key_id, curves[str(key.as_dict(private=False)["crv"])])


def _is_rsa(pem: str) -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return isinstance(load_pem_private_key(pem.encode("ascii"), None), RSAPrivateKey)
