"""A gate before a real FHIR server, where one kind of request can go wrong in every known way."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event, Lock

import requests

from tests.journal.hostile_server import Hostile, Talk

PASSED_ON = ("Content-Type", "ETag", "Location", "Last-Modified")
HELD_SECONDS = 2.0
"""Longer than the deadline of the client under test."""

Fault = Callable[[Talk, "Gate"], None]


class Gate:
    """Passes requests on, but for those of ``phase`` while a fault is on."""

    def __init__(self, upstream: str, tls: ssl.SSLContext | None = None) -> None:
        self.upstream = upstream.removesuffix("/fhir")
        self.phase, self.fault, self.left = "", None, 0
        self.struck = Event()
        self._lock = Lock()
        self._session = requests.Session()
        self._session.trust_env = False
        self.server = Hostile(self._talk, tls)

    def arm(self, phase: str, fault: Fault, times: int) -> None:
        self.struck.clear()
        self.phase, self.fault, self.left = phase, fault, times

    def calm(self) -> None:
        self.left = 0

    def _talk(self, talk: Talk) -> None:
        with self._lock:
            strikes = self.left > 0 and self.phase in {phase_of(talk), "any"}
            self.left -= strikes
        if strikes:
            self.struck.set()
            self.fault(talk, self)
        else:
            status, body, headers = self.forward(talk)
            talk.answer(status, body, *headers)

    def forward(self, talk: Talk) -> tuple[int, bytes, list[str]]:
        """Let the real server carry it out."""
        method, path, *_ = talk.head.split(b"\r\n")[0].decode().split(" ")
        given = dict(
            line.decode().split(": ", 1) for line in talk.head.split(b"\r\n")[1:] if b": " in line
        )
        kept = ("content-type", "accept", "if-match", "if-none-exist", "prefer")
        headers = {name: value for name, value in given.items() if name.lower() in kept}
        answer = requests.request(
            method, self.upstream + path, data=talk.body, headers=headers, timeout=10
        )
        told = [f"{name}: {answer.headers[name]}" for name in PASSED_ON if name in answer.headers]
        return answer.status_code, answer.content, told


def phase_of(talk: Talk) -> str:
    """Which step of the sender a request belongs to."""
    line = talk.head.split(b"\r\n")[0].decode()
    if "/metadata" in line:
        return "probe"
    if "/Patient" in line:
        return "look-up"
    if line.startswith(("POST /fhir HTTP", "POST /fhir/ HTTP")):
        changes = b'"PUT"' in talk.body
        return "correct" if changes else "send"
    return "ask"


# --- the faults ------------------------------------------------------------------------


def _outcome(severity: str, code: str, words: str) -> bytes:
    issue = {"severity": severity, "code": code, "diagnostics": words}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()


def status(code: int, *headers: str) -> Fault:
    def fault(talk: Talk, gate: Gate) -> None:
        del gate
        words = _outcome("error", "processing", f"status {code}")
        talk.answer(code, words, "Content-Type: application/fhir+json", *headers)

    return fault


def retry_at(talk: Talk, gate: Gate) -> None:
    del gate
    moment = datetime.now(UTC) + timedelta(seconds=1)
    talk.answer(429, b"", f"Retry-After: {format_datetime(moment, usegmt=True)}")


def hold_before(talk: Talk, gate: Gate) -> None:
    del gate
    talk.ending.wait(HELD_SECONDS)
    talk.reset()


def hold_after(talk: Talk, gate: Gate) -> None:
    gate.forward(talk)
    talk.ending.wait(HELD_SECONDS)
    talk.reset()


def reset_before(talk: Talk, gate: Gate) -> None:
    del gate
    talk.reset()


def reset_after(talk: Talk, gate: Gate) -> None:
    gate.forward(talk)
    talk.reset()


def behind_a_gateway(talk: Talk, gate: Gate) -> None:
    """The journal did it, and the gateway before it did not wait so long."""
    gate.forward(talk)
    status(504)(talk, gate)


def truncated(talk: Talk, gate: Gate) -> None:
    code, body, headers = gate.forward(talk)
    talk.answer(code, body[: len(body) // 2], *headers, length=len(body))
    talk.reset()


def html(talk: Talk, gate: Gate) -> None:
    del gate
    talk.answer(200, b"<html><body>Login</body></html>", "Content-Type: text/html")


def portal(talk: Talk, gate: Gate) -> None:
    del gate
    talk.answer(302, b"", "Location: http://login.invalid/welcome")


def error_entry(talk: Talk, gate: Gate) -> None:
    """A success whose content says that something was refused."""
    if phase_of(talk) not in {"send", "correct"}:
        talk.answer(200, _outcome("error", "exception", "search failed"))
        return
    entries = len(json.loads(talk.body)["entry"])
    refused = json.loads(_outcome("error", "invariant", "not accepted"))
    entry = {"response": {"status": "422", "outcome": refused}}
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction-response",
        "entry": [entry] * entries,
    }
    talk.answer(200, json.dumps(bundle).encode(), "Content-Type: application/fhir+json")
    del gate


def drip(talk: Talk, gate: Gate) -> None:
    code, body, headers = gate.forward(talk)
    lines = [f"HTTP/1.1 {code} X", f"Content-Length: {len(body)}", *headers]
    talk.drip("\r\n".join(lines).encode() + b"\r\n\r\n" + body, 0.05)


def wrong_clock(talk: Talk, gate: Gate) -> None:
    del gate
    moment = datetime.now(UTC) + timedelta(seconds=60)
    talk.answer(401, b"", f"Date: {format_datetime(moment, usegmt=True)}")


def _until_gone(talk: Talk) -> None:
    """Keep silent until the client is gone."""
    end = time.monotonic() + 20
    talk.sock.settimeout(0.01)
    while time.monotonic() < end and not talk.ending.wait(0.05):
        try:
            if talk.sock.recv(1) == b"":
                return
        except TimeoutError:
            continue


def linger(talk: Talk, gate: Gate) -> None:
    gate.forward(talk)
    _until_gone(talk)


def linger_before(talk: Talk, gate: Gate) -> None:
    del gate
    _until_gone(talk)


FAULTS: dict[str, tuple[Fault, int]] = {
    "kill -9 before the journal stored": (linger_before, 1),
    "kill -9 after the journal stored": (linger, 1),
    "time-out before the journal stored": (hold_before, 2),
    "time-out after the journal stored": (hold_after, 2),
    "connection reset before": (reset_before, 3),
    "connection reset after": (reset_after, 3),
    "body cut in half": (truncated, 2),
    "one byte every 50 ms": (drip, 1),
    "200 with HTML": (html, 2),
    "200 with an error entry": (error_entry, 1),
    "302 to a captive portal": (portal, 6),
    "400": (status(400), 1),
    "401, the token died": (status(401), 2),
    "401, clock 60 s off": (wrong_clock, 2),
    "403": (status(403), 2),
    "404": (status(404), 1),
    "409": (status(409), 1),
    "410": (status(410), 1),
    "412": (status(412), 1),
    "413": (status(413), 1),
    "422": (status(422), 1),
    "429 with seconds": (status(429, "Retry-After: 1"), 2),
    "429 with a date": (retry_at, 2),
    "500": (status(500), 2),
    "502": (status(502), 2),
    "503": (status(503), 2),
    "504": (status(504), 2),
    "504 of a gateway after the journal stored": (behind_a_gateway, 2),
}
"""By name: what happens, and how often before the gate is well again."""
