"""What a person may do to set up the devices of the station."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenEquipment:
    """Show what is plugged in, and what the station uses."""


@dataclass(frozen=True, slots=True)
class SetUpDevice:
    """Set up what is plugged in there."""

    address: str


@dataclass(frozen=True, slots=True)
class ChooseLikely:
    """It is this one of what the port was taken for."""

    driver: str


@dataclass(frozen=True, slots=True)
class TeachPort:
    """No driver reads the port: learn its lines from the display."""


@dataclass(frozen=True, slots=True)
class ChooseWidth:
    """The widest line of the test slip with both its arrows has this number; 0: no slip came."""

    dots: int


@dataclass(frozen=True, slots=True)
class KeepDevice:
    """What was proved is right: use the device."""


@dataclass(frozen=True, slots=True)
class OpenFirstDay:
    """Compare ten loads on the scale in use with its display."""


@dataclass(frozen=True, slots=True)
class KeepFirstDay:
    """Sign the ten loads and write them down."""


DeviceTouch = (
    OpenEquipment
    | SetUpDevice
    | ChooseLikely
    | TeachPort
    | ChooseWidth
    | KeepDevice
    | OpenFirstDay
    | KeepFirstDay
)
