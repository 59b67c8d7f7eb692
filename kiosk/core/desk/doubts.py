"""What may be of the child before: closed off at every opening, used after a question by name.

:func:`kept_apart` stands behind every message of the desk, so there is no way to another child, nor
back to this one, on which a weight, a length, a record or a file could come along.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kiosk.core import once, weighing, whose_load
from kiosk.core.desk import lengths, measuring, receiving
from kiosk.core.desk import messages as m
from kiosk.core.desk.opening import AnotherSend, Opening, Unclaimed
from kiosk.core.desk.over import Doubt
from kiosk.core.desk.pages import Done, Measure
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Step
from kiosk.core.hearing.arrivals import FileOffer, HeldRecord
from kiosk.core.length import LengthOffer
from kiosk.core.model import Quantity
from kiosk.core.weighing import Offer, Weighing


def kept_apart(before: Desk, after: Desk, moment: m.Moment) -> Desk:
    """The desk after a message; where it opened or left a child, with everything closed off.

    A child that comes back from behind the lock is opened anew too: the babies may have changed
    places meanwhile, and nobody saw it.
    """
    return after if _open(before) == _open(after) else _closed_off(after, moment)


def _open(desk: Desk) -> UUID | None:
    return desk.visit.id if desk.visit is not None else None


def _closed_off(desk: Desk, moment: m.Moment) -> Desk:
    heard = desk.station.opening.heard
    opening = Opening(moment.id, moment.wall, heard=heard, before=heard)
    state = whose_load.child_opened(_left_over(desk), moment.id)
    if isinstance(desk.over, Doubt):
        desk = replace(desk, front=desk.front.uncovered())
    return replace(desk, station=replace(desk.station, opening=opening, weighing=state))


def _left_over(desk: Desk) -> Weighing:
    """The scale without the lines of a child whose weight is saved: they are nobody else's."""
    page, state = desk.page, desk.station.weighing
    drafts = page.saved.drafts if isinstance(page, Done) else ()
    if all(draft.quantity is not Quantity.WEIGHT for draft in drafts):
        return state
    return once.without_opening(state, desk.station.opening.id)


def lies_there(desk: Desk, message: m.LiesThere, _: m.Moment, __: DeskRules) -> Step:
    """A person says that the child of this opening is the one on the scale."""
    page = desk.page
    if not isinstance(page, Measure) or page.visit.saving:
        return desk, ()
    named = whose_load.child_named(desk.station.weighing, message.opening)
    if named == desk.station.weighing:
        return desk, ()
    return lengths.named(measuring.with_scale(desk, named)), ()


def answer_doubt(desk: Desk, message: m.AnswerDoubt, moment: m.Moment, _: DeskRules) -> Step:
    """It is of the child that is open, or not: then a weight or length goes, a result waits on."""
    doubt = desk.over
    if not isinstance(doubt, Doubt) or message.opening != desk.station.opening.id:
        return desk, ()
    answered = replace(desk, front=desk.front.uncovered())
    return _answered(answered, doubt.what, moment, yes=message.yes), ()


def _answered(desk: Desk, what: Unclaimed, moment: m.Moment, *, yes: bool) -> Desk:
    page, state = desk.page, desk.station.weighing
    match what:
        case Offer() if yes and isinstance(page, Measure):
            ours = replace(what, opening=desk.station.opening.id)
            return measuring.use_weight(desk, page, ours, moment)
        case Offer():
            return measuring.with_scale(desk, weighing.dropped(state, what))
        case LengthOffer() if yes and isinstance(page, Measure):
            return lengths.taken(desk, page, what, moment)
        case LengthOffer():
            return lengths.with_length(desk, None)
        case AnotherSend() if yes:
            return receiving.joined(desk, what)
        case HeldRecord() | FileOffer() if yes:
            return receiving.taken(desk, what)
    return desk
