"""What the page speaks of: where this changes, a touch means something else than before.

A page keeps its buttons while another child, another tone or the second reading comes to stand on
it. What is put on the screen or taken from it needs no mention here; it sleeps by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.core.desk.child_form import Field
from kiosk.core.desk.state import Desk, Screen


def about(desk: Desk) -> tuple[object, ...]:
    """Everything that the same buttons of the same page can be about. Equal: the same."""
    spoken_of = SPOKEN_OF.get(desk.screen)
    return desk.screen, desk.user is None, spoken_of(desk) if spoken_of is not None else None


def _of_form(desk: Desk) -> object:
    """Letters or digits, whose child is looked for, and which broken-off test is offered."""
    return desk.form.active is Field.GIVEN_NAME, desk.changing is None, desk.unfinished


def _of_measuring(desk: Desk) -> object:
    visit = desk.visit
    return visit and (visit.id, visit.with_adult, visit.together)


def _of_review(desk: Desk) -> object:
    return desk.visit and (desk.visit.id, desk.visit.drafts, desk.visit.hearing)


def _of_entry(desk: Desk) -> object:
    return desk.entry and (desk.entry.quantity, desk.entry.first is None)


def _of_done(desk: Desk) -> object:
    return desk.saved and (desk.saved.id, desk.saved.change)


def _of_scale(desk: Desk) -> object:
    return desk.calibrating and (len(desk.calibrating.seen), desk.calibrating.learned)


def _of_test(desk: Desk) -> object:
    """The tone that is asked for, and each answer: they all come under the same keys."""
    work = desk.hearing
    if work is None:
        return None
    given = work.session.steps if work.session is not None else ()
    asks = work.place, work.levels or work.strips
    return work.protocol and work.protocol.id, asks, given, work.received, work.swapped


SPOKEN_OF: dict[Screen, Callable[[Desk], object]] = {
    Screen.LOCK: lambda desk: desk.lock.user_id,
    Screen.FIND: _of_form,
    Screen.IDENTITY: lambda desk: desk.identity and desk.identity.child,
    Screen.MEASURE: _of_measuring,
    Screen.REVIEW: _of_review,
    Screen.ENTRY: _of_entry,
    Screen.DONE: _of_done,
    Screen.CHANGE: lambda desk: desk.changing and desk.changing.saved.id,
    Screen.CALIBRATE: _of_scale,
    Screen.HEARING: _of_test,
    Screen.HEARING_RECORD: _of_test,
    Screen.AUDIOGRAM: _of_test,
}
"""Pages whose buttons stay while what they are about does not."""
