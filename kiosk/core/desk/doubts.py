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
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.opening import AnotherSend, Opening
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.length import LengthOffer
from kiosk.core.model import Quantity
from kiosk.core.weighing import Offer, Weighing

Step = tuple[Desk, tuple[Effect, ...]]


def kept_apart(before: Desk, after: Desk, moment: m.Moment) -> Desk:
    """The desk after a message; where it opened or left a child, with everything closed off.

    A child that comes back from behind the lock is opened anew too: the babies may have changed
    places meanwhile, and nobody saw it.
    """
    return after if _open(before) == _open(after) else _closed_off(after, moment)


def _open(desk: Desk) -> UUID | None:
    return desk.visit.id if desk.visit is not None else None


def _closed_off(desk: Desk, moment: m.Moment) -> Desk:
    heard = desk.opening.heard
    opening = Opening(moment.id, moment.wall, heard=heard, before=heard)
    return replace(
        desk,
        opening=opening,
        weighing=whose_load.child_opened(_left_over(desk), moment.id),
        length=None,
        doubt=None,
    )


def _left_over(desk: Desk) -> Weighing:
    """The scale without the lines of a child whose weight is saved: they are nobody else's."""
    drafts = desk.saved.drafts if desk.saved is not None else ()
    if all(draft.quantity is not Quantity.WEIGHT for draft in drafts):
        return desk.weighing
    return once.without_opening(desk.weighing, desk.opening.id)


def lies_there(desk: Desk, message: m.LiesThere, _: m.Moment, __: DeskRules) -> Step:
    """A person says that the child of this opening is the one on the scale."""
    visit = desk.visit
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.asking:
        return desk, ()
    named = whose_load.child_named(desk.weighing, message.opening)
    if named == desk.weighing:
        return desk, ()
    return lengths.named(replace(desk, weighing=named)), ()


def answer_doubt(desk: Desk, message: m.AnswerDoubt, moment: m.Moment, _: DeskRules) -> Step:
    """It is of the child that is open, or not: then a weight or length goes, a result waits on."""
    doubt = desk.doubt
    if doubt is None or message.opening != desk.opening.id:
        return desk, ()
    answered = replace(desk, doubt=None)
    if isinstance(doubt, Offer):
        return _weighed(answered, doubt, moment, yes=message.yes), ()
    if isinstance(doubt, LengthOffer):
        if not message.yes:
            return replace(answered, length=None), ()
        return lengths.taken(answered, doubt, moment), ()
    if not message.yes:
        return answered, ()
    if isinstance(doubt, AnotherSend):
        return receiving.joined(answered, doubt), ()
    return receiving.taken(answered, doubt), ()


def _weighed(desk: Desk, line: Offer, moment: m.Moment, *, yes: bool) -> Desk:
    if not yes or desk.visit is None:
        return replace(desk, weighing=weighing.dropped(desk.weighing, line))
    ours = replace(line, opening=desk.opening.id)
    return measuring.use_weight(desk, desk.visit, ours, moment)
