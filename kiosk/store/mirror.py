"""What a station's own file says of visits that it handed over to the clinic's database.

The clinic's database is where such a visit is sent from; the station's rows follow what becomes of
it there, so that every page, count and rule about forgetting needs to look in one place only, also
while the server is away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, or_, select, update

from kiosk.core.model import Delivery
from kiosk.core.outbox import FINISHED, DeliveryChanged, OutboxItem, Standing
from kiosk.core.standing import worst
from kiosk.store import outbox_lists
from kiosk.store import tables as t
from kiosk.store.times import micros

CLINIC = "clinic-database"
"""The adapter of messages that are handed over."""

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


def handed_over(connection: Connection) -> Sequence[UUID]:
    """The visits that wait in the clinic's database, the oldest first."""
    listed: Select[str] = select(o.visit_id).where(_THERE).order_by(o.sequence)
    return [UUID(visit) for visit in dict.fromkeys(connection.execute(listed).scalars())]


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
        for item in outbox_lists.of_visits(connection, some):
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
    for visit in asked:
        rows = connection.execute(
            select(t.outbox).where(_THERE, o.visit_id == str(visit)).order_by(o.sequence)
        ).all()
        if rows:
            moved += _follow(connection, rows, found.get(visit), now)
    return moved


def _follow(
    connection: Connection, rows: Sequence[Row[Any]], there: Standing | None, now: datetime
) -> Sequence[DeliveryChanged]:
    if there is None:
        again = update(t.outbox).where(o.id == rows[-1].id)
        connection.execute(again.values(body=HANDED_BEFORE))
        return [_moved(connection, rows[-1], Standing(Delivery.AMBIGUOUS), now)]
    if there.state in FINISHED:
        return [_moved(connection, row, there, now) for row in rows]
    state = Delivery.REJECTED if there.state is Delivery.REJECTED else Delivery.HANDED_OVER
    newest = rows[-1]
    told = there.failure.value if there.failure else None
    if (newest.state, newest.failure, newest.detail) == (state.value, told, there.detail):
        return []
    # The newest row speaks for the visit; the older ones wait with it.
    return [_moved(connection, newest, replace(there, state=state), now)]


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
