"""A length from a board or scale: shown beside the child, taken by touch, its position asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from drivers.driver import Rhythm
from drivers.events import Flag, Reading, Stability, Stamped
from kiosk.desk.drafts import Draft, VisitDraft
from kiosk.desk.messages import Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.opening import Opening
from kiosk.desk.over import Doubt, Placing
from kiosk.desk.pages import Measure
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.desk.station import Station
from kiosk.features.measure import weigh_up
from kiosk.model.visit import Position, Quantity, Source
from kiosk.weighing import length
from kiosk.weighing.gate import Gate
from kiosk.weighing.plausibility import judge


@dataclass(frozen=True, slots=True)
class TakeLength(Touch):
    """Take the offered length. ``key`` is the offer that was on the screen when touched."""

    key: str


@dataclass(frozen=True, slots=True)
class PlaceChild(Touch):
    """How the child lay or stood while the length was taken; ``None`` drops the length."""

    position: Position | None


def length_event(desk: Desk, stamped: Stamped) -> Desk:
    """Offer a length to the child on the screen. With no child there, nobody may have it."""
    offer = length.length_offer(stamped)
    if offer is not None:
        offer = replace(offer, doubtful=_is_doubtful(desk.station, offer))
        desk = with_opening(desk, _heard(desk.station.opening, offer))
    visit = desk.visit
    if visit is None or visit.saving:
        return desk
    if offer is None:
        refused = isinstance(desk.page, Measure) and _is_refused(stamped)
        return desk.told(Notice.LENGTH_REFUSED) if refused else desk
    if _is_known(offer, visit):
        return desk
    # A device that repeats itself keeps its key: the finger means the value it saw.
    lies = desk.station.opening.length
    if lies is not None and length.says_the_same(lies, offer):
        offer = replace(offer, key=lies.key)
    return with_length(desk, offer)


def with_opening(desk: Desk, opening: Opening) -> Desk:
    """The opening with what came in it."""
    return replace(desk, station=replace(desk.station, opening=opening))


def with_length(desk: Desk, offer: length.LengthOffer | None) -> Desk:
    """With this length to be taken; ``None`` with none."""
    return with_opening(desk, replace(desk.station.opening, length=offer))


def _is_doubtful(station: Station, offer: length.LengthOffer) -> bool:
    """Whether it may be of the child before."""
    before, scale = station.opening.before, station.weighing
    if offer.reading.link_id != scale.link_id or scale.rhythm is Rhythm.ONCE:
        return any(length.goes_on(offer, one) for one in before)
    # A rod on the scale measures whoever stands there, and may say its last value once more.
    again = any(length.says_the_same(offer, one) for one in before)
    return again or scale.gate is Gate.BEFORE


def named(desk: Desk) -> Desk:
    """It was said who is on the scale: its rod measures the same child."""
    link, opening = desk.station.weighing.link_id, desk.station.opening
    others = tuple(one for one in opening.before if one.reading.link_id != link)
    offer = opening.length
    if offer is not None and offer.reading.link_id == link:
        offer = replace(offer, doubtful=False)
    return with_opening(desk, replace(opening, before=others, length=offer))


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


def take_length(desk: Desk, message: TakeLength, moment: Moment) -> Step:
    """Take the offered length, if it is still the one that was touched and surely this child's."""
    page, offer = desk.page, desk.station.opening.length
    if not isinstance(page, Measure) or page.visit.saving:
        return desk, ()
    gone = offer is None or offer.key != message.key
    if offer is None or gone or not length.is_offered(offer, moment.monotonic):
        return with_length(desk, None).told(Notice.LENGTH_GONE), ()
    if offer.doubtful:
        return desk.asked(Doubt(offer)), ()
    return taken(desk, page, offer, moment), ()


def taken(desk: Desk, page: Measure, offer: length.LengthOffer, moment: Moment) -> Desk:
    """Take a length as the open child's, and ask how it lay."""
    draft = Draft(
        id=moment.id,
        quantity=Quantity.LENGTH,
        value=offer.millimetres,
        text=offer.text,
        unit=offer.unit,
        source=Source.DEVICE,
        measured_at=offer.reading.wall,
        verdict=judge(Quantity.LENGTH, offer.millimetres, page.visit.age_days),
        length=offer,
    )
    return with_length(desk, None).asked(Placing(draft))


def place_child(desk: Desk, message: PlaceChild) -> Step:
    """The child lay or stood: only now is it a length or a height. ``None`` drops it."""
    placing, page = desk.over, desk.page
    if not isinstance(placing, Placing) or not isinstance(page, Measure):
        return desk, ()
    if message.position is None:
        return desk.asked(None), ()
    return weigh_up(desk, page, replace(placing.draft, position=message.position)), ()


def time_passed(desk: Desk, now: float) -> Desk:
    """Withdraw a length that nobody took; ``now`` is monotonic seconds."""
    lies = desk.station.opening.length
    if lies is None or length.is_offered(lies, now):
        return desk
    return with_length(desk, None)


HANDLERS: tuple[Registered, ...] = (
    on(TakeLength, take_length),
    on(PlaceChild, place_child),
)
