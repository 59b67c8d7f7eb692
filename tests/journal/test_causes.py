"""Each way a journal fails is named by the doctor, against servers that fail in that way."""

from __future__ import annotations

import json
import socket
import ssl
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from kiosk.cli import outbox
from kiosk.config.load import config_from
from kiosk.journal.answers import Circumstances, classify
from kiosk.journal.causes import cause_of
from kiosk.journal.contract import Answer, Endpoint, NoAnswer
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.sign_in.oauth import SMART, Client, OAuth
from kiosk.model.causes import Cause, cause_in
from kiosk.model.outbox import Failure, Later
from kiosk.model.visit import Delivery
from kiosk.station.doctor import journal_words
from kiosk.station.doctor.examination import Level, examine
from kiosk.system.clock import now_utc
from kiosk.ui.words.not_sent import cause_sentence, receivers_words
from tests.journal.authorization_server import SCOPE, AuthorizationServer, client_of, new_key
from tests.journal.certificates import Authority
from tests.journal.hostile_server import Hostile
from tests.journal.journal_samples import MemoryOutbox, whole_visit

CAPABLE = json.dumps({"resourceType": "CapabilityStatement"}).encode()
NO_HOST = "journal.invalid"
"""RFC 6761: no name below it ever exists."""


def answering(status: int, body: bytes = b"", *headers: str):
    return lambda talk: talk.answer(status, body, *headers)


@contextmanager
def plain_talker():
    """A server that has never heard of TLS and says so in its own way."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            while True:
                try:
                    sock, _ = listening.accept()
                except OSError:
                    return
                with sock:
                    sock.recv(65536)
                    sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@contextmanager
def tls(script, files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with Hostile(script, context) as server:
        yield server


def asked(url: str, **more):
    """Ask for the capabilities once and classify what came, or did not."""
    client = FhirClient(Endpoint(url, connect_timeout=0.5, read_timeout=0.5, deadline=1.0, **more))
    try:
        return client.capabilities()
    finally:
        client.close()


def cause_at(url: str, **more) -> Cause | None:
    return cause_of(asked(url, **more), now_utc())


DATE_OFF = "Date: " + format_datetime(now_utc() - timedelta(hours=3), usegmt=False)


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (answering(200, CAPABLE, "Content-Type: application/fhir+json"), None),
        (answering(200, b"<html>Logg inn</html>", "Content-Type: text/html"), Cause.WEB_PAGE),
        (answering(200, b'{"resourceType": "Patient"}'), Cause.NOT_FHIR),
        (answering(200, b"[]"), Cause.NOT_FHIR),
        (answering(401), Cause.NOT_SIGNED_IN),
        (answering(401, b"", DATE_OFF), Cause.CLOCK),
        (answering(403), Cause.FORBIDDEN),
        (answering(403, b"<html>", "X-Squid-Error: ERR_ACCESS_DENIED 0"), Cause.PROXY),
        (answering(407, b"", "Proxy-Authenticate: Basic"), Cause.PROXY),
        (answering(404, b"<html>"), Cause.NOT_FOUND),
        (answering(302, b"", "Location: https://elsewhere.example.no/"), Cause.REDIRECTED),
        (answering(503), Cause.BUSY),
        (answering(400), Cause.REFUSES),
        (lambda talk: talk.reset(), Cause.CUT),
        (lambda talk: talk.sock.shutdown(socket.SHUT_RDWR), Cause.CUT),
        (lambda talk: talk.ending.wait(9), Cause.TIME_OUT),
    ],
)
def test_an_answer_or_none_has_one_name(script, cause):
    with Hostile(script) as server:
        assert cause_at(server.url) is cause


def test_nobody_listens_and_nobody_by_that_name_are_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert cause_at(f"http://127.0.0.1:{port}/fhir") is Cause.REFUSED
    assert cause_at(f"https://{NO_HOST}/fhir") is Cause.NAME_UNKNOWN


@pytest.mark.parametrize(
    ("made", "cause", "words"),
    [
        ({"days": -1}, Cause.CERTIFICATE_EXPIRED, "gikk ut"),
        ({"begins": 2}, Cause.CERTIFICATE_NOT_YET, "klokke"),
        ({"address": "127.0.0.9"}, Cause.CERTIFICATE_NAME, "127.0.0.9"),
        (None, Cause.CERTIFICATE_ISSUER, "«Test CA»"),
    ],
)
def test_a_certificate_is_named_with_what_is_wrong_with_it(tmp_path, authority, made, cause, words):
    trusted = authority.ca if made is not None else Authority(tmp_path, "Another CA").ca
    with tls(answering(200, CAPABLE), authority.issue("server", **(made or {}))) as server:
        url = f"https://127.0.0.1:{server.port}/fhir"
        assert cause_at(url, ca_file=trusted) is cause
        (told,) = doctor(url, ca_file=str(trusted))
    assert words in told


def test_plain_http_behind_an_https_address_is_named(authority):
    with plain_talker() as port:
        assert cause_at(f"https://127.0.0.1:{port}/", ca_file=authority.ca) is Cause.NOT_TLS


def test_a_refused_own_certificate_and_one_without_its_key_are_told_apart(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server"))
    context.load_verify_locations(authority.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    certificate, _ = authority.issue("station")
    with Hostile(answering(200, CAPABLE), context) as server:
        url = f"https://127.0.0.1:{server.port}/fhir"
        assert cause_at(url, ca_file=authority.ca) is Cause.OWN_CERTIFICATE
        alone = {"ca_file": authority.ca, "client_cert": certificate}
        assert cause_at(url, **alone) is Cause.OWN_FILES
        missing = {"ca_file": authority.ca, "client_cert": Path("/nonexistent.pem")}
        assert cause_at(url, **missing) is Cause.OWN_FILES


def test_a_ca_file_that_is_missing_or_holds_no_certificate_is_named(tmp_path, authority):
    (tmp_path / "empty.pem").write_text("nothing\n")
    with tls(answering(200, CAPABLE), authority.issue("server")) as server:
        url = f"https://127.0.0.1:{server.port}/fhir"
        for name in ("none.pem", "empty.pem"):
            assert cause_at(url, ca_file=tmp_path / name) is Cause.CA_FILE


def test_a_token_file_without_a_token_is_named(tmp_path):
    (tmp_path / "token").write_text("two words\n")
    assert cause_at("http://127.0.0.1:9/", token_file=tmp_path / "token") is Cause.TOKEN_FILE


def test_a_sign_in_that_is_refused_away_or_late_is_named(tmp_path):
    key = new_key("k1")
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key.as_dict(private=True)))

    def cause(server, *, client="station", file=path, now=now_utc, base=""):
        base = base or f"{server.base}/fhir"
        oauth = OAuth(Client(SMART, base, client, str(file), SCOPE), now)
        one = FhirClient(Endpoint(f"{server.base}/fhir"), oauth)
        try:
            return cause_of(one.capabilities(), now())
        finally:
            one.close()

    with AuthorizationServer(client_of(key)) as server:
        assert cause(server, client="nobody") is Cause.SIGN_IN_REFUSED
        assert cause(server, file=tmp_path / "none") is Cause.KEY_FILE
        assert cause(server, now=lambda: now_utc() - timedelta(hours=2)) is Cause.CLOCK
        assert cause(server, base=f"{server.base}/nowhere") is Cause.SIGN_IN_AWAY


# --- the words --------------------------------------------------------------------------------


def doctor(url: str, **table: str) -> list[str]:
    """What the doctor says of the journal."""
    tables = {"station": {"clinic": "x"}, "journal": {"url": url, **table}}
    findings = examine(config_from(tables, "k"), only={"journal"})
    assert all(finding.level is Level.SICK for finding in findings)
    return [finding.text for finding in findings]


def test_every_cause_has_its_own_sentence_and_its_own_few_words(monkeypatch):
    monkeypatch.setattr(journal_words, "shown_by", lambda *_: None)
    where = journal_words.Where("journal", "journal.example.no", 443)
    sentences = [journal_words.cause_words(cause, where, "detail") for cause in Cause]
    assert len(set(sentences)) == len(Cause)
    assert all(journal_words.short_words(cause) for cause in Cause)


NOTED_AS = {
    Cause.NAME_UNKNOWN: "gaierror",
    Cause.REFUSED: "ConnectionRefusedError",
    Cause.NO_ROUTE: "no-route",
    Cause.TIME_OUT: "deadline",
    Cause.CUT: "not-asked: ConnectionResetError",
    Cause.NOT_TLS: "not-tls",
    Cause.CERTIFICATE_EXPIRED: "certificate: certificate has expired",
    Cause.CERTIFICATE_NOT_YET: "certificate: certificate is not yet valid",
    Cause.CERTIFICATE_ISSUER: "certificate: unable to get local issuer certificate",
    Cause.CERTIFICATE_NAME: "certificate: IP address mismatch, certificate is not valid for x",
    Cause.CERTIFICATE_OTHER: "certificate: EE certificate key too weak",
    Cause.OWN_CERTIFICATE: "own-certificate: tlsv13_alert_certificate_required",
    Cause.OWN_FILES: "own-certificate-file",
    Cause.CA_FILE: "ca-file",
    Cause.TOKEN_FILE: "token-file",
    Cause.KEY_FILE: "key-unusable",
    Cause.NOT_SIGNED_IN: "401",
    Cause.SIGN_IN_REFUSED: "scope-missing",
    Cause.SIGN_IN_AWAY: "sign-in TimeoutError",
    Cause.SIGN_IN_UNSAFE: "token-endpoint-http",
    Cause.FORBIDDEN: "403",
    Cause.NOT_FOUND: "404",
    Cause.REDIRECTED: "302",
    Cause.CLOCK: "clock-off",
    Cause.PROXY: "407",
    Cause.OWN_PROXY: "own-proxy 403",
    Cause.NOT_FHIR: "200 not-a-fhir-answer",
    Cause.BUSY: "503",
    Cause.REFUSES: "400",
}
"""What stands in a message's row. There a web page is an answer that is no FHIR, and what has no
name has none.
"""


def test_the_screen_the_list_and_the_doctor_say_the_same_of_every_cause(capsys):
    assert set(Cause) - set(NOTED_AS) == {Cause.WEB_PAGE, Cause.OTHER}
    for cause, detail in NOTED_AS.items():
        assert cause_in(detail) is cause
        few = journal_words.short_words(cause)
        assert few in listed(detail, capsys), cause
        # That it was refused is said by the screen's own sentence.
        assert (few in cause_sentence(detail)) is (cause is not Cause.REFUSES), cause
        # A word that the station put down is never shown as what a journal said; a status is.
        assert receivers_words(detail) == (detail if detail.isdigit() else ""), cause


def listed(detail, capsys) -> str:
    """What ``kiosk outbox`` prints of a message that stands so."""
    box = MemoryOutbox()
    box._set(box.add(whole_visit(), b""), failure=Failure.UNREACHABLE, detail=detail)
    stand = SimpleNamespace(state=Delivery.QUEUED)
    store = SimpleNamespace(
        items=box.items, counts=box.counts, standing=lambda visits: dict.fromkeys(visits, stand)
    )
    outbox._list(store, None, as_json=False)
    return capsys.readouterr().out


def test_the_doctor_says_which_of_them_it_is():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (refused,) = doctor(f"http://127.0.0.1:{port}/fhir")
    assert f"127.0.0.1 tar ikke imot på port {port}" in refused
    (unknown,) = doctor(f"https://{NO_HOST}/fhir")
    assert f"{NO_HOST} finnes ikke i DNS" in unknown


def test_a_machine_behind_a_proxy_is_told_that_the_station_uses_none(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://proxy.example.no:8080")
    (told,) = doctor(f"https://{NO_HOST}/fhir")
    assert "proxy" in told
    monkeypatch.delenv("https_proxy")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"ca_file": "/nonexistent/ca.pem"}, "«journal.ca_file»: filen /nonexistent/ca.pem finnes"),
        ({"token_file": "/nonexistent/token"}, "«journal.token_file»: filen /nonexistent/token"),
        ({"client_cert": "/nonexistent/c.pem"}, "«journal.client_cert»: filen /nonexistent/c.pem"),
    ],
)
def test_a_missing_file_is_a_missing_file_and_told_once(table, words):
    (told,) = doctor("https://127.0.0.1:9/fhir", **table)
    assert words in told


def test_a_client_certificate_without_its_key_is_that(authority):
    certificate, key = authority.issue("station", days=90)
    _, other = authority.issue("other")
    (alone,) = doctor("https://127.0.0.1:9/fhir", client_cert=str(certificate))
    assert "«journal.client_key» mangler" in alone
    files = {"client_cert": str(certificate), "client_key": str(other)}
    (foreign,) = doctor("https://127.0.0.1:9/fhir", **files)
    assert "hører ikke til sertifikatet" in foreign
    files["client_key"] = str(key)
    (told,) = doctor("https://127.0.0.1:9/fhir", **files)
    assert "tar ikke imot" in told


@pytest.mark.parametrize("way", ["gdt", "csv"])
def test_a_missing_folder_is_a_missing_folder(tmp_path, way):
    tables = {"station": {"clinic": "x"}, way: {"folder": str(tmp_path / "none")}}
    (told,) = examine(config_from(tables, "k"), only={"journal"})
    assert told.level is Level.SICK
    assert f"«{way}.folder»: mappen {tmp_path / 'none'} finnes ikke" in told.text
    (tmp_path / "none").touch()
    (told,) = examine(config_from(tables, "k"), only={"journal"})
    assert "er en fil, ikke en mappe" in told.text


def test_an_hl7_receiver_is_named_by_the_same_causes(tmp_path, authority):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    def told(**table) -> str:
        tables = {"station": {"clinic": "x"}, "hl7": {"host": "127.0.0.1", "port": port, **table}}
        (finding,) = examine(config_from(tables, "k"), only={"journal"})
        return finding.text

    assert f"tar ikke imot på port {port}" in told()
    assert "finnes ikke i DNS" in told(host=NO_HOST)
    with tls(answering(200), authority.issue("server", days=-1)) as server:
        assert "gikk ut" in told(port=server.port, ca_file=str(authority.ca))
    with plain_talker() as plain:
        assert "svarer ikke med TLS" in told(port=plain)


def test_what_the_sender_noted_is_read_by_the_same_table():
    around = Circumstances(("Observation",), 1, now_utc(), 0.0)
    replies = [
        asked(f"https://{NO_HOST}/fhir"),
        Answer(403, {}, b""),
        Answer(401, {}, b""),
        asked("https://127.0.0.1:9/fhir"),
    ]
    outcomes = [classify(reply, around).outcome for reply in replies]
    assert all(isinstance(outcome, Later) for outcome in outcomes)
    wanted = [Cause.NAME_UNKNOWN, Cause.FORBIDDEN, Cause.NOT_SIGNED_IN, Cause.REFUSED]
    assert [cause_in(outcome.detail) for outcome in outcomes] == wanted


def test_a_word_nobody_knows_is_not_taken_for_anything():
    assert cause_in("") is None
    assert cause_in("something-else") is None
    assert cause_of(NoAnswer(asked("https://127.0.0.1:9/").trouble, "zz"), now_utc()) is Cause.OTHER
