"""Why a journal cannot be reached or does not do as it should: one name for each cause. Pure.

A reply tells by its status and headers; where none came, by the word that the exchange put down.
The same words stand in a message's row, so that what was noted last night can be read the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from kiosk.journal.contract import Answer, NoAnswer, Reply, Trouble
from kiosk.journal.fhir.searching import read_resource
from kiosk.journal.sign_in.clock_check import seconds_off


class Cause(StrEnum):
    """What stands between the station and its journal."""

    NAME_UNKNOWN = "name-unknown"
    REFUSED = "refused"
    NO_ROUTE = "no-route"
    TIME_OUT = "time-out"
    CUT = "cut"
    NOT_TLS = "not-tls"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NOT_YET = "certificate-not-yet-valid"
    CERTIFICATE_ISSUER = "certificate-unknown-issuer"
    CERTIFICATE_NAME = "certificate-wrong-name"
    CERTIFICATE_OTHER = "certificate"
    OWN_CERTIFICATE = "own-certificate"
    OWN_FILES = "own-certificate-file"
    CA_FILE = "ca-file"
    TOKEN_FILE = "token-file"  # noqa: S105 - a name, not a token
    KEY_FILE = "key-file"
    NOT_SIGNED_IN = "not-signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_IN_AWAY = "sign-in-away"
    SIGN_IN_UNSAFE = "sign-in-unsafe"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    REDIRECTED = "redirected"
    CLOCK = "clock"
    PROXY = "proxy"
    OWN_PROXY = "own-proxy"
    WEB_PAGE = "web-page"
    NOT_FHIR = "not-fhir"
    BUSY = "busy"
    REFUSES = "refuses"
    OTHER = "other"


WORDS: tuple[tuple[str, Cause], ...] = (
    # The first that is found counts. Names of exceptions are Python's and urllib3's; what follows
    # "certificate:" is OpenSSL's (X509_verify_cert_error_string).
    (r"^certificate: .*has expired", Cause.CERTIFICATE_EXPIRED),
    (r"^certificate: .*not yet valid", Cause.CERTIFICATE_NOT_YET),
    (r"^certificate: .*(self.signed|unable to get|unable to verify)", Cause.CERTIFICATE_ISSUER),
    (r"^certificate: .*(mismatch|not valid for|doesn't match)", Cause.CERTIFICATE_NAME),
    (r"^certificate", Cause.CERTIFICATE_OTHER),
    (r"^own-certificate-file", Cause.OWN_FILES),
    (r"^own-certificate", Cause.OWN_CERTIFICATE),
    (r"^ca-file", Cause.CA_FILE),
    (r"^token-file", Cause.TOKEN_FILE),
    (r"^key-unusable", Cause.KEY_FILE),
    (r"^clock-off", Cause.CLOCK),
    (r"^own-proxy", Cause.OWN_PROXY),
    (r"^sign-in own-proxy", Cause.OWN_PROXY),
    (r"^(token-endpoint-|issuer-of-another)", Cause.SIGN_IN_UNSAFE),
    (r"^sign-in (gaierror|NameResolutionError)", Cause.SIGN_IN_AWAY),
    (r"^(sign-in|discovery) ", Cause.SIGN_IN_AWAY),
    (r"^(discovery-without|token-of-type|scope-missing)", Cause.SIGN_IN_REFUSED),
    (r"^(gaierror|NameResolutionError|UnicodeError)", Cause.NAME_UNKNOWN),
    (r"^ConnectionRefusedError", Cause.REFUSED),
    (r"^no-route", Cause.NO_ROUTE),
    (r"^(deadline|TimeoutError|timeout|ConnectTimeout|ReadTimeout)", Cause.TIME_OUT),
    (r"^not-tls", Cause.NOT_TLS),
    (r"^(proxy|ProxyError)", Cause.PROXY),
    (r"^(RemoteDisconnected|BadStatusLine|IncompleteRead|ProtocolError|cut-short)", Cause.CUT),
    (r"^(Connection(Reset|Aborted)Error|BrokenPipeError|SSL(EOF|ZeroReturn)Error)", Cause.CUT),
    (r"^\d{3} not-a-fhir-answer", Cause.NOT_FHIR),
)
STATUSES: Mapping[int, Cause] = {
    401: Cause.NOT_SIGNED_IN,
    403: Cause.FORBIDDEN,
    404: Cause.NOT_FOUND,
    407: Cause.PROXY,
    410: Cause.NOT_FOUND,
    429: Cause.BUSY,
    511: Cause.PROXY,
}
_PROXY_SIGNS = ("x-squid-error", "proxy-authenticate", "proxy-status")
_TROUBLES = {Trouble.SIGN_IN: Cause.SIGN_IN_REFUSED, Trouble.CLOCK: Cause.CLOCK}


def cause_of(reply: Reply, now: datetime) -> Cause | None:
    """What a reply to the question for the service's capabilities says is wrong; ``None`` if it is
    a FHIR service that answers.
    """
    if isinstance(reply, NoAnswer):
        if reply.trouble is Trouble.SIGN_IN and reply.detail[:1].isdigit():
            return Cause.SIGN_IN_REFUSED  # the authorization server's status, not the journal's
        return cause_in(reply.detail) or _TROUBLES.get(reply.trouble, Cause.OTHER)
    return _by_answer(reply, now)


def cause_in(detail: str) -> Cause | None:
    """The cause that a technical word stands for, such as the one in a message's row."""
    for pattern, cause in WORDS:
        if re.search(pattern, detail):
            return cause
    status = detail.partition(" ")[0]
    return _by_status(int(status)) if status.isascii() and status.isdecimal() else None


def _by_answer(answer: Answer, now: datetime) -> Cause | None:
    headers = answer.headers
    if any(sign in headers for sign in _PROXY_SIGNS):
        return Cause.PROXY
    if answer.status in {401, 403} and seconds_off(headers, now):
        return Cause.CLOCK
    if (cause := _by_status(answer.status)) is not None:
        return cause
    if read_resource(answer.body).get("resourceType") == "CapabilityStatement":
        return None
    html = "html" in headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
    return Cause.WEB_PAGE if html else Cause.NOT_FHIR


def _by_status(status: int) -> Cause | None:
    if status in STATUSES:
        return STATUSES[status]
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Cause.REDIRECTED
    return Cause.BUSY if status >= 500 else Cause.REFUSES
