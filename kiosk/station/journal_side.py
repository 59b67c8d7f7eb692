"""The desk's view of the journal: asking for a child, and writing the messages of a visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from uuid6 import uuid7

from kiosk.config.schema import Config
from kiosk.core.desk.child_form import LookUp
from kiosk.core.desk.surroundings import Booked
from kiosk.core.earlier import Earlier
from kiosk.core.model import IdKind, Visit
from kiosk.core.outbox import MessageKind, NewMessage
from kiosk.journal.contract import (
    Endpoint,
    Journal,
    LookUpFailed,
    PatientDiffers,
    PatientFound,
    PatientMissing,
    PatientRef,
    PatientSearch,
    PatientSeveral,
    Site,
    station_system,
)
from kiosk.needs import LookedUp

if TYPE_CHECKING:
    from kiosk.journal.looker import Looker

ADAPTER = "fhir-transaction"


def site_of(config: Config) -> Site:
    """Who sends, from the configuration."""
    organisation = config.journal.organisation if config.journal else ""
    return Site(station_system(organisation, config.station.id), organisation)


def endpoint_of(config: Config) -> Endpoint | None:
    """Where the journal is; raises :class:`ValueError` with a sentence for an unsafe address."""
    journal = config.journal
    if journal is None:
        return None
    return Endpoint(
        journal.url,
        ca_file=Path(journal.ca_file) if journal.ca_file else None,
        token_file=Path(journal.token_file) if journal.token_file else None,
        patient_search=PatientSearch(journal.patient_search),
        takes_changes=journal.changes,
    )


def connector(endpoint: Endpoint) -> Callable[[], Journal]:
    """A function that opens a connection; the HTTP library is imported when it is called."""

    def connect() -> Journal:
        from kiosk.journal.fhir import FhirClient

        return FhirClient(endpoint)

    return connect


class JournalEnquirer:
    """Asks the journal for a child and waits, on a worker's thread, within its deadline."""

    def __init__(self, looker: Looker | None) -> None:
        self._looker = looker

    def look_up(self, number: str, kind: IdKind, birth_date: date) -> LookedUp:
        """Ask for a child; without a journal it is ``offline``."""
        if self._looker is None:
            return LookedUp(LookUp.OFFLINE.value)
        match self._looker.ask(number, kind, birth_date).result():
            case PatientFound(reference=reference, given_name=name, protected=protected):
                return LookedUp(LookUp.FOUND.value, reference, name, protected)
            case PatientMissing():
                return LookedUp(LookUp.MISSING.value)
            case PatientSeveral():
                return LookedUp(LookUp.SEVERAL.value)
            case PatientDiffers():
                return LookedUp("differs")
            case LookUpFailed():
                return LookedUp(LookUp.OFFLINE.value)

    def booked(self, since: datetime, until: datetime) -> Sequence[Booked]:
        """Who has an appointment; nobody without a journal."""
        if self._looker is None:
            return ()
        return self._looker.ask_booked(since, until).result()

    def earlier(self, patient: str) -> Sequence[Earlier]:
        """The values of last time; none without a journal."""
        if self._looker is None:
            return ()
        return self._looker.ask_earlier(PatientRef(patient)).result()


class JournalComposer:
    """Writes the frozen message of a visit, or leaves it to the sender to build."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def compose(self, visit: Visit) -> Sequence[NewMessage]:
        """One message. A visit that cannot be mapped is saved all the same: the sender parks
        its message for a person, and nothing is lost."""
        return (NewMessage(uuid7(), visit.id, MessageKind.NEW, ADAPTER, self._body(visit)),)

    def _body(self, visit: Visit) -> bytes | None:
        if visit.child.patient is None:
            return None
        from kiosk.journal.mapping import MappingError, visit_bundle

        try:
            return visit_bundle(visit, PatientRef(visit.child.patient), self._site)
        except (MappingError, ValueError):
            return None
