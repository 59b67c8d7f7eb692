"""What the station asks of a journal system, and what may come back.

The sender and the look-up worker know only these types; ``kiosk.journal.fhir.client`` is one way to
provide them. Nothing here imports an HTTP library, so the screen can start before it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from kiosk.model.lists import Booked
from kiosk.model.outbox import Failure
from kiosk.model.visit import IdKind
from kiosk.weighing.earlier import Earlier

_PATIENT = re.compile(r"Patient/[A-Za-z0-9\-.]{1,64}")
_SYSTEM = re.compile(r"[a-z][a-z0-9+.\-]*:[^\s|,$\\]+")


class PatientSearch(StrEnum):
    """How patients are searched for. ``POST`` keeps identity numbers out of addresses."""

    POST = "post"
    GET = "get"


class Shape(StrEnum):
    """How the entries of a message travel over FHIR.

    ``TRANSACTION``: all or nothing. ``BATCH``: one request, settled entry by entry. ``SINGLE``:
    one request an entry, for services that take no bundles.
    """

    TRANSACTION = "transaction"
    BATCH = "batch"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One journal service. Times are seconds.

    ``deadline`` bounds a whole request whatever the server does; the two time-outs bound each
    socket operation. ``doubt`` is how long to wait after a lost answer before the journal is asked
    whether it has the values, which it may still be working on. ``takes_changes`` says that the
    journal lets the station update what it sent.
    ``proxy`` is an HTTP proxy that everything but this machine is reached through.
    Raises :class:`ValueError` for plain HTTP to anywhere but this machine.
    """

    base_url: str
    ca_file: Path | None = None
    token_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    patient_search: PatientSearch = PatientSearch.POST
    takes_changes: bool = True
    proxy: str = ""
    connect_timeout: float = 3.0
    read_timeout: float = 10.0
    deadline: float = 15.0
    doubt: float = 0.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the journal's address must be an http or https address")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("the journal must be reached over https outside this machine")


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Site:
    """Who sends: the system of the identifiers made here, the organisation and its language.

    ``system`` is a URI of this station's own, or of the clinic whose stations share a database;
    ``station`` then tells their devices apart. Raises :class:`ValueError` if it is none.
    """

    system: str
    organisation_number: str = ""
    organisation_name: str = ""
    language: str = "nb"
    station: str = ""

    def __post_init__(self) -> None:
        if not _SYSTEM.fullmatch(self.system):
            raise ValueError("an identifier system must be a URI without spaces, | , $ or \\")


def station_system(organisation_number: str, station_id: str) -> str:
    """Return the identifier system of a station that was not given one."""
    return f"urn:x-helsestasjon-kiosk:{organisation_number or 'local'}:{station_id}"


@dataclass(frozen=True, slots=True)
class PatientRef:
    """The journal's own id of a patient record: ``Patient/…``. :class:`ValueError` otherwise."""

    reference: str

    def __post_init__(self) -> None:
        if not _PATIENT.fullmatch(self.reference):
            raise ValueError("not a reference to a patient record")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A business identifier made by this station."""

    system: str
    value: str

    @property
    def token(self) -> str:
        """The FHIR search token ``system|value``."""
        return f"{self.system}|{self.value}"


class Trouble(StrEnum):
    """Why there is no answer at all. Only ``NO_ANSWER`` leaves open whether the bytes arrived."""

    NOT_CONNECTED = "not-connected"
    NO_ANSWER = "no-answer"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign-in"
    CONFIGURATION = "configuration"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No answer came. ``detail`` is a technical word without personal data; ``url`` is where it did
    not come from, if that was not the journal itself.
    """

    trouble: Trouble
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. Header names are lower case; ``complete`` is false for a cut body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    complete: bool = True


Reply = Answer | NoAnswer


@dataclass(frozen=True, slots=True)
class PatientFound:
    """Exactly one record with this number, and its birth date is the one given.

    ``protected`` says that the record carries a confidentiality label above the usual.
    """

    reference: str
    given_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    protected: bool = False


@dataclass(frozen=True, slots=True)
class PatientMissing:
    """No record in use carries this number."""


@dataclass(frozen=True, slots=True)
class PatientSeveral:
    """More than one record carries this number."""


@dataclass(frozen=True, slots=True)
class PatientDiffers:
    """One record carries this number, but with another birth date."""


@dataclass(frozen=True, slots=True)
class LookUpFailed:
    """The journal could not be asked."""

    failure: Failure
    detail: str = ""


PatientAnswer = PatientFound | PatientMissing | PatientSeveral | PatientDiffers | LookUpFailed


@dataclass(frozen=True, slots=True)
class Found:
    """The journal has exactly one resource with the identifier. ``remote`` is its reference."""

    remote: str


@dataclass(frozen=True, slots=True)
class Held:
    """The journal's one resource with the identifier, as it is there now.

    ``version`` is the journal's own word for it, sent back with a change.
    """

    remote: str
    version: str
    resource: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """The journal has no resource with the identifier."""


@dataclass(frozen=True, slots=True)
class Several:
    """The journal has the identifier more than once."""

    remotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The journal could not be asked."""

    failure: Failure
    detail: str = ""


Finding = Found | Absent | Several | Unknown
Holding = Held | Absent | Several | Unknown


class Journal(Protocol):
    """One connection to a journal system, used by one thread; ``abort`` may come from any."""

    def send(self, body: bytes) -> Reply:
        """Post a frozen body once."""

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send one resource: ``path`` below the base, with its condition as a header."""

    def find(self, identifier: Identifier) -> Finding:
        """Ask whether an Observation with this identifier is stored."""

    def fetch(self, identifier: Identifier) -> Holding:
        """Read the Observation with this identifier as it is stored now."""

    @property
    def takes_changes(self) -> bool:
        """Whether corrections and withdrawals may be sent to this journal at all."""

    def look_up(self, number: str, kind: IdKind, birth_date: date) -> PatientAnswer:
        """Search a patient by identity number and compare the birth date."""

    def booked(self, since: datetime, until: datetime) -> Sequence[Booked]:
        """Who has an appointment in that time. Empty where the journal could not be asked."""

    def earlier(self, patient: PatientRef) -> Sequence[Earlier]:
        """The newest weight, length and head circumference of a patient, as far as they are told.

        Empty where the journal could not be asked: the station measures without them.
        """

    def probe(self) -> Reply:
        """Ask for anything at all, cheaply: does somebody answer?"""

    def capabilities(self) -> Reply:
        """Ask what the service can do: the answer, or why there is none."""

    def is_fhir_base(self) -> bool:
        """Whether the configured address is a FHIR service's base."""

    def abort(self) -> None:
        """Cut the request that is running, if any; from now on nothing is sent."""

    def close(self) -> None:
        """Close the connection and free what belongs to it."""
