"""Whether a scale is behind an assigned port: only an answer its driver understands proves one."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.capture import CaptureRing
from drivers.conversation import Conversation, Timing
from drivers.events import DeviceEvent
from drivers.hints import Hint, is_valid
from drivers.transports.base import Transport
from kiosk.station.checking.scale_setup import ScaleSetup

PATIENCE = 3.0
"""Seconds until a scale must have answered."""


def answers(setup: ScaleSetup, transport: Transport, patience: float = PATIENCE) -> Hint | None:
    """Return ``None`` once a valid answer arrived, else what is wrong with the line.

    That the port took bytes, or gave some back, proves nothing. Raises ``LinkLost``.
    """
    heard = first(setup, transport, is_valid, patience)
    return heard if isinstance(heard, Hint) else None


def first(
    setup: ScaleSetup,
    transport: Transport,
    wanted: Callable[[DeviceEvent], bool],
    patience: float = PATIENCE,
) -> DeviceEvent | Hint:
    """Return the first event that is wanted, else what is wrong with the line.

    Raises ``LinkLost``.
    """
    heard: list[DeviceEvent] = []
    timing = Timing(silent=patience)
    talk = Conversation(setup.driver, transport, setup.settings, CaptureRing(), timing)
    talk.settle()
    end = time.monotonic() + patience + timing.slice
    while time.monotonic() < end:
        talk.step(heard.append)
        if found := [event for event in heard if wanted(event)]:
            return found[0]
    return talk.hint() or Hint.SILENT
