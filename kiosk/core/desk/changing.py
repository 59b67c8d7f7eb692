"""The ways back at the desk: correct a value, move a visit to the right child, withdraw it.

Three different things with three different traces. None of them erases what was saved, and each
is confirmed on a page of its own with a reason before anything is committed.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.changing import TAKEN_OUT
from kiosk.core.desk import finding, today
from kiosk.core.desk import messages as m
from kiosk.core.desk.drafts import ChangeDraft, Draft, Entry
from kiosk.core.desk.effects import Effect, SaveChange, SettleByHand
from kiosk.core.desk.notices import EntryFault
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import Change, ChangeKind, Delivery, NewValue, OddReason
from kiosk.core.outbox import BY_HAND
from kiosk.core.plausibility import Verdict

Step = tuple[Desk, tuple[Effect, ...]]


def open_change(desk: Desk, _: m.OpenChange, __: m.Moment, ___: DeskRules) -> Step:
    """Show what can be done about the saved visit. One that was taken back has nothing left."""
    saved = desk.saved
    if desk.screen is not Screen.DONE or saved is None or is_taken_back(saved.change):
        return desk, ()
    return replace(desk, screen=Screen.CHANGE, changing=ChangeDraft(saved), notice=None), ()


def is_taken_back(change: ChangeKind | None) -> bool:
    """Whether the visit as a whole no longer counts."""
    return change in TAKEN_OUT


def correct_value(desk: Desk, message: m.CorrectValue, _: m.Moment, __: DeskRules) -> Step:
    """Type the right value, twice."""
    draft = _value(desk, message)
    if draft is None or desk.changing is None:
        return desk, ()
    changing = ChangeDraft(desk.changing.saved, ChangeKind.CORRECTED, message.measurement_id)
    entry = Entry(draft.quantity, position=draft.position)
    return replace(desk, screen=Screen.ENTRY, changing=changing, entry=entry, notice=None), ()


def _value(desk: Desk, message: m.CorrectValue) -> Draft | None:
    if desk.screen is not Screen.CHANGE or desk.changing is None or desk.changing.ready:
        return None
    drafts = desk.changing.saved.drafts
    return next((d for d in drafts if d.id == message.measurement_id), None)


def typed(desk: Desk, draft: Draft) -> Desk:
    """The new value was typed twice: ask for the reason.

    An impossible one is refused, and so is the one that stands there already.
    """
    changing, entry = desk.changing, desk.entry
    assert changing is not None
    assert entry is not None
    old = next(d for d in changing.saved.drafts if d.id == changing.measurement_id)
    fault = EntryFault.IMPOSSIBLE if draft.verdict is Verdict.IMPOSSIBLE else None
    if (draft.value, draft.position) == (old.value, old.position):
        fault = EntryFault.SAME
    if fault is not None:
        return replace(desk, entry=replace(entry, first=None, typed="", fault=fault))
    ready = replace(changing, draft=draft)
    return replace(desk, screen=Screen.CHANGE, changing=ready, entry=None, notice=None)


def withdraw_visit(desk: Desk, _: m.WithdrawVisit, __: m.Moment, ___: DeskRules) -> Step:
    """Ask why the values must not be used."""
    if desk.screen is not Screen.CHANGE or desk.changing is None or desk.changing.ready:
        return desk, ()
    changing = ChangeDraft(desk.changing.saved, ChangeKind.WITHDRAWN)
    return replace(desk, changing=changing, notice=None), ()


def move_visit(desk: Desk, _: m.MoveVisit, __: m.Moment, ___: DeskRules) -> Step:
    """Look for the child the values belong to, as any child is looked for."""
    if desk.screen is not Screen.CHANGE or desk.changing is None or desk.changing.ready:
        return desk, ()
    changing = ChangeDraft(desk.changing.saved, ChangeKind.WRONG_CHILD)
    return replace(finding.to_form(desk), changing=changing, saved=desk.saved), ()


def give_number(desk: Desk, _: m.GiveNumber, __: m.Moment, ___: DeskRules) -> Step:
    """Look for the child by the number it has now; its values go on under it."""
    saved = desk.saved
    if desk.screen is not Screen.DONE or saved is None or saved.child.number:
        return desk, ()
    if is_taken_back(saved.change):
        return desk, ()
    changing = ChangeDraft(saved, ChangeKind.NUMBERED)
    return replace(finding.to_form(desk), changing=changing, saved=saved), ()


def confirm_change(desk: Desk, message: m.ConfirmChange, moment: m.Moment, _: DeskRules) -> Step:
    """Commit the change. Once."""
    changing, performer = desk.changing, desk.user
    if desk.screen is not Screen.CHANGE or changing is None or performer is None:
        return desk, ()
    if changing.saving or not changing.ready or changing.kind is None:
        return desk, ()
    change = Change(
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
    saving = replace(desk, changing=replace(changing, saving=True), notice=None)
    saving = replace(saving, saving_since=moment.monotonic)
    return saving, (SaveChange(change, child),)


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


def change_saved(desk: Desk, message: m.ChangeSaved, _: m.Moment, __: DeskRules) -> Step:
    """The commit is done: show what holds now."""
    if desk.user is None and desk.kept is not None:
        # Locked meanwhile: what was changed is durable, so the work comes back at its beginning.
        kept = desk.kept
        over = kept.changing is not None and kept.changing.saved.id == message.visit_id
        return (replace(desk, kept=finding.to_form(kept)) if over else desk), ()
    if desk.changing is None or desk.changing.saved.id != message.visit_id:
        return desk, ()
    return today.read(desk, message.shown)


def change_not_saved(desk: Desk, message: m.ChangeNotSaved, _: m.Moment, __: DeskRules) -> Step:
    """Nothing was changed: the page stays as it is and can be confirmed again."""
    if desk.user is None and desk.kept is not None:
        kept, effects = change_not_saved(desk.kept, message, _, __)
        return replace(desk, kept=kept), effects
    changing = desk.changing
    if changing is None or changing.saved.id != message.visit_id:
        return desk, ()
    return replace(desk, changing=replace(changing, saving=False), notice=message.notice), ()


def made_by_hand(desk: Desk, _: m.MadeByHand, __: m.Moment, ___: DeskRules) -> Step:
    """A person has made the change in the journal and stands for it."""
    saved, performer = desk.saved, desk.user
    if desk.screen is not Screen.DONE or saved is None or performer is None:
        return desk, ()
    if saved.delivery is not Delivery.REJECTED or saved.failure not in BY_HAND:
        return desk, ()
    assert saved.message is not None
    waiting = replace(desk, reading=saved.id)
    return waiting, (SettleByHand(saved.message, saved.id, performer),)
