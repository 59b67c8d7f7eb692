"""Signing in at an authorization server that is not ours, and what each refusal is called."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from kiosk.journal.answers import TROUBLES
from kiosk.journal.contract import Answer, Endpoint, NoAnswer, Trouble
from kiosk.journal.http.exchange import Exchange
from kiosk.journal.sign_in.keys import KeyUnusableError, read_key
from kiosk.journal.sign_in.oauth import HELSEID, SMART, Client, OAuth
from kiosk.model.outbox import Failure
from kiosk.system.clock import now_utc
from tests.journal.authorization_server import SCOPE, AuthorizationServer, client_of, new_key


def key_file(folder, key):
    path = folder / "key.json"
    path.write_text(json.dumps(key.as_dict(private=True)))
    return path


class Line:
    """An exchange with a resource that wants a token of the server."""

    def __init__(self, server, folder, key, *, dialect, now=now_utc, **more):
        self.path = key_file(folder, key)
        base = f"{server.base}/fhir" if dialect is SMART else server.base
        client = Client(dialect, base, "station", str(self.path), SCOPE, **more)
        self.oauth = OAuth(client, now)
        self.url = f"{server.base}/fhir"
        self.exchange = Exchange(Endpoint(self.url), self.oauth)

    def ask(self):
        return self.exchange.request("GET", f"{self.url}/metadata?_summary=true", None, {})


@pytest.fixture
def key():
    return new_key("k1")


def test_smart_backend_services_finds_the_token_endpoint_by_itself(tmp_path, key):
    with AuthorizationServer(client_of(key)) as server:
        line = Line(server, tmp_path, key, dialect=SMART)
        assert line.ask().status == 200
        assert line.ask().status == 200
        (form,) = server.forms
        assert (form["typ"], form["grant_type"]) == ("JWT", "client_credentials")


def test_helseid_wants_its_own_assertion_and_a_bound_token_with_nonces(tmp_path, key):
    with AuthorizationServer(client_of(key, dpop=True), dpop=True) as server:
        line = Line(server, tmp_path, key, dialect=HELSEID, dpop=True, organisation="999999999")
        assert line.ask().status == 200
        assert line.ask().status == 200
        last = server.forms[-1]
        assert last["typ"] == "client-authentication+jwt"
        (details,) = json.loads(last["authorization_details"])
        organisation = details["practitioner_role"]["organization"]["identifier"]
        assert organisation["value"] == "999999999"
        assert organisation["system"] == "urn:oid:2.16.578.1.12.4.1.2.101"
        assert len(server.forms) == 2, "one without a nonce, one with it, and no more"


def test_a_token_that_dies_is_renewed_within_the_request(tmp_path, key):
    with AuthorizationServer(client_of(key), ttl=1) as server:
        line = Line(server, tmp_path, key, dialect=SMART)
        assert line.ask().status == 200
        assert line.oauth._token is not None
        line.oauth._token.until = time.monotonic() + 60  # as if it had been promised for longer
        time.sleep(1.5)
        assert line.ask().status == 200
        assert len(server.forms) == 2


def test_a_token_is_not_used_to_its_very_end(tmp_path, key):
    with AuthorizationServer(client_of(key), ttl=40) as server:
        line = Line(server, tmp_path, key, dialect=SMART)
        line.ask()
        assert line.oauth._token.until - time.monotonic() < 21


def test_a_replaced_key_is_read_when_the_old_one_is_refused(tmp_path, key):
    new = new_key("k2")
    with AuthorizationServer(client_of(key), ttl=1) as server:
        line = Line(server, tmp_path, key, dialect=SMART)
        assert line.ask().status == 200
        server.register(client_of(new))
        time.sleep(1.5)
        line.oauth._token = None
        refused = line.ask()
        assert isinstance(refused, NoAnswer)
        assert refused.trouble is Trouble.SIGN_IN
        assert "invalid_client" in refused.detail
        key_file(tmp_path, new)
        assert line.ask().status == 200


@pytest.mark.parametrize("seconds", [60, -3600])
def test_a_wrong_clock_is_named_as_the_cause(tmp_path, key, seconds):
    with AuthorizationServer(client_of(key, dpop=True), dpop=True) as server:
        line = Line(
            server,
            tmp_path,
            key,
            dialect=HELSEID,
            dpop=True,
            now=lambda: now_utc() + timedelta(seconds=seconds),
        )
        told = line.ask()
        assert isinstance(told, NoAnswer)
        assert TROUBLES[told.trouble] is Failure.CLOCK
        assert abs(int(told.detail.split()[1]) - seconds) <= 2


def test_an_unknown_client_and_a_scope_that_is_not_given_are_named(tmp_path, key):
    stranger = {**client_of(key), "client_id": "somebody-else"}
    with AuthorizationServer(stranger) as server:
        told = Line(server, tmp_path, key, dialect=SMART).ask()
        assert (told.trouble, told.detail) == (Trouble.SIGN_IN, "401 invalid_client")
    with AuthorizationServer(client_of(key)) as server:
        line = Line(server, tmp_path, key, dialect=SMART)
        object.__setattr__(line.oauth._client, "scope", f"{SCOPE} system/Patient.read")
        told = line.ask()
        assert told.trouble is Trouble.SIGN_IN
        assert "scope" in told.detail


def test_while_the_server_is_away_nothing_was_sent_and_it_is_tried_again(tmp_path, key):
    with AuthorizationServer(client_of(key)) as server:
        line = Line(server, tmp_path, key, dialect=SMART)
    assert line.ask().trouble is Trouble.NOT_CONNECTED


@pytest.mark.parametrize("content", ["", "{", '{"kty":"oct","k":"AAAA"}', "-----BEGIN X-----"])
def test_a_key_that_cannot_be_used_says_so(tmp_path, content):
    path = tmp_path / "key"
    path.write_text(content)
    with pytest.raises(KeyUnusableError):
        read_key(str(path), "", "RS384")
    with pytest.raises(KeyUnusableError):
        read_key(str(tmp_path / "none"), "", "RS384")


def test_a_public_key_is_no_key_to_sign_with(tmp_path, key):
    path = tmp_path / "key"
    path.write_text(json.dumps(key.as_dict(private=False)))
    with pytest.raises(KeyUnusableError, match="not-a-private-key"):
        read_key(str(path), "", "RS384")


def test_a_pem_file_is_read_too(tmp_path, key, monkeypatch):
    path = tmp_path / "signing.pem"
    path.write_bytes(key.as_pem(private=True))
    assert read_key(str(path), "k1", "RS384").algorithm == "ES256"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_key("credential:signing.pem", "k1", "RS384").key_id == "k1"


def test_nothing_secret_is_in_a_repr(tmp_path, key):
    signing = read_key(str(key_file(tmp_path, key)), "", "RS384")
    secret = key.as_dict(private=True)["d"]
    assert secret not in repr(signing)
    assert secret not in repr(Answer(200, {"x": "y"}, b""))
