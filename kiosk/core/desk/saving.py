"""Looking over, saving, the three marks, and the slip on request."""

from __future__ import annotations

from dataclasses import replace

from drivers.events import Reading, Stamped
from kiosk.core.desk import finding, measuring
from kiosk.core.desk import messages as m
from kiosk.core.desk.changing import is_taken_back
from kiosk.core.desk.drafts import Draft, SavedVisit, VisitDraft
from kiosk.core.desk.effects import DrawSlip, Effect, Note, PrintVisit, SaveVisit, Trace
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.slip import SlipState
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import Device, Measurement, Performer, Rule, Visit
from kiosk.core.standing import Part

Step = tuple[Desk, tuple[Effect, ...]]

SLIP_UNDER_WAY = frozenset({SlipState.QUEUED, SlipState.PRINTING})
ON_PAPER = frozenset({SlipState.PRINTED, SlipState.UNCERTAIN})
"""A slip may be in somebody's hands already."""


def open_review(desk: Desk, _: m.OpenReview, __: m.Moment, ___: DeskRules) -> Step:
    """Show name, birth date and every value together, before saving."""
    if desk.screen is not Screen.MEASURE or desk.visit is None or desk.asking:
        return desk, ()
    if desk.visit.together is not None:
        return replace(desk, notice=Notice.HALF_WEIGHED), ()
    if desk.hearing is not None:
        return replace(desk, notice=Notice.HEARING_OPEN), ()
    if desk.visit.is_empty:
        return replace(desk, notice=Notice.NOTHING_MEASURED), ()
    asked = measuring.surprise(desk)
    return asked or replace(desk, screen=Screen.REVIEW, notice=None), ()


def save(desk: Desk, _: m.Save, moment: m.Moment, rules: DeskRules) -> Step:
    """Save what is on the screen for the child whose name is on the screen. Once."""
    visit, performer = desk.visit, desk.user
    if desk.screen is not Screen.REVIEW or visit is None or visit.saving or performer is None:
        return desk, ()
    measured = tuple(_measurement(d, visit, performer, moment, rules) for d in visit.drafts)
    saving = replace(desk, visit=replace(visit, saving=True), notice=None)
    saving = replace(saving, saving_since=moment.monotonic)
    whole = Visit(visit.id, visit.child, measured, hearing=visit.hearing)
    used = (*(test.id for test in visit.hearing), *visit.used)
    return saving, (SaveVisit(whole, performer, used, visit.files),)


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
    if desk.user is None and desk.kept is not None:
        # The session locked while the commit ran: the kept work becomes the done page.
        kept, effects = visit_saved(desk.kept, message, _, __)
        return replace(desk, kept=kept), effects
    visit = desk.visit
    if visit is None or visit.id != message.visit_id:
        return desk, ()
    saved = SavedVisit(visit.id, visit.child, visit.age_days, visit.drafts, hearing=visit.hearing)
    if message.messages:
        # Known from the start: what one interface tells must not speak for those still silent.
        saved = saved.standing(tuple(Part(one) for one in message.messages))
    done = replace(desk, screen=Screen.DONE, visit=None, saved=saved, notice=None)
    return replace(done, previous=visit.child), ()


def visit_not_saved(desk: Desk, message: m.VisitNotSaved, _: m.Moment, __: DeskRules) -> Step:
    """Nothing was stored: the values stay on the screen and may be saved again."""
    if desk.user is None and desk.kept is not None:
        kept, effects = visit_not_saved(desk.kept, message, _, __)
        return replace(desk, kept=kept), effects
    visit = desk.visit
    if visit is None or visit.id != message.visit_id:
        return desk, ()
    return replace(desk, visit=replace(visit, saving=False), notice=message.notice), ()


def choose_slip_name(desk: Desk, message: m.ChooseSlipName, _: m.Moment, __: DeskRules) -> Step:
    """How the child is called on the slip; the parent chooses."""
    if desk.saved is None:
        return desk, ()
    return replace(desk, saved=replace(desk.saved, slip_name=message.name)), ()


def open_slip_languages(desk: Desk, _: m.OpenSlipLanguages, __: m.Moment, rules: DeskRules) -> Step:
    """Ask in which language the parents want the slip."""
    if desk.screen is not Screen.DONE or desk.saved is None:
        return desk, ()
    return replace(desk, choosing_language=True, languages=rules.slip_languages), ()


def choose_slip_language(
    desk: Desk, message: m.ChooseSlipLanguage, _: m.Moment, rules: DeskRules
) -> Step:
    """The language of the slip; the parent chooses."""
    if desk.saved is None or message.code not in rules.slip_languages:
        return desk, ()
    saved = replace(desk.saved, slip_language=message.code)
    return replace(desk, saved=saved, choosing_language=False), ()


def preview_slip(desk: Desk, _: m.PreviewSlip, __: m.Moment, ___: DeskRules) -> Step:
    """Draw the slip as it would be printed now."""
    saved = desk.saved
    if desk.screen is not Screen.DONE or saved is None or is_taken_back(saved.change):
        return desk, ()
    return desk, (DrawSlip(saved, saved.copies),)


def slip_previewed(desk: Desk, message: m.SlipPreviewed, _: m.Moment, __: DeskRules) -> Step:
    """Show the picture, if its visit is still the one on the page."""
    open_page = desk.screen is Screen.DONE and desk.saved is not None
    if not open_page or desk.saved is None or desk.saved.id != message.visit_id:
        return desk, ()
    return replace(desk, preview=message.picture), ()


def print_slip(desk: Desk, _: m.PrintSlip, __: m.Moment, ___: DeskRules) -> Step:
    """Print on request. A further one is a copy with a reason; a protected child's has one too."""
    desk = replace(desk, preview=None)
    saved = desk.saved
    if desk.screen is not Screen.DONE or saved is None or saved.slip in SLIP_UNDER_WAY:
        return desk, ()
    if is_taken_back(saved.change):
        return desk, ()
    if saved.child.protected and not desk.reprinting:
        return replace(desk, reprinting=True, notice=None), ()
    if saved.slip in ON_PAPER and not saved.replaces:
        return replace(desk, reprinting=True, notice=None), ()
    return _printed(desk, saved)


def reprint(desk: Desk, message: m.Reprint, _: m.Moment, __: DeskRules) -> Step:
    """Print another one for a reason, which stays in the trail."""
    saved, user = desk.saved, desk.user
    if not desk.reprinting or saved is None or user is None or saved.slip in SLIP_UNDER_WAY:
        return desk, ()
    printed, effects = _printed(replace(desk, reprinting=False), saved)
    note = Note(Trace.REPRINTED, user.user_id, f"{saved.id} {message.reason.value}")
    return printed, (*effects, note)


def _printed(desk: Desk, saved: SavedVisit) -> Step:
    queued = replace(saved, slip=SlipState.QUEUED, copies=saved.copies + 1, replaces=False)
    effect = PrintVisit(saved, saved.copies)
    return replace(desk, saved=queued, notice=None), (effect,)


def slip_changed(desk: Desk, message: m.SlipChanged, _: m.Moment, __: DeskRules) -> Step:
    """The printer took, finished or lost the slip."""
    if desk.saved is not None and desk.saved.id == message.visit_id:
        desk = replace(desk, saved=replace(desk.saved, slip=message.state))
    if desk.kept is not None:
        kept, _effects = slip_changed(desk.kept, message, _, __)
        desk = replace(desk, kept=kept)
    return desk, ()


def next_child(desk: Desk, _: m.NextChild, __: m.Moment, ___: DeskRules) -> Step:
    """Done with this child. Also leaves a visit that is not being saved, if it is empty."""
    if desk.screen is Screen.DONE:
        return finding.to_form(desk), ()
    return desk, ()
