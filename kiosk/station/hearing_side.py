"""The audiometer and its protocols, as the configuration has them, for the desk."""

from __future__ import annotations

from kiosk.config.schema import Config
from kiosk.core.desk.hearing_work import Audiometer
from kiosk.core.hearing.protocol import Protocol, shipped
from kiosk.core.model import Device

BY_HAND = "by-hand"
"""What stands for a driver where the answers are tapped in."""


def audiometer_of(config: Config) -> Audiometer | None:
    """The clinic's audiometer, or ``None`` where hearing is not tested."""
    table = config.audiometer
    if table is None:
        return None
    return Audiometer(
        Device(table.id, table.name, table.driver or BY_HAND, "1", table.serial),
        loudest=table.loudest,
        calibrated_on=table.calibrated_on,
        protocol=table.protocol,
        cable=bool(table.driver),
        inbox=bool(table.inbox),
        drawing_on_slip=table.slip == "drawing",
    )


def protocols_of(config: Config) -> tuple[Protocol, ...]:
    """The protocols a test may follow."""
    return tuple(shipped().values()) if config.audiometer is not None else ()
