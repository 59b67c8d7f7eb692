"""A FHIR R4 journal service: send, find, look up.

Identity numbers go in the body of a search, so they reach no address, no log and no proxy; a
site whose journal only knows GET searches must ask for that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from kiosk.journal.codes import search_token
from kiosk.journal.contract import (
    Absent,
    Answer,
    Endpoint,
    Finding,
    Found,
    Held,
    Holding,
    Identifier,
    LookUpFailed,
    PatientAnswer,
    PatientRef,
    PatientSearch,
    Reply,
    Several,
    Unknown,
)
from kiosk.journal.fhir.appointments import EXPECTED, MOST, booked, slots_of
from kiosk.journal.fhir.earlier import newest
from kiosk.journal.fhir.searching import carries, hits_of, is_in_use, one_patient, read_resource
from kiosk.journal.http.exchange import FHIR_JSON, Exchange
from kiosk.journal.sign_in.contract import SignIn
from kiosk.model.lists import Booked
from kiosk.model.outbox import Failure
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import IdKind
from kiosk.weighing.earlier import Earlier

FORM = "application/x-www-form-urlencoded"

PROBE_SECONDS = 2.5
"""How long a probe may take, or a sixth of the deadline where that is longer."""

_VERSION = re.compile(r"[A-Za-z0-9\-.]{1,64}")
Form = Mapping[str, str] | Sequence[tuple[str, str]]
"""What is searched for; a name may come twice."""

EARLIER_COUNT = "30"
"""Observations that are read to find the newest of each quantity."""

_PATIENT_ELEMENTS = "meta,identifier,active,name,birthDate,link"


class FhirClient:
    """A :class:`kiosk.journal.contract.Journal`. One thread uses it; ``abort`` is for any."""

    def __init__(self, endpoint: Endpoint, sign_in: SignIn | None = None) -> None:
        self._endpoint = endpoint
        self._base = endpoint.base_url.rstrip("/")
        self._exchange = Exchange(endpoint, sign_in)

    def send(self, body: bytes) -> Reply:
        """Post a frozen transaction. Within the deadline, one 401 is met by a fresh token."""
        headers = {"Content-Type": FHIR_JSON, "Prefer": "return=minimal"}
        return self._exchange.request("POST", self._base, body, headers)

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send one resource with its condition."""
        told = {"Content-Type": FHIR_JSON, "Prefer": "return=minimal", **headers}
        return self._exchange.request(method, f"{self._base}/{path}", body, told)

    def find(self, identifier: Identifier) -> Finding:
        """Search an Observation by this station's identifier."""
        own = self._observations(identifier, {"_elements": "identifier"})
        if isinstance(own, Unknown):
            return own
        remotes = tuple(_remote(hit) for hit in own)
        if not remotes:
            return Absent()
        return Found(remotes[0]) if len(remotes) == 1 else Several(remotes)

    def fetch(self, identifier: Identifier) -> Holding:
        """Read the Observation with this identifier as it is stored now."""
        own = self._observations(identifier, {})
        if isinstance(own, Unknown):
            return own
        if len(own) > 1:
            return Several(tuple(_remote(hit) for hit in own))
        if not own:
            return Absent()
        meta = own[0].get("meta")
        version = meta.get("versionId") if isinstance(meta, dict) else None
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            return Unknown(Failure.CONFIGURATION, "resource-without-version")
        return Held(_remote(own[0]), version, own[0])

    @property
    def takes_changes(self) -> bool:
        """Whether the configuration says that this journal takes corrections."""
        return self._endpoint.takes_changes

    def _observations(
        self, identifier: Identifier, more: Mapping[str, str]
    ) -> list[dict[str, Any]] | Unknown:
        form = {"identifier": identifier.token, **more, "_count": "5"}
        hits = hits_of(self._search("Observation", form, PatientSearch.POST), "Observation")
        if not isinstance(hits, list):
            return Unknown(*hits)
        if not all(carries(hit, identifier.value) for hit in hits):
            return Unknown(Failure.CONFIGURATION, "search-not-honoured")
        return hits

    def look_up(self, number: str, kind: IdKind, birth_date: date) -> PatientAnswer:
        """Search a patient by number: exactly one record in use, with this birth date."""
        form = {
            "identifier": search_token(number, kind),
            "_elements": _PATIENT_ELEMENTS,
            "_count": "5",
        }
        reply = self._search("Patient", form, self._endpoint.patient_search)
        hits = hits_of(reply, "Patient")
        if not isinstance(hits, list):
            return LookUpFailed(*hits)
        # A server that does not know the parameter may answer with anybody at all.
        if not all(carries(hit, number) for hit in hits):
            return LookUpFailed(Failure.CONFIGURATION, "search-not-honoured")
        return one_patient([hit for hit in hits if is_in_use(hit)], birth_date)

    def booked(self, since: datetime, until: datetime) -> Sequence[Booked]:
        """Search the appointments, then the records they are for."""
        form = [
            ("date", f"ge{since.isoformat()}"),
            ("date", f"lt{until.isoformat()}"),
            ("status", EXPECTED),
            ("_count", str(MOST)),
        ]
        hits = hits_of(self._search("Appointment", form, PatientSearch.POST), "Appointment")
        # Not every server knows both ends of a time: what it sends too much is left out here.
        slots = [
            s for s in slots_of(hits if isinstance(hits, list) else ()) if since <= s.at < until
        ]
        ids = sorted({slot.patient.removeprefix("Patient/") for slot in slots})
        if not ids:
            return ()
        wanted = {"_id": ",".join(ids), "_elements": _PATIENT_ELEMENTS, "_count": str(MOST)}
        found = hits_of(self._search("Patient", wanted, PatientSearch.POST), "Patient")
        return booked(slots, found) if isinstance(found, list) else ()

    def earlier(self, patient: PatientRef) -> Sequence[Earlier]:
        """Search the newest vital signs that the station measures too."""
        firsts = [table.codes[0] for table in MEASURED.values()]
        form = {
            "patient": patient.reference,
            "code": ",".join(f"{code.system}|{code.code}" for code in firsts),
            "_sort": "-date",
            "_count": EARLIER_COUNT,
        }
        hits = hits_of(self._search("Observation", form, PatientSearch.POST), "Observation")
        return newest(hits, patient.reference) if isinstance(hits, list) else ()

    def probe(self) -> Reply:
        """Ask for the capabilities' headers only; any answer at all shows that it is there."""
        seconds = max(PROBE_SECONDS, self._endpoint.deadline / 6)
        return self._exchange.request("HEAD", f"{self._base}/metadata", None, {}, seconds)

    def capabilities(self) -> Reply:
        """Ask what the service can do."""
        return self._exchange.request("GET", f"{self._base}/metadata?_summary=true", None, {})

    def is_fhir_base(self) -> bool:
        """Whether the address answers as a FHIR service's base."""
        reply = self.capabilities()
        if not isinstance(reply, Answer) or reply.status != 200:
            return False
        return read_resource(reply.body).get("resourceType") == "CapabilityStatement"

    def abort(self) -> None:
        """Cut the request that is running, if any; from now on nothing is sent."""
        self._exchange.abort()

    def close(self) -> None:
        """Close the connection and end its watchdog."""
        self._exchange.close()

    def _search(self, kind: str, form: Form, how: PatientSearch) -> Reply:
        if how is PatientSearch.GET:
            return self._exchange.request("GET", f"{self._base}/{kind}?{urlencode(form)}", None, {})
        body = urlencode(form).encode("ascii")
        url = f"{self._base}/{kind}/_search"
        return self._exchange.request("POST", url, body, {"Content-Type": FORM})


def _remote(hit: Mapping[str, Any]) -> str:
    return f"Observation/{hit.get('id', '')}"
