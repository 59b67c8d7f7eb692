"""A further value of a quantity that was measured already: only a person knows what it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.desk.drafts import Draft
from kiosk.desk.messages import Touch
from kiosk.desk.over import Second
from kiosk.desk.pages import Measure
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.features import measure
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import KeptReading, Part, Rule
from kiosk.weighing.plausibility import judge
from kiosk.weighing.second_reading import reckon, written


class Which(StrEnum):
    """Which of two values of the same quantity counts."""

    BEFORE = "before"
    NEW = "new"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ChooseReading(Touch):
    """Two values were taken of the same quantity: this one counts, or both do."""

    which: Which


def choose_reading(desk: Desk, message: ChooseReading) -> Step:
    """Keep the value before, the new one, or both by the rule of the quantity."""
    second, page = desk.over, desk.page
    if not isinstance(second, Second) or not isinstance(page, Measure):
        return desk, ()
    new = second.draft
    old = next(d for d in page.visit.drafts if d.quantity is new.quantity)
    match message.which:
        case Which.BEFORE:
            return replace(desk, front=desk.front.uncovered()), ()
        case Which.NEW:
            return measure.put(desk, page, new), ()
        case Which.BOTH if may_combine(old, new):
            both = combined(old, new, page.visit.age_days)
            return measure.put(desk, page, both), ()
    return desk, ()


def may_combine(old: Draft, new: Draft) -> bool:
    """Whether the two are readings of the same thing, taken the same way."""
    alike = (old.position, old.dress) == (new.position, new.dress)
    return alike and Rule.DIFFERENCE not in {old.rule, new.rule}


def combined(old: Draft, new: Draft, age_days: int) -> Draft:
    """The value of all readings so far. Each is kept; the newest one's time and id count."""
    readings = (*(old.readings or (kept(old),)), kept(new))
    value = reckon(new.quantity, [one.value for one in readings])
    text, unit = written(new.quantity, value)
    return replace(
        new,
        value=value,
        text=text,
        unit=unit,
        verdict=judge(new.quantity, value, age_days),
        odd_reason=new.odd_reason or old.odd_reason,
        rule=MEASURED[new.quantity].rule,
        readings=readings,
    )


def kept(draft: Draft) -> KeptReading:
    """One reading as it was sent or typed."""
    offer, length = draft.offer, draft.length
    sent = offer or length
    return KeptReading(
        Part.READING,
        draft.value,
        draft.text,
        draft.unit,
        offer.stability.value if offer is not None else "",
        sent.reading.event.raw if sent is not None else b"",
        draft.measured_at,
    )


HANDLERS: tuple[Registered, ...] = (on(ChooseReading, choose_reading),)
