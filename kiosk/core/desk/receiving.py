"""Taking a result from the audiometer: armed for the open child, looked at, then confirmed.

Everything that comes by cable is kept in the store at once, armed or not, and a file stays in its
folder; both go only with the commit of a visit, or when a person says that they are not wanted.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.audiogram_files.person import Match
from drivers.events import LinkStatus, Stamped
from drivers.hearing import ToneRecord
from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.effects import (
    AskHeld,
    DropHearing,
    Effect,
    HoldRecord,
    RejectFile,
)
from kiosk.core.desk.hearing_work import HearingWork
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.hearing.arrivals import Arrival, FileOffer, HeldRecord, match, offers_of
from kiosk.core.hearing.receiving import Received, add, begin, choose

Done = tuple[Desk, tuple[Effect, ...]]

NOT_WANTED = "not-wanted"
"""The reason beside a file that a person put aside."""


def open_receive(desk: Desk, _: t.OpenReceive, __: m.Moment, ___: DeskRules) -> Done:
    """Wait for what comes for this child, and show what has come already."""
    if desk.screen is not Screen.HEARING or desk.hearing is None:
        return desk, ()
    work = replace(desk.hearing, received=None, held=(), digest="", swapped=False)
    return replace(desk, screen=Screen.RECEIVE, hearing=work, notice=None), (AskHeld(),)


def tones_arrived(desk: Desk, message: Stamped, moment: m.Moment) -> Done:
    """A record came by cable. It is kept; where this child is armed for it, it is also shown."""
    record = message.event
    if not isinstance(record, ToneRecord):
        return desk, ()
    try:
        one = add(begin(), record)
    except ValueError:
        return replace(desk, notice=Notice.RECORD_DAMAGED), ()
    held = HeldRecord(moment.id, message.wall, one)
    kept = (HoldRecord(held, message.link_id),)
    desk = replace(desk, held=(*desk.held, held))
    armed = desk.screen is Screen.RECEIVE or (
        desk.screen is Screen.AUDIOGRAM and desk.hearing is not None and desk.hearing.held
    )
    return (_taken(desk, held) if armed else desk), kept


def link_changed(desk: Desk, message: LinkStatus) -> Desk:
    """The audiometer's cable came or went."""
    return replace(desk, audiometer_link=message.state)


def held_listed(desk: Desk, message: m.HeldListed, _: m.Moment, __: DeskRules) -> Done:
    """What came earlier and nobody has said whose it is."""
    return replace(desk, held=message.held), ()


def files_waiting(desk: Desk, message: m.FilesToTake, _: m.Moment, __: DeskRules) -> Done:
    """The files in the inbox are others now."""
    return replace(desk, files=offers_of(message.files)), ()


def inbox_changed(desk: Desk, message: m.InboxChanged, _: m.Moment, __: DeskRules) -> Done:
    """The inbox came, went, or put a file aside."""
    return replace(desk, inbox=message.inbox), ()


def key_of(arrival: Arrival) -> str:
    """What tells one line from another."""
    if isinstance(arrival, FileOffer):
        return f"file-{arrival.digest[:12]}-{arrival.number}"
    return f"record-{arrival.id}"


def arrivals(desk: Desk) -> tuple[Arrival, ...]:
    """Everything that waits, the newest first, without what is taken already."""
    taken = set(desk.hearing.held) if desk.hearing is not None else set()
    found: list[Arrival] = [one for one in desk.held if one.id not in taken]
    found += desk.files
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _found(desk: Desk, key: str) -> Arrival | None:
    return next((one for one in arrivals(desk) if key_of(one) == key), None)


def take_arrival(desk: Desk, message: t.TakeArrival, _: m.Moment, __: DeskRules) -> Done:
    """Show what waited as the open child's. What is of another child stops."""
    arrival = _found(desk, message.key)
    if desk.screen is not Screen.RECEIVE or arrival is None:
        return desk, ()
    return _taken(desk, arrival), ()


def _taken(desk: Desk, arrival: Arrival) -> Desk:
    work, visit = desk.hearing, desk.visit
    if work is None or visit is None:
        return desk
    if match(arrival.received, visit.child) is Match.OTHER:
        return replace(desk, notice=Notice.OTHER_CHILD)
    try:
        received = _joined(work, arrival)
    except ValueError:
        return replace(desk, notice=Notice.TWO_TESTS)
    if isinstance(arrival, FileOffer):
        work = replace(work, received=received, digest=arrival.digest, held=())
    else:
        work = replace(work, received=received, held=(*work.held, arrival.id))
    # A part of a group is kept and waited on; it is looked at when all of it has come.
    screen = Screen.AUDIOGRAM if received.complete else Screen.RECEIVE
    return replace(desk, screen=screen, hearing=work, notice=None)


def _joined(work: HearingWork, arrival: Arrival) -> Received:
    """What is shown already together with this; raises :class:`ValueError` for two tests."""
    if isinstance(arrival, FileOffer):
        return arrival.received
    received = work.received or begin()
    for record in arrival.received.records:
        received = add(received, record)
    return received


def pick_answer(desk: Desk, message: t.PickAnswer, _: m.Moment, __: DeskRules) -> Done:
    """A person says which of several answers holds."""
    work = desk.hearing
    if desk.screen is not Screen.AUDIOGRAM or work is None or work.received is None:
        return desk, ()
    if not work.received.undecided:
        return desk, ()
    try:
        received = choose(work.received, work.received.undecided[0], message.index)
    except ValueError:
        return desk, ()
    return replace(desk, hearing=replace(work, received=received)), ()


def drop_arrival(desk: Desk, message: t.DropArrival, _: m.Moment, __: DeskRules) -> Done:
    """Forget a record, or put a file aside; a person says so."""
    arrival = _found(desk, message.key)
    if desk.screen is not Screen.RECEIVE or arrival is None or desk.user is None:
        return desk, ()
    if isinstance(arrival, FileOffer):
        left = tuple(one for one in desk.files if one.digest != arrival.digest)
        rejected = RejectFile(arrival.digest, NOT_WANTED, desk.user.user_id)
        return replace(desk, files=left, notice=None), (rejected,)
    kept = tuple(one for one in desk.held if one.id != arrival.id)
    dropped = DropHearing((arrival.id,), desk.user.user_id)
    return replace(desk, held=kept, notice=None), (dropped,)


def leave(desk: Desk) -> Desk:
    """Not armed any more; what came stays where it is."""
    work = desk.hearing
    if work is not None:
        work = replace(work, received=None, held=(), digest="", swapped=False)
    return replace(desk, screen=Screen.HEARING, hearing=work, notice=None)
