"""Taking over a visit from a station into the clinic's database, with what became of it since.

All of it in one transaction: no other station can take a message in hand between a visit and the
correction or withdrawal that the handing station already knows of. Taking over the same again
changes nothing, so that a station may repeat itself after any interruption.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Select, select

from kiosk.model.changes import TAKEN_OUT, current
from kiosk.model.outbox import NewMessage
from kiosk.model.visit import Visit
from kiosk.store import tables as t
from kiosk.store.hearing import follow_up
from kiosk.store.outbox import following, queue
from kiosk.store.outbox.doubting import put_in_doubt
from kiosk.store.visits import changes, saved

Compose = Callable[[Visit], Sequence[NewMessage]]


def take_over(
    connection: Connection,
    visit: Visit,
    compose: Compose,
    now: datetime,
    *,
    doubtful: bool,
    lost: bool = False,
) -> bool:
    """Bring the clinic's database to where the station is; ``False`` if it was there already.

    ``compose`` makes the messages of a visit. ``doubtful`` says that the station cannot know
    whether the visit was here before and has been forgotten since: then the journal is asked
    before anything is sent, and where it cannot be asked a person decides. ``lost`` says that the
    visit was here: then also a withdrawal goes on to the journal, which may have the values.
    """
    took = _take_over(connection, visit, compose, now, doubtful=doubtful, lost=lost)
    follow_up.not_here(connection, visit.id)
    return took


def _take_over(
    connection: Connection,
    visit: Visit,
    compose: Compose,
    now: datetime,
    *,
    doubtful: bool,
    lost: bool,
) -> bool:
    if saved.add(connection, replace(visit, changes=()), now):
        for change in visit.changes:
            changes.add(connection, change)
        taken_out = next((one for one in visit.changes if one.kind in TAKEN_OUT), None)
        messages = compose(current(visit)) if taken_out is None or lost else ()
        if taken_out is not None:
            kind = following.KINDS[taken_out.kind]
            messages = [replace(message, kind=kind, body=None) for message in messages]
        for message in messages:
            queue.add(connection, message, now)
            if doubtful or lost:
                put_in_doubt(connection, message)
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
