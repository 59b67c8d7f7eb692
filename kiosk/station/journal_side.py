"""The desk's view of the journal: where it is, and asking it for a child."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config.schema import Config
from kiosk.journal.contract import (
    Endpoint,
    Journal,
    PatientRef,
    PatientSearch,
    Shape,
    Site,
    station_system,
)
from kiosk.journal.sign_in.keys import CREDENTIAL
from kiosk.language.texts import tr
from kiosk.station.checking.addresses import service_fault

if TYPE_CHECKING:
    from kiosk.journal.fhir.self_test import SelfTest
    from kiosk.journal.sign_in.contract import SignIn


def site_of(config: Config) -> Site:
    """Who sends, from the configuration.

    Where several stations send from one database, any of them may correct what another has sent:
    they make identifiers under one name, the clinic's.
    """
    organisation = config.journal.organisation if config.journal else ""
    sender = config.database.clinic_id if config.database.url else config.station.id
    system = station_system(organisation, sender)
    station = config.station.id if config.database.url else ""
    return Site(system, organisation, language=config.station.language, station=station)


def endpoint_of(config: Config) -> Endpoint | None:
    """Where the journal is; raises :class:`ValueError` with a sentence for an unsafe address."""
    journal = config.journal
    if journal is None:
        return None
    return Endpoint(
        journal.url,
        ca_file=Path(journal.ca_file) if journal.ca_file else None,
        token_file=Path(journal.token_file) if journal.token_file else None,
        client_cert=Path(journal.client_cert) if journal.client_cert else None,
        client_key=Path(journal.client_key) if journal.client_key else None,
        patient_search=PatientSearch(journal.patient_search),
        takes_changes=journal.changes,
        proxy=journal.proxy,
        read_timeout=max(10.0, float(journal.deadline)),
        deadline=float(journal.deadline),
        doubt=float(journal.doubt),
    )


def tried_twice(config: Config) -> SelfTest | None:
    """Send a test resource twice, where a test patient is configured; ``None`` where none is."""
    table, endpoint = config.journal, endpoint_of(config)
    if table is None or endpoint is None or not table.test_patient:
        return None
    from kiosk.journal.fhir.self_test import self_test

    journal = connector(endpoint, config)()
    try:
        patient = PatientRef(table.test_patient)
        return self_test(journal, patient, site_of(config), Shape(table.shape))
    finally:
        journal.close()


def connector(endpoint: Endpoint, config: Config) -> Callable[[], Journal]:
    """A function that opens a connection; the HTTP library is imported when it is called."""

    def connect() -> Journal:
        from kiosk.journal.fhir.client import FhirClient

        return FhirClient(endpoint, sign_in_of(config))

    return connect


def sign_in_of(config: Config) -> SignIn | None:
    """How the station signs in; ``None`` for a token in a file, or nothing at all."""
    journal = config.journal
    table = journal.sign_in if journal is not None else None
    if journal is None or table is None:
        return None
    from kiosk.journal.sign_in.oauth import HELSEID, SMART, Client, OAuth

    helseid = table.kind == "helseid"
    return OAuth(
        Client(
            HELSEID if helseid else SMART,
            table.issuer or journal.url,
            table.client_id,
            table.key_file,
            table.scope,
            key_id=table.key_id,
            token_url=table.token_url,
            dpop=helseid if table.dpop is None else table.dpop,
            organisation=table.organisation,
        )
    )


def sign_in_faults(config: Config) -> Iterator[str]:
    """Yield a sentence for each thing in a sign-in that cannot work."""
    journal = config.journal
    if journal is None or journal.sign_in is None:
        return
    if journal.token_file:
        yield tr("«journal.token_file» og «journal.sign_in» kan ikke brukes sammen.")
    table = journal.sign_in
    if table.kind == "helseid" and not table.issuer:
        yield tr("«journal.sign_in.issuer» mangler: adressen til HelseID.")
    if "," in table.scope or ";" in table.scope:
        yield tr("«journal.sign_in.scope»: skill tilgangene med mellomrom, ikke komma.")
    name = table.key_file.removeprefix(CREDENTIAL)
    if table.key_file.startswith(CREDENTIAL) and (not name or "/" in name):
        yield tr(
            "«journal.sign_in.key_file»: etter «credential:» står navnet på legitimasjonen i "
            "tjenesten, for eksempel credential:journal-key"
        )
    for key in ("issuer", "token_url"):
        address = getattr(table, key)
        if address and (fault := service_fault(address)):
            yield f"«journal.sign_in.{key}»: {fault}"
