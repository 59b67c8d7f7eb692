"""Is this the right child? A person says so before the first value, or goes back to the form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kiosk.desk.child_form import Identity
from kiosk.desk.drafts import ChangeDraft, VisitDraft
from kiosk.desk.messages import Moment, Note, Touch, Trace
from kiosk.desk.notices import Notice
from kiosk.desk.over import Ask
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Change, Confirm, Find, Measure, Review
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step
from kiosk.features.hearing.steps import ForgetHearing
from kiosk.features.measure import AskEarlier


@dataclass(frozen=True, slots=True)
class ConfirmChild(Touch):
    """A person confirms the identity (first name and birth date said by the parent)."""


@dataclass(frozen=True, slots=True)
class NotThisChild(Touch):
    """Back to the form, which is emptied."""


def confirm_child(desk: Desk, moment: Moment, rules: DeskRules) -> Step:
    """A person says that this is the right child: measuring may begin."""
    page, user = desk.page, desk.user
    if not isinstance(page, Confirm) or user is None:
        return desk, ()
    identity, change = page.identity, page.under.under
    if change is not None:
        return _target(desk, change.changing, identity), ()
    visit = VisitDraft.of_child(moment.id, identity.child, moment.today, identity.look_up)
    measuring = desk.turned(Measure(visit))
    opened = Note(Trace.CHILD_OPENED, user.user_id, str(visit.id))
    patient = identity.child.patient
    if patient is None or not rules.reads_earlier:
        return measuring, (opened,)
    return measuring, (opened, AskEarlier(visit.id, patient))


def _target(desk: Desk, change: ChangeDraft, identity: Identity) -> Desk:
    """The values of a wrong child belong to this one: show both and ask."""
    if not identity.child.number or identity.child.number == change.saved.child.number:
        return desk.told(Notice.SAME_CHILD)
    return desk.turned(Change(replace(change, target=identity)))


def not_this_child(desk: Desk) -> Step:
    """Back to an empty form; what was taken for this child and not saved is dropped."""
    session = desk.session
    if session is None or session.saving:
        return desk, ()
    old = session.over is Ask.OLD_WORK
    if not old and not isinstance(session.page, Find | Confirm | Measure | Review):
        return desk, ()
    form = find(session.page, Find)
    change = form.under if form is not None and not old else None
    begun = _hearing_ids(session)
    dropped = (ForgetHearing(begun, session.user.user_id),) if begun else ()
    return desk.turned(Find(under=change)), dropped


def _hearing_ids(session: Session) -> tuple[UUID, ...]:
    """The hearing tests of this child that are not saved."""
    visit, work = session.visit, session.hearing
    if visit is None:
        return ()
    begun = work.session if work is not None else None
    return (*(test.id for test in visit.hearing), *([begun.id] if begun is not None else []))


HANDLERS: tuple[Registered, ...] = (
    on(ConfirmChild, confirm_child),
    on(NotThisChild, not_this_child),
)
