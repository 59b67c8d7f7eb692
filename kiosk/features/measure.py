"""Measuring: the live scale, taking its value, and the question about an odd number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from kiosk.desk.drafts import Draft, Question, VisitDraft
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.over import Doubt, Second
from kiosk.desk.pages import Measure, Review
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.desk.station import Station
from kiosk.features import with_adult
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Dress, OddReason, Quantity, Rule, Source
from kiosk.weighing import gate
from kiosk.weighing.earlier import Earlier, is_surprise
from kiosk.weighing.plausibility import Verdict, judge


@dataclass(frozen=True, slots=True)
class SetDress(Touch):
    """What the child wears on the scale."""

    dress: Dress


@dataclass(frozen=True, slots=True)
class ChildIsOnScale(Touch):
    """The person says that this is a new weighing although the scale was not seen empty."""


@dataclass(frozen=True, slots=True)
class TakeWeight(Touch):
    """Take the value that was offered under this key; a stale touch takes nothing."""

    key: str


@dataclass(frozen=True, slots=True)
class AnswerOdd(Touch):
    """The number was looked at again and is right, for this reason."""

    reason: OddReason


@dataclass(frozen=True, slots=True)
class RejectOdd(Touch):
    """The number was wrong: drop it."""


@dataclass(frozen=True, slots=True)
class RemoveDraft(Touch):
    """Drop a value that is not saved yet."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class EarlierAnswered(DeskNews):
    """What the journal has of the child from last time, one value a quantity."""

    visit_id: UUID
    values: tuple[Earlier, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskEarlier(Effect):
    """Read the child's values of last time; answered by ``EarlierAnswered``, or not at all."""

    visit_id: UUID
    patient: str
    answered_by = (EarlierAnswered,)


def set_dress(desk: Desk, message: SetDress) -> Step:
    """What the child wears, also for a weight that is already taken."""
    visit = desk.visit
    if visit is None or visit.saving:
        return desk, ()
    drafts = tuple(
        replace(d, dress=message.dress) if MEASURED[d.quantity].dressed else d for d in visit.drafts
    )
    return desk.with_visit(replace(visit, dress=message.dress, drafts=drafts)), ()


def child_is_on_scale(desk: Desk) -> Step:
    """The person opens the gate: what lies on the scale now is this child."""
    if not isinstance(desk.page, Measure):
        return desk, ()
    return with_scale(desk, gate.person_says_new(desk.station.weighing)), ()


def with_scale(desk: Desk, state: gate.Weighing) -> Desk:
    """The scale in this state."""
    return replace(desk, station=replace(desk.station, weighing=state))


def take_weight(desk: Desk, message: TakeWeight, moment: Moment) -> Step:
    """Take the offered weight, if it is still the one that was touched."""
    page = desk.page
    if not isinstance(page, Measure) or page.visit.saving:
        return desk, ()
    offer = gate.offered(desk.station.weighing, message.key, moment.monotonic)
    if offer is None:
        return desk.told(Notice.WEIGHT_GONE), ()
    if offer.opening != desk.station.opening.id:
        return desk.asked(Doubt(offer)), ()
    return use_weight(desk, page, offer, moment), ()


def use_weight(desk: Desk, page: Measure, offer: gate.Offer, moment: Moment) -> Desk:
    """Use a weight as the open child's, or as one of two with an adult."""
    visit = page.visit
    if not visit.with_adult:
        return weigh_up(desk, page, _single(visit, offer, moment))
    if visit.together is None:
        return with_adult.take_together(desk, page, offer)
    draft = with_adult.difference(visit, visit.together, offer, moment)
    return weigh_up(desk, page, draft)


def _single(visit: VisitDraft, offer: gate.Offer, moment: Moment) -> Draft:
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


def weigh_up(desk: Desk, page: Measure, draft: Draft) -> Desk:
    """Accept a draft, or ask about it first."""
    if draft.verdict is Verdict.USUAL:
        draft = replace(draft, verdict=_beside_others(desk.station, page.visit, draft))
    if draft.verdict is Verdict.USUAL:
        return accept(desk, page, draft)
    return desk.turned(page).asked(Question(draft))


def earlier_answered(desk: Desk, message: EarlierAnswered) -> Step:
    """The values of last time."""

    def take(session: Session) -> Session:
        visit = session.visit
        if visit is None or visit.id != message.visit_id:
            return session
        return session.with_visit(replace(visit, earlier=message.values))

    return told_sessions(desk, take)


def surprise(station: Station, visit: VisitDraft) -> Question | None:
    """The question about a value that was taken before those of last time were known."""
    for draft in visit.drafts:
        if draft.odd_reason is None and draft.verdict is Verdict.USUAL:
            verdict = _beside_earlier(station, visit, draft)
            if verdict is not Verdict.USUAL:
                return Question(replace(draft, verdict=verdict))
    return None


def _beside_others(station: Station, visit: VisitDraft, draft: Draft) -> Verdict:
    """Judge a usual value beside the last one on the scale and the child's own of last time."""
    if _is_read(draft) and _said(draft) == station.last_weight:
        return Verdict.SAME_AS_LAST
    return _beside_earlier(station, visit, draft)


def _beside_earlier(station: Station, visit: VisitDraft, draft: Draft) -> Verdict:
    before = visit.before(draft.quantity)
    if before is None:
        return Verdict.USUAL
    now = Earlier(draft.quantity, draft.value, station.today, draft.position)
    return Verdict.SURPRISE if is_surprise(now, before, visit.child.birth_date) else Verdict.USUAL


def _is_read(draft: Draft) -> bool:
    """Whether the digits are those of one weighing, as the scale sent them."""
    return draft.offer is not None and draft.rule is Rule.SINGLE


def _said(draft: Draft) -> str:
    return f"{draft.text} {draft.unit}"


def accept(desk: Desk, page: Measure, draft: Draft) -> Desk:
    """Put the draft into the visit; of a second value of a quantity is asked what counts."""
    offer, station = draft.offer, desk.station
    if offer is not None:
        station = replace(station, weighing=gate.taken(station.weighing, offer))
        page = replace(page, visit=replace(page.visit, together=None))
    if _is_read(draft):
        station = replace(station, last_weight=_said(draft))
    taken = replace(desk, station=station).turned(page)
    before = next((d for d in page.visit.drafts if d.quantity is draft.quantity), None)
    if before is not None and before.id != draft.id:
        return taken.asked(Second(draft))
    return put(taken, page, draft)


def put(desk: Desk, page: Measure, draft: Draft) -> Desk:
    """Put the draft into the visit, in the place of one of the same quantity."""
    others = tuple(d for d in page.visit.drafts if d.quantity is not draft.quantity)
    visit = replace(page.visit, drafts=(*others, draft))
    return desk.turned(replace(page, visit=visit), _taken_notice(draft))


def _taken_notice(draft: Draft) -> Notice | None:
    if draft.offer is None:
        return None
    difference = draft.rule is Rule.DIFFERENCE
    return Notice.DIFFERENCE_TAKEN if difference else Notice.WEIGHT_TAKEN


def answer_odd(desk: Desk, message: AnswerOdd) -> Step:
    """The number was looked at again and is right."""
    question, page = desk.over, desk.page
    if not isinstance(question, Question) or not isinstance(page, Measure):
        return desk, ()
    if question.draft.verdict is Verdict.IMPOSSIBLE:
        return desk, ()
    return accept(desk, page, replace(question.draft, odd_reason=message.reason)), ()


def reject_odd(desk: Desk) -> Step:
    """The number was wrong: it is dropped and the child measured again, from the beginning."""
    question, page = desk.over, desk.page
    if not isinstance(question, Question) or not isinstance(page, Measure):
        return desk, ()
    wrong, visit = question.draft, page.visit
    visit = replace(visit, drafts=tuple(d for d in visit.drafts if d.id != wrong.id))
    if wrong.rule is Rule.DIFFERENCE:
        visit = replace(visit, together=None)
    if wrong.offer is not None:
        desk = with_scale(desk, gate.dropped(desk.station.weighing, wrong.offer))
    return desk.turned(replace(page, visit=visit)), ()


def remove_draft(desk: Desk, message: RemoveDraft) -> Step:
    """Drop a value that is not saved yet."""
    page = desk.page
    if not isinstance(page, Measure | Review) or (visit := page.visit).saving:
        return desk, ()
    visit = _without(visit, message.quantity)
    left = desk.with_visit(visit).told(None)
    measure = left.session.measure if left.session is not None else None
    return (left if visit.drafts or measure is None else left.turned(measure)), ()


def _without(visit: VisitDraft, quantity: Quantity) -> VisitDraft:
    return replace(visit, drafts=tuple(d for d in visit.drafts if d.quantity is not quantity))


HANDLERS: tuple[Registered, ...] = (
    on(SetDress, set_dress),
    on(ChildIsOnScale, child_is_on_scale),
    on(TakeWeight, take_weight),
    on(AnswerOdd, answer_odd),
    on(RejectOdd, reject_odd),
    on(RemoveDraft, remove_draft),
    on(EarlierAnswered, earlier_answered),
)
