"""Why a journal cannot be reached or does not do as it should: one name for each cause. Pure.

A reply tells by its status and headers; where none came, by the word that the exchange put down.
The same words stand in a message's row, so that what was noted last night can be read the same way,
and the screen, the commands and the doctor say the same of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from kiosk.language.marking import mark


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


SHORT_WORDS: Mapping[Cause, str] = {
    Cause.NAME_UNKNOWN: mark("navnet finnes ikke i DNS"),
    Cause.REFUSED: mark("tjenesten tar ikke imot"),
    Cause.NO_ROUTE: mark("ingen vei til tjenesten"),
    Cause.TIME_OUT: mark("svarte ikke i tide"),
    Cause.CUT: mark("forbindelsen ble brutt"),
    Cause.PROXY: mark("en proxy svarte"),
    Cause.OWN_PROXY: mark("proxyen slipper ikke stasjonen gjennom"),
    Cause.CLOCK: mark("klokkene går ulikt"),
    Cause.OTHER: mark("kan ikke nås"),
    Cause.NOT_TLS: mark("svarer ikke med TLS"),
    Cause.CERTIFICATE_EXPIRED: mark("sertifikatet er gått ut"),
    Cause.CERTIFICATE_NOT_YET: mark("sertifikatet gjelder ikke ennå"),
    Cause.CERTIFICATE_ISSUER: mark("sertifikatets utsteder er ukjent"),
    Cause.CERTIFICATE_NAME: mark("sertifikatet gjelder et annet navn"),
    Cause.CERTIFICATE_OTHER: mark("sertifikatet kan ikke godtas"),
    Cause.OWN_CERTIFICATE: mark("stasjonens sertifikat ble avvist"),
    Cause.OWN_FILES: mark("stasjonens sertifikat kan ikke brukes"),
    Cause.CA_FILE: mark("ca_file mangler"),
    Cause.TOKEN_FILE: mark("token_file mangler"),
    Cause.KEY_FILE: mark("nøkkelen til innloggingen kan ikke brukes"),
    Cause.NOT_SIGNED_IN: mark("innloggingen ble avvist"),
    Cause.SIGN_IN_REFUSED: mark("innloggingen ble avvist"),
    Cause.SIGN_IN_AWAY: mark("innloggingstjenesten kan ikke brukes"),
    Cause.SIGN_IN_UNSAFE: mark("innloggingen viser til en utrygg adresse"),
    Cause.FORBIDDEN: mark("stasjonen har ikke tilgang"),
    Cause.NOT_FOUND: mark("ingenting på adressen"),
    Cause.REDIRECTED: mark("tjenesten sender videre"),
    Cause.WEB_PAGE: mark("svarte med en nettside"),
    Cause.NOT_FHIR: mark("svarte ikke som en FHIR-tjeneste"),
    Cause.BUSY: mark("opptatt, eller en feil hos tjenesten"),
    Cause.REFUSES: mark("avviste meldingen"),
}
"""A cause in a few words, for a list; the doctor has a sentence for each."""


NOTED = ("not-asked:", "taken-again:")
"""What the station notes before a word: to which of its steps it belongs."""


def without_note(detail: str) -> str:
    """A technical word without what the station noted before it."""
    for note in NOTED:
        detail = detail.removeprefix(note)
    return detail.strip()


def own_cause(detail: str) -> Cause | None:
    """The cause that a word of the station stands for; ``None`` for what came as an answer."""
    told = without_note(detail)
    return next((cause for pattern, cause in WORDS if re.search(pattern, told)), None)


def cause_in(detail: str) -> Cause | None:
    """The cause that a technical word stands for, such as the one in a message's row."""
    if (cause := own_cause(detail)) is not None:
        return cause
    detail = without_note(detail)
    status = detail.partition(" ")[0]
    return by_status(int(status)) if status.isascii() and status.isdecimal() else None


def by_status(status: int) -> Cause | None:
    """The cause that a status of HTTP stands for; ``None`` for a success."""
    if status in STATUSES:
        return STATUSES[status]
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Cause.REDIRECTED
    return Cause.BUSY if status >= 500 else Cause.REFUSES
