"""The station's own key: a JWK or PEM file, or a systemd credential. Never logged or shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivers.folder import read_file
from kiosk.system import service_unit

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

CREDENTIAL = "credential:"
"""A key file that begins so names a systemd credential of the service."""


CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
RSA = frozenset({"RS", "PS"})
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
"""What an RSA key may sign with (RFC 7518, 3.1)."""


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
        return read_file(Path(name), follow=True).decode("utf-8")
    try:
        secret = service_unit.read_credential(name.removeprefix(CREDENTIAL))
    except (service_unit.NotAllowedError, service_unit.UnsealingFailedError) as error:
        raise KeyUnusableError(type(error).__name__) from None
    if secret is None:
        raise KeyUnusableError("no-such-credential")
    return secret.decode("utf-8")


def read_key(name: str, key_id: str, rsa_algorithm: str) -> SigningKey:
    """Read the key. ``key_id`` wins over the one inside a JWK; raises :class:`KeyUnusableError`.

    An EC key signs with the algorithm of its curve; an RSA key with the one that stands in its JWK
    (``alg``), else with ``rsa_algorithm``.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from joserfc.errors import JoseError

    try:
        text = _text_of(name)
        given = json.loads(text) if text.lstrip().startswith("{") else {}
        key = _from_jwk(given) if given else _from_pem(text)
        usual = _usual_algorithm(key, rsa_algorithm)
    except (OSError, ValueError, TypeError, KeyError, JoseError, UnsupportedAlgorithm) as error:
        raise KeyUnusableError(type(error).__name__) from None
    if not key.is_private:
        raise KeyUnusableError("not-a-private-key")
    algorithm = str(given.get("alg") or usual)
    # A key that is registered with an algorithm of its own is used with no other.
    if algorithm != usual and not (usual[:2] in RSA and algorithm in ALGORITHMS):
        raise KeyUnusableError(f"algorithm {algorithm[:20]}")
    return SigningKey(key, key_id or str(given.get("kid", "")), algorithm)


def _from_jwk(given: dict[str, Any]) -> RSAKey | ECKey:
    from joserfc.jwk import ECKey, RSAKey

    if given.get("use", "sig") != "sig" or "sign" not in given.get("key_ops", ["sign"]):
        raise KeyUnusableError("not-for-signing")
    # What it may be used for was looked at here; the library would hold the proof to it as well.
    bare = {name: part for name, part in given.items() if name not in {"alg", "use", "key_ops"}}
    return RSAKey.import_key(bare) if given["kty"] == "RSA" else ECKey.import_key(bare)


def _from_pem(text: str) -> RSAKey | ECKey:
    from joserfc.jwk import ECKey, RSAKey

    return RSAKey.import_key(text) if _is_rsa(text) else ECKey.import_key(text)


def _usual_algorithm(key: RSAKey | ECKey, rsa_algorithm: str) -> str:
    from joserfc.jwk import RSAKey

    return rsa_algorithm if isinstance(key, RSAKey) else CURVES[str(key.as_dict()["crv"])]


def _is_rsa(pem: str) -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return isinstance(load_pem_private_key(pem.encode("ascii"), None), RSAPrivateKey)
