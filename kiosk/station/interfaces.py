"""Every way into the journal that is configured: what it is called, how it is made and opened.

What sends is imported when a line is opened, on the sender's own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from uuid6 import uuid7

from kiosk.config.schema import Config, Hl7
from kiosk.journal.contract import PatientRef, Shape, Site
from kiosk.model.interfaces import (
    BY_FILES,
    CLINIC,
    CSV_FILE,
    FHIR_BATCH,
    FHIR_SINGLE,
    FHIR_TRANSACTION,
    GDT_FILE,
    HL7,
)
from kiosk.model.outbox import MessageKind, NewMessage
from kiosk.model.visit import Visit
from kiosk.station import journal_side as journal

if TYPE_CHECKING:
    from kiosk.journal.hl7.mllp import MllpAddress
    from kiosk.journal.interface import Interface

Compose = Callable[[Visit, UUID], bytes | None]
"""Make the bytes of a visit's message with this id; ``None`` where that must wait."""

HANDOVER = b"handover"
"""What a message to the clinic's database carries: nothing but its being there."""

FHIR_KEYS = (FHIR_TRANSACTION, FHIR_BATCH, FHIR_SINGLE)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in. ``keys`` are the adapters it delivers; new messages are of the first."""

    keys: tuple[str, ...]
    compose: Compose
    connect: Callable[[], Interface]


def ways_of(config: Config) -> tuple[Way, ...]:
    """The ways that are configured, in the order their messages are made."""
    found = (_fhir(config), _hl7(config), _gdt(config), _csv(config))
    return tuple(way for way in found if way is not None)


class Composer:
    """Writes the messages of a visit, one a way in."""

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = ways

    def compose(self, visit: Visit) -> Sequence[NewMessage]:
        """One message a way. A visit that cannot be mapped is saved all the same: the sender
        parks its message for a person, and nothing is lost. Without any way in, what was measured
        waits for one.
        """
        if not self._ways:
            return (NewMessage(uuid7(), visit.id, MessageKind.NEW, FHIR_TRANSACTION, None),)
        return [_message(visit, way) for way in self._ways]


class HandoverComposer:
    """Writes the messages of a visit at a station that hands over to the clinic's database."""

    def __init__(self, ways: Sequence[Way]) -> None:
        """``ways`` are those that stay the station's own."""
        self._ways = ways

    def compose(self, visit: Visit) -> Sequence[NewMessage]:
        """The visit itself is handed over; the first message only says that it is to be."""
        handover = NewMessage(uuid7(), visit.id, MessageKind.NEW, CLINIC, HANDOVER)
        return (handover, *(_message(visit, way) for way in self._ways))


def composer_of(config: Config) -> Composer | HandoverComposer:
    """What writes the messages of a visit that is saved at this station."""
    ways = ways_of(config)
    return HandoverComposer(by_files(ways)) if config.database.url else Composer(ways)


def by_files(ways: Sequence[Way]) -> tuple[Way, ...]:
    """The ways that write files. They stay with the station that measured: how far a file has come
    is told by the folder it was written to, and another station's folder would tell wrong.
    """
    return tuple(way for way in ways if way.keys[0] in BY_FILES)


def by_network(ways: Sequence[Way]) -> tuple[Way, ...]:
    """The ways that any station of a clinic can go."""
    return tuple(way for way in ways if way.keys[0] not in BY_FILES)


def _message(visit: Visit, way: Way) -> NewMessage:
    message = uuid7()
    body = way.compose(visit, message)
    return NewMessage(message, visit.id, MessageKind.NEW, way.keys[0], body)


def _fhir(config: Config) -> Way | None:
    endpoint = journal.endpoint_of(config)
    if endpoint is None or config.journal is None:
        return None
    site, shape = journal.site_of(config), Shape(config.journal.shape)
    connect = journal.connector(endpoint, config)
    first = f"fhir-{shape.value}"
    keys = (first, *(key for key in FHIR_KEYS if key != first))

    def opened() -> Interface:
        from kiosk.journal.fhir.fhir_interface import FhirInterface

        return FhirInterface(connect(), site, endpoint.doubt)

    def composed(visit: Visit, _: UUID) -> bytes | None:
        return fhir_body(visit, site, shape)

    return Way(keys, composed, opened)


def fhir_body(visit: Visit, site: Site, shape: Shape) -> bytes | None:
    """The frozen message; ``None`` where the patient or a value has to be looked at first."""
    if visit.child.patient is None:
        return None
    from kiosk.journal.fhir.mapping import MappingError, visit_bundle

    try:
        return visit_bundle(visit, PatientRef(visit.child.patient), site, shape)
    except (MappingError, ValueError):
        return None


def _hl7(config: Config) -> Way | None:
    table = config.hl7
    if table is None:
        return None
    from kiosk.journal.hl7.hl7_message import Addresses, Answers, Version

    site = journal.site_of(config)
    addresses = Addresses(
        table.sending_application,
        table.sending_facility or config.station.clinic,
        table.receiving_application,
        table.receiving_facility,
        table.processing,
        Version(table.version),
        Answers(table.answers),
    )

    def opened() -> Interface:
        from kiosk.journal.hl7.hl7_interface import Hl7Interface
        from kiosk.journal.hl7.mllp import MllpLine

        line = MllpLine(hl7_address(table))
        return Hl7Interface(
            line,
            addresses,
            site,
            takes_changes=table.changes,
            files=table.files,
            repetitions=table.repetitions,
        )

    def composed(visit: Visit, message: UUID) -> bytes | None:
        from kiosk.journal.hl7.hl7_interface import hl7_body

        return hl7_body(visit, message, addresses, site)

    return Way((HL7,), composed, opened)


def hl7_address(table: Hl7) -> MllpAddress:
    """Where the receiver listens, and with which files a line to it is made."""
    from kiosk.journal.hl7.mllp import MllpAddress

    return MllpAddress(
        table.host,
        table.port,
        tls=table.tls,
        ca_file=_path(table.ca_file),
        client_cert=_path(table.client_cert),
        client_key=_path(table.client_key),
        deadline=float(table.deadline),
    )


def _gdt(config: Config) -> Way | None:
    table = config.gdt
    if table is None:
        return None
    site = journal.site_of(config)

    def opened() -> Interface:
        from kiosk.journal.files.file_interface import FileInterface, gdt_kind
        from kiosk.journal.files.gdt_message import GdtAddresses
        from kiosk.journal.files.gdt_requests import Requests
        from kiosk.station.checking.folders import drop_of

        addresses = GdtAddresses(
            table.sender, table.receiver, table.characters, long_numbers=table.long_numbers
        )
        requests = Requests(Path(table.requests)) if table.requests else None
        return FileInterface(drop_of(config, "gdt"), gdt_kind(addresses, site, requests))

    return Way((GDT_FILE,), _later, opened)


def _csv(config: Config) -> Way | None:
    table = config.csv
    if table is None:
        return None
    site = journal.site_of(config)

    def opened() -> Interface:
        from kiosk.journal.files.file_interface import FileInterface, csv_kind
        from kiosk.station.checking.file_forms import template_of
        from kiosk.station.checking.folders import drop_of

        kind = csv_kind(site, until_fetched=table.fetched, template=template_of(table))
        return FileInterface(drop_of(config, "csv"), kind)

    return Way((CSV_FILE,), _later, opened)


def _later(_visit: Visit, _message: UUID) -> None:
    """The file is made by the sender, which has all it needs and nobody to ask."""


def _path(text: str) -> Path | None:
    return Path(text) if text else None
