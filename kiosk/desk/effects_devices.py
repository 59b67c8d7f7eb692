"""What the desk wants done with devices that are set up or taught."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.driver import Settings
from drivers.first_day import Load
from kiosk.model.listening import Likely, Task


@dataclass(frozen=True, slots=True)
class Listen:
    """Let the ear do this from now on, or nothing; what it hears is told as long as it listens."""

    task: Task | None


@dataclass(frozen=True, slots=True)
class ListPorts:
    """Look what is plugged in; answered by ``PortsListed``."""


@dataclass(frozen=True, slots=True)
class KeepScale:
    """Use this scale, also after the next start; answered by ``ScaleSet`` and ``DeviceKept``.

    ``learned`` is the profile of one that was taught.
    """

    port: str
    likely: Likely
    user_id: str
    learned: Settings | None = None


@dataclass(frozen=True, slots=True)
class TrySlip:
    """Print the slip that shows how wide the paper is; answered by ``SlipTried``."""

    address: str


@dataclass(frozen=True, slots=True)
class KeepPrinter:
    """Use this printer, also after the next start; answered by ``DeviceKept``."""

    address: str
    width: int
    user_id: str


@dataclass(frozen=True, slots=True)
class KeepFirstDay:
    """Write ten loads down, signed by a name; answered by ``FirstDayKept``."""

    loads: tuple[Load, ...]
    model: str
    signed: str
    user_id: str


DeviceEffect = Listen | ListPorts | KeepScale | TrySlip | KeepPrinter | KeepFirstDay
