"""What threads tell the desk of devices that are set up or taught."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.events import DeviceEvent
from kiosk.model.listening import Likely
from kiosk.model.lists import Equipped, PluggedIn
from kiosk.model.visit import Device
from kiosk.weighing.gate import Weighing


@dataclass(frozen=True, slots=True)
class Heard:
    """Bytes that came on the port which is listened to for a page."""

    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class EarLost:
    """That port cannot be opened, or the cable was pulled. ``cause`` is that of a link."""

    number: int
    cause: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """The drivers that read the port, the likeliest first; ``heard`` bytes came in all."""

    number: int
    likely: tuple[Likely, ...]
    heard: int


@dataclass(frozen=True, slots=True)
class EarTold:
    """What the chosen driver made of the port."""

    number: int
    event: DeviceEvent


@dataclass(frozen=True, slots=True)
class PortsListed:
    """What is plugged in and could be a scale or a printer."""

    ports: tuple[PluggedIn, ...]


@dataclass(frozen=True, slots=True)
class SlipTried:
    """The test slip was sent to this printer, or could not be; what model it says it is."""

    address: str
    sent: bool
    model: str = ""


@dataclass(frozen=True, slots=True)
class DeviceKept:
    """A device that was set up is in use, or could not be kept."""

    kept: bool


@dataclass(frozen=True, slots=True)
class ScaleSet:
    """The station uses this scale from now on."""

    scale: Equipped
    weighing: Weighing
    device: Device
    teachable: bool = False


@dataclass(frozen=True, slots=True)
class FirstDayKept:
    """The ten loads are written down under this name; empty: they could not be."""

    name: str


DeviceNews = (
    Heard
    | EarLost
    | Recognised
    | EarTold
    | PortsListed
    | SlipTried
    | DeviceKept
    | ScaleSet
    | FirstDayKept
)
