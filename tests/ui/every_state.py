"""All the made-up desks together."""

from __future__ import annotations

from kiosk.desk.state import Desk
from tests.ui import states
from tests.ui.device_states import DEVICE_STATES
from tests.ui.hearing_states import HEARING_STATES

STATES: dict[str, Desk] = {**states.STATES, **HEARING_STATES, **DEVICE_STATES}
