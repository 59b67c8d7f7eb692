"""The lock screen: personal sign-in, locking by hand and by time, work kept behind the lock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.desk.lock_pages import AtLock
from kiosk.desk.messages import DeskNews, Effect, Moment, Note, Tick, Touch, Trace
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Receive, Retests, Status, Today
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Locked, LockForm, Session
from kiosk.desk.state import Desk, Step, User
from kiosk.features import calibrate, equipment, length, overdue
from kiosk.features.hearing.audiogram import AskUnfinished
from kiosk.features.hearing.follow_up import AskRetests
from kiosk.features.hearing.receive import AskHeld
from kiosk.features.messages import ListMessages
from kiosk.features.today import asked_today
from kiosk.model.performer import Performer
from kiosk.weighing import gate


@dataclass(frozen=True, slots=True)
class ChooseUser(Touch):
    """A tile of the lock screen; ``None`` goes back to the tiles."""

    user_id: str | None


@dataclass(frozen=True, slots=True)
class PinKey(Touch):
    """One key of the PIN pad: a digit, or ``back``."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubmitPin(Touch):
    """The PIN is typed."""


@dataclass(frozen=True, slots=True)
class Lock(Touch):
    """Lock now. Unfinished work is kept for the same user."""


@dataclass(frozen=True, slots=True)
class PinChecked(DeskNews):
    """The answer to a PIN: right, wrong with tries left, or locked for some seconds."""

    user_id: str
    right: bool
    tries_left: int = 0
    locked_seconds: int = 0


@dataclass(frozen=True, slots=True)
class UsersChanged(DeskNews):
    """The list of people who may sign in was read again."""

    users: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class CheckPin(Effect):
    """Check a PIN; answered by ``PinChecked``."""

    user_id: str
    pin: str = field(repr=False)
    answered_by = (PinChecked,)


@dataclass(frozen=True, slots=True)
class ListPeople(Effect):
    """Read who may sign in; answered by ``UsersChanged``."""

    answered_by = (UsersChanged,)


PEOPLE_SECONDS = 15.0
"""How often the locked station looks who may sign in: somebody may have been added or removed."""


def choose_user(desk: Desk, message: ChooseUser) -> Step:
    """Open the PIN pad for a tile, or go back to the tiles."""
    known = {user.id for user in desk.station.users}
    return _pad(desk, LockForm(message.user_id if message.user_id in known else None)), ()


def _pad(desk: Desk, lock: LockForm, notice: Notice | None = None, value: int = 0) -> Desk:
    front = desk.front
    if not isinstance(front, Locked):
        return desk
    return replace(desk, front=replace(front, lock=lock)).told(notice, value)


def pin_key(desk: Desk, message: PinKey, moment: Moment, rules: DeskRules) -> Step:
    """Add or take back one digit of the PIN."""
    lock = desk.lock
    if lock.user_id is None or lock.checking or _waits(lock, moment):
        return desk, ()
    if message.key == "back":
        pin = lock.pin[:-1]
    elif message.key.isdecimal() and len(message.key) == 1:
        pin = (lock.pin + message.key)[: rules.longest_pin]
    else:
        return desk, ()
    return _pad(desk, replace(lock, pin=pin)), ()


def submit_pin(desk: Desk, moment: Moment, rules: DeskRules) -> Step:
    """Have the typed PIN checked."""
    lock = desk.lock
    ready = lock.user_id is not None and not lock.checking and not _waits(lock, moment)
    if not ready or lock.user_id is None or len(lock.pin) < rules.shortest_pin:
        return desk, ()
    checking = replace(lock, pin="", checking=True)
    return _pad(desk, checking), (CheckPin(lock.user_id, lock.pin),)


def pin_checked(desk: Desk, message: PinChecked, moment: Moment, rules: DeskRules) -> Step:
    """Sign in, or say that the PIN was wrong or must wait."""
    if desk.user is not None or desk.lock.user_id != message.user_id:
        return desk, ()
    if message.right:
        return _signed_in(desk, message.user_id, moment, rules)
    if message.locked_seconds:
        until = moment.monotonic + message.locked_seconds
        lock = LockForm(user_id=message.user_id, locked_until=until)
        return _pad(desk, lock, Notice.PIN_LOCKED, message.locked_seconds), ()
    lock = LockForm(user_id=message.user_id, tries_left=message.tries_left)
    return _pad(desk, lock, Notice.PIN_WRONG, message.tries_left), ()


def _signed_in(desk: Desk, user_id: str, moment: Moment, rules: DeskRules) -> Step:
    """The person's parked session, taken out; a new one where none is parked."""
    kept = next((one for one in desk.parked if one.user.user_id == user_id), None)
    session = kept.taken_out(moment.today) if kept is not None else _new(desk, user_id)
    station = replace(desk.station, touched_at=moment.monotonic)
    others = tuple(one for one in desk.parked if one is not kept)
    opened = Desk(station, session, others)
    unfinished = (AskUnfinished(),) if station.audiometer is not None else ()
    return opened, (*unfinished, *_read_again(session, moment, rules))


def _new(desk: Desk, user_id: str) -> Session:
    user = next(user for user in desk.station.users if user.id == user_id)
    performer = Performer(user.id, user.display, user.role, hpr_number=user.hpr_number)
    return Session(performer, user.look or desk.station.look)


def _read_again(session: Session, moment: Moment, rules: DeskRules) -> tuple[Effect, ...]:
    """What is listed on the page of a session that was parked may have changed meanwhile."""
    match session.page:
        case Status():
            return (ListMessages(),)
        case Retests():
            return (AskRetests(),)
        case Receive():
            return (AskHeld(),)
        case Today():
            return asked_today(moment, rules)
    return ()


def users_changed(desk: Desk, message: UsersChanged) -> Step:
    """Show the people who may sign in now. A PIN pad of somebody who is gone goes too."""
    known = {user.id for user in message.users}
    desk = replace(desk, station=replace(desk.station, users=message.users))
    front = desk.front
    if isinstance(front, Locked) and front.lock.user_id not in known:
        desk = replace(desk, front=replace(front, lock=LockForm()))
    return desk, ()


def lock(desk: Desk, moment: Moment) -> Step:
    """Lock now; unfinished work is kept for the same person."""
    session = desk.session
    return (desk, ()) if session is None else _locked(desk, session, moment)


def _locked(desk: Desk, session: Session, moment: Moment) -> Step:
    """The lock screen, and behind it the session, if it holds work. Nothing else is kept."""
    kept = (session.parked(moment.today),) if session.has_work else ()
    note = Note(Trace.LOCKED, session.user.user_id)
    return Desk(desk.station, Locked(), (*desk.parked, *kept)), (note,)


def tick(desk: Desk, moment: Moment, rules: DeskRules) -> Step:
    """Let time pass: stale weights go, waits end, an untouched session is warned and locked."""
    station = desk.station
    state = gate.time_passed(station.weighing, moment.monotonic)
    desk = replace(desk, station=replace(station, weighing=state))
    desk = length.time_passed(desk, moment.monotonic)
    desk = calibrate.time_passed(desk, moment.monotonic)
    desk = equipment.time_passed(desk, moment.monotonic)
    desk = overdue.time_passed(desk, moment.monotonic, rules)
    session = desk.session
    if session is None:
        return _time_at_lock(_blanked(_count_down(desk, moment), moment, rules), moment)
    idle = moment.monotonic - desk.station.touched_at
    if idle >= rules.lock_after:
        return _locked(desk, session, moment)
    left = rules.lock_after - idle
    if left <= rules.warn_before_lock and session.notice is not Notice.SAVE_LATE:
        return desk.told(Notice.WILL_LOCK, round(left)), ()
    if session.notice is Notice.WILL_LOCK:
        return desk.told(None), ()
    return desk, ()


def _time_at_lock(desk: Desk, moment: Moment) -> Step:
    if moment.monotonic - desk.station.people_at < PEOPLE_SECONDS:
        return desk, ()
    station = replace(desk.station, people_at=moment.monotonic)
    return replace(desk, station=station), (ListPeople(),)


def _blanked(desk: Desk, moment: Moment, rules: DeskRules) -> Desk:
    """Darken the lock screen that nobody has touched for long. Nothing else is ever dark."""
    station, front = desk.station, desk.front
    if not station.touched_at:
        # Just started: a machine that has been up for days has not been left for days.
        return replace(desk, station=replace(station, touched_at=moment.monotonic))
    long = rules.blank_after > 0 and moment.monotonic - station.touched_at >= rules.blank_after
    waits = not isinstance(front.page, AtLock) or desk.lock != LockForm()
    if waits or front.notice is not None or not long or station.blanked:
        return desk
    return replace(desk, station=replace(station, blanked=True))


def _count_down(desk: Desk, moment: Moment) -> Desk:
    until = desk.lock.locked_until
    if until is None:
        return desk
    left = round(until - moment.monotonic)
    if left <= 0:
        return _pad(desk, LockForm(user_id=desk.lock.user_id))
    return desk.told(Notice.PIN_LOCKED, left)


def _waits(lock: LockForm, moment: Moment) -> bool:
    return lock.locked_until is not None and moment.monotonic < lock.locked_until


HANDLERS: tuple[Registered, ...] = (
    on(ChooseUser, choose_user),
    on(PinKey, pin_key),
    on(SubmitPin, submit_pin),
    on(PinChecked, pin_checked),
    on(UsersChanged, users_changed),
    on(Lock, lock),
    on(Tick, tick),
)
