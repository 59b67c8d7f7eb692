"""Looking over, saving, the three marks, and the slip on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from drivers.events import Reading, Stamped
from kiosk.desk import messages as m
from kiosk.desk.drafts import Draft, SavedVisit, VisitDraft
from kiosk.desk.effects import DrawSlip, Note, PrintVisit, SaveVisit, Trace
from kiosk.desk.notices import Notice
from kiosk.desk.over import Ask, Preview, SlipLanguages
from kiosk.desk.pages import Change, Done, Find, Measure, Review, find
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import measure
from kiosk.features.change import is_taken_back
from kiosk.model.delivery import Part
from kiosk.model.slip import SlipState
from kiosk.model.visit import Device, Measurement, Performer, Rule, Visit

SLIP_UNDER_WAY = frozenset({SlipState.QUEUED, SlipState.PRINTING})
ON_PAPER = frozenset({SlipState.PRINTED, SlipState.UNCERTAIN})
"""A slip may be in somebody's hands already."""


def open_review(desk: Desk, _: m.OpenReview, __: m.Moment, ___: DeskRules) -> Step:
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


def save(desk: Desk, _: m.Save, moment: m.Moment, rules: DeskRules) -> Step:
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
    draft: Draft, visit: VisitDraft, performer: Performer, moment: m.Moment, rules: DeskRules
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


def visit_saved(desk: Desk, message: m.VisitSaved, _: m.Moment, __: DeskRules) -> Step:
    """The commit is done: only now does the screen say so."""

    def take(session: Session) -> Session:
        visit = session.visit
        if visit is None or visit.id != message.visit_id:
            return session
        return replace(session.turned(Done(_saved(visit, message))), previous=visit.child)

    return told_sessions(desk, take)


def _saved(visit: VisitDraft, message: m.VisitSaved) -> SavedVisit:
    saved = SavedVisit(visit.id, visit.child, visit.age_days, visit.drafts, hearing=visit.hearing)
    if not message.messages:
        return saved
    # Known from the start: what one interface tells must not speak for those still silent.
    return saved.standing(tuple(Part(one) for one in message.messages))


def visit_not_saved(desk: Desk, message: m.VisitNotSaved, _: m.Moment, __: DeskRules) -> Step:
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


def choose_slip_name(desk: Desk, message: m.ChooseSlipName, _: m.Moment, __: DeskRules) -> Step:
    """How the child is called on the slip; the parent chooses."""
    page = desk.page
    if not isinstance(page, Done):
        return desk, ()
    return desk.put(replace(page, saved=replace(page.saved, slip_name=message.name))), ()


def open_slip_languages(desk: Desk, _: m.OpenSlipLanguages, __: m.Moment, rules: DeskRules) -> Step:
    """Ask in which language the parents want the slip."""
    if not isinstance(desk.page, Done):
        return desk, ()
    return desk.asked(SlipLanguages(rules.slip_languages), desk.front.notice), ()


def choose_slip_language(
    desk: Desk, message: m.ChooseSlipLanguage, _: m.Moment, rules: DeskRules
) -> Step:
    """The language of the slip; the parent chooses."""
    page = desk.page
    if not isinstance(page, Done) or message.code not in rules.slip_languages:
        return desk, ()
    saved = replace(page.saved, slip_language=message.code)
    return desk.turned(replace(page, saved=saved), desk.front.notice), ()


def preview_slip(desk: Desk, _: m.PreviewSlip, __: m.Moment, ___: DeskRules) -> Step:
    """Draw the slip as it would be printed now."""
    page = desk.page
    if not isinstance(page, Done) or is_taken_back(page.saved.change):
        return desk, ()
    return desk, (DrawSlip(page.saved, page.saved.copies),)


def slip_previewed(desk: Desk, message: m.SlipPreviewed, _: m.Moment, __: DeskRules) -> Step:
    """Show the picture, if its visit is still the one on the page and nothing lies over it."""
    page = desk.page
    if not isinstance(page, Done) or page.saved.id != message.visit_id or desk.over is not None:
        return desk, ()
    return desk.asked(Preview(message.picture), desk.front.notice), ()


def print_slip(desk: Desk, _: m.PrintSlip, __: m.Moment, ___: DeskRules) -> Step:
    """Print on request. A further one is a copy with a reason; a protected child's has one too."""
    desk = replace(desk, front=desk.front.uncovered())
    page = desk.page
    if not isinstance(page, Done) or page.saved.slip in SLIP_UNDER_WAY:
        return desk, ()
    saved = page.saved
    if is_taken_back(saved.change):
        return desk, ()
    if saved.child.protected or (saved.slip in ON_PAPER and not saved.replaces):
        return desk.asked(Ask.REPRINTING), ()
    return _printed(desk, page)


def reprint(desk: Desk, message: m.Reprint, _: m.Moment, __: DeskRules) -> Step:
    """Print another one for a reason, which stays in the trail."""
    page, user = desk.page, desk.user
    if not isinstance(page, Done) or user is None or page.saved.slip in SLIP_UNDER_WAY:
        return desk, ()
    if desk.over is not Ask.REPRINTING:
        return desk, ()
    printed, effects = _printed(desk, page)
    note = Note(Trace.REPRINTED, user.user_id, f"{page.saved.id} {message.reason.value}")
    return printed, (*effects, note)


def _printed(desk: Desk, page: Done) -> Step:
    saved = page.saved
    queued = replace(saved, slip=SlipState.QUEUED, copies=saved.copies + 1, replaces=False)
    return desk.turned(replace(page, saved=queued)), (PrintVisit(saved, saved.copies),)


def slip_changed(desk: Desk, message: m.SlipChanged, _: m.Moment, __: DeskRules) -> Step:
    """The printer took, finished or lost the slip."""
    return told_sessions(
        desk,
        lambda session: with_saved(
            session, message.visit_id, lambda saved: replace(saved, slip=message.state)
        ),
    )


def next_child(desk: Desk, _: m.NextChild, __: m.Moment, ___: DeskRules) -> Step:
    """Done with this child. Also leaves a visit that is not being saved, if it is empty."""
    return (desk.turned(Find()) if isinstance(desk.page, Done) else desk), ()
