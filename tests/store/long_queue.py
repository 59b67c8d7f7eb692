"""A queue as long as wanted, put into a store in a moment; and how much work a question is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, event, insert
from uuid6 import uuid7

from kiosk.model.outbox import FINISHED
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.outbox.rows import hidden
from kiosk.store.store import Store
from kiosk.store.times import micros
from kiosk.store.visits import saved
from tests.store.samples import visit

BODY = b"{" + b" " * 6000 + b"}"
"""As long as the message of an audiogram."""


def fill(
    store: Store,
    number: int,
    since: datetime,
    ways: Sequence[str] = ("fhir-transaction",),
    states: Sequence[Delivery] = (Delivery.QUEUED,),
    due: timedelta = timedelta(0),
) -> None:
    """Queue ``number`` visits with a message for each of ``ways``, one a minute since ``since``.

    They have the ``states`` in turn; ``due`` is how long after being saved they are due.
    """
    store.submit(lambda c: _fill(c, number, since, ways, states, due)).result()


def _fill(
    connection: Connection,
    number: int,
    since: datetime,
    ways: Sequence[str],
    states: Sequence[Delivery],
    due: timedelta,
) -> None:
    one = visit()
    body = hidden(connection, BODY)
    rows, messages = [], []
    for n in range(number):
        at, ident, state = since + timedelta(minutes=n), str(uuid7()), states[n % len(states)]
        kept = saved._visit_row(one, "d" * 64, at) | {"id": ident}
        rows.append(kept)
        messages += [_message(ident, way, state, body, at, due) for way in ways]
    connection.execute(insert(t.visit), rows)
    connection.execute(insert(t.outbox), messages)


def _message(
    of: str, way: str, state: Delivery, body: bytes, at: datetime, due: timedelta
) -> dict[str, object]:
    return {
        "id": str(uuid7()),
        "visit_id": of,
        "kind": "new",
        "adapter": way,
        "body": body,
        "body_sha256": "",
        "state": state.value,
        "attempts": 0,
        "due": micros(at + due),
        "created": micros(at),
        "settled": micros(at) if state in FINISHED else None,
        "failure": None,
        "detail": "",
        "remote": "",
    }


@contextmanager
def work(store: Store) -> Iterator[list[int]]:
    """Counts what the database does meanwhile: steps of its machine, or rows it looks at."""
    done = [0]
    engines = {store._place.writing, store._place.reading}
    with _steps(engines, done) if store._holder is None else _rows(store, engines, done):
        yield done


@contextmanager
def _steps(engines, done: list[int]) -> Iterator[None]:
    def tick() -> int:
        done[0] += 1
        return 0

    def begin(connection, *_: object) -> None:
        connection.connection.driver_connection.set_progress_handler(tick, 10)

    def end(connection, *_: object) -> None:
        connection.connection.driver_connection.set_progress_handler(None, 10)

    with _listening(engines, "before_cursor_execute", begin):
        yield
    with _listening(engines, "before_cursor_execute", end):
        for engine in engines:
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")


@contextmanager
def _rows(store: Store, engines, done: list[int]) -> Iterator[None]:
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement: str, parameters: object, *_: object) -> None:
        if statement.lstrip().split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}:
            asked.append((statement, parameters))

    with _listening(engines, "before_cursor_execute", note):
        yield
    done[0] = store.submit(lambda c: sum(_explained(c, *one) for one in asked)).result()


def _explained(connection: Connection, statement: str, parameters: object) -> int:
    tried = connection.begin_nested()
    told = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = connection.exec_driver_sql(told, parameters).scalar_one()
    tried.rollback()
    return _looked_at((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _looked_at(node: dict) -> int:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    below = sum(_looked_at(inner) for inner in node.get("Plans", ()))
    return int(rows * node["Actual Loops"]) + below


@contextmanager
def _listening(engines, name: str, heard: Callable[..., None]) -> Iterator[None]:
    for engine in engines:
        event.listen(engine, name, heard)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, name, heard)
