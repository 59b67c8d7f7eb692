"""A length or height from a device: offered for a while, taken by a touch, never by itself.

A length board sends once, when its key is pressed, and nothing tells when the child lies still:
the person at the board decides by pressing. So there is no gate as for a weight. What protects a
child from another child's length is that an offer dies with the child it was made for, that
it lives for half a minute only, that one press is taken once, and that a length which goes on from
before the child was opened, or says the same, asks by the child's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from drivers.events import Flag, Quantity, Reading, Stability, Stamped

OFFERED_SECONDS = 30.0
"""How long a length waits for the touch: from the board to the screen with a child on the arm."""

RUN_SECONDS = 3.0
"""Lengths that follow each other faster are of one child: nobody is placed in so short a time."""

MILLIMETRES_PER_UNIT = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)}
"""Units that may become a measurement. Anything else is refused, in words."""


@dataclass(frozen=True, slots=True)
class LengthOffer:
    """A length that may be taken now. ``key`` is different for each press, never reused.

    ``doubtful``: it may be of the child before, and asks whose it is.
    """

    key: str
    millimetres: int
    text: str
    unit: str
    reading: Stamped
    doubtful: bool = False


def is_length(stamped: Stamped) -> bool:
    """Whether this event is a length or a height at all."""
    event = stamped.event
    return isinstance(event, Reading) and event.quantity is Quantity.LENGTH


def length_offer(stamped: Stamped) -> LengthOffer | None:
    """Return what may be taken; ``None`` if it moves, is recalled, or its unit is not metric."""
    event = stamped.event
    if not isinstance(event, Reading) or event.quantity is not Quantity.LENGTH:
        return None
    factor = MILLIMETRES_PER_UNIT.get(event.unit)
    if factor is None or event.stability is Stability.MOVING or Flag.RECALLED in event.flags:
        return None
    # Half a millimetre and finer is below what a board can do; the digits as sent are kept.
    millimetres = int((event.value * factor).to_integral_value())
    if millimetres <= 0:
        return None
    key = f"{stamped.link_id}:{stamped.session}:{stamped.monotonic!r}"
    return LengthOffer(key, millimetres, str(event.value), event.unit, stamped)


def is_offered(offer: LengthOffer, now: float) -> bool:
    """Whether a length may still be taken; ``now`` is monotonic seconds."""
    return now - offer.reading.monotonic <= OFFERED_SECONDS


def says_the_same(one: LengthOffer, other: LengthOffer) -> bool:
    """Whether a device sent the same digits again."""
    return (one.text, one.unit, one.reading.link_id) == (
        other.text,
        other.unit,
        other.reading.link_id,
    )


def goes_on(offer: LengthOffer, before: LengthOffer) -> bool:
    """Whether a length may still be of the child of the one before, from the same device."""
    if offer.reading.link_id != before.reading.link_id:
        return False
    gap = offer.reading.monotonic - before.reading.monotonic
    return gap <= RUN_SECONDS or says_the_same(offer, before)


def with_last(lengths: tuple[LengthOffer, ...], offer: LengthOffer) -> tuple[LengthOffer, ...]:
    """The last length of each device, this one in the place of its device's."""
    link = offer.reading.link_id
    return (*(one for one in lengths if one.reading.link_id != link), offer)
