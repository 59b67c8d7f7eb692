"""Client credentials with a signed assertion: SMART Backend Services and HelseID.

Both are OAuth 2.0 with ``private_key_jwt`` (RFC 7523); what differs is data (:class:`Dialect`).
Sources: HL7 SMART App Launch 2.1, Backend Services; NHN's HelseID samples and security profile
(assertion ``typ`` and ``aud``, DPoP with nonce, organisation in ``authorization_details``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from kiosk.journal.contract import Answer, NoAnswer, Reply, Trouble
from kiosk.journal.fhir.searching import read_resource
from kiosk.journal.sign_in.clock_check import seconds_off
from kiosk.journal.sign_in.contract import Ask
from kiosk.journal.sign_in.dpop import Prover
from kiosk.journal.sign_in.keys import KeyUnusableError, SigningKey, read_key
from kiosk.journal.sign_in.places import place_fault
from kiosk.system.clock import now_utc

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
MARGIN = 30.0
"""Seconds before its end from which a token is no longer used."""

ORGANISATION_SYSTEM = "urn:oid:2.16.578.1.12.4.1.2.101"
"""Organisation numbers in HelseID; note that FHIR uses another one."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the two differ. ``discovery`` is below the base, ``lifetime`` is the assertion's."""

    discovery: str
    assertion_type: str
    lifetime: timedelta
    rsa_algorithm: str
    audience_is_issuer: bool


SMART = Dialect(
    "/.well-known/smart-configuration",
    "JWT",
    timedelta(minutes=4),
    "RS384",
    audience_is_issuer=False,
)
HELSEID = Dialect(
    "/.well-known/openid-configuration",
    "client-authentication+jwt",
    timedelta(seconds=10),
    "PS256",
    audience_is_issuer=True,
)


@dataclass(frozen=True, slots=True)
class Client:
    """Who signs in, where, and for what. ``base`` is where the discovery document lies."""

    dialect: Dialect
    base: str
    client_id: str
    key_file: str
    scope: str
    key_id: str = ""
    token_url: str = ""
    dpop: bool = False
    organisation: str = ""


@dataclass(slots=True)
class _Token:
    value: str = field(repr=False)
    scheme: str
    until: float


class OAuth:
    """See :class:`kiosk.journal.sign_in.contract.SignIn`."""

    def __init__(self, client: Client, now: Callable[[], datetime] = now_utc) -> None:
        self._client = client
        self._now = now
        self._token: _Token | None = None
        self._key: SigningKey | None = None
        self._prover: Prover | None = None
        self._places: tuple[str, str] | None = None
        self._nonces: dict[str, str] = {}

    def headers(self, method: str, url: str, ask: Ask) -> Mapping[str, str] | NoAnswer:
        """A token, fetched if there is none that lives long enough, and a proof for it."""
        token = self._token
        if token is None or time.monotonic() > token.until:
            fetched = self._fetched(ask)
            if isinstance(fetched, NoAnswer):
                return fetched
            token = self._token = fetched
        headers = {"Authorization": f"{token.scheme} {token.value}"}
        if token.scheme == "DPoP":
            nonce = self._nonces.get("resource", "")
            headers["DPoP"] = self._proof(method, url, token=token.value, nonce=nonce)
        return headers

    def seen(self, reply: Answer) -> None:
        """Remember the nonce for the next proof (RFC 9449, 8.2)."""
        if nonce := reply.headers.get("dpop-nonce", ""):
            self._nonces["resource"] = nonce

    def refused(self, reply: Answer) -> bool:
        """Only a nonce was wanted, or the token has died: both can be had anew."""
        if "use_dpop_nonce" not in reply.headers.get("www-authenticate", ""):
            self._token = None
        return True

    def named(self, reply: Answer) -> Reply:
        """A refusal while the clocks differ is the clock's fault."""
        off = seconds_off(reply.headers, self._now())
        return NoAnswer(Trouble.CLOCK, f"clock-off-by {off} s") if off else reply

    # --- a token --------------------------------------------------------------------------

    def _fetched(self, ask: Ask) -> _Token | NoAnswer:
        places = self._discovered(ask)
        if isinstance(places, NoAnswer):
            return places
        refusal: NoAnswer | None = None
        for _ in range(2):
            known = self._key
            try:
                self._key = known or self._read_key()
                answer = self._asked(ask, *places)
            except KeyUnusableError as error:
                return NoAnswer(Trouble.SIGN_IN, f"key-unusable {error}")
            if isinstance(answer, NoAnswer):
                return answer
            token = self._token_of(answer)
            if isinstance(token, _Token):
                return token
            refusal = token
            # A key that was used before may have been replaced since it was read.
            self._key = None
            if known is None or token.trouble is not Trouble.SIGN_IN:
                break
        assert refusal is not None
        return refusal

    def _read_key(self) -> SigningKey:
        client = self._client
        return read_key(client.key_file, client.key_id, client.dialect.rsa_algorithm)

    def _discovered(self, ask: Ask) -> tuple[str, str] | NoAnswer:
        """The token endpoint and the audience of an assertion."""
        client = self._client
        issuer_known = not client.dialect.audience_is_issuer
        if self._places is None and client.token_url and issuer_known:
            self._places = (client.token_url, client.token_url)
        if self._places is None:
            reply = ask("GET", client.base.rstrip("/") + client.dialect.discovery, None, {})
            document = _document(reply, client.base)
            if isinstance(document, NoAnswer):
                return document
            issuer = str(document.get("issuer", ""))
            endpoint = client.token_url or str(document.get("token_endpoint", ""))
            audience = endpoint if issuer_known else issuer
            if not endpoint or not audience:
                return NoAnswer(Trouble.CONFIGURATION, "discovery-without-token-endpoint")
            own = not client.token_url
            unsafe = place_fault(
                client.base, issuer, endpoint if own else "", exact=not issuer_known
            )
            if unsafe:
                return NoAnswer(Trouble.CONFIGURATION, unsafe)
            self._places = (endpoint, audience)
        return self._places

    def _asked(self, ask: Ask, endpoint: str, audience: str) -> Answer | NoAnswer:
        """Ask for a token; once more if the server wants its nonce in the proof."""
        reply = ask("POST", endpoint, self._form(audience), self._signed(endpoint))
        if isinstance(reply, Answer) and reply.status == 400 and "dpop-nonce" in reply.headers:
            self._nonces["token"] = reply.headers["dpop-nonce"]
            reply = ask("POST", endpoint, self._form(audience), self._signed(endpoint))
        return reply if isinstance(reply, Answer) else _nothing_sent(reply, endpoint)

    def _signed(self, endpoint: str) -> dict[str, str]:
        if not self._client.dpop:
            return FORM
        nonce = self._nonces.get("token", "")
        return {**FORM, "DPoP": self._proof("POST", endpoint, nonce=nonce)}

    def _form(self, audience: str) -> bytes:
        client = self._client
        form = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(audience),
        }
        if client.scope:
            form["scope"] = client.scope
        if client.organisation:
            form["authorization_details"] = json.dumps([_organisation(client.organisation)])
        return urlencode(form).encode("ascii")

    def _assertion(self, audience: str) -> str:
        from joserfc import jwt
        from joserfc.errors import JoseError

        client, key, now = self._client, self._key, int(self._now().timestamp())
        assert key is not None
        header = {"alg": key.algorithm, "typ": client.dialect.assertion_type}
        if key.key_id:
            header["kid"] = key.key_id
        claims = {
            "iss": client.client_id,
            "sub": client.client_id,
            "aud": audience,
            "jti": str(uuid4()),
            "iat": now,
            "nbf": now,
            "exp": now + int(client.dialect.lifetime.total_seconds()),
        }
        try:
            return jwt.encode(header, claims, key.key, algorithms=[key.algorithm])
        except (JoseError, ValueError, TypeError) as error:
            # A key that can be read may still be too short, or of no use for its algorithm.
            raise KeyUnusableError(type(error).__name__) from None

    def _proof(self, method: str, url: str, *, token: str = "", nonce: str = "") -> str:
        if self._prover is None:
            self._prover = Prover()
        return self._prover.proof(method, url, self._now(), token=token, nonce=nonce)

    def _token_of(self, answer: Answer) -> _Token | NoAnswer:
        told = read_resource(answer.body) if answer.complete else {}
        if nonce := answer.headers.get("dpop-nonce", ""):
            self._nonces["token"] = nonce
        if answer.status != 200:
            return self._refusal(answer, told)
        value, scheme = told.get("access_token"), str(told.get("token_type", ""))
        wanted = "DPoP" if self._client.dpop else "Bearer"
        if not isinstance(value, str) or scheme.lower() != wanted.lower():
            return NoAnswer(Trouble.SIGN_IN, f"token-of-type {scheme[:20]}")
        if missing := self._missing_scopes(told):
            return NoAnswer(Trouble.SIGN_IN, f"scope-missing {missing}")
        seconds = told.get("expires_in")
        lives = float(seconds) if isinstance(seconds, int) else 60.0
        # A token that lives shorter than the margin is used for half its life.
        return _Token(value, wanted, time.monotonic() + max(lives - MARGIN, lives / 2))

    def _missing_scopes(self, told: Mapping[str, Any]) -> str:
        granted = told.get("scope")
        if not isinstance(granted, str):
            return ""
        return " ".join(sorted(set(self._client.scope.split()) - set(granted.split())))[:100]

    def _refusal(self, answer: Answer, told: Mapping[str, Any]) -> NoAnswer:
        if answer.status >= 500 or answer.status == 429:
            return NoAnswer(Trouble.NOT_CONNECTED, f"sign-in {answer.status}")
        off = seconds_off(answer.headers, self._now())
        if off:
            return NoAnswer(Trouble.CLOCK, f"clock-off-by {off} s")
        return NoAnswer(Trouble.SIGN_IN, f"{answer.status} {str(told.get('error', ''))[:40]}")


def _organisation(number: str) -> dict[str, Any]:
    identifier = {"system": ORGANISATION_SYSTEM, "type": "ENH", "value": number}
    return {
        "type": "helseid_authorization",
        "practitioner_role": {"organization": {"identifier": identifier}},
    }


def _document(reply: Reply, base: str) -> dict[str, Any] | NoAnswer:
    if isinstance(reply, NoAnswer):
        return _nothing_sent(reply, base)
    if reply.status >= 500:
        return NoAnswer(Trouble.NOT_CONNECTED, f"discovery {reply.status}")
    document = read_resource(reply.body) if reply.complete and reply.status == 200 else {}
    return document or NoAnswer(Trouble.CONFIGURATION, f"discovery {reply.status}")


def _nothing_sent(reply: NoAnswer, url: str) -> NoAnswer:
    """Of the message itself nothing has left, whatever became of the question for a token."""
    if reply.trouble is Trouble.NO_ANSWER:
        return NoAnswer(Trouble.NOT_CONNECTED, f"sign-in {reply.detail}", url)
    return replace(reply, url=url)
