"""What stands around the child: the status strip, the lists, a device nobody uses yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from drivers.events import LinkState
from kiosk.model.outbox import DiscardReason, Failure, JournalState, OutboxCounts
from kiosk.model.slip import Paper
from kiosk.model.visit import ChangeKind, Child, Delivery, Position, Quantity

NOTHING_SENT = OutboxCounts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Strip:
    """The status strip: scale, printer, journal and what is unsent.

    ``board`` is the length board, ``None`` where the station has none. ``interface`` is the way to
    the journal that is worst off, where there are several. The hints are codes of a cause.
    """

    scale: LinkState = LinkState.ABSENT
    scale_hint: str = ""
    printer: Paper = Paper.UNKNOWN
    journal: JournalState = JournalState.UNKNOWN
    failure: Failure | None = None
    counts: OutboxCounts = NOTHING_SENT
    board: LinkState | None = None
    interface: str = ""
    printer_hint: str = ""


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """One line of today's list. ``measured`` is what, and how a length was taken.

    ``change`` is the last way back that was taken with it, ``hearing`` says that hearing was
    tested.
    """

    id: UUID
    saved_at: datetime
    given_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    measured: tuple[tuple[Quantity, Position | None], ...]
    delivery: Delivery
    change: ChangeKind | None = None
    hearing: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """A child with an appointment today, as the journal has it. ``at`` is when it begins."""

    id: str
    at: datetime
    child: Child = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that was plugged in and that nobody uses yet."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Equipped:
    """A device the station is set up with. ``lines``: it is one that is taught line by line.

    ``name`` is make and model, ``driver`` empty for a printer; ``baud`` where it is not the usual.
    """

    name: str
    address: str
    driver: str = ""
    baud: int | None = None
    lines: bool = False


class PortKind(StrEnum):
    """What a port may be for."""

    SCALE = "scale"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class PluggedIn:
    """Something plugged in that may be set up.

    ``used``: the station uses it already, as its scale where ``weighs``.
    """

    kind: PortKind
    name: str
    address: str
    used: bool = False
    weighs: bool = False

    @property
    def may_be_set_up(self) -> bool:
        """Whether setting it up takes nothing away from another device of the station."""
        return self.weighs or not self.used


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """One line of the status page. No name, no number: time, age and reason only.

    ``adapter`` is the interface it goes by; ``detail`` the words of the other side;
    ``given_up`` is why a person gave it up, ``elsewhere`` that another station of the clinic has
    the visit.
    """

    item_id: UUID
    visit_id: UUID
    adapter: str
    created: datetime
    state: Delivery
    attempts: int
    failure: Failure | None
    detail: str
    given_up: DiscardReason | None = None
    elsewhere: bool = False
