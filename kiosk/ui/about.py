"""What the page speaks of: where this changes, a touch means something else than before.

A page keeps its buttons while another child, another tone or the second reading comes to stand on
it. What is put on the screen or taken from it needs no mention here; it sleeps by itself.
"""

from __future__ import annotations

from kiosk.desk.child_form import Field
from kiosk.desk.hearing_work import HearingWork, Left
from kiosk.desk.lock_pages import AtLock, LockPage
from kiosk.desk.pages import (
    Calibrate,
    Change,
    ComparingScale,
    Confirm,
    DevicePage,
    Done,
    Drawing,
    Find,
    Hearing,
    Measure,
    Page,
    Recording,
    Review,
    SetUp,
    SetUpPrinter,
    Typing,
)
from kiosk.desk.state import Desk
from kiosk.weighing.calibration_steps import Calibrating


def about(desk: Desk) -> tuple[object, ...]:
    """Everything that the same buttons of the same page can be about. Equal: the same."""
    return desk.screen, desk.user is None, _spoken_of(desk)


def _spoken_of(desk: Desk) -> object:
    """What the buttons stay for while it changes. ``None`` where nothing does."""
    match desk.page:
        case AtLock():
            return desk.lock.user_id
        case Find(form=form, under=change):
            # Letters or digits, whose child is looked for, and which broken-off test is offered.
            offered = desk.over if isinstance(desk.over, Left) else None
            return form.active is Field.GIVEN_NAME, change is None, offered
        case Hearing(work=work) | Recording(work=work) | Drawing(work=work):
            return _of_test(work)
        case Calibrate() | SetUp() | SetUpPrinter() | ComparingScale() as page:
            return _of_device(page)
        case page:
            return _of_child(page)


def _of_device(page: DevicePage) -> object:
    """The step of a set-up, and what came of it."""
    match page:
        case Calibrate(calibrating=state):
            seen = state.seen if isinstance(state, Calibrating) else (state.number, state.at)
            return seen, state.learned
        case SetUp(setting_up=state):
            return state.number, state.likely, state.chosen, state.proof, state.fault
        case SetUpPrinter(sent=sent, width=width):
            return sent, bool(width)
        case ComparingScale(first_day=day):
            return len(day.loads), bool(day.kept)
    return None


def _of_child(page: Page | LockPage) -> object:
    """The child or its visit, and what stands there of it."""
    match page:
        case Confirm(identity=identity):
            return identity.child
        case Measure(visit=visit):
            return visit.id, visit.with_adult, visit.together
        case Review(under=Measure(visit=visit)):
            return visit.id, visit.drafts, visit.hearing
        case Typing(entry=entry):
            return entry.quantity, entry.first is None
        case Done(saved=saved):
            return saved.id, saved.change
        case Change(changing=changing):
            return changing.saved.id
    return None


def _of_test(work: HearingWork) -> object:
    """The tone that is asked for, and each answer: they all come under the same keys."""
    given = work.session.steps if work.session is not None else ()
    asks = work.place, work.levels or work.strips
    return work.protocol and work.protocol.id, asks, given, work.received, work.swapped
