"""Looking over, saving, the three marks, and the slip on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from drivers.events import Reading, Stamped
from kiosk.desk.drafts import Draft, SavedVisit, VisitDraft
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Change, Done, Find, Measure, Review
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import measure
from kiosk.model.delivery import Part
from kiosk.model.performer import Device, Performer
from kiosk.model.visit import Measurement, Rule, Visit


@dataclass(frozen=True, slots=True)
class OpenReview(Touch):
    """Look over the values before saving."""


@dataclass(frozen=True, slots=True)
class Save(Touch):
    """Save the reviewed values for the child whose name is shown beside them."""


@dataclass(frozen=True, slots=True)
class NextChild(Touch):
    """Done with this child."""


@dataclass(frozen=True, slots=True)
class VisitSaved(DeskNews):
    """The visit is durable. ``messages`` are those that were queued with it, one an interface."""

    visit_id: UUID
    messages: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitNotSaved(DeskNews):
    """The visit is not stored; the values are still on the screen."""

    visit_id: UUID
    notice: Notice


@dataclass(frozen=True, slots=True)
class SaveVisit(Effect):
    """Commit the visit; answered by ``VisitSaved`` or ``VisitNotSaved``.

    ``used`` are the hearing sessions and held records that became part of it, ``files`` the
    SHA-256 of the files: they are put with the imported ones once the visit is safe.
    """

    visit: Visit = field(repr=False)
    performer: Performer
    used: tuple[UUID, ...] = ()
    files: tuple[str, ...] = ()
    answered_by = (VisitSaved, VisitNotSaved)


def open_review(desk: Desk) -> Step:
    """Show name, birth date and every value together, before saving."""
    page = desk.page
    if not isinstance(page, Measure):
        return desk, ()
    if page.visit.together is not None:
        return desk.told(Notice.HALF_WEIGHED), ()
    if page.hearing is not None:
        return desk.told(Notice.HEARING_OPEN), ()
    if page.visit.is_empty:
        return desk.told(Notice.NOTHING_MEASURED), ()
    asked = measure.surprise(desk.station, page.visit)
    return (desk.asked(asked) if asked is not None else desk.turned(Review(page))), ()


def save(desk: Desk, moment: Moment, rules: DeskRules) -> Step:
    """Save what is on the screen for the child whose name is on the screen. Once."""
    page, performer = desk.page, desk.user
    if not isinstance(page, Review) or page.visit.saving or performer is None:
        return desk, ()
    visit = page.visit
    measured = tuple(_measurement(d, visit, performer, moment, rules) for d in visit.drafts)
    saving = desk.with_visit(replace(visit, saving=True)).told(None)
    station = replace(saving.station, saving_since=moment.monotonic)
    whole = Visit(visit.id, visit.child, measured, hearing=visit.hearing)
    used = (*(test.id for test in visit.hearing), *visit.used)
    effect = SaveVisit(whole, performer, used, visit.files)
    return replace(saving, station=station), (effect,)


def _measurement(
    draft: Draft, visit: VisitDraft, performer: Performer, moment: Moment, rules: DeskRules
) -> Measurement:
    sent = _sent(draft)
    return Measurement(
        id=draft.id,
        visit_id=visit.id,
        quantity=draft.quantity,
        value=draft.value,
        text=draft.text,
        unit=draft.unit,
        source=draft.source,
        measured_at=draft.measured_at,
        entered_at=moment.wall,
        offset_minutes=moment.offset_minutes,
        performer=performer,
        position=draft.position,
        dress=draft.dress,
        stability=_stability(sent),
        raw=sent.event.raw if sent is not None and draft.rule is Rule.SINGLE else b"",
        device=_device(sent, rules),
        odd_reason=draft.odd_reason,
        rule=draft.rule,
        readings=draft.readings,
    )


def _sent(draft: Draft) -> Stamped | None:
    """What the device sent for this value, ``None`` for a typed one."""
    offer = draft.offer or draft.length
    return offer.reading if offer is not None else None


def _stability(sent: Stamped | None) -> str:
    event = sent.event if sent is not None else None
    return event.stability.value if isinstance(event, Reading) else ""


def _device(sent: Stamped | None, rules: DeskRules) -> Device | None:
    devices = (rules.scale, rules.length_board)
    return next((d for d in devices if d is not None and sent and d.link_id == sent.link_id), None)


def visit_saved(desk: Desk, message: VisitSaved) -> Step:
    """The commit is done: only now does the screen say so."""

    def take(session: Session) -> Session:
        visit = session.visit
        if visit is None or visit.id != message.visit_id:
            return session
        return replace(session.turned(Done(_saved(visit, message))), previous=visit.child)

    return told_sessions(desk, take)


def _saved(visit: VisitDraft, message: VisitSaved) -> SavedVisit:
    saved = SavedVisit(visit.id, visit.child, visit.age_days, visit.drafts, hearing=visit.hearing)
    if not message.messages:
        return saved
    # Known from the start: what one interface tells must not speak for those still silent.
    return saved.standing(tuple(Part(one) for one in message.messages))


def visit_not_saved(desk: Desk, message: VisitNotSaved) -> Step:
    """Nothing was stored: the values stay on the screen and may be saved again."""

    def take(session: Session) -> Session:
        visit = session.visit
        if visit is None or visit.id != message.visit_id:
            return session
        return session.with_visit(replace(visit, saving=False)).told(message.notice)

    return told_sessions(desk, take)


def with_saved(
    session: Session, visit_id: UUID, now: Callable[[SavedVisit], SavedVisit]
) -> Session:
    """The session with a saved visit as it stands now, where it is looked at or changed."""
    saved = session.saved
    if saved is None or saved.id != visit_id:
        return session
    done, change = find(session.page, Done), find(session.page, Change)
    if done is not None:
        return session.swapped(done, replace(done, saved=now(saved)))
    assert change is not None
    changing = replace(change.changing, saved=now(saved))
    return session.swapped(change, replace(change, changing=changing))


def next_child(desk: Desk) -> Step:
    """Done with this child. Also leaves a visit that is not being saved, if it is empty."""
    return (desk.turned(Find()) if isinstance(desk.page, Done) else desk), ()


HANDLERS: tuple[Registered, ...] = (
    on(OpenReview, open_review),
    on(Save, save),
    on(VisitSaved, visit_saved),
    on(VisitNotSaved, visit_not_saved),
    on(NextChild, next_child),
)
