"""A length from a board or scale: shown beside the child, taken by touch, its position asked."""

from __future__ import annotations

from dataclasses import replace

from drivers.driver import Rhythm
from drivers.events import Flag, Reading, Stability, Stamped
from kiosk.core import length
from kiosk.core.desk import messages as m
from kiosk.core.desk.drafts import Draft, VisitDraft
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.measuring import weigh_up
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.opening import Opening
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import Quantity, Source
from kiosk.core.plausibility import judge
from kiosk.core.weighing import Gate

Step = tuple[Desk, tuple[Effect, ...]]


def length_event(desk: Desk, stamped: Stamped) -> Desk:
    """Offer a length to the child on the screen. With no child there, nobody may have it."""
    offer = length.length_offer(stamped)
    if offer is not None:
        offer = replace(offer, doubtful=_is_doubtful(desk, offer))
        desk = replace(desk, opening=_heard(desk.opening, offer))
    visit = desk.visit
    if visit is None or visit.saving:
        return desk
    if offer is None:
        refused = desk.screen is Screen.MEASURE and _is_refused(stamped)
        return replace(desk, notice=Notice.LENGTH_REFUSED) if refused else desk
    if _is_known(offer, visit):
        return desk
    # A device that repeats itself keeps its key: the finger means the value it saw.
    if desk.length is not None and length.says_the_same(desk.length, offer):
        offer = replace(offer, key=desk.length.key)
    return replace(desk, length=offer)


def _is_doubtful(desk: Desk, offer: length.LengthOffer) -> bool:
    """Whether it may be of the child before."""
    before = desk.opening.before
    apart = offer.reading.link_id != desk.weighing.link_id
    if apart or desk.weighing.rhythm is Rhythm.ONCE:
        return any(length.goes_on(offer, one) for one in before)
    # A rod on the scale measures whoever stands there, and may say its last value once more.
    again = any(length.says_the_same(offer, one) for one in before)
    return again or desk.weighing.gate is Gate.BEFORE


def named(desk: Desk) -> Desk:
    """It was said who is on the scale: its rod measures the same child."""
    link, offer = desk.weighing.link_id, desk.length
    others = tuple(one for one in desk.opening.before if one.reading.link_id != link)
    if offer is not None and offer.reading.link_id == link:
        offer = replace(offer, doubtful=False)
    return replace(desk, length=offer, opening=replace(desk.opening, before=others))


def _heard(opening: Opening, offer: length.LengthOffer) -> Opening:
    heard = length.with_last(opening.heard, offer)
    before = length.with_last(opening.before, offer) if offer.doubtful else opening.before
    return replace(opening, heard=heard, before=before)


def _is_refused(stamped: Stamped) -> bool:
    """Whether somebody pressed the key and should hear why nothing came of it."""
    event = stamped.event
    if not isinstance(event, Reading) or event.stability is Stability.MOVING or event.value <= 0:
        return False
    return Flag.RECALLED in event.flags or event.unit not in length.MILLIMETRES_PER_UNIT


def _is_known(offer: length.LengthOffer, visit: VisitDraft) -> bool:
    """Whether this child already has exactly this length from this device."""
    taken = (draft.length for draft in visit.drafts if draft.length is not None)
    return any(length.says_the_same(one, offer) for one in taken)


def take_length(desk: Desk, message: m.TakeLength, moment: m.Moment, _: DeskRules) -> Step:
    """Take the offered length, if it is still the one that was touched and surely this child's."""
    visit, offer = desk.visit, desk.length
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.asking:
        return desk, ()
    gone = offer is None or offer.key != message.key
    if offer is None or gone or not length.is_offered(offer, moment.monotonic):
        return replace(desk, length=None, notice=Notice.LENGTH_GONE), ()
    if offer.doubtful:
        return replace(desk, doubt=offer, notice=None), ()
    return taken(desk, offer, moment), ()


def taken(desk: Desk, offer: length.LengthOffer, moment: m.Moment) -> Desk:
    """Take a length as the open child's, and ask how it lay."""
    assert desk.visit is not None
    draft = Draft(
        id=moment.id,
        quantity=Quantity.LENGTH,
        value=offer.millimetres,
        text=offer.text,
        unit=offer.unit,
        source=Source.DEVICE,
        measured_at=offer.reading.wall,
        verdict=judge(Quantity.LENGTH, offer.millimetres, desk.visit.age_days),
        length=offer,
    )
    return replace(desk, placing=draft, length=None, notice=None)


def place_child(desk: Desk, message: m.PlaceChild, _: m.Moment, __: DeskRules) -> Step:
    """The child lay or stood: only now is it a length or a height. ``None`` drops it."""
    draft = desk.placing
    if draft is None:
        return desk, ()
    asked = replace(desk, placing=None)
    if message.position is None:
        return asked, ()
    return weigh_up(asked, replace(draft, position=message.position)), ()


def time_passed(desk: Desk, now: float) -> Desk:
    """Withdraw a length that nobody took; ``now`` is monotonic seconds."""
    if desk.length is None or length.is_offered(desk.length, now):
        return desk
    return replace(desk, length=None)
