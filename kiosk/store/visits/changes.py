"""Corrections and withdrawals as rows, there and back."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from kiosk.model.changes import TAKEN_OUT
from kiosk.model.hearing_test import HearingTest
from kiosk.model.performer import Performer
from kiosk.model.visit import Change, ChangeKind, ChangeReason, NewValue, OddReason, Position
from kiosk.store import limits
from kiosk.store import tables as t
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.hearing import follow_up
from kiosk.store.hearing import tests as hearing
from kiosk.store.times import micros, moment_of

c = t.change.c
_OF_VISIT = select(t.change).where(c.visit_id == bindparam("visit_id")).order_by(c.place)
_VALUES = (
    select(t.new_value)
    .join(t.change, c.id == t.new_value.c.change_id)
    .where(c.visit_id == bindparam("visit_id"))
    .order_by(t.new_value.c.measurement_id)
)
_TAKEN_OUT = frozenset(kind.value for kind in TAKEN_OUT)


def add(connection: Connection, change: Change) -> bool:
    """Insert a change; ``False`` if exactly this one is there already.

    Raises :class:`StoreError` (CONTENT_DIFFERS) for a visit that was taken back before: nothing
    of it may be changed any more.
    """
    visit_id = str(change.visit_id)
    known = connection.execute(_OF_VISIT, {"visit_id": visit_id}).all()
    if any(row.id == str(change.id) for row in known):
        return False
    if any(row.kind in _TAKEN_OUT for row in known):
        raise StoreError(StoreFault.CONTENT_DIFFERS)
    place = connection.execute(select(func.count()).where(c.visit_id == visit_id)).scalar_one()
    row, values = _row(change, place), [_value_row(change.id, one) for one in change.values]
    limits.check(t.change, row)
    for one in values:
        limits.check(t.new_value, one)
    connection.execute(insert(t.change), row)
    if values:
        connection.execute(insert(t.new_value), values)
    hearing.add_changed(connection, change)
    if change.kind in TAKEN_OUT:
        follow_up.taken_out(connection, change.visit_id)
    return True


def of_visit(connection: Connection, visit_id: UUID) -> tuple[Change, ...]:
    """The changes of a visit, the oldest first."""
    asked = {"visit_id": str(visit_id)}
    values: dict[str, list[NewValue]] = defaultdict(list)
    rows = connection.execute(_OF_VISIT, asked).all()
    for one in connection.execute(_VALUES, asked) if rows else ():
        values[one.change_id].append(_value(one))
    tests = hearing.changed_of_visit(connection, visit_id) if rows else {}
    return tuple(_change(row, tuple(values[row.id]), tests.get(row.id, ())) for row in rows)


def _row(change: Change, place: int) -> dict[str, Any]:
    who = change.performer
    return {
        "id": str(change.id),
        "visit_id": str(change.visit_id),
        "place": place,
        "kind": change.kind.value,
        "reason": change.reason.value,
        "made_at": micros(change.made_at),
        "offset_minutes": change.offset_minutes,
        "performer_id": who.user_id,
        "performer_display": who.display,
        "performer_role": who.role,
        "performer_basis": who.basis,
        "performer_hpr": who.hpr_number,
    }


def _value_row(change_id: UUID, one: NewValue) -> dict[str, Any]:
    return {
        "change_id": str(change_id),
        "measurement_id": str(one.measurement_id),
        "value": one.value,
        "text": one.text,
        "unit": one.unit,
        "position": one.position.value if one.position else None,
        "odd_reason": one.odd_reason.value if one.odd_reason else None,
    }


def _value(row: Row[Any]) -> NewValue:
    return NewValue(
        UUID(row.measurement_id),
        row.value,
        row.text,
        row.unit,
        Position(row.position) if row.position else None,
        OddReason(row.odd_reason) if row.odd_reason else None,
    )


def _change(row: Row[Any], values: tuple[NewValue, ...], tests: tuple[HearingTest, ...]) -> Change:
    return Change(
        UUID(row.id),
        UUID(row.visit_id),
        ChangeKind(row.kind),
        ChangeReason(row.reason),
        moment_of(row.made_at),
        row.offset_minutes,
        Performer(
            row.performer_id,
            row.performer_display,
            row.performer_role,
            row.performer_basis,
            row.performer_hpr,
        ),
        values,
        tests,
    )
