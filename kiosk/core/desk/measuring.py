"""Measuring: the live scale, taking its value, and the question about an odd number."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import weighing
from kiosk.core.desk import messages as m
from kiosk.core.desk import with_adult
from kiosk.core.desk.drafts import Draft, Question, VisitDraft
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.earlier import Earlier, is_surprise
from kiosk.core.model import Quantity, Rule, Source
from kiosk.core.plausibility import Verdict, judge

Step = tuple[Desk, tuple[Effect, ...]]


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
    visit = desk.visit
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.asking:
        return desk, ()
    offer = weighing.offered(desk.weighing, message.key, moment.monotonic)
    if offer is None:
        return replace(desk, notice=Notice.WEIGHT_GONE), ()
    if offer.opening != desk.opening.id:
        return replace(desk, doubt=offer, notice=None), ()
    return use_weight(desk, visit, offer, moment), ()


def use_weight(desk: Desk, visit: VisitDraft, offer: weighing.Offer, moment: m.Moment) -> Desk:
    """Use a weight as the open child's, or as one of two with an adult."""
    if not visit.with_adult:
        return weigh_up(desk, _single(visit, offer, moment))
    if visit.together is None:
        return with_adult.take_together(desk, visit, offer)
    return weigh_up(desk, with_adult.difference(visit, visit.together, offer, moment))


def _single(visit: VisitDraft, offer: weighing.Offer, moment: m.Moment) -> Draft:
    return Draft(
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


def weigh_up(desk: Desk, draft: Draft) -> Desk:
    """Accept a draft, or ask about it first."""
    if draft.verdict is Verdict.USUAL:
        draft = replace(draft, verdict=_beside_others(desk, draft))
    if draft.verdict is Verdict.USUAL:
        return accept(desk, draft)
    return replace(desk, screen=Screen.MEASURE, question=Question(draft), entry=None, notice=None)


def earlier_answered(desk: Desk, message: m.EarlierAnswered, _: m.Moment, __: DeskRules) -> Step:
    """The values of last time, also for work that is kept behind the lock."""
    if desk.kept is not None:
        kept, _effects = earlier_answered(desk.kept, message, _, __)
        desk = replace(desk, kept=kept)
    visit = desk.visit
    if visit is None or visit.id != message.visit_id:
        return desk, ()
    return replace(desk, visit=replace(visit, earlier=message.values)), ()


def surprise(desk: Desk) -> Desk | None:
    """The desk asking about a value that was taken before those of last time were known."""
    visit = desk.visit
    for draft in visit.drafts if visit is not None else ():
        if draft.odd_reason is None and draft.verdict is Verdict.USUAL:
            verdict = _beside_earlier(desk, draft)
            if verdict is not Verdict.USUAL:
                return replace(desk, question=Question(replace(draft, verdict=verdict)))
    return None


def _beside_others(desk: Desk, draft: Draft) -> Verdict:
    """Judge a usual value beside the last one on the scale and the child's own of last time."""
    if _is_read(draft) and _said(draft) == desk.last_weight:
        return Verdict.SAME_AS_LAST
    return _beside_earlier(desk, draft)


def _beside_earlier(desk: Desk, draft: Draft) -> Verdict:
    visit = desk.visit
    before = visit.before(draft.quantity) if visit is not None else None
    if visit is None or before is None:
        return Verdict.USUAL
    now = Earlier(draft.quantity, draft.value, desk.today, draft.position)
    return Verdict.SURPRISE if is_surprise(now, before, visit.child.birth_date) else Verdict.USUAL


def _is_read(draft: Draft) -> bool:
    """Whether the digits are those of one weighing, as the scale sent them."""
    return draft.offer is not None and draft.rule is Rule.SINGLE


def _said(draft: Draft) -> str:
    return f"{draft.text} {draft.unit}"


def accept(desk: Desk, draft: Draft) -> Desk:
    """Put the draft into the visit; of a second value of a quantity is asked what counts."""
    assert desk.visit is not None
    offer = draft.offer
    taken = replace(
        desk,
        screen=Screen.MEASURE,
        visit=desk.visit if offer is None else replace(desk.visit, together=None),
        weighing=desk.weighing if offer is None else weighing.taken(desk.weighing, offer),
        last_weight=_said(draft) if _is_read(draft) else desk.last_weight,
        entry=None,
        question=None,
        notice=None,
    )
    before = next((d for d in desk.visit.drafts if d.quantity is draft.quantity), None)
    if before is not None and before.id != draft.id:
        return replace(taken, second=draft)
    return put(taken, draft)


def put(desk: Desk, draft: Draft) -> Desk:
    """Put the draft into the visit, in the place of one of the same quantity."""
    assert desk.visit is not None
    others = tuple(d for d in desk.visit.drafts if d.quantity is not draft.quantity)
    visit = replace(desk.visit, drafts=(*others, draft))
    return replace(desk, visit=visit, notice=_taken_notice(draft))


def _taken_notice(draft: Draft) -> Notice | None:
    if draft.offer is None:
        return None
    difference = draft.rule is Rule.DIFFERENCE
    return Notice.DIFFERENCE_TAKEN if difference else Notice.WEIGHT_TAKEN


def answer_odd(desk: Desk, message: m.AnswerOdd, _: m.Moment, __: DeskRules) -> Step:
    """The number was looked at again and is right."""
    if desk.question is None or desk.question.draft.verdict is Verdict.IMPOSSIBLE:
        return desk, ()
    return accept(desk, replace(desk.question.draft, odd_reason=message.reason)), ()


def reject_odd(desk: Desk, _: m.RejectOdd, __: m.Moment, ___: DeskRules) -> Step:
    """The number was wrong: it is dropped and the child measured again, from the beginning."""
    visit, question = desk.visit, desk.question
    if visit is not None and question is not None:
        kept = tuple(draft for draft in visit.drafts if draft.id != question.draft.id)
        visit = replace(visit, drafts=kept)
    if visit is not None and question is not None and question.draft.rule is Rule.DIFFERENCE:
        visit = replace(visit, together=None)
    rejected = question.draft.offer if question is not None else None
    if rejected is not None:
        desk = replace(desk, weighing=weighing.dropped(desk.weighing, rejected))
    return replace(desk, visit=visit, question=None), ()


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
