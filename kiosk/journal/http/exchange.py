"""One HTTP exchange with a journal after the other, over one ``requests`` session.

The session takes nothing from the environment (no ``.netrc``, no proxy but the configured one),
follows no redirect, keeps no cookie, never retries by itself and always verifies certificates.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Iterator, Mapping

import requests

from kiosk.journal.contract import Answer, Endpoint, NoAnswer, Reply, Trouble
from kiosk.journal.failure_words import failure_word, own_certificate_words
from kiosk.journal.http.connection import Wire, adapter_for
from kiosk.journal.http.own_files import unusable_file
from kiosk.journal.sign_in.bearer import TokenFile
from kiosk.journal.sign_in.contract import NoSignIn, SignIn

FHIR_JSON = "application/fhir+json"
MAX_ANSWER = 4 * 1024 * 1024
"""Bytes of an answer that are read; no answer to this station is nearly as long."""


def _nothing(_: logging.LogRecord) -> bool:
    """Let nothing through: urllib3 writes whole addresses, which may hold an identity number."""
    return False


def _usual(endpoint: Endpoint) -> SignIn:
    """A token from a file where one is named; else none."""
    return TokenFile(endpoint.token_file) if endpoint.token_file else NoSignIn()


def _certificate_of(endpoint: Endpoint) -> tuple[str, str] | str | None:
    """The station's own certificate, for a server that asks for one."""
    if endpoint.client_cert is None:
        return None
    if endpoint.client_key is None:
        return str(endpoint.client_cert)
    return str(endpoint.client_cert), str(endpoint.client_key)


class Exchange:
    """A connection to one journal. One thread uses it; ``abort`` is for any."""

    def __init__(self, endpoint: Endpoint, sign_in: SignIn | None = None) -> None:
        for name in ("urllib3.connectionpool", "urllib3.util.retry", "urllib3.connection"):
            logging.getLogger(name).addFilter(_nothing)
        self._endpoint = endpoint
        self._wire = Wire()
        self._adapter = adapter_for(self._wire)
        self._verify: bool | str = str(endpoint.ca_file) if endpoint.ca_file else True
        self._session = _session()
        self._sign_in = sign_in or _usual(endpoint)
        self._certificate = _certificate_of(endpoint)
        # Plain HTTP goes to this machine only.
        self._proxies = {"https": endpoint.proxy} if endpoint.proxy else {}
        self._template: requests.PreparedRequest | None = None

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        seconds: float | None = None,
    ) -> Reply:
        """Ask once and wait; the deadline is the endpoint's, or ``seconds``."""
        deadline = time.monotonic() + (seconds or self._endpoint.deadline)
        reply = self._signed(method, url, body, headers, deadline)
        if not isinstance(reply, Answer) or reply.status != 401:
            return reply
        if self._sign_in.refused(reply):
            # It may have been renewed or replaced since; once, then a person.
            reply = self._signed(method, url, body, headers, deadline)
        if isinstance(reply, Answer) and reply.status == 401:
            return self._sign_in.named(reply)
        return reply

    def _signed(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        deadline: float,
    ) -> Reply:
        def ask(how: str, where: str, form: bytes | None, told: Mapping[str, str]) -> Reply:
            return self._once(how, where, form, told, deadline)

        signed = self._sign_in.headers(method, url, ask)
        if isinstance(signed, NoAnswer):
            return signed
        reply = self._once(method, url, body, {**headers, **signed}, deadline)
        if isinstance(reply, Answer):
            self._sign_in.seen(reply)
        return reply

    def _once(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        deadline: float,
    ) -> Reply:
        left = deadline - time.monotonic()
        if self._wire.ended or left <= 0:
            return NoAnswer(Trouble.NOT_CONNECTED, "ended" if self._wire.ended else "deadline")
        self._wire.arm(left)
        try:
            return self._exchanged(method, url, body, headers, left)
        except requests.RequestException as error:
            return self._trouble(error)
        except OSError:
            # requests raises a bare OSError for a CA file that is not there.
            sent = self._wire.left
            word = "os-error" if sent else self._unusable_file() or "os-error"
            return NoAnswer(Trouble.NO_ANSWER if sent else Trouble.CONFIGURATION, word)
        finally:
            self._wire.disarm()

    def _exchanged(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], left: float
    ) -> Reply:
        endpoint = self._endpoint
        # The adapter alone: what a session adds (redirects, cookies, hooks) is not wanted here.
        with self._adapter.send(
            self._prepared(method, url, body, headers),
            stream=True,
            timeout=(min(endpoint.connect_timeout, left), min(endpoint.read_timeout, left)),
            verify=self._verify,
            cert=self._certificate,
            proxies=self._proxies,
        ) as response:
            known = {name.lower(): value for name, value in response.headers.items()}
            read, complete = _read(response)
            # After a cut from here the end of the stream is our own doing.
            return Answer(response.status_code, known, read, complete and not self._wire.cut)

    def _prepared(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> requests.PreparedRequest:
        """The request as it goes out. Taking an address apart is dear, so one is kept."""
        if self._template is None or (self._template.method, self._template.url) != (method, url):
            self._template = self._session.prepare_request(requests.Request(method, url))
        prepared = self._template.copy()
        prepared.headers.update(headers)
        prepared.prepare_body(body, None)
        return prepared

    def _trouble(self, error: requests.RequestException) -> NoAnswer:
        causes = list(_causes(error))
        if isinstance(error, requests.exceptions.ProxyError):
            # Nothing but the wish to be put through has left.
            return NoAnswer(Trouble.NOT_CONNECTED, f"own-proxy {_proxy_word(causes[-1])}")
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return NoAnswer(Trouble.CERTIFICATE, _certificate_words(causes))
        if own := own_certificate_words(causes):
            return NoAnswer(Trouble.SIGN_IN, own)
        if isinstance(error, requests.exceptions.SSLError) and (word := self._unusable_file()):
            return NoAnswer(Trouble.CONFIGURATION, word)
        if isinstance(error, _UNUSABLE):
            return NoAnswer(Trouble.CONFIGURATION, type(error).__name__)
        name = "deadline" if self._wire.cut else failure_word(causes[-1])
        return NoAnswer(Trouble.NO_ANSWER if self._wire.left else Trouble.NOT_CONNECTED, name)

    def _unusable_file(self) -> str:
        """Which of the files that every request needs cannot be used, before it could connect."""
        endpoint = self._endpoint
        if self._wire.left:
            return ""
        return unusable_file(endpoint.ca_file, endpoint.client_cert, endpoint.client_key)

    def abort(self) -> None:
        """Cut the request that is running, if any; from now on nothing is sent."""
        self._wire.abort()

    def close(self) -> None:
        """Close the connection and end its watchdog."""
        self._adapter.close()
        self._session.close()
        self._wire.close()


_UNUSABLE = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


def _session() -> requests.Session:
    """What every request has in common; requests are prepared with it and sent by the adapter."""
    session = requests.Session()
    session.trust_env = False
    session.headers.update(
        {
            "Accept": FHIR_JSON,
            "Accept-Encoding": "identity",
            "User-Agent": "helsestasjon-kiosk",
        }
    )
    return session


def _read(response: requests.Response) -> tuple[bytes, bool]:
    """Read the body as far as it comes. A cut body keeps its status: that decides first."""
    chunks: list[bytes] = []
    size = 0
    try:
        for chunk in response.iter_content(64 * 1024):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_ANSWER:
                return b"", False
    except requests.RequestException:
        return b"".join(chunks), False
    return b"".join(chunks), True


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, outermost first: only the innermost tells TLS troubles apart."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (getattr(current, "reason", None), current.__cause__, current.__context__)
        waiting += [e for e in (*inner, *current.args) if isinstance(e, BaseException)]


def _proxy_word(error: BaseException) -> str:
    """What a proxy has answered, or why it did not."""
    told = re.search(r"Tunnel connection failed: (\d{3})", str(error))
    return told[1] if told else failure_word(error)


def _certificate_words(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate: {cause.verify_message}"
    return "certificate"
