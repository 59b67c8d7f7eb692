"""What may be of the child before: closed off at every opening, used after a question by name.

:func:`kept_apart` stands behind every message of the desk, so there is no way to another child, nor
back to this one, on which a weight, a length, a record or a file could come along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kiosk.desk.messages import Moment, Touch
from kiosk.desk.opening import AnotherSend, Opening, Unclaimed
from kiosk.desk.over import Doubt
from kiosk.desk.pages import Done, Measure
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.features import length, measure
from kiosk.features.hearing import receive
from kiosk.hearing.arrivals import FileOffer, HeldRecord
from kiosk.model.visit import Quantity
from kiosk.weighing import child_on_scale, gate, single_lines
from kiosk.weighing.gate import Offer, Weighing
from kiosk.weighing.length import LengthOffer


@dataclass(frozen=True, slots=True)
class LiesThere(Touch):
    """The child that is open is the one on the scale. ``opening`` is the one it was asked in."""

    opening: UUID


@dataclass(frozen=True, slots=True)
class AnswerDoubt(Touch):
    """Whether what was asked about is of the child that is open, in this ``opening``."""

    opening: UUID
    yes: bool


def kept_apart(before: Desk, after: Desk, moment: Moment) -> Desk:
    """The desk after a message; where it opened or left a child, with everything closed off.

    A child that comes back from behind the lock is opened anew too: the babies may have changed
    places meanwhile, and nobody saw it.
    """
    return after if _open(before) == _open(after) else _closed_off(after, moment)


def _open(desk: Desk) -> UUID | None:
    return desk.visit.id if desk.visit is not None else None


def _closed_off(desk: Desk, moment: Moment) -> Desk:
    heard = desk.station.opening.heard
    opening = Opening(moment.id, moment.wall, heard=heard, before=heard)
    state = child_on_scale.child_opened(_left_over(desk), moment.id)
    if isinstance(desk.over, Doubt):
        desk = replace(desk, front=desk.front.uncovered())
    return replace(desk, station=replace(desk.station, opening=opening, weighing=state))


def _left_over(desk: Desk) -> Weighing:
    """The scale without the lines of a child whose weight is saved: they are nobody else's."""
    page, state = desk.page, desk.station.weighing
    drafts = page.saved.drafts if isinstance(page, Done) else ()
    if all(draft.quantity is not Quantity.WEIGHT for draft in drafts):
        return state
    return single_lines.without_opening(state, desk.station.opening.id)


def lies_there(desk: Desk, message: LiesThere) -> Step:
    """A person says that the child of this opening is the one on the scale."""
    page = desk.page
    if not isinstance(page, Measure) or page.visit.saving:
        return desk, ()
    named = child_on_scale.child_named(desk.station.weighing, message.opening)
    if named == desk.station.weighing:
        return desk, ()
    return length.named(measure.with_scale(desk, named)), ()


def answer_doubt(desk: Desk, message: AnswerDoubt, moment: Moment) -> Step:
    """It is of the child that is open, or not: then a weight or length goes, a result waits on."""
    doubt = desk.over
    if not isinstance(doubt, Doubt) or message.opening != desk.station.opening.id:
        return desk, ()
    answered = replace(desk, front=desk.front.uncovered())
    return _answered(answered, doubt.what, moment, yes=message.yes), ()


def _answered(desk: Desk, what: Unclaimed, moment: Moment, *, yes: bool) -> Desk:
    page, state = desk.page, desk.station.weighing
    match what:
        case Offer() if yes and isinstance(page, Measure):
            ours = replace(what, opening=desk.station.opening.id)
            return measure.use_weight(desk, page, ours, moment)
        case Offer():
            return measure.with_scale(desk, gate.dropped(state, what))
        case LengthOffer() if yes and isinstance(page, Measure):
            return length.taken(desk, page, what, moment)
        case LengthOffer():
            return length.with_length(desk, None)
        case AnotherSend() if yes:
            return receive.joined(desk, what)
        case HeldRecord() | FileOffer() if yes:
            return receive.taken(desk, what)
    return desk


HANDLERS: tuple[Registered, ...] = (
    on(LiesThere, lies_there),
    on(AnswerDoubt, answer_doubt),
)
