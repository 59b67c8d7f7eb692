"""A server that demands a certificate of the station: HTTP and MLLP alike."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kiosk.journal.contract import Endpoint, NoAnswer, Trouble
from kiosk.journal.hl7.hl7_reply import Hearing
from kiosk.journal.hl7.mllp import MllpAddress, MllpLine
from kiosk.journal.http.exchange import Exchange
from kiosk.journal.sign_in.certificate import certificate_end
from kiosk.system.clock import now_utc
from tests.journal.certificates import Authority
from tests.journal.mllp_receiver import MllpReceiver


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server"))
    context.load_verify_locations(authority.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    # With TLS 1.3 a server says no only after the handshake, and Python's closes at once, so that
    # its alert may be lost on the way: then the message is as uncertain as after any cut.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


class Fine(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def url(context):
    server = HTTPServer(("127.0.0.1", 0), Fine)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def get(url, authority, **certificate):
    exchange = Exchange(Endpoint(url, ca_file=authority.ca, **certificate))
    try:
        return exchange.request("GET", f"{url}/metadata", None, {})
    finally:
        exchange.close()


def test_the_stations_own_certificate_is_shown(url, authority):
    certificate, key = authority.issue("station")
    assert get(url, authority, client_cert=certificate, client_key=key).status == 200


@pytest.mark.parametrize("kind", ["none", "expired", "of another authority"])
def test_a_certificate_that_the_server_does_not_take_is_a_matter_of_signing_in(
    url, authority, tmp_path, kind
):
    files = {}
    if kind == "expired":
        files["client_cert"], files["client_key"] = authority.issue("old", days=-1)
    elif kind == "of another authority":
        other = Authority(tmp_path, "Other CA")
        files["client_cert"], files["client_key"] = other.issue("stranger")
    told = get(url, authority, **files)
    assert isinstance(told, NoAnswer)
    assert told.trouble is Trouble.SIGN_IN
    assert told.detail.startswith("own-certificate")


def test_the_end_of_a_certificate_can_be_told_in_time(authority):
    certificate, _ = authority.issue("station", days=9)
    assert (certificate_end(certificate) - now_utc().date()).days in {8, 9}
    assert certificate_end(Path("/nonexistent")) is None
    assert certificate_end(None) is None


def test_an_hl7_line_is_encrypted_and_shows_the_certificate(context, authority):
    receiver = MllpReceiver(context=context)
    certificate, key = authority.issue("station")
    line = MllpLine(
        MllpAddress(
            "127.0.0.1",
            receiver.port,
            ca_file=authority.ca,
            client_cert=certificate,
            client_key=key,
            deadline=5,
        )
    )
    message = b"MSH|^~\\&|K|K|J|J|20261123||ORU^R01|7|P|2.5\r"
    for _ in range(2):
        hearing = Hearing("7")
        assert line.exchange(message, hearing) is None
        assert hearing.is_answered
    assert receiver.connections == 1
    line.close()


def test_an_hl7_receiver_with_an_unknown_certificate_gets_nothing(context, authority, tmp_path):
    receiver = MllpReceiver(context=context)
    other = Authority(tmp_path, "Other CA")
    line = MllpLine(MllpAddress("127.0.0.1", receiver.port, ca_file=other.ca))
    told = line.exchange(b"MSH|^~\\&|K\r", Hearing("7"))
    assert isinstance(told, NoAnswer)
    assert told.trouble is Trouble.CERTIFICATE
    assert receiver.received == []
