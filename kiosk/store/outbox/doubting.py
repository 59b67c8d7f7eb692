"""Messages of which nobody knows whether they were sent: asked about, or given to a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, func, null, true, update

from kiosk.model.interfaces import FINDS_OUT
from kiosk.model.outbox import BY_HAND, Failure, NewMessage
from kiosk.model.visit import Delivery
from kiosk.store import tables as t
from kiosk.store.outbox.rows import UNSETTLED
from kiosk.store.times import micros

o = t.outbox.c


def doubt_all(connection: Connection, now: datetime) -> None:
    """After a restored copy: whatever was not done may have been sent since.

    What can be asked about is asked about; the rest goes to a person. An attempt is counted that
    the copy does not know of, so that nothing takes these for messages that never left.
    """
    finds_out = o.adapter.in_(FINDS_OUT)
    maybe = {"leased_by": null(), "leased_until": null(), "attempts": _at_least_one()}
    waits = update(t.outbox).where(o.state.in_(UNSETTLED))
    asked = {"state": Delivery.AMBIGUOUS.value, "due": micros(now)}
    connection.execute(waits.where(finds_out).values({**maybe, **asked}))
    stopped = update(t.outbox).where(o.state == Delivery.REJECTED.value)
    connection.execute(stopped.where(finds_out).values(maybe))
    # What a person makes in the journal was never sent from here.
    by_hand = o.failure.in_([failure.value for failure in BY_HAND])
    parked = update(t.outbox).where(~finds_out, func.coalesce(~by_hand, true()))
    open_states = o.state.in_((*UNSETTLED, Delivery.REJECTED.value))
    told = {"failure": Failure.MAY_HAVE_ARRIVED.value, "detail": "restored-copy"}
    gone = {"state": Delivery.REJECTED.value, **told}
    connection.execute(parked.where(open_states).values({**maybe, **gone}))


def put_in_doubt(connection: Connection, message: NewMessage) -> None:
    """The same for one message that was queued a moment ago."""
    values = {"state": Delivery.AMBIGUOUS.value, "attempts": 1}
    if message.adapter not in FINDS_OUT:
        told = {"failure": Failure.MAY_HAVE_ARRIVED.value, "detail": "handed-over-again"}
        values = {"state": Delivery.REJECTED.value, "attempts": 1, **told}
    connection.execute(update(t.outbox).where(o.id == str(message.id)).values(values))


def _at_least_one() -> ColumnElement[int]:
    return case((o.attempts > 0, o.attempts), else_=1)
