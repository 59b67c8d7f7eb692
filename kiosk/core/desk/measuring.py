"""Measuring: the live scale, taking its value, and the question about an odd number."""

from __future__ import annotations

from dataclasses import replace

from drivers.events import LinkStatus, Stamped
from kiosk.core import weighing
from kiosk.core.desk import messages as m
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Draft, Notice, Question, Screen, VisitDraft
from kiosk.core.model import Quantity, Source
from kiosk.core.plausibility import Verdict, judge

Step = tuple[Desk, tuple[Effect, ...]]


def scale_event(desk: Desk, message: Stamped, _: m.Moment, __: DeskRules) -> Step:
    """Every event of the scale counts, on every screen: the gate must see the lift."""
    state = weighing.event_arrived(desk.weighing, message)
    return _with_weighing(desk, state), ()


def scale_link(desk: Desk, message: LinkStatus, _: m.Moment, __: DeskRules) -> Step:
    """The scale came, went or fell silent."""
    return _with_weighing(desk, weighing.scale_changed(desk.weighing, message)), ()


def _with_weighing(desk: Desk, state: weighing.Weighing) -> Desk:
    strip = replace(desk.strip, scale=state.state, scale_hint=state.hint)
    return replace(desk, weighing=state, strip=strip)


def set_dress(desk: Desk, message: m.SetDress, _: m.Moment, __: DeskRules) -> Step:
    """What the child wears, also for a weight that is already taken."""
    if desk.visit is None or desk.visit.saving:
        return desk, ()
    drafts = tuple(
        replace(d, dress=message.dress) if d.quantity is Quantity.WEIGHT else d
        for d in desk.visit.drafts
    )
    return replace(desk, visit=replace(desk.visit, dress=message.dress, drafts=drafts)), ()


def child_is_on_scale(desk: Desk, _: m.ChildIsOnScale, __: m.Moment, ___: DeskRules) -> Step:
    """The person opens the gate: what lies on the scale now is this child."""
    if desk.screen is not Screen.MEASURE:
        return desk, ()
    return replace(desk, weighing=weighing.person_says_new(desk.weighing)), ()


def take_weight(desk: Desk, message: m.TakeWeight, moment: m.Moment, _: DeskRules) -> Step:
    """Take the offered weight, if it is still the one that was touched."""
    visit, offer = desk.visit, desk.weighing.offer
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.question:
        return desk, ()
    if offer is None or offer.key != message.key or not weighing.is_fresh(offer, moment.monotonic):
        return replace(desk, notice=Notice.WEIGHT_GONE), ()
    draft = Draft(
        id=moment.id,
        quantity=Quantity.WEIGHT,
        value=offer.grams,
        text=offer.text,
        unit=offer.unit,
        source=Source.DEVICE,
        measured_at=offer.reading.wall,
        verdict=judge(Quantity.WEIGHT, offer.grams, visit.age_days),
        dress=visit.dress,
        offer=offer,
    )
    return weigh_up(desk, draft), ()


def weigh_up(desk: Desk, draft: Draft) -> Desk:
    """Accept a draft, or ask about it first."""
    same = draft.quantity is Quantity.WEIGHT and f"{draft.text} {draft.unit}" == desk.last_weight
    if same and draft.verdict is Verdict.USUAL and draft.source is Source.DEVICE:
        draft = replace(draft, verdict=Verdict.SAME_AS_LAST)
    if draft.verdict is Verdict.USUAL:
        return accept(desk, draft)
    return replace(desk, screen=Screen.MEASURE, question=Question(draft), entry=None, notice=None)


def accept(desk: Desk, draft: Draft) -> Desk:
    """Put the draft into the visit; a second value of the same quantity replaces the first."""
    assert desk.visit is not None
    others = tuple(d for d in desk.visit.drafts if d.quantity is not draft.quantity)
    visit = replace(desk.visit, drafts=(*others, draft))
    state, last, notice = desk.weighing, desk.last_weight, desk.notice
    if draft.offer is not None:
        state, last = weighing.taken(state), f"{draft.text} {draft.unit}"
        notice = Notice.WEIGHT_TAKEN
    return replace(
        desk,
        screen=Screen.MEASURE,
        visit=visit,
        weighing=state,
        last_weight=last,
        entry=None,
        question=None,
        notice=notice if draft.offer is not None else None,
    )


def answer_odd(desk: Desk, message: m.AnswerOdd, _: m.Moment, __: DeskRules) -> Step:
    """The number was looked at again and is right."""
    if desk.question is None or desk.question.draft.verdict is Verdict.IMPOSSIBLE:
        return desk, ()
    return accept(desk, replace(desk.question.draft, odd_reason=message.reason)), ()


def reject_odd(desk: Desk, _: m.RejectOdd, __: m.Moment, ___: DeskRules) -> Step:
    """The number was wrong: it is dropped and the child measured again."""
    return replace(desk, question=None), ()


def remove_draft(desk: Desk, message: m.RemoveDraft, _: m.Moment, __: DeskRules) -> Step:
    """Drop a value that is not saved yet."""
    visit = desk.visit
    if visit is None or visit.saving or desk.screen not in {Screen.MEASURE, Screen.REVIEW}:
        return desk, ()
    visit = _without(visit, message.quantity)
    screen = desk.screen if visit.drafts else Screen.MEASURE
    return replace(desk, visit=visit, screen=screen, notice=None), ()


def _without(visit: VisitDraft, quantity: Quantity) -> VisitDraft:
    return replace(visit, drafts=tuple(d for d in visit.drafts if d.quantity is not quantity))
