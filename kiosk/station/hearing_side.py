"""The audiometer and its protocols, as the configuration has them, for the desk."""

from __future__ import annotations

from pathlib import Path

from kiosk.config.schema import Config
from kiosk.core.desk.hearing_work import Audiometer
from kiosk.core.hearing.protocol import Protocol
from kiosk.core.model import Device
from kiosk.station import protocol_files

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
        approvers=table.approvers,
    )


def protocols_of(config: Config) -> tuple[Protocol, ...]:
    """The protocols a test may follow: the shipped ones and what the clinic has signed."""
    return protocol_files.offered(protocol_folder(config)) if config.audiometer is not None else ()


def protocol_folder(config: Config) -> Path:
    """Where the clinic's own protocols are."""
    table = config.audiometer
    own = table.protocols if table is not None else ""
    return Path(own) if own else Path(config.station.data_dir) / protocol_files.FOLDER


def shelve(config: Config, protocol_id: str, text: str) -> tuple[Protocol, ...]:
    """Keep a protocol that was signed on the screen; returns what is offered now."""
    protocol_files.keep(protocol_folder(config), protocol_id, text)
    return protocols_of(config)
