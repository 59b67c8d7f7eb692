"""The ways back at the desk: correct a value, move a visit to the right child, withdraw it.

Three different things with three different traces. None of them erases what was saved, and each
is confirmed on a page of its own with a reason before anything is committed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from kiosk.desk.drafts import ChangeDraft, Draft, Entry
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import EntryFault, Notice
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Change, Done, Find, Typing
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features.today import ReadVisit, VisitRead
from kiosk.model.changes import TAKEN_OUT
from kiosk.model.outbox import BY_HAND
from kiosk.model.performer import Performer
from kiosk.model.visit import Change as ChangeRow
from kiosk.model.visit import ChangeKind, ChangeReason, Child, Delivery, NewValue, OddReason
from kiosk.weighing.plausibility import Verdict


@dataclass(frozen=True, slots=True)
class OpenChange(Touch):
    """Something about the saved visit is wrong."""


@dataclass(frozen=True, slots=True)
class CorrectValue(Touch):
    """This value of the visit is wrong: type the right one."""

    measurement_id: UUID


@dataclass(frozen=True, slots=True)
class MoveVisit(Touch):
    """The values belong to another child."""


@dataclass(frozen=True, slots=True)
class GiveNumber(Touch):
    """The child of the saved visit has an identity number now."""


@dataclass(frozen=True, slots=True)
class WithdrawVisit(Touch):
    """The visit's values must not be used."""


@dataclass(frozen=True, slots=True)
class ConfirmChange(Touch):
    """The change on the screen is right, for this reason."""

    reason: ChangeReason


@dataclass(frozen=True, slots=True)
class MadeByHand(Touch):
    """A person has made the change in the journal, which does not take it from the station."""


@dataclass(frozen=True, slots=True)
class ChangeSaved(DeskNews):
    """The change is durable. ``shown`` is the visit to look at now."""

    visit_id: UUID
    shown: UUID


@dataclass(frozen=True, slots=True)
class ChangeNotSaved(DeskNews):
    """Nothing was changed."""

    visit_id: UUID
    notice: Notice


@dataclass(frozen=True, slots=True)
class SaveChange(Effect):
    """Commit a way back; answered by ``ChangeSaved`` or ``ChangeNotSaved``.

    ``to`` is the right child, where the values were taken for a wrong one.
    """

    change: ChangeRow = field(repr=False)
    to: Child | None = field(default=None, repr=False)
    answered_by = (ChangeSaved, ChangeNotSaved)


@dataclass(frozen=True, slots=True)
class SettleByHand(Effect):
    """A person made the change of this message in the journal."""

    item_id: UUID
    visit_id: UUID
    performer: Performer
    answered_by = (VisitRead,)


def open_change(desk: Desk) -> Step:
    """Show what can be done about the saved visit. One that was taken back has nothing left."""
    page = desk.page
    if not isinstance(page, Done) or is_taken_back(page.saved.change):
        return desk, ()
    return desk.turned(Change(ChangeDraft(page.saved))), ()


def is_taken_back(change: ChangeKind | None) -> bool:
    """Whether the visit as a whole no longer counts."""
    return change in TAKEN_OUT


def correct_value(desk: Desk, message: CorrectValue) -> Step:
    """Type the right value, twice."""
    page = desk.page
    if not isinstance(page, Change) or page.changing.ready:
        return desk, ()
    saved = page.changing.saved
    draft = next((d for d in saved.drafts if d.id == message.measurement_id), None)
    if draft is None:
        return desk, ()
    change = Change(ChangeDraft(saved, ChangeKind.CORRECTED, message.measurement_id))
    return desk.turned(Typing(Entry(draft.quantity, position=draft.position), change)), ()


def typed(desk: Desk, page: Typing, change: Change, draft: Draft) -> Desk:
    """The new value was typed twice: ask for the reason.

    An impossible one is refused, and so is the one that stands there already.
    """
    changing = change.changing
    old = next(d for d in changing.saved.drafts if d.id == changing.measurement_id)
    fault = EntryFault.IMPOSSIBLE if draft.verdict is Verdict.IMPOSSIBLE else None
    if (draft.value, draft.position) == (old.value, old.position):
        fault = EntryFault.SAME
    if fault is not None:
        entry = replace(page.entry, first=None, typed="", fault=fault)
        return desk.put(replace(page, entry=entry))
    return desk.turned(Change(replace(changing, draft=draft)))


def withdraw_visit(desk: Desk) -> Step:
    """Ask why the values must not be used."""
    page = desk.page
    if not isinstance(page, Change) or page.changing.ready:
        return desk, ()
    return desk.turned(Change(ChangeDraft(page.changing.saved, ChangeKind.WITHDRAWN))), ()


def move_visit(desk: Desk) -> Step:
    """Look for the child the values belong to, as any child is looked for."""
    page = desk.page
    if not isinstance(page, Change) or page.changing.ready:
        return desk, ()
    change = Change(ChangeDraft(page.changing.saved, ChangeKind.WRONG_CHILD))
    return desk.turned(Find(under=change)), ()


def give_number(desk: Desk) -> Step:
    """Look for the child by the number it has now; its values go on under it."""
    page = desk.page
    if not isinstance(page, Done) or page.saved.child.number:
        return desk, ()
    if is_taken_back(page.saved.change):
        return desk, ()
    change = Change(ChangeDraft(page.saved, ChangeKind.NUMBERED))
    return desk.turned(Find(under=change)), ()


def confirm_change(desk: Desk, message: ConfirmChange, moment: Moment) -> Step:
    """Commit the change. Once."""
    page, performer = desk.page, desk.user
    if not isinstance(page, Change) or performer is None:
        return desk, ()
    changing = page.changing
    if changing.saving or not changing.ready or changing.kind is None:
        return desk, ()
    change = ChangeRow(
        id=moment.id,
        visit_id=changing.saved.id,
        kind=changing.kind,
        reason=message.reason,
        made_at=moment.wall,
        offset_minutes=moment.offset_minutes,
        performer=performer,
        values=_new_values(changing),
        hearing=(changing.hearing,) if changing.hearing is not None else (),
    )
    child = changing.target.child if changing.target is not None else None
    saving = desk.put(replace(page, changing=replace(changing, saving=True))).told(None)
    since = replace(saving.station, saving_since=moment.monotonic)
    return replace(saving, station=since), (SaveChange(change, child),)


def _new_values(changing: ChangeDraft) -> tuple[NewValue, ...]:
    draft = changing.draft
    if changing.kind is not ChangeKind.CORRECTED or draft is None:
        return ()
    assert changing.measurement_id is not None
    # The reason for the change is the answer to an odd value: it was typed twice and looked at.
    odd = None if draft.verdict is Verdict.USUAL else OddReason.READ_AGAIN
    one = NewValue(
        changing.measurement_id, draft.value, draft.text, draft.unit, draft.position, odd
    )
    return (one,)


def change_saved(desk: Desk, message: ChangeSaved) -> Step:
    """The commit is done: show what holds now."""

    def take(session: Session) -> Session | tuple[Session, tuple[Effect, ...]]:
        page = _changed_at(session, message.visit_id)
        if page is None:
            return session
        read = session.turned(replace(page, reading=message.shown))
        return read, (ReadVisit(message.shown),)

    return told_sessions(desk, take)


def _changed_at(session: Session, visit_id: UUID) -> Change | None:
    """The page whose change is being saved."""
    page = find(session.page, Change)
    return page if page is not None and page.changing.saved.id == visit_id else None


def change_not_saved(desk: Desk, message: ChangeNotSaved) -> Step:
    """Nothing was changed: the page stays as it is and can be confirmed again."""

    def take(session: Session) -> Session:
        page = _changed_at(session, message.visit_id)
        if page is None:
            return session
        open_again = replace(page, changing=replace(page.changing, saving=False))
        return session.swapped(page, open_again).told(message.notice)

    return told_sessions(desk, take)


def made_by_hand(desk: Desk) -> Step:
    """A person has made the change in the journal and stands for it."""
    page, performer = desk.page, desk.user
    if not isinstance(page, Done) or performer is None:
        return desk, ()
    saved = page.saved
    if saved.delivery is not Delivery.REJECTED or saved.failure not in BY_HAND:
        return desk, ()
    assert saved.message is not None
    waiting = desk.put(replace(page, reading=saved.id))
    return waiting, (SettleByHand(saved.message, saved.id, performer),)


HANDLERS: tuple[Registered, ...] = (
    on(OpenChange, open_change),
    on(CorrectValue, correct_value),
    on(MoveVisit, move_visit),
    on(WithdrawVisit, withdraw_visit),
    on(GiveNumber, give_number),
    on(ConfirmChange, confirm_change),
    on(ChangeSaved, change_saved),
    on(ChangeNotSaved, change_not_saved),
    on(MadeByHand, made_by_hand),
)
