"""Visits and their measurements as rows, there and back."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, exists, insert, select, union_all

from kiosk.hearing.stored import tone_data
from kiosk.model.delivery import overall
from kiosk.model.lists import ListedVisit
from kiosk.model.performer import Device, Performer
from kiosk.model.visit import (
    ChangeKind,
    Child,
    Delivery,
    Dress,
    IdKind,
    KeptReading,
    Measurement,
    OddReason,
    Part,
    Position,
    Quantity,
    Rule,
    Source,
    Visit,
)
from kiosk.store import limits
from kiosk.store import tables as t
from kiosk.store.database import sealing
from kiosk.store.database.prepared import Prepared
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.hearing import tests
from kiosk.store.outbox.order import present, served
from kiosk.store.times import micros, moment_of
from kiosk.store.visits import changes

SEALED = ("number", "given_name")
"""What names a child, and is sealed in a database that others look after."""

_KNOWN = exists().where(t.visit.c.id == bindparam("id"))
_INSERT_VISIT = Prepared(
    insert(t.visit).from_select(
        t.visit.c.keys(),
        select(*(bindparam(c.name, type_=c.type) for c in t.visit.c)).where(~_KNOWN),
    )
)
_INSERT_MEASUREMENT = Prepared(insert(t.measurement))
_INSERT_READING = Prepared(insert(t.reading))
_VISIT = select(t.visit).where(t.visit.c.id == bindparam("visit_id"))
_MEASUREMENTS = (
    select(t.measurement)
    .where(t.measurement.c.visit_id == bindparam("visit_id"))
    .order_by(t.measurement.c.place)
)
_READINGS = (
    select(t.reading)
    .join(t.measurement, t.measurement.c.id == t.reading.c.measurement_id)
    .where(t.measurement.c.visit_id == bindparam("visit_id"))
    .order_by(t.reading.c.measurement_id, t.reading.c.place)
)
MOST_LISTED = 200
_LISTED = (t.visit.c.id, t.visit.c.saved_at, t.visit.c.given_name, t.visit.c.birth_date)
_SINCE: Select[Any] = (
    select(*_LISTED)
    .where(t.visit.c.saved_at >= bindparam("since"))
    .order_by(t.visit.c.saved_at.desc())
    .limit(MOST_LISTED)
)


@cache
def _stopped(adapters: tuple[str, ...]) -> Select[Any]:
    """The visits of which a message waits for a person, the latest ones."""
    every = []
    for adapter in adapters:
        row = t.outbox.alias("stopped")
        found = select(row.c.visit_id).where(served(row, [adapter]))
        found = found.where(row.c.state == Delivery.REJECTED.value)
        last = found.order_by(row.c.due.desc(), row.c.sequence.desc()).limit(MOST_LISTED)
        every.append(select(last.subquery().c.visit_id))
    of_them = union_all(*every).subquery("every").c.visit_id
    return select(*_LISTED).where(t.visit.c.id.in_(select(of_them)))


def _on_the_list(connection: Connection, moment: datetime) -> Sequence[Any]:
    rows: dict[str, Any] = {
        row.id: row for row in connection.execute(_SINCE, {"since": micros(moment)})
    }
    adapters = present(connection)
    if adapters:
        rows |= {row.id: row for row in connection.execute(_stopped(adapters))}
    newest = sorted(rows.values(), key=lambda row: row.saved_at, reverse=True)
    return newest[:MOST_LISTED]


_STATES = select(t.outbox.c.visit_id, t.outbox.c.state)
_KINDS = select(t.change.c.visit_id, t.change.c.kind).order_by(t.change.c.place)

_WHAT = select(
    t.measurement.c.visit_id, t.measurement.c.quantity, t.measurement.c.position
).order_by(t.measurement.c.place)
_LAST_WEIGHT = (
    select(t.measurement.c.text, t.measurement.c.unit)
    .join(t.visit, t.visit.c.id == t.measurement.c.visit_id)
    .where(t.measurement.c.quantity == Quantity.WEIGHT.value)
    .where(t.measurement.c.source == Source.DEVICE.value)
    .where(t.measurement.c.rule == Rule.SINGLE.value)
    .order_by(t.visit.c.saved_at.desc())
    .limit(1)
)


def add(connection: Connection, visit: Visit, now: datetime) -> bool:
    """Insert a visit; ``False`` if exactly this one is already there.

    Raises :class:`StoreError`: CONTENT_DIFFERS for the same id with other content, UNSTORABLE
    for a text that cannot be kept.
    """
    digest = _digest(visit)
    row, measured = _visit_row(visit, digest, now), _measurement_rows(visit.measurements)
    read = [row for m in visit.measurements for row in _reading_rows(m)]
    limits.check(t.visit, row)
    row |= {name: sealing.hide(connection, name, row[name]) for name in SEALED}
    for one in measured:
        limits.check(t.measurement, one)
    for one in read:
        limits.check(t.reading, one)
    if _INSERT_VISIT.run(connection, row).rowcount == 0:
        known = connection.execute(_VISIT, {"visit_id": str(visit.id)}).one()
        if known.digest != digest:
            raise StoreError(StoreFault.CONTENT_DIFFERS)
        return False
    if measured:
        _INSERT_MEASUREMENT.run(connection, *measured)
    if read:
        _INSERT_READING.run(connection, *read)
    if visit.hearing:
        tests.add(connection, visit, now)
    return True


def read(connection: Connection, visit_id: UUID) -> Visit:
    """A visit as it was saved; raises :class:`LookupError` for an unknown id."""
    row = connection.execute(_VISIT, {"visit_id": str(visit_id)}).one_or_none()
    if row is None:
        raise LookupError(str(visit_id))
    found = connection.execute(_MEASUREMENTS, {"visit_id": str(visit_id)})
    child = Child(
        sealing.show(connection, "number", row.number),
        IdKind(row.number_kind),
        date.fromisoformat(row.birth_date),
        sealing.show(connection, "given_name", row.given_name),
        row.patient,
        bool(row.protected),
    )
    kept: dict[str, list[KeptReading]] = defaultdict(list)
    for one in connection.execute(_READINGS, {"visit_id": str(visit_id)}):
        kept[one.measurement_id].append(_reading(one))
    measured = tuple(_measurement(m, tuple(kept[m.id])) for m in found)
    changed = changes.of_visit(connection, visit_id)
    return Visit(visit_id, child, measured, changed, tests.of_visit(connection, visit_id))


def since(connection: Connection, moment: datetime) -> list[ListedVisit]:
    """The visits saved since then, and older ones that wait for a person; the newest first.

    At most :data:`MOST_LISTED`.
    """
    rows = _on_the_list(connection, moment)
    found: dict[str, list[tuple[Quantity, Position | None]]] = defaultdict(list)
    ids = [row.id for row in rows]
    for one in connection.execute(_WHAT.where(t.measurement.c.visit_id.in_(ids))):
        position = Position(one.position) if one.position else None
        found[one.visit_id].append((Quantity(one.quantity), position))
    states: dict[str, list[Delivery]] = defaultdict(list)
    for sent in connection.execute(_STATES.where(t.outbox.c.visit_id.in_(ids))):
        states[sent.visit_id].append(Delivery(sent.state))
    tested = tests.visits_with(connection, ids)
    changed = connection.execute(_KINDS.where(t.change.c.visit_id.in_(ids)))
    kinds = {one.visit_id: ChangeKind(one.kind) for one in changed}
    return [
        ListedVisit(
            UUID(row.id),
            moment_of(row.saved_at),
            sealing.show(connection, "given_name", row.given_name),
            date.fromisoformat(row.birth_date),
            tuple(found[row.id]),
            overall(states[row.id]),
            kinds.get(row.id),
            row.id in tested,
        )
        for row in rows
    ]


def last_weight(connection: Connection) -> str:
    """The last weight a scale gave, as text and unit ("4.236 kg"), or an empty string."""
    row = connection.execute(_LAST_WEIGHT).one_or_none()
    return f"{row.text} {row.unit}" if row is not None else ""


def _digest(visit: Visit) -> str:
    # Times of entry differ between two touches on "save" of the same visit; who, what and how
    # do not, and those are what must not change under one id.
    child = visit.child
    content: list[object] = [child.number, child.number_kind, child.birth_date, child.given_name]
    content.append(child.patient)
    for m in visit.measurements:
        content += [m.id, m.quantity, m.value, m.text, m.unit, m.source, m.position, m.dress]
        if m.rule is not Rule.SINGLE:
            content += [m.rule, *(part for r in m.readings for part in (r.part, r.text, r.unit))]
    for test in visit.hearing:
        content += [test.id, test.end, *(part for tone in test.tones for part in tone_data(tone))]
    return hashlib.sha256("\x1f".join(map(str, content)).encode("utf-8", "replace")).hexdigest()


def _visit_row(visit: Visit, digest: str, now: datetime) -> dict[str, Any]:
    return {
        "id": str(visit.id),
        "number": visit.child.number,
        "number_kind": visit.child.number_kind.value,
        "birth_date": visit.child.birth_date.isoformat(),
        "given_name": visit.child.given_name,
        "patient": visit.child.patient,
        "protected": int(visit.child.protected),
        "saved_at": micros(now),
        "digest": digest,
    }


def _measurement_rows(measurements: Sequence[Measurement]) -> list[dict[str, Any]]:
    return [{"place": place, **_row(m)} for place, m in enumerate(measurements)]


def _row(m: Measurement) -> dict[str, Any]:
    device, who = m.device, m.performer
    return {
        "id": str(m.id),
        "visit_id": str(m.visit_id),
        "quantity": m.quantity.value,
        "value": m.value,
        "text": m.text,
        "unit": m.unit,
        "source": m.source.value,
        "measured_at": micros(m.measured_at),
        "entered_at": micros(m.entered_at),
        "offset_minutes": m.offset_minutes,
        "performer_id": who.user_id,
        "performer_display": who.display,
        "performer_role": who.role,
        "performer_basis": who.basis,
        "performer_hpr": who.hpr_number,
        "position": m.position.value if m.position else None,
        "dress": m.dress.value if m.dress else None,
        "stability": m.stability,
        "raw": m.raw,
        "device_link": device.link_id if device else None,
        "device_name": device.name if device else None,
        "device_driver": device.driver if device else None,
        "device_version": device.driver_version if device else None,
        "device_serial": device.serial if device else None,
        "odd_reason": m.odd_reason.value if m.odd_reason else None,
        "rule": m.rule.value,
    }


def _reading_rows(m: Measurement) -> list[dict[str, Any]]:
    return [
        {
            "measurement_id": str(m.id),
            "place": place,
            "part": one.part.value,
            "value": one.value,
            "text": one.text,
            "unit": one.unit,
            "stability": one.stability,
            "raw": one.raw,
            "measured_at": micros(one.measured_at),
        }
        for place, one in enumerate(m.readings)
    ]


def _reading(row: Row[Any]) -> KeptReading:
    return KeptReading(
        Part(row.part),
        row.value,
        row.text,
        row.unit,
        row.stability,
        row.raw,
        moment_of(row.measured_at),
    )


def _measurement(row: Row[Any], readings: tuple[KeptReading, ...]) -> Measurement:
    return Measurement(
        id=UUID(row.id),
        visit_id=UUID(row.visit_id),
        quantity=Quantity(row.quantity),
        value=row.value,
        text=row.text,
        unit=row.unit,
        source=Source(row.source),
        measured_at=moment_of(row.measured_at),
        entered_at=moment_of(row.entered_at),
        offset_minutes=row.offset_minutes,
        performer=_performer(row),
        position=Position(row.position) if row.position else None,
        dress=Dress(row.dress) if row.dress else None,
        stability=row.stability,
        raw=row.raw,
        device=_device(row),
        odd_reason=OddReason(row.odd_reason) if row.odd_reason else None,
        rule=Rule(row.rule),
        readings=readings,
    )


def _performer(row: Row[Any]) -> Performer:
    return Performer(
        row.performer_id,
        row.performer_display,
        row.performer_role,
        row.performer_basis,
        row.performer_hpr,
    )


def _device(row: Row[Any]) -> Device | None:
    if row.device_link is None:
        return None
    return Device(
        row.device_link, row.device_name, row.device_driver, row.device_version, row.device_serial
    )
