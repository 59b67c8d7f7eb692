"""Taking a result from the audiometer: armed for the open child, looked at, then confirmed.

Everything that comes by cable is kept in the store at once, armed or not, and a file stays in its
folder; both go only with the commit of a visit, or when a person says that they are not wanted.
What is not known to have come since the child was opened asks whose it is, and what was sent apart
asks whether it is of one test.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from drivers.audiogram_files.person import Match
from drivers.events import Stamped
from drivers.hearing import ToneRecord
from kiosk.desk.hearing_work import HearingWork, with_record
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.opening import AnotherSend, Opening
from kiosk.desk.over import Aside, Doubt
from kiosk.desk.pages import Change, Drawing, Hearing, Receive
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.features.hearing.steps import ForgetHearing
from kiosk.hearing.arrivals import (
    Arrival,
    FileOffer,
    HeldRecord,
    InboxState,
    is_of_send,
    key_of,
    match,
    offers_of,
    send_of,
)
from kiosk.hearing.receiving import add, begin, choose
from kiosk.hearing.waiting_files import WaitingFile


@dataclass(frozen=True, slots=True)
class OpenReceive(Touch):
    """Take the result from the audiometer: by its cable, or from its file."""


@dataclass(frozen=True, slots=True)
class TakeArrival(Touch):
    """This one is of the open child."""

    key: str


@dataclass(frozen=True, slots=True)
class DropArrival(Touch):
    """This one is not wanted: forget the record, or put the file into quarantine."""

    key: str


@dataclass(frozen=True, slots=True)
class PickAnswer(Touch):
    """Of several answers at one point this one holds."""

    index: int


@dataclass(frozen=True, slots=True)
class HeldListed(DeskNews):
    """What audiometers sent and nobody has said whose it is."""

    held: tuple[HeldRecord, ...]


@dataclass(frozen=True, slots=True)
class FilesToTake(DeskNews):
    """The files that wait in the inbox now."""

    files: tuple[WaitingFile, ...]


@dataclass(frozen=True, slots=True)
class InboxChanged(DeskNews):
    """How the inbox stands now."""

    inbox: InboxState


@dataclass(frozen=True, slots=True)
class HoldRecord(Effect):
    """Keep what an audiometer sent until a person says whose it is."""

    record: HeldRecord = field(repr=False)
    link_id: str
    answered_by = ()


@dataclass(frozen=True, slots=True)
class AskHeld(Effect):
    """Read what is held; answered by ``HeldListed``."""

    answered_by = (HeldListed,)


@dataclass(frozen=True, slots=True)
class RejectFile(Effect):
    """Put a waiting file aside with a reason."""

    digest: str
    code: str
    user_id: str
    answered_by = ()


NOT_WANTED = "not-wanted"
"""The reason beside a file that a person put aside."""


def open_receive(desk: Desk) -> Step:
    """Wait for what comes for this child, and show what has come already."""
    page = desk.page
    if not isinstance(page, Hearing):
        return desk, ()
    return desk.turned(Receive(page.work.emptied(), page.under)), (AskHeld(),)


def tones_arrived(desk: Desk, message: Stamped, moment: Moment) -> Step:
    """A record came by cable. It is kept; where this child is armed for it, it is also shown."""
    record, station = message.event, desk.station
    if not isinstance(record, ToneRecord):
        return desk, ()
    try:
        one = add(begin(), record)
    except ValueError:
        return desk.told(Notice.RECORD_DAMAGED), ()
    held = HeldRecord(moment.id, message.wall, one)
    opening = _with_since(station.opening, held)
    station = replace(station, held=(*station.held, held), opening=opening)
    return _shown(replace(desk, station=station), held), (HoldRecord(held, message.link_id),)


def _with_since(opening: Opening, *arrivals: Arrival) -> Opening:
    """The opening with what is known to have come after it."""
    return replace(opening, since=opening.since | {key_of(one) for one in arrivals})


def _shown(desk: Desk, held: HeldRecord) -> Desk:
    """Show a record to the child that is armed for it, or ask; where none is, it waits."""
    page, over = desk.page, desk.front.over
    doubt = over.what if isinstance(over, Doubt) else None
    if isinstance(doubt, AnotherSend) and is_of_send(send_of(doubt.records), held):
        return desk.asked(Doubt(AnotherSend((*doubt.records, held))), desk.front.notice)
    if over is not None and not isinstance(over, Aside):
        return desk
    if isinstance(page, Receive):
        return _checked(desk, held)
    if not isinstance(page, Drawing) or not page.work.held:
        return desk
    if is_of_send(page.work.send, held):
        return _checked(desk, held)
    if _is_of_other(desk, held):
        return desk
    return desk.asked(Doubt(AnotherSend((held,))), desk.front.notice)


def held_listed(desk: Desk, message: HeldListed) -> Step:
    """What came earlier and nobody has said whose it is."""
    return replace(desk, station=replace(desk.station, held=message.held)), ()


def files_waiting(desk: Desk, message: FilesToTake, moment: Moment) -> Step:
    """The files in the inbox are others now.

    One is known to have come since the child was opened if it was not there before, and was
    written between then and now. A folder that was away, and a clock that is wrong, leave doubt.
    """
    station = desk.station
    files, known = offers_of(message.files), {one.digest for one in station.files}
    begun = station.opening.at
    new = [f for f in files if f.digest not in known and begun <= f.at <= moment.wall]
    opening = _with_since(station.opening, *new)
    return replace(desk, station=replace(station, files=files, opening=opening)), ()


def inbox_changed(desk: Desk, message: InboxChanged) -> Step:
    """The inbox came, went, or put a file aside."""
    return replace(desk, station=replace(desk.station, inbox=message.inbox)), ()


def arrivals(desk: Desk) -> tuple[Arrival, ...]:
    """Everything that waits, the newest first, without what is taken already."""
    taken = set(desk.hearing.held) if desk.hearing is not None else set()
    found: list[Arrival] = [one for one in desk.station.held if one.id not in taken]
    found += desk.station.files
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _found(desk: Desk, key: str) -> Arrival | None:
    return next((one for one in arrivals(desk) if key_of(one) == key), None)


def take_arrival(desk: Desk, message: TakeArrival) -> Step:
    """Show what waited as the open child's, or ask. What is of another child stops."""
    arrival = _found(desk, message.key)
    if not isinstance(desk.page, Receive) or arrival is None:
        return desk, ()
    if message.key in desk.station.opening.since or _is_of_other(desk, arrival):
        return _checked(desk, arrival), ()
    return desk.asked(Doubt(arrival)), ()


def _is_of_other(desk: Desk, arrival: Arrival) -> bool:
    visit = desk.visit
    return visit is not None and match(arrival.received, visit.child) is Match.OTHER


def _checked(desk: Desk, arrival: Arrival) -> Desk:
    if _is_of_other(desk, arrival):
        return desk.told(Notice.OTHER_CHILD)
    return taken(desk, arrival)


def taken(desk: Desk, arrival: Arrival) -> Desk:
    """Show this one as the open child's: with what was sent together with it, and nothing else."""
    page = desk.page
    if not isinstance(page, Receive | Drawing):
        return desk
    work = page.work
    if isinstance(arrival, FileOffer):
        work = replace(work.emptied(), received=arrival.received, digest=arrival.digest)
    elif is_of_send(work.send, arrival):
        work = with_record(work, arrival)
    else:
        work = with_record(work.emptied(), arrival)
    return _drawn(desk, page, work)


def joined(desk: Desk, another: AnotherSend) -> Desk:
    """A person says that what was sent apart is of the same test as what is shown."""
    page = desk.page
    if not isinstance(page, Drawing) or not page.work.held:
        return desk
    work = page.work
    for held in another.records:
        work = with_record(work, held)
    return _drawn(desk, page, replace(work, send=send_of(another.records)))


def _drawn(desk: Desk, page: Receive | Drawing, work: HearingWork) -> Desk:
    # A part of a group is kept and waited on; it is looked at when all of it has come.
    whole = work.received is not None and work.received.complete
    under = page.under
    if whole or isinstance(under, Change):
        return desk.turned(Drawing(work, under))
    return desk.turned(Receive(work, under))


def pick_answer(desk: Desk, message: PickAnswer) -> Step:
    """A person says which of several answers holds."""
    page = desk.page
    if not isinstance(page, Drawing) or page.work.received is None:
        return desk, ()
    received = page.work.received
    if not received.undecided:
        return desk, ()
    try:
        received = choose(received, received.undecided[0], message.index)
    except ValueError:
        return desk, ()
    return desk.put(replace(page, work=replace(page.work, received=received))), ()


def drop_arrival(desk: Desk, message: DropArrival) -> Step:
    """Forget a record, or put a file aside; a person says so."""
    arrival, station = _found(desk, message.key), desk.station
    if not isinstance(desk.page, Receive) or arrival is None or desk.user is None:
        return desk, ()
    effect: Effect
    if isinstance(arrival, FileOffer):
        left = tuple(one for one in station.files if one.digest != arrival.digest)
        station = replace(station, files=left)
        effect = RejectFile(arrival.digest, NOT_WANTED, desk.user.user_id)
    else:
        kept = tuple(one for one in station.held if one.id != arrival.id)
        station = replace(station, held=kept)
        effect = ForgetHearing((arrival.id,), desk.user.user_id)
    return replace(desk, station=station).told(None), (effect,)


HANDLERS: tuple[Registered, ...] = (
    on(OpenReceive, open_receive),
    on(TakeArrival, take_arrival),
    on(DropArrival, drop_arrival),
    on(PickAnswer, pick_answer),
    on(HeldListed, held_listed),
    on(FilesToTake, files_waiting),
    on(InboxChanged, inbox_changed),
)
