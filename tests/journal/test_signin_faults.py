"""What goes wrong between the station and its journal: keys, discovery, files, proxy, records."""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from kiosk.config.load import config_from
from kiosk.journal.attempt import Hands
from kiosk.journal.causes import Cause, cause_of
from kiosk.journal.contract import Absent, Answer, Endpoint, NoAnswer, PatientRef, Site, Trouble
from kiosk.journal.fhir import patient_check
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.fhir.searching import is_in_use, is_protected, one_patient
from kiosk.journal.hl7.hl7_reply import Hearing
from kiosk.journal.hl7.mllp import MllpAddress, MllpLine
from kiosk.journal.sign_in.keys import KeyUnusableError, read_key
from kiosk.journal.sign_in.oauth import HELSEID, SMART, Client, OAuth
from kiosk.model.outbox import Failure, Later, Parked
from kiosk.model.visit import Delivery, IdKind
from kiosk.station.checking.checking import within
from kiosk.station.doctor.examination import examine
from kiosk.system.clock import now_utc
from tests.journal.certificates import Authority
from tests.journal.hostile_server import Hostile
from tests.journal.journal_samples import MemoryOutbox, whole_visit
from tests.journal.test_causes import CAPABLE, answering, cause_at, doctor, tls

RSA = RSAKey.generate_key(2048)
EC = ECKey.generate_key("P-256")


def saved(folder, key, **more):
    path = folder / "key.json"
    path.write_text(json.dumps({**key.as_dict(private=True), **more}))
    return str(path)


class Server:
    """A journal with its sign-in, as functions: what is told, and what was asked."""

    def __init__(self, base="https://sts.example.no", **document):
        self.document = {"issuer": base, "token_endpoint": f"{base}/token", **document}
        self.asked = []
        self.forms = []

    def ask(self, method, url, form, _headers):
        self.asked.append(url)
        if method == "GET":
            return Answer(200, {}, json.dumps(self.document).encode())
        self.forms.append(form)
        token = {"access_token": "t", "token_type": "Bearer", "expires_in": 300}
        return Answer(200, {}, json.dumps(token).encode())


def signed_in(key_file, server, dialect=HELSEID, base="https://sts.example.no", **more):
    client = Client(dialect, base, "station", key_file, "scope", **more)
    return OAuth(client).headers("GET", "https://j.example.no/x", server.ask)


@pytest.mark.parametrize("dialect", [SMART, HELSEID])
@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_a_key_that_names_its_algorithm_signs_with_it(tmp_path, dialect, alg):
    file = saved(tmp_path, RSA, alg=alg, use="sig", key_ops=["sign"], kid="k9")
    server = Server()
    assert signed_in(file, server, dialect) == {"Authorization": "Bearer t"}
    (form,) = server.forms
    assertion = dict(part.split("=") for part in form.decode().split("&"))["client_assertion"]
    token = jwt.decode(assertion, RSA, algorithms=[alg])
    assert (token.header["alg"], token.header["kid"]) == (alg, "k9")


def test_an_ec_key_with_its_own_algorithm_signs_too(tmp_path):
    assert read_key(saved(tmp_path, EC, alg="ES256"), "", "RS384").algorithm == "ES256"
    assert "Authorization" in signed_in(saved(tmp_path, EC, alg="ES256", use="sig"), Server())


UNUSABLE = {
    "encrypts only": (RSA, {"use": "enc", "alg": "RSA-OAEP"}),
    "an algorithm for encryption": (RSA, {"alg": "RSA-OAEP"}),
    "verifies only": (RSA, {"key_ops": ["verify"]}),
    "another curve's algorithm": (EC, {"alg": "ES384"}),
    "an RSA algorithm on a curve": (EC, {"alg": "RS256"}),
    "no algorithm at all": (RSA, {"alg": "none"}),
    "a curve nobody signs with": (ECKey.generate_key("secp256k1"), {}),
    "an Edwards curve": (OKPKey.generate_key("Ed25519"), {}),
    "a shared secret": (OctKey.generate_key(256), {}),
    "a list": (RSA, {"n": ["x"]}),
    "a broken number": (RSA, {"n": "!!!"}),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_key_of_no_use_is_named_and_nothing_raises(tmp_path, kind):
    key, more = UNUSABLE[kind]
    server = Server()
    answer = signed_in(saved(tmp_path, key, **more), server)
    assert isinstance(answer, NoAnswer)
    assert answer.trouble is Trouble.SIGN_IN
    assert cause_of(answer, now_utc()) is Cause.KEY_FILE
    assert server.forms == []


def test_a_pem_of_another_kind_is_named(tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / "key.pem").write_bytes(pem)
    with pytest.raises(KeyUnusableError):
        read_key(str(tmp_path / "key.pem"), "", "RS384")


def test_the_doctor_and_the_sender_are_told_the_same_of_a_key(tmp_path):
    file = saved(tmp_path, RSA, use="enc")
    tables = {
        "station": {"clinic": "x"},
        "journal": {
            "url": "http://127.0.0.1:9/fhir",
            "sign_in": {
                "kind": "helseid", "client_id": "c", "key_file": file, "scope": "s",
                "issuer": "http://127.0.0.1:9",
            },
        },
    }  # fmt: skip
    with Hostile(answering(200, json.dumps(Server("x").document).encode())) as server:
        base = server.url.rsplit("/", 1)[0]
        server.script = answering(
            200, json.dumps({"issuer": base, "token_endpoint": f"{base}/token"}).encode()
        )
        tables["journal"]["sign_in"]["issuer"] = base
        tables["journal"]["url"] = server.url
        (finding,) = examine(config_from(tables, "k"), only={"journal"})
    assert "«journal.sign_in.key_file»: det er ingen brukbar privat nøkkel" in finding.text


# --- what a discovery document may say -------------------------------------------------------

PLACES = {
    "over http": ({"token_endpoint": "http://sts.example.no/token"}, False),
    "of another host": ({"token_endpoint": "https://evil.example.com/token"}, False),
    "of another port": ({"token_endpoint": "https://sts.example.no:8443/token"}, False),
    "with a user": ({"token_endpoint": "https://sts.example.no@evil.example.com/token"}, False),
    "no address": ({"token_endpoint": "ftp://sts.example.no/token"}, False),
    "no text": ({"token_endpoint": 7}, False),
    "a broken address": ({"token_endpoint": "https://[::1/token"}, False),
    "the port spelt out": ({"token_endpoint": "https://sts.example.no:443/token"}, True),
    "on this machine": ({"token_endpoint": "http://127.0.0.1:1/token"}, False),
    "as it should be": ({}, True),
}


@pytest.mark.parametrize("dialect", [SMART, HELSEID])
@pytest.mark.parametrize("kind", PLACES)
def test_a_token_endpoint_that_is_not_to_be_trusted_gets_nothing(tmp_path, kind, dialect):
    document, trusted = PLACES[kind]
    server = Server(**document)
    answer = signed_in(saved(tmp_path, EC), server, dialect)
    assert isinstance(answer, NoAnswer) is not trusted
    assert bool(server.forms) is trusted
    if isinstance(answer, NoAnswer):
        assert cause_of(answer, now_utc()) is Cause.SIGN_IN_UNSAFE
        assert "/token" not in answer.detail


@pytest.mark.parametrize(
    ("issuer", "trusted"),
    [
        ("https://sts.example.no", True),
        ("https://sts.example.no/", True),
        ("https://other.example.no", False),
        ("http://sts.example.no", False),
    ],
)
def test_helseid_must_be_the_issuer_that_was_asked(tmp_path, issuer, trusted):
    answer = signed_in(saved(tmp_path, EC), Server(issuer=issuer))
    assert isinstance(answer, NoAnswer) is not trusted
    # An endpoint that the configuration names does not make a wrong issuer a right one.
    named = signed_in(
        saved(tmp_path, EC), Server(issuer=issuer), token_url="https://sts.example.no/token"
    )
    assert isinstance(named, NoAnswer) is not trusted


def test_a_smart_journal_may_name_its_own_issuer_and_a_person_may_name_the_endpoint(tmp_path):
    file = saved(tmp_path, EC)
    elsewhere = {
        "issuer": "https://login.example.no",
        "token_endpoint": "https://login.example.no/t",
    }
    base = "https://journal.example.no/fhir"
    assert "Authorization" in signed_in(file, Server(**elsewhere), SMART, base)
    alone = {**elsewhere, "issuer": ""}
    assert isinstance(signed_in(file, Server(**alone), SMART, base), NoAnswer)
    url = "https://login.example.no/t"
    assert "Authorization" in signed_in(file, Server(**alone), SMART, base, token_url=url)


def test_a_certificate_of_the_sign_in_is_told_of_the_sign_in(tmp_path):
    authority = Authority(tmp_path)
    with tls(answering(200, CAPABLE), authority.issue("server", days=-1)) as server:
        base = f"https://127.0.0.1:{server.port}"
        tables = {
            "url": "http://127.0.0.9:9/fhir",
            "ca_file": str(authority.ca),
            "sign_in": {
                "kind": "helseid", "client_id": "c", "scope": "s", "issuer": base,
                "key_file": saved(tmp_path, EC),
            },
        }  # fmt: skip
        (told,) = doctor(tables.pop("url"), **tables)
    assert "Sertifikatet til 127.0.0.1 gikk ut" in told


# --- files on this side ------------------------------------------------------------------------


def hl7_trouble(port, **more):
    line = MllpLine(MllpAddress("127.0.0.1", port, connect_timeout=5.0, deadline=5.0, **more))
    try:
        return line.exchange(b"MSH|x", Hearing("x"))
    finally:
        line.close()


@pytest.mark.parametrize("name", ["none.pem", "empty.pem"])
def test_a_ca_file_of_no_use_is_named_over_both_lines(tmp_path, name):
    authority = Authority(tmp_path)
    (tmp_path / "empty.pem").write_text("nothing\n")
    with tls(answering(200, CAPABLE), authority.issue("server")) as server:
        assert (
            cause_at(f"https://127.0.0.1:{server.port}/", ca_file=tmp_path / name) is Cause.CA_FILE
        )
        trouble = hl7_trouble(server.port, ca_file=tmp_path / name)
    assert trouble.trouble is Trouble.CONFIGURATION
    assert cause_of(trouble, now_utc()) is Cause.CA_FILE


def test_an_own_certificate_of_no_use_is_named_over_hl7(tmp_path):
    authority = Authority(tmp_path)
    certificate, _ = authority.issue("station")
    files = {"ca_file": authority.ca, "client_cert": certificate}
    assert cause_of(hl7_trouble(9, **files), now_utc()) is Cause.OWN_FILES
    files["client_cert"] = tmp_path / "none.pem"
    assert cause_of(hl7_trouble(9, **files), now_utc()) is Cause.OWN_FILES


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_an_own_certificate_that_is_refused_is_named_over_hl7(tmp_path, version):
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server"))
    context.load_verify_locations(authority.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = context.maximum_version = version
    with Hostile(answering(200), context) as server:
        trouble = hl7_trouble(server.port, ca_file=authority.ca)
    assert trouble.trouble is Trouble.SIGN_IN
    assert cause_of(trouble, now_utc()) is Cause.OWN_CERTIFICATE


# --- a proxy by setting ---------------------------------------------------------------------


class Proxy:
    """Puts one connection through, or answers it with a status."""

    def __init__(self, status=200):
        self.status = status
        self.asked = []

    def __enter__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listening.close()

    def _serve(self):
        try:
            near, _ = self._listening.accept()
        except OSError:
            return
        head = b""
        while b"\r\n\r\n" not in head and (got := near.recv(4096)):
            head += got
        self.asked.append(head.split(b"\r\n", 1)[0].decode())
        if self.status != 200:
            near.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % self.status)
            near.close()
            return
        host, port = self.asked[0].split(" ")[1].rsplit(":", 1)
        far = socket.create_connection((host, int(port)))
        near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        Thread(target=_pump, args=(near, far), daemon=True).start()
        _pump(far, near)


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def test_a_journal_is_reached_through_the_proxy_that_is_configured(tmp_path, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    authority = Authority(tmp_path)
    headers = "Content-Type: application/fhir+json"
    with (
        tls(answering(200, CAPABLE, headers), authority.issue("server")) as server,
        Proxy() as proxy,
    ):
        url = f"https://127.0.0.1:{server.port}/fhir"
        assert cause_at(url, ca_file=authority.ca, proxy=proxy.url) is None
        assert proxy.asked == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.0"] or proxy.asked == [
            f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"
        ]


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_refuses_is_named_and_nothing_was_sent(status):
    with Proxy(status) as proxy:
        endpoint = Endpoint("https://journal.example.no/fhir", proxy=proxy.url)
        client = FhirClient(endpoint)
        reply = client.send(b"{}")
        client.close()
    assert (reply.trouble, reply.detail) == (Trouble.NOT_CONNECTED, f"own-proxy {status}")
    assert cause_of(reply, now_utc()) is Cause.OWN_PROXY


def test_a_proxy_that_is_away_is_not_taken_for_the_journal():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (told,) = doctor("https://journal.example.no/fhir", proxy=f"http://127.0.0.1:{port}")
    assert "Proxyen i «journal.proxy»" in told


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://proxy.example.no:3128", ""),
        ("proxy.example.no:3128", "ingen proxy"),
        ("socks5://proxy.example.no", "ingen proxy"),
        ("http://user:secret@proxy.example.no", "passord hører ikke hjemme"),
        ("http://proxy.example.no/path", "bare proxyens navn"),
    ],
)
def test_a_proxy_in_the_configuration_is_looked_at(proxy, words):
    tables = {
        "station": {"clinic": "x"},
        "journal": {"url": "https://j.example.no", "proxy": proxy},
    }
    told = [one.text for one in within(config_from(tables, "k"))]
    assert [words in text for text in told] == ([True] if words else [])
    assert not any("secret" in text for text in told)


# --- records that are replaced, switched off or gone ------------------------------------------

BORN = date(2026, 11, 18)


def record(ident="p1", **more):
    return {"resourceType": "Patient", "id": ident, "birthDate": BORN.isoformat(), **more}


def link(kind):
    return {"link": [{"type": kind, "other": {"reference": "Patient/p2"}}]}


@pytest.mark.parametrize(
    ("patient", "in_use"),
    [
        (record(), True),
        (record(active=True), True),
        (record(active=False), False),
        (record(**link("replaced-by")), False),
        (record(**link("replaces")), True),
        (record(**link("seealso")), True),
        (record(link="nonsense"), True),
        (record(link=["nonsense", {"type": "replaced-by"}]), False),
    ],
)
def test_a_replaced_record_is_not_the_one_to_write_to(patient, in_use):
    assert is_in_use(patient) is in_use


@pytest.mark.parametrize(
    ("code", "protected"),
    [
        ("ugradert", False),
        ("fortrolig", True),
        ("strengtFortrolig", True),
        ("Strengt fortrolig", True),
    ],
)
def test_the_words_of_a_norwegian_journal_for_protected_are_read(code, protected):
    patient = record(meta={"security": [{"system": "http://dips.no/x", "code": code}]})
    assert is_protected(patient) is protected
    assert one_patient([patient], BORN).protected is protected


class Records:
    """A journal whose records may change while a message waits."""

    takes_changes = True

    def __init__(self):
        self.now = [record()]
        self.sent = []
        self.away = None

    def look_up(self, number, kind, birth_date):
        from kiosk.journal.contract import LookUpFailed

        assert (kind, birth_date) == (IdKind.NATIONAL, BORN)
        if self.away:
            return LookUpFailed(self.away, "x")
        return one_patient([one for one in self.now if is_in_use(one)], birth_date)

    def find(self, _identifier):
        return Absent()

    def send(self, body):
        self.sent.append(body)
        entries = json.loads(body)["entry"]
        made = [{"response": {"status": "201", "location": "X/1"}} for _ in entries]
        bundle = {"resourceType": "Bundle", "type": "transaction-response", "entry": made}
        return Answer(200, {}, json.dumps(bundle).encode())


GONE = {
    "deleted": ([], Failure.PATIENT_NOT_FOUND),
    "switched off": ([record(active=False)], Failure.PATIENT_NOT_FOUND),
    "replaced": ([record(**link("replaced-by")), record("p2")], Failure.PATIENT_NOT_FOUND),
    "merged into another": ([record("p2")], Failure.PATIENT_NOT_FOUND),
    "given twice": ([record(), record("p2")], Failure.PATIENT_NOT_UNIQUE),
    "born otherwise": ([record(birthDate="2026-11-17")], Failure.PATIENT_DIFFERS),
}


def waiting(state, hours=5):
    outbox, journal = MemoryOutbox(), Records()
    visit = whole_visit()
    site = Site("urn:x:1")
    body = visit_bundle(visit, PatientRef("Patient/p1"), site)
    ident = outbox.add(visit, body, datetime.now(UTC) - timedelta(hours=hours))
    item = replace(outbox.rows[ident], state=state)
    outbox.rows[ident] = item
    hands = Hands(store=outbox, now=now_utc, chance=lambda: 0.5, in_flight=lambda _: None)
    return FhirInterface(journal, site), item, hands, journal


@pytest.mark.parametrize("state", [Delivery.CLAIMED, Delivery.IN_FLIGHT, Delivery.AMBIGUOUS])
@pytest.mark.parametrize("kind", GONE)
def test_what_has_waited_is_not_sent_to_a_record_that_is_gone(kind, state):
    interface, item, hands, journal = waiting(state)
    journal.now, failure = GONE[kind]
    verdict = interface.deliver(item, hands)
    assert isinstance(verdict.outcome, Parked)
    assert verdict.outcome.failure is failure
    assert journal.sent == []


def test_what_is_new_or_still_theirs_is_sent_and_a_journal_that_cannot_be_asked_is_waited_for():
    interface, item, hands, journal = waiting(Delivery.CLAIMED)
    interface.deliver(item, hands)
    assert len(journal.sent) == 1
    interface, item, hands, journal = waiting(Delivery.CLAIMED, hours=0)
    journal.now = []
    interface.deliver(item, hands)
    assert len(journal.sent) == 1, f"a look-up is believed for {patient_check.WAITED}"
    interface, item, hands, journal = waiting(Delivery.AMBIGUOUS)
    journal.away = Failure.UNREACHABLE
    outcome = interface.deliver(item, hands).outcome
    assert isinstance(outcome, Later)
    assert outcome.ambiguous
    assert journal.sent == []
