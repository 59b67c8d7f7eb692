"""Taking over a visit from a station into the clinic's database, with what became of it since.

All of it in one transaction: no other station can take a message in hand between a visit and the
correction or withdrawal that the handing station already knows of. Taking over the same again
changes nothing, so that a station may repeat itself after any interruption.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Select, select, update

from kiosk.core.changing import TAKEN_OUT, current
from kiosk.core.model import Delivery, Visit
from kiosk.core.outbox import NewMessage
from kiosk.store import changes, follow_up, following, outbox, visits
from kiosk.store import tables as t

Compose = Callable[[Visit], Sequence[NewMessage]]


def take_over(
    connection: Connection, visit: Visit, compose: Compose, now: datetime, *, doubtful: bool
) -> bool:
    """Bring the clinic's database to where the station is; ``False`` if it was there already.

    ``compose`` makes the messages of a visit. ``doubtful`` says that the station cannot know
    whether the visit was here before and has been forgotten since: then the journal is asked
    before anything is sent.
    """
    took = _take_over(connection, visit, compose, now, doubtful=doubtful)
    follow_up.not_here(connection, visit.id)
    return took


def _take_over(
    connection: Connection, visit: Visit, compose: Compose, now: datetime, *, doubtful: bool
) -> bool:
    if visits.add(connection, replace(visit, changes=()), now):
        for change in visit.changes:
            changes.add(connection, change)
        if not any(change.kind in TAKEN_OUT for change in visit.changes):
            for message in compose(current(visit)):
                outbox.add(connection, message, now)
                if doubtful and message.body is not None:
                    _doubt(connection, message)
        return True
    known = set(connection.execute(_known_changes(visit)).scalars())
    followed = [change for change in visit.changes if str(change.id) not in known]
    for change in followed:
        changes.add(connection, change)
        until = visit.changes[: visit.changes.index(change) + 1]
        anew = () if change.kind in TAKEN_OUT else compose(current(replace(visit, changes=until)))
        following.follow(connection, change, anew, now)
    return bool(followed)


def _known_changes(visit: Visit) -> Select[str]:
    return select(t.change.c.id).where(t.change.c.visit_id == str(visit.id))


def _doubt(connection: Connection, message: NewMessage) -> None:
    doubted = update(t.outbox).where(t.outbox.c.id == str(message.id))
    connection.execute(doubted.values(state=Delivery.AMBIGUOUS.value))
