"""A child weighed on an adult's arm: both together, then the adult alone, and the difference.

Two weighings of one scale, each through the same gate as a single one. Both are kept with the
value; only the difference is the child's, and only it leaves the station. The order is fixed and
told on the screen, because which reading is which is never guessed from its size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from kiosk.desk.drafts import Draft, VisitDraft
from kiosk.desk.messages import Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Measure
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.model.visit import KeptReading, Part, Quantity, Rule, Source
from kiosk.weighing import gate
from kiosk.weighing.gate import Offer
from kiosk.weighing.plausibility import judge


@dataclass(frozen=True, slots=True)
class WeighWithAdult(Touch):
    """Weigh the child on an adult's arm, or alone again."""

    with_adult: bool


def weigh_with_adult(desk: Desk, message: WeighWithAdult) -> Step:
    """Switch between weighing the child alone and on an adult's arm; begins anew either way."""
    page = desk.page
    if not isinstance(page, Measure) or page.visit.saving:
        return desk, ()
    changed = replace(page.visit, with_adult=message.with_adult, together=None)
    return desk.put(replace(page, visit=changed)).told(None), ()


def take_together(desk: Desk, page: Measure, offer: Offer) -> Desk:
    """Keep the reading of both and wait for the adult alone."""
    visit = replace(page.visit, together=kept_reading(Part.TOGETHER, offer))
    state = gate.taken(desk.station.weighing, offer)
    taken = replace(desk, station=replace(desk.station, weighing=state))
    return taken.turned(replace(page, visit=visit), Notice.TOGETHER_TAKEN)


def difference(visit: VisitDraft, together: KeptReading, offer: Offer, moment: Moment) -> Draft:
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


HANDLERS: tuple[Registered, ...] = (on(WeighWithAdult, weigh_with_adult),)
