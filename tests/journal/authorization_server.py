"""The authorization server of ``tests/node``, started for a test."""

from __future__ import annotations

import json
import subprocess
from typing import Self

import requests
from joserfc.jwk import ECKey

from tests.journal.validators import NODE, SCRIPTS

SCOPE = "system/Observation.write"


def new_key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name})


def client_of(*keys: ECKey, dpop: bool = False, algorithm: str = "ES256") -> dict:
    """A registered client, as an operator would enter it."""
    return {
        "client_id": "station",
        "grant_types": ["client_credentials"],
        "response_types": [],
        "redirect_uris": [],
        "scope": SCOPE,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": algorithm,
        "dpop_bound_access_tokens": dpop,
        "jwks": {"keys": [key.as_dict(private=False) for key in keys]},
    }


class AuthorizationServer:
    """Tokens live ``ttl`` seconds; with ``dpop`` they are bound and a nonce is required."""

    def __init__(self, *clients: dict, ttl: int = 3600, dpop: bool = False) -> None:
        self._settings = {"clients": clients, "scopes": [SCOPE], "ttl": ttl, "dpop": dpop}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [str(NODE), str(SCRIPTS / "authorization-server.mjs"), json.dumps(self._settings)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.base = self._process.stdout.readline().strip()
        while self.base and not self.base.startswith("http"):
            self.base = self._process.stdout.readline().strip()
        assert self.base, "the authorization server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def register(self, *clients: dict) -> None:
        requests.put(f"{self.base}/clients", json=clients, timeout=5).raise_for_status()

    @property
    def forms(self) -> list[dict]:
        """What was asked at the token endpoint, with the type of each assertion."""
        return requests.get(f"{self.base}/forms", timeout=5).json()
