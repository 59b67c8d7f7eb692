"""Taking a result from the audiometer: armed for the open child, looked at, then confirmed.

Everything that comes by cable is kept in the store at once, armed or not, and a file stays in its
folder; both go only with the commit of a visit, or when a person says that they are not wanted.
What is not known to have come since the child was opened asks whose it is, and what was sent apart
asks whether it is of one test.
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
from kiosk.core.desk.opening import AnotherSend, Opening
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.hearing.arrivals import Arrival, FileOffer, HeldRecord, match, offers_of
from kiosk.core.hearing.receiving import add, begin, choose
from kiosk.core.hearing.sends import Send, belongs, grown

Done = tuple[Desk, tuple[Effect, ...]]

NOT_WANTED = "not-wanted"
"""The reason beside a file that a person put aside."""


def open_receive(desk: Desk, _: t.OpenReceive, __: m.Moment, ___: DeskRules) -> Done:
    """Wait for what comes for this child, and show what has come already."""
    if desk.screen is not Screen.HEARING or desk.hearing is None:
        return desk, ()
    emptied = desk.hearing.emptied()
    return replace(desk, screen=Screen.RECEIVE, hearing=emptied, notice=None), (AskHeld(),)


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
    desk = replace(desk, held=(*desk.held, held), opening=_with_since(desk.opening, held))
    return _shown(desk, held), kept


def _with_since(opening: Opening, *arrivals: Arrival) -> Opening:
    """The opening with what is known to have come after it."""
    return replace(opening, since=opening.since | {key_of(one) for one in arrivals})


def _shown(desk: Desk, held: HeldRecord) -> Desk:
    """Show a record to the child that is armed for it, or ask; where none is, it waits."""
    work, doubt = desk.hearing, desk.doubt
    if isinstance(doubt, AnotherSend) and _is_of_send(_send_of(doubt.records), held):
        return replace(desk, doubt=AnotherSend((*doubt.records, held)))
    if work is None or doubt is not None:
        return desk
    if desk.screen is Screen.RECEIVE:
        return _checked(desk, held)
    if desk.screen is not Screen.AUDIOGRAM or not work.held:
        return desk
    if _is_of_send(work.send, held):
        return _checked(desk, held)
    return desk if _is_of_other(desk, held) else replace(desk, doubt=AnotherSend((held,)))


def link_changed(desk: Desk, message: LinkStatus) -> Desk:
    """The audiometer's cable came or went."""
    return replace(desk, audiometer_link=message.state)


def held_listed(desk: Desk, message: m.HeldListed, _: m.Moment, __: DeskRules) -> Done:
    """What came earlier and nobody has said whose it is."""
    return replace(desk, held=message.held), ()


def files_waiting(desk: Desk, message: m.FilesToTake, moment: m.Moment, _: DeskRules) -> Done:
    """The files in the inbox are others now.

    One is known to have come since the child was opened if it was not there before, and was
    written between then and now. A folder that was away, and a clock that is wrong, leave doubt.
    """
    files, known = offers_of(message.files), {one.digest for one in desk.files}
    begun = desk.opening.at
    new = [f for f in files if f.digest not in known and begun <= f.at <= moment.wall]
    return replace(desk, files=files, opening=_with_since(desk.opening, *new)), ()


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
    """Show what waited as the open child's, or ask. What is of another child stops."""
    arrival = _found(desk, message.key)
    if desk.screen is not Screen.RECEIVE or arrival is None or desk.doubt is not None:
        return desk, ()
    if message.key in desk.opening.since or _is_of_other(desk, arrival):
        return _checked(desk, arrival), ()
    return replace(desk, doubt=arrival, notice=None), ()


def _is_of_other(desk: Desk, arrival: Arrival) -> bool:
    visit = desk.visit
    return visit is not None and match(arrival.received, visit.child) is Match.OTHER


def _checked(desk: Desk, arrival: Arrival) -> Desk:
    if _is_of_other(desk, arrival):
        return replace(desk, notice=Notice.OTHER_CHILD)
    return taken(desk, arrival)


def taken(desk: Desk, arrival: Arrival) -> Desk:
    """Show this one as the open child's: with what was sent together with it, and nothing else."""
    work = desk.hearing
    if work is None or desk.visit is None:
        return desk
    if isinstance(arrival, FileOffer):
        work = replace(work.emptied(), received=arrival.received, digest=arrival.digest)
    elif _is_of_send(work.send, arrival):
        work = _with(work, arrival)
    else:
        work = _with(work.emptied(), arrival)
    return _drawn(desk, work)


def joined(desk: Desk, another: AnotherSend) -> Desk:
    """A person says that what was sent apart is of the same test as what is shown."""
    work = desk.hearing
    if work is None or not work.held:
        return desk
    for held in another.records:
        work = _with(work, held)
    return _drawn(desk, replace(work, send=_send_of(another.records)))


def _with(work: HearingWork, held: HeldRecord) -> HearingWork:
    """What is shown already together with this record."""
    received, send = work.received or begin(), work.send
    for record in held.received.records:
        received = add(received, record)
        send = grown(send, record, held.at) if send is not None else Send((record,), held.at)
    return replace(work, received=received, send=send, held=(*work.held, held.id))


def _send_of(records: tuple[HeldRecord, ...]) -> Send:
    sent = tuple(one for held in records for one in held.received.records)
    return Send(sent, records[-1].at)


def _is_of_send(send: Send | None, held: HeldRecord) -> bool:
    return send is not None and all(
        belongs(send, record, held.at) for record in held.received.records
    )


def _drawn(desk: Desk, work: HearingWork) -> Desk:
    # A part of a group is kept and waited on; it is looked at when all of it has come.
    whole = work.received is not None and work.received.complete
    screen = Screen.AUDIOGRAM if whole else Screen.RECEIVE
    return replace(desk, screen=screen, hearing=work, notice=None)


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
        work = work.emptied()
    return replace(desk, screen=Screen.HEARING, hearing=work, notice=None)
