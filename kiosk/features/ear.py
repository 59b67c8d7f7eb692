"""What the ear is to listen to: what the page in front wants, and nothing where none wants any.

Asked after every message, so that no way off a page leaves a port open: not Back, not the lock, not
a page that nobody thought of here.
"""

from __future__ import annotations

from kiosk.desk.effects import Effect
from kiosk.desk.effects_devices import Listen
from kiosk.desk.pages import Calibrate, SetUp
from kiosk.desk.state import Desk
from kiosk.model.listening import Raw, Recognise, Task, Weigh
from kiosk.weighing.setting_up import SettingUp
from kiosk.weighing.teaching_steps import Teaching


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
