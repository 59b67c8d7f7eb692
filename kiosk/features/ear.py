"""What the ear is to listen to: what the page in front wants, and nothing where none wants any.

Asked after every message, so that no way off a page leaves a port open: not Back, not the lock, not
a page that nobody thought of here.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.events import DeviceEvent
from kiosk.desk.messages import DeskNews, Effect
from kiosk.desk.pages import Calibrate, SetUp
from kiosk.desk.state import Desk
from kiosk.model.listening import Likely, Raw, Recognise, Task, Weigh
from kiosk.weighing.setting_up import SettingUp
from kiosk.weighing.teaching_steps import Teaching


@dataclass(frozen=True, slots=True)
class Heard(DeskNews):
    """Bytes that came on the port which is listened to for a page."""

    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class EarLost(DeskNews):
    """That port cannot be opened, or the cable was pulled. ``cause`` is that of a link."""

    number: int
    cause: str


@dataclass(frozen=True, slots=True)
class Recognised(DeskNews):
    """The drivers that read the port, the likeliest first; ``heard`` bytes came in all."""

    number: int
    likely: tuple[Likely, ...]
    heard: int


@dataclass(frozen=True, slots=True)
class EarTold(DeskNews):
    """What the chosen driver made of the port."""

    number: int
    event: DeviceEvent


@dataclass(frozen=True, slots=True)
class Listen(Effect):
    """Let the ear do this from now on, or nothing; what it hears is told as long as it listens."""

    task: Task | None
    answered_by = (
        Heard,
        EarLost,
        Recognised,
        EarTold,
    )


def wanted(desk: Desk) -> Task | None:
    """What the page in front listens to."""
    match desk.page:
        case Calibrate(calibrating=Teaching(fault=None, learned=None) as teaching):
            return Raw(teaching.number, teaching.port, teaching.baud)
        case SetUp(setting_up=SettingUp(fault=None, proof=None, chosen=None, likely=None) as state):
            return Recognise(state.number, state.port)
        case SetUp(setting_up=SettingUp(fault=None, proof=None, chosen=chosen) as state) if chosen:
            return Weigh(state.number, state.port, chosen)
    return None


def followed(before: Desk, after: Desk) -> tuple[Effect, ...]:
    """What the ear has to be told after a message."""
    task = wanted(after)
    return () if task == wanted(before) else (Listen(task),)
