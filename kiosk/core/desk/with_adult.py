"""A child weighed on an adult's arm: both together, then the adult alone, and the difference.

Two weighings of one scale, each through the same gate as a single one. Both are kept with the
value; only the difference is the child's, and only it leaves the station. The order is fixed and
told on the screen, because which reading is which is never guessed from its size.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kiosk.core import weighing
from kiosk.core.desk import messages as m
from kiosk.core.desk.drafts import Draft, VisitDraft
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import KeptReading, Part, Quantity, Rule, Source
from kiosk.core.plausibility import judge
from kiosk.core.weighing import Offer

Step = tuple[Desk, tuple[Effect, ...]]


def weigh_with_adult(desk: Desk, message: m.WeighWithAdult, _: m.Moment, __: DeskRules) -> Step:
    """Switch between weighing the child alone and on an adult's arm; begins anew either way."""
    visit = desk.visit
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.asking:
        return desk, ()
    changed = replace(visit, with_adult=message.with_adult, together=None)
    return replace(desk, visit=changed, notice=None), ()


def take_together(desk: Desk, visit: VisitDraft, offer: Offer) -> Desk:
    """Keep the reading of both and wait for the adult alone."""
    kept = kept_reading(Part.TOGETHER, offer)
    return replace(
        desk,
        visit=replace(visit, together=kept),
        weighing=weighing.taken(desk.weighing, offer),
        notice=Notice.TOGETHER_TAKEN,
    )


def difference(visit: VisitDraft, together: KeptReading, offer: Offer, moment: m.Moment) -> Draft:
    """The child's weight: both together minus the adult alone."""
    alone = kept_reading(Part.ADULT, offer)
    text, unit = _minus(together, alone)
    grams = together.value - alone.value
    return Draft(
        id=moment.id,
        quantity=Quantity.WEIGHT,
        value=grams,
        text=text,
        unit=unit,
        source=Source.DEVICE,
        measured_at=offer.reading.wall,
        verdict=judge(Quantity.WEIGHT, grams, visit.age_days),
        dress=visit.dress,
        offer=offer,
        rule=Rule.DIFFERENCE,
        readings=(together, alone),
    )


def kept_reading(part: Part, offer: Offer) -> KeptReading:
    """What stood on the scale and what the scale sent, digit for digit."""
    return KeptReading(
        part,
        offer.grams,
        offer.text,
        offer.unit,
        offer.stability.value,
        offer.reading.event.raw,
        offer.reading.wall,
    )


def _minus(one: KeptReading, other: KeptReading) -> tuple[str, str]:
    """Subtract in the unit of the scale; in grams if it was switched between the two."""
    if one.unit == other.unit:
        return str(Decimal(one.text) - Decimal(other.text)), one.unit
    return str(one.value - other.value), "g"
