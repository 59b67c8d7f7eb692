"""The lock screen: personal sign-in, locking by hand and by time, unfinished work kept."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import weighing
from kiosk.core.desk import alive, calibration, lengths
from kiosk.core.desk import messages as m
from kiosk.core.desk.child_form import ChildForm, LookUp
from kiosk.core.desk.effects import AskUnfinished, CheckPin, Effect, ListPeople, Note, Trace
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, LockForm, Screen
from kiosk.core.model import Performer

Step = tuple[Desk, tuple[Effect, ...]]

PEOPLE_SECONDS = 15.0
"""How often the locked station looks who may sign in: somebody may have been added or removed."""


def choose_user(desk: Desk, message: m.ChooseUser, _: m.Moment, __: DeskRules) -> Step:
    """Open the PIN pad for a tile, or go back to the tiles."""
    known = {user.id for user in desk.users}
    user_id = message.user_id if message.user_id in known else None
    return replace(desk, lock=LockForm(user_id=user_id), notice=None), ()


def pin_key(desk: Desk, message: m.PinKey, moment: m.Moment, rules: DeskRules) -> Step:
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
    return replace(desk, lock=replace(lock, pin=pin), notice=None), ()


def submit_pin(desk: Desk, _: m.SubmitPin, moment: m.Moment, rules: DeskRules) -> Step:
    """Have the typed PIN checked."""
    lock = desk.lock
    ready = lock.user_id is not None and not lock.checking and not _waits(lock, moment)
    if not ready or lock.user_id is None or len(lock.pin) < rules.shortest_pin:
        return desk, ()
    checking = replace(lock, pin="", checking=True)
    return replace(desk, lock=checking, notice=None), (CheckPin(lock.user_id, lock.pin),)


def pin_checked(desk: Desk, message: m.PinChecked, moment: m.Moment, _: DeskRules) -> Step:
    """Sign in, or say that the PIN was wrong or must wait."""
    if desk.user is not None or desk.lock.user_id != message.user_id:
        return desk, ()
    if message.right:
        desk = _signed_in(desk, message.user_id, moment)
        return desk, ((AskUnfinished(),) if desk.audiometer is not None else ())
    if message.locked_seconds:
        until = moment.monotonic + message.locked_seconds
        lock = LockForm(user_id=message.user_id, locked_until=until)
        told = replace(desk, lock=lock, notice=Notice.PIN_LOCKED)
        return replace(told, notice_value=message.locked_seconds), ()
    lock = LockForm(user_id=message.user_id, tries_left=message.tries_left)
    told = replace(desk, lock=lock, notice=Notice.PIN_WRONG, notice_value=message.tries_left)
    return told, ()


def _signed_in(desk: Desk, user_id: str, moment: m.Moment) -> Desk:
    user = next(user for user in desk.users if user.id == user_id)
    performer = Performer(user.id, user.display, user.role, hpr_number=user.hpr_number)
    kept = desk.kept
    if kept is not None and kept.user is not None and kept.user.user_id == user_id:
        return _brought_back(desk, kept, moment)
    return replace(
        locked(desk, keep=False),
        screen=Screen.FIND,
        user=performer,
        look=user.look or desk.station_look,
        notice=None,
        touched_at=moment.monotonic,
    )


def _brought_back(desk: Desk, kept: Desk, moment: m.Moment) -> Desk:
    """The kept work, with everything that went on meanwhile."""
    saved = desk.saved if desk.saved is not None else kept.saved
    return replace(
        kept,
        aside=None,
        users=desk.users,
        weighing=desk.weighing,
        opening=desk.opening,
        held=desk.held,
        files=desk.files,
        inbox=desk.inbox,
        audiometer_link=desk.audiometer_link,
        strip=desk.strip,
        parts=desk.parts,
        saving_since=desk.saving_since,
        saved=saved,
        messages=(),
        last_weight=desk.last_weight,
        lock=LockForm(),
        kept=None,
        notice=Notice.DRAFT_RESTORED,
        touched_at=moment.monotonic,
    )


def users_changed(desk: Desk, message: m.UsersChanged, _: m.Moment, __: DeskRules) -> Step:
    """Show the people who may sign in now. A PIN pad of somebody who is gone goes too."""
    known = {user.id for user in message.users}
    lock = desk.lock if desk.lock.user_id in known else LockForm()
    return replace(desk, users=message.users, lock=lock), ()


def lock(desk: Desk, _: m.Lock, __: m.Moment, ___: DeskRules) -> Step:
    """Lock now; unfinished work is kept for the same person."""
    if desk.user is None:
        return desk, ()
    return locked(desk, keep=True), (Note(Trace.LOCKED, desk.user.user_id),)


def locked(desk: Desk, *, keep: bool) -> Desk:
    """The lock screen of this desk, with or without the unfinished work behind it."""
    unfinished = keep and desk.user is not None and _has_work(desk)
    kept = replace(desk, kept=None, question=desk.question) if unfinished else None
    return replace(
        desk,
        screen=Screen.LOCK,
        user=None,
        lock=LockForm(),
        form=ChildForm(),
        look_up=LookUp.NOT_ASKED,
        identity=None,
        visit=None,
        hearing=None,
        unfinished=(),
        check=None,
        awaited=None,
        settling=None,
        filling=None,
        entry=None,
        question=None,
        leaving=False,
        choosing_language=False,
        reprinting=False,
        preview=None,
        previous=None,
        placing=None,
        second=None,
        calibrating=None,
        changing=None,
        reading=None,
        booked=(),
        visits=None,
        saved=None,
        messages=(),
        look=desk.station_look,
        aside=None,
        notice=None,
        kept=kept,
        back_to=Screen.FIND,
    )


def _has_work(desk: Desk) -> bool:
    changing = desk.changing is not None and desk.changing.kind is not None
    begun = desk.visit is not None or desk.identity is not None
    return begun or changing or desk.form != ChildForm()


def tick(desk: Desk, _: m.Tick, moment: m.Moment, rules: DeskRules) -> Step:
    """Let time pass: stale weights go, waits end, an untouched session is warned and locked."""
    desk = replace(desk, weighing=weighing.time_passed(desk.weighing, moment.monotonic))
    desk = lengths.time_passed(desk, moment.monotonic)
    desk = calibration.time_passed(desk, moment.monotonic)
    desk = alive.time_passed(desk, moment.monotonic, rules)
    if desk.user is None:
        locked_on = _blanked(_count_down(desk, moment), moment, rules)
        if moment.monotonic - desk.people_at < PEOPLE_SECONDS:
            return locked_on, ()
        return replace(locked_on, people_at=moment.monotonic), (ListPeople(),)
    idle = moment.monotonic - desk.touched_at
    if idle >= rules.lock_after:
        return locked(desk, keep=True), (Note(Trace.LOCKED, desk.user.user_id),)
    left = rules.lock_after - idle
    if left <= rules.warn_before_lock and desk.notice is not Notice.SAVE_LATE:
        return replace(desk, notice=Notice.WILL_LOCK, notice_value=round(left)), ()
    if desk.notice is Notice.WILL_LOCK:
        return replace(desk, notice=None), ()
    return desk, ()


def _blanked(desk: Desk, moment: m.Moment, rules: DeskRules) -> Desk:
    """Darken the lock screen that nobody has touched for long. Nothing else is ever dark."""
    if not desk.touched_at:
        # Just started: a machine that has been up for days has not been left for days.
        return replace(desk, touched_at=moment.monotonic)
    long = rules.blank_after > 0 and moment.monotonic - desk.touched_at >= rules.blank_after
    waits = desk.screen is not Screen.LOCK or desk.lock != LockForm() or desk.notice is not None
    return desk if waits or not long or desk.blanked else replace(desk, blanked=True)


def _count_down(desk: Desk, moment: m.Moment) -> Desk:
    until = desk.lock.locked_until
    if until is None:
        return desk
    left = round(until - moment.monotonic)
    if left <= 0:
        return replace(desk, lock=LockForm(user_id=desk.lock.user_id), notice=None)
    return replace(desk, notice=Notice.PIN_LOCKED, notice_value=left)


def _waits(lock: LockForm, moment: m.Moment) -> bool:
    return lock.locked_until is not None and moment.monotonic < lock.locked_until
