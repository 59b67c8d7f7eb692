"""The audiometer and its protocols, as the configuration has them, for the desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kiosk.config.load import ConfigError
from kiosk.config.schema import Config
from kiosk.desk.hearing_work import Audiometer
from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.signing import sign
from kiosk.language.texts import tr
from kiosk.model.performer import Device
from kiosk.station.audiometer import protocol_files
from kiosk.station.checking.addresses import same_place
from kiosk.station.checking.scale_setup import ScaleSetup, device_setup

FOLDER = "protocols"
"""Where signed protocols are kept in the data folder, unless the configuration says else."""

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
    if config.audiometer is None:
        return ()
    return tuple(protocol_files.load(protocol_folder(config)).protocols.values())


def protocol_folder(config: Config) -> Path:
    """Where the clinic's own protocols are."""
    table = config.audiometer
    own = table.protocols if table is not None else ""
    return Path(own) if own else Path(config.station.data_dir) / FOLDER


def shelve(config: Config, draft: ProtocolDraft, by: str, on: date) -> tuple[Protocol, ...]:
    """Keep a protocol that was signed on the screen; returns what is offered now.

    Raises ``OSError`` where the folder takes no file; the protocol of before is used on.
    """
    folder, protocol_id = protocol_folder(config), draft.source.id
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    text = sign(draft, by, on, protocol_files.versions(folder, protocol_id))
    protocol_files.keep(folder, protocol_id, text)
    return protocols_of(config)


def audiometer_setup(config: Config) -> ScaleSetup | None:
    """Return the setup of an audiometer with a cable, ``None`` without one.

    Raises :class:`ConfigError` with a sentence for a driver or an address that is none, and for a
    port that another device has.
    """
    table = config.audiometer
    if table is None or not table.driver:
        return None
    setup = device_setup("audiometer", table, config)
    others = [one for one in (config.scale, config.length_board) if one is not None]
    if any(same_place(one.port, table.port) for one in others):
        raise ConfigError([tr("«audiometer.port» er porten til et annet utstyr.")])
    return setup
