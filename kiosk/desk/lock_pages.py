"""The pages in front of the lock, each with a record of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.desk.pages import Screen
from kiosk.model.lists import WaitingMessage


@dataclass(frozen=True, slots=True)
class AtLock:
    """Nobody is signed in."""

    screen: ClassVar[Screen] = Screen.LOCK


@dataclass(frozen=True, slots=True)
class StatusAtLock:
    """Devices, printer and messages, for anybody."""

    messages: tuple[WaitingMessage, ...] = ()
    screen: ClassVar[Screen] = Screen.STATUS


LockPage = AtLock | StatusAtLock
"""The pages that need nobody signed in."""
