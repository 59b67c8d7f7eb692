"""Every way into the journal that is configured: what it is called, how it is made and opened.

What sends is imported when a line is opened, on the sender's own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from uuid6 import uuid7

from kiosk.config.schema import Config
from kiosk.core.model import Visit
from kiosk.core.outbox import MessageKind, NewMessage
from kiosk.journal.contract import PatientRef, Shape, Site
from kiosk.station import journal_side as journal

if TYPE_CHECKING:
    from kiosk.journal.interface import Interface

Compose = Callable[[Visit, UUID], bytes | None]
"""Make the bytes of a visit's message with this id; ``None`` where that must wait."""

FHIR = "fhir-transaction"
FHIR_KEYS = (FHIR, "fhir-batch", "fhir-single")


@dataclass(frozen=True, slots=True)
class Way:
    """One way in. ``keys`` are the adapters it delivers; new messages are of the first."""

    keys: tuple[str, ...]
    compose: Compose
    connect: Callable[[], Interface]


def ways_of(config: Config) -> tuple[Way, ...]:
    """The ways that are configured, in the order their messages are made."""
    found = (_fhir(config),)
    return tuple(way for way in found if way is not None)


class Composer:
    """Writes the messages of a visit, one a way in."""

    def __init__(self, config: Config) -> None:
        self._ways = ways_of(config)
        self._site = journal.site_of(config)

    def compose(self, visit: Visit) -> Sequence[NewMessage]:
        """One message a way. A visit that cannot be mapped is saved all the same: the sender
        parks its message for a person, and nothing is lost. Without any way in, what was measured
        waits for one.
        """
        if not self._ways:
            return (NewMessage(uuid7(), visit.id, MessageKind.NEW, FHIR, None),)
        return [_message(visit, way) for way in self._ways]


def _message(visit: Visit, way: Way) -> NewMessage:
    message = uuid7()
    body = way.compose(visit, message)
    return NewMessage(message, visit.id, MessageKind.NEW, way.keys[0], body)


def _fhir(config: Config) -> Way | None:
    endpoint = journal.endpoint_of(config)
    if endpoint is None or config.journal is None:
        return None
    site, shape = journal.site_of(config), Shape(config.journal.shape)
    connect = journal.connector(endpoint)
    first = f"fhir-{shape.value}"
    keys = (first, *(key for key in FHIR_KEYS if key != first))

    def opened() -> Interface:
        from kiosk.journal.fhir_interface import FhirInterface

        return FhirInterface(connect(), site)

    def composed(visit: Visit, _: UUID) -> bytes | None:
        return fhir_body(visit, site, shape)

    return Way(keys, composed, opened)


def fhir_body(visit: Visit, site: Site, shape: Shape) -> bytes | None:
    """The frozen message; ``None`` where the patient or a value has to be looked at first."""
    if visit.child.patient is None:
        return None
    from kiosk.journal.mapping import MappingError, visit_bundle

    try:
        return visit_bundle(visit, PatientRef(visit.child.patient), site, shape)
    except (MappingError, ValueError):
        return None
