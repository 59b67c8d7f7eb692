"""The client against servers that misbehave, and against a real one."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Timer

import pytest
import requests

from kiosk.demo.children import DemoChild
from kiosk.journal.contract import (
    Absent,
    Answer,
    Endpoint,
    Found,
    Identifier,
    LookUpFailed,
    NoAnswer,
    PatientDiffers,
    PatientFound,
    PatientMissing,
    PatientRef,
    PatientSearch,
    PatientSeveral,
    Several,
    Trouble,
    Unknown,
)
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.frozen import read_frozen
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.look_up import Looker
from kiosk.model.outbox import Failure
from kiosk.model.visit import IdKind
from tests.journal.hostile_server import Hostile, certificate, free_port, tls_server
from tests.journal.journal_samples import SITE, as_child, whole_visit
from tests.patience import PATIENCE, within

NUMBER = "18912650053"
BORN = date(2026, 11, 18)
QUICK = {"connect_timeout": 1.0, "read_timeout": 0.4, "deadline": 1.2}


def client_for(url: str, **more: object) -> FhirClient:
    return FhirClient(replace(Endpoint(url), **{**QUICK, **more}))


def sent_to(script, **more: object):
    with Hostile(script) as server:
        client = client_for(server.url, **more)
        begun = time.monotonic()
        reply = client.send(b'{"a":1}')
        took = time.monotonic() - begun
        client.close()
    return reply, took, server


@pytest.mark.parametrize("base", ["http://journal.example/fhir", "ftp://localhost/", "fhir", ""])
def test_an_address_without_tls_outside_this_machine_is_refused(base):
    with pytest.raises(ValueError, match="journal"):
        Endpoint(base)


def test_nobody_listening_means_nothing_was_sent():
    client = client_for(f"http://127.0.0.1:{free_port()}/fhir")
    assert client.send(b"{}") == NoAnswer(Trouble.NOT_CONNECTED, "ConnectionRefusedError")
    assert client.probe() == NoAnswer(Trouble.NOT_CONNECTED, "ConnectionRefusedError")
    client.close()


@pytest.mark.parametrize(
    "script",
    [
        lambda talk: talk.reset(),
        lambda talk: talk.sock.close(),
        lambda talk: talk.ending.wait(5),
        lambda talk: talk.sock.sendall(b"\x00\x01garbage\r\n\r\n"),
    ],
    ids=["reset", "closed", "silent", "garbage"],
)
def test_bytes_out_and_no_answer_is_ambiguous(script):
    reply, took, _ = sent_to(script)
    assert isinstance(reply, NoAnswer)
    assert reply.trouble is Trouble.NO_ANSWER
    assert took < 1.5


def test_a_cut_body_keeps_its_status_and_is_not_complete():
    def script(talk):
        talk.answer(200, b'{"resourceType":', length=500)
        talk.sock.close()

    reply, _, _ = sent_to(script)
    assert isinstance(reply, Answer)
    assert (reply.status, reply.complete) == (200, False)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_dripping_server_cannot_stretch_the_deadline(part):
    head = b"HTTP/1.1 200 OK\r\nX-Fill: " + b"x" * 400 + b"\r\nContent-Length: 400\r\n\r\n"

    def script(talk):
        if part == "body":
            talk.sock.sendall(head)
        talk.drip(head + b"y" * 400)

    reply, took, _ = sent_to(script)
    assert 1.0 < took < 1.8
    if isinstance(reply, Answer):
        assert not reply.complete
    else:
        assert reply == NoAnswer(Trouble.NO_ANSWER, "deadline")


def test_deadline_holds_request_after_request_on_one_connection():
    def script(talk):
        if len(server.requests) % 2:
            talk.answer(200, b"{}")
        else:
            talk.drip(b"HTTP/1.1 200 OK\r\n" + b"x" * 400)

    with Hostile(script) as server:
        client = client_for(server.url, deadline=0.5)
        for _ in range(3):
            assert isinstance(client.send(b"{}"), Answer)
            begun = time.monotonic()
            assert client.send(b"{}") == NoAnswer(Trouble.NO_ANSWER, "deadline")
            assert time.monotonic() - begun < within(0.9)
        client.close()


def test_an_endless_answer_is_not_kept():
    def script(talk):
        talk.sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            talk.sock.sendall(b"x" * 65536)

    reply, took, _ = sent_to(script, deadline=3.0)
    assert isinstance(reply, Answer)
    assert (reply.complete, reply.body) == (False, b"")
    assert took < 3.5


def test_redirects_are_not_followed_and_cookies_not_kept():
    def script(talk):
        talk.answer(302, b"", "Location: http://127.0.0.1:1/steal", "Set-Cookie: a=b")

    with Hostile(script) as server:
        client = client_for(server.url)
        for _ in range(2):
            reply = client.send(b"{}")
            assert isinstance(reply, Answer)
            assert reply.status == 302
        client.close()
    assert all(b"cookie" not in head.lower() for head, _ in server.requests)


def test_proxy_of_the_environment_is_not_used(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    reply, _, _ = sent_to(lambda talk: talk.answer(200, b"{}"))
    assert isinstance(reply, Answer)


def test_token_is_read_again_once_after_a_401(tmp_path: Path):
    token = tmp_path / "token"
    token.write_text("old\n")

    def script(talk):
        if b"Bearer new" in talk.head:
            talk.answer(200, b"{}")
        else:
            token.write_text("new")
            talk.answer(401)

    reply, _, server = sent_to(script, token_file=token)
    assert isinstance(reply, Answer)
    assert reply.status == 200
    assert len(server.requests) == 2
    assert server.requests[0][1] == server.requests[1][1]
    reply, _, server = sent_to(lambda talk: talk.answer(401), token_file=token)
    assert isinstance(reply, Answer)
    assert (reply.status, len(server.requests)) == (401, 2)


@pytest.mark.parametrize("content", [None, "bad\u20actoken", "two\nlines"])
def test_a_token_that_cannot_be_used_sends_nothing(tmp_path: Path, content):
    token = tmp_path / "token"
    if content is not None:
        token.write_text(content, "utf-8")
    reply, _, server = sent_to(lambda talk: talk.answer(200), token_file=token)
    assert isinstance(reply, NoAnswer)
    assert reply.trouble in {Trouble.SIGN_IN, Trouble.CONFIGURATION}
    assert server.requests == []


def test_certificate_of_our_own_authority_is_accepted_and_any_other_is_not(tmp_path: Path):
    good = certificate(tmp_path, "good")
    other = certificate(tmp_path, "other")
    wrong_name = certificate(tmp_path, "wrong", host="journal.example")
    for served, trusted, trouble in (
        (good, good, None),
        (good, None, Trouble.CERTIFICATE),
        (good, other, Trouble.CERTIFICATE),
        (wrong_name, wrong_name, Trouble.CERTIFICATE),
    ):
        with Hostile(lambda talk: talk.answer(200, b"{}"), tls_server(served)) as server:
            client = client_for(server.url, ca_file=trusted)
            reply = client.send(b"{}")
            client.close()
        if trouble is None:
            assert isinstance(reply, Answer)
        else:
            assert isinstance(reply, NoAnswer)
            assert (reply.trouble, server.requests) == (trouble, [])


def test_a_line_cut_while_tls_is_agreed_on_is_no_certificate_trouble(tmp_path: Path):
    trusted = certificate(tmp_path, "good")

    def cut(talk):
        talk.reset()

    with Hostile(cut) as server:
        server_url = server.url.replace("http:", "https:")
        # The plain server takes the TLS hello for a request and never gets an empty line.
        client = client_for(server_url, ca_file=trusted, deadline=0.6, read_timeout=60.0)
        begun = time.monotonic()
        reply = client.send(b"{}")
        assert time.monotonic() - begun < within(1.2)
        client.close()
    assert isinstance(reply, NoAnswer)
    assert reply.trouble is Trouble.NOT_CONNECTED


def test_a_ca_file_that_is_not_there_is_configuration(tmp_path: Path):
    client = client_for("https://127.0.0.1:1/fhir", ca_file=tmp_path / "none.pem")
    assert client.send(b"{}") == NoAnswer(Trouble.CONFIGURATION, "ca-file-missing")
    client.close()


def test_abort_from_another_thread_ends_the_request_at_once_and_for_good():
    with Hostile(lambda talk: talk.ending.wait(20)) as server:
        client = client_for(server.url, read_timeout=20.0, deadline=20.0)
        Timer(0.2, client.abort).start()
        begun = time.monotonic()
        reply = client.send(b"{}")
        assert isinstance(reply, NoAnswer)
        assert reply.trouble is Trouble.NO_ANSWER
        assert time.monotonic() - begun < within(1.0)
        assert client.send(b"{}") == NoAnswer(Trouble.NOT_CONNECTED, "ended")
        client.close()


# --- searching -----------------------------------------------------------------------------


CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
RESTRICTED = {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}
USUAL = {"security": [{"system": CONFIDENTIALITY, "code": "N"}, {"code": "R"}], "versionId": "1"}


def patient(ident: str = "p1", **more: object) -> dict:
    return {
        "resourceType": "Patient",
        "id": ident,
        "identifier": [{"value": NUMBER}],
        "name": [{"given": ["Gammel"], "use": "old"}, {"given": ["Ada", "Liv"], "use": "official"}],
        "birthDate": BORN.isoformat(),
        **more,
    }


def looked_up(*hits: dict, status: int = 200, raw: bytes | None = None, **more: object):
    entries = [{"resource": hit, "search": {"mode": "match"}} for hit in hits]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    body = json.dumps(bundle).encode() if raw is None else raw
    with Hostile(lambda talk: talk.answer(status, body)) as server:
        client = client_for(server.url, **more)
        answer = client.look_up(NUMBER, IdKind.NATIONAL, BORN)
        client.close()
    return answer, server


def test_exactly_one_hit_with_the_same_birth_date_is_the_child():
    answer, server = looked_up(patient())
    assert answer == PatientFound("Patient/p1", "Ada Liv", BORN)
    head, body = server.requests[0]
    assert head.startswith(b"POST /fhir/Patient/_search ")
    assert NUMBER.encode() not in head
    assert NUMBER.encode() in body


@pytest.mark.parametrize(
    ("hits", "answer"),
    [
        ([], PatientMissing()),
        ([patient(), patient("p2")], PatientSeveral()),
        ([patient(birthDate="2026-11-17")], PatientDiffers()),
        ([patient(birthDate="2026-11")], PatientDiffers()),
        ([patient(active=False)], PatientMissing()),
        ([patient(active=False), patient("p2")], PatientFound("Patient/p2", "Ada Liv", BORN)),
        ([{"resourceType": "OperationOutcome"}], PatientMissing()),
        ([patient(name=None)], PatientFound("Patient/p1", "", BORN)),
        ([patient(meta=RESTRICTED)], PatientFound("Patient/p1", "Ada Liv", BORN, protected=True)),
        ([patient(meta=USUAL)], PatientFound("Patient/p1", "Ada Liv", BORN)),
    ],
)
def test_every_other_number_of_hits_is_told_apart(hits, answer):
    assert looked_up(*hits)[0] == answer


@pytest.mark.parametrize(
    ("case", "failure"),
    [
        ({"raw": b"<html>portal</html>"}, Failure.UNREACHABLE),
        ({"raw": b'{"resourceType":"Bundle"'}, Failure.UNREACHABLE),
        ({"status": 503}, Failure.BUSY),
        ({"status": 401}, Failure.SIGN_IN),
        ({"status": 403}, Failure.CONFIGURATION),
        ({"status": 404}, Failure.CONFIGURATION),
        ({"status": 400}, Failure.REFUSED),
    ],
)
def test_a_look_up_that_failed_says_why(case, failure):
    answer, _ = looked_up(**case)
    assert isinstance(answer, LookUpFailed)
    assert answer.failure is failure


def test_a_server_that_ignores_the_search_parameter_finds_nobody():
    stranger = patient(identifier=[{"value": "1"}])
    answer, _ = looked_up(stranger)
    assert answer == LookUpFailed(Failure.CONFIGURATION, "search-not-honoured")
    with Hostile(
        lambda talk: talk.answer(
            200,
            b'{"resourceType":"Bundle","type":"searchset","entry":'
            b'[{"resource":{"resourceType":"Observation","id":"1"}}]}',
        )
    ) as server:
        client = client_for(server.url)
        finding = client.find(Identifier("urn:x", "y"))
        client.close()
    assert finding == Unknown(Failure.CONFIGURATION, "search-not-honoured")


def test_get_search_is_used_only_where_a_site_asks_for_it():
    answer, server = looked_up(patient(), patient_search=PatientSearch.GET)
    assert isinstance(answer, PatientFound)
    assert server.requests[0][0].startswith(b"GET /fhir/Patient?identifier=")


@pytest.mark.parametrize("how", list(PatientSearch))
def test_nothing_personal_is_logged_or_shown_in_a_repr(how, caplog):
    for name in ("", "urllib3", "requests", "kiosk"):
        caplog.set_level(logging.DEBUG, logger=name)
    answer, _ = looked_up(patient(), patient_search=how)
    dead = client_for(f"http://127.0.0.1:{free_port()}/fhir", patient_search=how)
    failed = dead.look_up(NUMBER, IdKind.NATIONAL, BORN)
    dead.close()
    said = caplog.text + repr(answer) + repr(failed)
    for canary in (NUMBER, "Ada", BORN.isoformat()):
        assert canary not in said


# --- a real server -------------------------------------------------------------------------


@pytest.mark.fhir
def test_real_server_finds_the_training_children(fhir_url, fhir_children: tuple[DemoChild, ...]):
    client = client_for(fhir_url, read_timeout=10.0, deadline=15.0)
    for child in fhir_children:
        found = client.look_up(child.number, child.number_kind, child.birth_date)
        assert isinstance(found, PatientFound)
        assert found.given_name == child.given_name
    wrong = client.look_up(fhir_children[0].number, IdKind.NATIONAL, fhir_children[3].birth_date)
    assert wrong == PatientDiffers()
    assert client.look_up("00000000000", IdKind.NATIONAL, BORN) == PatientMissing()
    assert client.is_fhir_base()
    client.close()


@pytest.mark.fhir
def test_real_server_keeps_each_value_once_however_often_it_is_sent(fhir_url, fhir_children):
    client = client_for(fhir_url, read_timeout=10.0, deadline=15.0)
    child = as_child(fhir_children[1])
    found = client.look_up(child.number, child.number_kind, child.birth_date)
    assert isinstance(found, PatientFound)
    body = visit_bundle(whole_visit(child), PatientRef(found.reference), SITE)
    identifiers = read_frozen(body).observations
    assert [client.find(i) for i in identifiers] == [Absent()] * 3
    for _ in range(3):
        reply = client.send(body)
        assert isinstance(reply, Answer)
        assert reply.status == 200
    first = [client.find(i) for i in identifiers]
    assert all(isinstance(finding, Found) for finding in first)
    stored = requests.get(f"{fhir_url}/{first[0].remote}", timeout=5).json()
    assert str(stored["valueQuantity"]["value"]) == "4.236"
    assert stored["subject"]["reference"] == found.reference
    device = requests.get(f"{fhir_url}/{stored['device']['reference']}", timeout=5).json()
    assert device["serialNumber"] == "S123"
    # What nobody should ever do: the same identifier without the condition. It is noticed.
    unconditional = json.loads(body)
    for entry in unconditional["entry"]:
        del entry["request"]["ifNoneExist"]
    client.send(json.dumps(unconditional).encode())
    assert isinstance(client.find(identifiers[0]), Several)
    client.close()


# --- the look-up worker ----------------------------------------------------------------------


def test_looker_answers_within_its_deadline_whatever_the_server_does():
    with Hostile(lambda talk: talk.ending.wait(20)) as server:
        looker = Looker(lambda: client_for(server.url, read_timeout=20, deadline=20), seconds=0.3)
        looker.start()
        begun = time.monotonic()
        asked = [looker.ask(NUMBER, IdKind.NATIONAL, BORN) for _ in range(3)]
        for future in asked:
            assert future.result(PATIENCE) == LookUpFailed(Failure.UNREACHABLE, "deadline")
        assert time.monotonic() - begun < within(1.0)
        assert looker.stop()


def test_looker_survives_a_client_that_cannot_be_made_and_then_works():
    attempts = []

    def connect():
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError(NUMBER)
        return client_for(server.url)

    body = json.dumps(
        {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": patient()}]}
    ).encode()
    with Hostile(lambda talk: talk.answer(200, body)) as server:
        looker = Looker(connect, seconds=PATIENCE)
        looker.start()
        failed = looker.ask(NUMBER, IdKind.NATIONAL, BORN).result(PATIENCE)
        assert failed == LookUpFailed(Failure.UNREACHABLE, "RuntimeError")
        found = looker.ask(NUMBER, IdKind.NATIONAL, BORN).result(PATIENCE)
        assert isinstance(found, PatientFound)
        assert looker.stop()
