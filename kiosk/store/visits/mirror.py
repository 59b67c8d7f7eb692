"""What a station's own file says of visits that it handed over to the clinic's database.

The clinic's database is where such a visit is sent from; the station's rows follow what becomes of
it there, so that every page, count and rule about forgetting needs to look in one place only, also
while the server is away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, or_, select, update

from kiosk.model.delivery import worst
from kiosk.model.interfaces import CLINIC
from kiosk.model.outbox import FINISHED, DeliveryChanged, OutboxItem, Standing
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.outbox import lists
from kiosk.store.outbox.rows import LISTED
from kiosk.store.times import micros

HANDED_BEFORE = b"handover again"
"""What such a message carries once the clinic's database had the visit and has lost it."""

_AT_ONCE = 400
o = t.outbox.c
_THERE = and_(
    o.adapter == CLINIC,
    or_(
        o.state == Delivery.HANDED_OVER.value,
        # One that the clinic's database refused itself never had a state there.
        and_(o.state == Delivery.REJECTED.value, o.remote != ""),
    ),
)


After = tuple[str, int, int]
"""How far the handed visits were gone through: state, since when, sequence."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Visits that wait in the clinic's database; ``after`` where to go on, ``None`` at the end."""

    visits: Sequence[UUID]
    after: After | None


def handed_over(connection: Connection, after: After | None = None) -> Handed:
    """Some of the visits that wait in the clinic's database, those that moved longest ago first."""
    for state in (Delivery.HANDED_OVER.value, Delivery.REJECTED.value):
        if after is not None and state < after[0]:
            continue
        some = select(o.visit_id, o.due, o.sequence).where(o.adapter == CLINIC, o.state == state)
        if state == Delivery.REJECTED.value:
            some = some.where(o.remote != "")
        if after is not None and after[0] == state:
            _, due, sequence = after
            some = some.where(o.due >= due, or_(o.due > due, o.sequence > sequence))
        rows = connection.execute(some.order_by(o.due, o.sequence).limit(_AT_ONCE)).all()
        if rows:
            visits = [UUID(visit) for visit in dict.fromkeys(row.visit_id for row in rows)]
            return Handed(visits, (state, rows[-1].due, rows[-1].sequence))
    return Handed((), None)


def is_there(item: OutboxItem) -> bool:
    """Whether what becomes of a message is decided in the clinic's database."""
    mirrored = item.state is Delivery.REJECTED and item.remote != ""
    return item.adapter == CLINIC and (item.state is Delivery.HANDED_OVER or mirrored)


def standing(connection: Connection, visits: Sequence[UUID]) -> dict[UUID, Standing]:
    """How these visits stand in this database; without those it does not know."""
    found: dict[UUID, list[OutboxItem]] = defaultdict(list)
    for start in range(0, len(visits), _AT_ONCE):
        some = [str(visit) for visit in visits[start : start + _AT_ONCE]]
        known = select(t.visit.c.id).where(t.visit.c.id.in_(some))
        found |= {UUID(visit): [] for visit in connection.execute(known).scalars()}
        for item in lists.of_visits(connection, some):
            found[item.visit_id].append(item)
    return {visit: _standing(items) for visit, items in found.items()}


def _standing(items: Sequence[OutboxItem]) -> Standing:
    if not items:
        # Withdrawn before it was handed over: it is known there and nothing is to be sent.
        return Standing(Delivery.CANCELLED)
    one = worst(items)
    given_up = one.state is Delivery.DISCARDED
    remote = one.remote if given_up else one.adapter
    return Standing(one.state, remote, one.failure, one.detail)


def follow(
    connection: Connection, found: Mapping[UUID, Standing], asked: Sequence[UUID], now: datetime
) -> Sequence[DeliveryChanged]:
    """Take over how the visits that were asked for stand; returns what moved.

    A visit that the clinic's database has lost (it was restored from an old copy) is handed over
    again, in doubt.
    """
    moved: list[DeliveryChanged] = []
    for visit, rows in _waiting_there(connection, asked).items():
        for row, there in _moves(rows, found.get(visit)):
            if there.state is Delivery.AMBIGUOUS:
                again = update(t.outbox).where(o.id == row.id)
                connection.execute(again.values(body=HANDED_BEFORE))
            moved.append(_moved(connection, row, there, now))
    return moved


def moving(
    connection: Connection, found: Mapping[UUID, Standing], asked: Sequence[UUID]
) -> Sequence[UUID]:
    """Those of the visits that were asked for of which something has moved."""
    waiting = _waiting_there(connection, asked)
    return [visit for visit, rows in waiting.items() if _moves(rows, found.get(visit))]


def _waiting_there(connection: Connection, asked: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    rows: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for start in range(0, len(asked), _AT_ONCE):
        some = [str(visit) for visit in asked[start : start + _AT_ONCE]]
        listed = select(*LISTED).where(_THERE, o.visit_id.in_(some)).order_by(o.sequence)
        for row in connection.execute(listed):
            rows[UUID(row.visit_id)].append(row)
    return rows


def _moves(rows: Sequence[Row[Any]], there: Standing | None) -> Sequence[tuple[Row[Any], Standing]]:
    """Which messages of a visit move, and to where."""
    newest = rows[-1]
    if there is None:
        return [(newest, Standing(Delivery.AMBIGUOUS))]
    if there.state in FINISHED:
        return [(row, there) for row in rows]
    state = Delivery.REJECTED if there.state is Delivery.REJECTED else Delivery.HANDED_OVER
    told = there.failure.value if there.failure else None
    if (newest.state, newest.failure, newest.detail) == (state.value, told, there.detail):
        return []
    # The newest row speaks for the visit; the older ones wait with it.
    return [(newest, replace(there, state=state))]


def _moved(
    connection: Connection, row: Row[Any], there: Standing, now: datetime
) -> DeliveryChanged:
    values = {
        "state": there.state.value,
        "failure": there.failure.value if there.failure else None,
        "detail": there.detail,
        "remote": there.remote,
        "due": micros(now),
        "settled": micros(now) if there.state in FINISHED else None,
    }
    connection.execute(update(t.outbox).where(o.id == row.id).values(values))
    return DeliveryChanged(UUID(row.id), UUID(row.visit_id), there.state, there.failure)
