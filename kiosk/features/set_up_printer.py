"""Setting up a printer on the screen: a test slip, and what a person reads on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.desk.messages import DeskNews, Effect, Touch
from kiosk.desk.pages import (
    SetUpPrinter,
)
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features.calibrate import (
    DeviceKept,
)


@dataclass(frozen=True, slots=True)
class ChooseWidth(Touch):
    """The widest line of the test slip with both its arrows has this number; 0: no slip came."""

    dots: int


@dataclass(frozen=True, slots=True)
class SlipTried(DeskNews):
    """The test slip was sent to this printer, or could not be; what model it says it is."""

    address: str
    sent: bool
    model: str = ""


@dataclass(frozen=True, slots=True)
class TrySlip(Effect):
    """Print the slip that shows how wide the paper is; answered by ``SlipTried``."""

    address: str
    answered_by = (SlipTried,)


@dataclass(frozen=True, slots=True)
class KeepPrinter(Effect):
    """Use this printer, also after the next start; answered by ``DeviceKept``."""

    address: str
    width: int
    user_id: str
    answered_by = (DeviceKept,)


def slip_tried(desk: Desk, message: SlipTried) -> Step:
    """The test slip was sent, or could not be."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, SetUpPrinter) or page.address != message.address:
            return session
        return session.put(replace(page, sent=message.sent, model=message.model))

    return told_sessions(desk, take)


def choose_width(desk: Desk, message: ChooseWidth) -> Step:
    """A person has read the slip; without one there is nothing to read."""
    page = desk.page
    if not isinstance(page, SetUpPrinter) or not page.sent or page.keeping:
        return desk, ()
    if not message.dots:
        return desk.put(replace(page, sent=False, width=0)), ()
    return desk.put(replace(page, width=message.dots)), ()


HANDLERS: tuple[Registered, ...] = (
    on(SlipTried, slip_tried),
    on(ChooseWidth, choose_width),
)
