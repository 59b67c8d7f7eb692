"""The configured devices: driver, profile and line, checked before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from drivers.attached import HID_CLASS
from drivers.driver import Driver, Kind, Line, Rhythm, Settings
from drivers.events import Quantity
from drivers.profile import Wrong, completed, problems, rhythm_of
from drivers.profile_file import ProfileError, read_profile
from drivers.registry import RegistryError, UnknownDriver, find_driver
from kiosk.config.load import ConfigError
from kiosk.config.schema import Audiometer, Config, Scale
from kiosk.language.texts import tr
from kiosk.model.lists import Equipped
from kiosk.station import learned_profile
from kiosk.station.checking.addresses import cable_fault, port_fault, same_place
from kiosk.station.checking.files import file_fault
from kiosk.station.checking.setting_words import problem_words
from kiosk.weighing.gate import Weighing

LINES = "taught"
"""The driver of scales whose protocol is not known at all."""

TEACHABLE = frozenset({"seca-rs232", LINES})
"""The drivers whose frames mean nothing before they were taught."""


@dataclass(frozen=True, slots=True)
class ScaleSetup:
    """What a link needs to talk to a configured scale or length board."""

    driver: Driver
    settings: Settings
    line: Line

    @property
    def rhythm(self) -> Rhythm:
        """How often the device speaks."""
        return rhythm_of(self.driver, self.settings)


def weighing_of(scale: Scale | None, setup: ScaleSetup | None) -> Weighing:
    """The state of the station's scale before it has said anything."""
    if scale is None or setup is None:
        return Weighing("none", 1)
    return Weighing(scale.id, setup.driver.trusted_frames, rhythm=setup.rhythm)


def scale_setup(config: Config) -> ScaleSetup | None:
    """Return the scale's setup, ``None`` without a scale.

    Raises :class:`ConfigError` with a sentence for each setting that is unknown, impossible or
    missing: a profile with a gap is never filled by a guess, and no port is opened for it. Only a
    scale that can be taught on the screen may come without its profile.
    """
    if config.scale is None:
        return None
    return device_setup("scale", config.scale, config)


def length_board_setup(config: Config) -> ScaleSetup | None:
    """Return the length board's setup, ``None`` without one.

    Raises :class:`ConfigError` as for the scale, and where the driver knows no lengths or the
    board would share its name or its port with the scale.
    """
    board, scale = config.length_board, config.scale
    if board is None:
        return None
    setup = device_setup("length_board", board, config)
    wrong = []
    if Quantity.LENGTH not in setup.driver.measures:
        text = tr("«length_board.driver»: driveren «{driver}» måler ikke lengde.")
        wrong.append(text.format(driver=board.driver))
    if scale is not None and board.id == scale.id:
        wrong.append(tr("«length_board.id» og «scale.id» kan ikke være like."))
    if scale is not None and same_place(board.port, scale.port):
        wrong.append(
            tr(
                "«length_board.port» og «scale.port» er samme port. "
                "Sender vekten lengden selv, trengs ikke «length_board»."
            )
        )
    if wrong:
        raise ConfigError(wrong)
    return setup


def is_teachable(setup: ScaleSetup | None) -> bool:
    """Whether the scale is one that the station has to be taught on its screen."""
    return setup is not None and setup.driver.key in TEACHABLE


def equipped(scale: Scale | None, setup: ScaleSetup | None) -> Equipped | None:
    """The scale as the page of devices knows it."""
    if scale is None or setup is None:
        return None
    baud = scale.line.baud if scale.line is not None else None
    name = scale.name or setup.driver.name
    lines = setup.driver.key == LINES
    return Equipped(name, scale.port, setup.driver.key, baud, lines=lines)


def approvers_of(config: Config) -> tuple[str, ...]:
    """Who may save a device on the screen: those the station names, and who signs protocols."""
    signing = config.audiometer.approvers if config.audiometer is not None else ()
    return tuple(dict.fromkeys((*config.station.approvers, *signing)))


def device_setup(table: str, scale: Scale | Audiometer, config: Config) -> ScaleSetup:
    """The checked setup of one configured device; raises :class:`ConfigError` with sentences."""
    driver = _driver(table, scale, driver_folder(config))
    if (driver.kind is Kind.AUDIOMETER) != isinstance(scale, Audiometer):
        text = tr("«{key}»: driveren «{driver}» er til et annet slags utstyr. Se «kiosk devices».")
        raise ConfigError([text.format(key=f"{table}.driver", driver=driver.key)])
    settings = {**_profile(table, scale, config), **scale.settings}
    # A scale that is taught on the screen starts with its gaps: it gives no value before that.
    taught_later = driver.key in TEACHABLE
    gaps = [
        problem
        for problem in problems(driver, settings)
        if not (taught_later and problem.wrong is Wrong.MISSING)
    ]
    wrong = [f"«{table}.settings»: {problem_words(driver, problem)}" for problem in gaps]
    reports = any(claim.interface_class == HID_CLASS for claim in driver.claims)
    fault = port_fault(scale.port) or cable_fault(scale.port, reports=reports)
    if fault:
        wrong.append(f"«{table}.port»: {fault}")
    if wrong:
        raise ConfigError(wrong)
    return ScaleSetup(driver, completed(driver, settings), _line(scale, driver))


def _profile(table: str, scale: Scale | Audiometer, config: Config) -> Settings:
    """Read the settings of the profile file; what the configuration itself says goes before.

    Without a file in the configuration it is the one the station has learned itself, if any.
    """
    if isinstance(scale, Audiometer):
        return {}
    learned = learned_profile.newest(Path(config.station.data_dir), scale)
    path = Path(scale.profile) if scale.profile else learned
    if path is None:
        return {}
    try:
        profile = read_profile(path)
    except OSError:
        told = file_fault(str(path)) or tr("filen {path} kan ikke leses.").format(path=path)
        raise ConfigError([f"«{table}.profile»: {told}"]) from None
    except ProfileError:
        text = tr("«{key}»: {path} er ingen profil. En profil lages av «kiosk calibrate».")
        raise ConfigError([text.format(key=f"{table}.profile", path=path)]) from None
    if profile.driver != scale.driver:
        text = tr("«{key}» er laget for driveren «{driver}».")
        raise ConfigError([text.format(key=f"{table}.profile", driver=profile.driver)])
    return profile.settings


def driver_folder(config: Config) -> Path | None:
    """Return the folder with the clinic's own drivers, or ``None``."""
    return Path(config.drivers.folder) if config.drivers.folder else None


def _driver(table: str, scale: Scale | Audiometer, folder: Path | None) -> Driver:
    try:
        return find_driver(scale.driver, folder)
    except UnknownDriver as error:
        text = tr("«{table}.driver»: ukjent driver «{key}».").format(table=table, key=error.key)
        near = " " + tr("Mente du «{near}»?").format(near=error.near) if error.near else ""
        raise ConfigError([text + near]) from None
    except RegistryError as error:
        raise ConfigError(
            [tr("Driverne kan ikke brukes: {problem}").format(problem=p) for p in error.problems]
        ) from None


def _line(scale: Scale | Audiometer, driver: Driver) -> Line:
    """Return the driver's line with what the configuration says otherwise."""
    table = scale.line
    if table is None:
        return driver.line
    own = driver.line
    return replace(
        own,
        baud=table.baud or own.baud,
        bits=table.bits or own.bits,
        parity=table.parity or own.parity,
        stop=table.stop or own.stop,
        handshake=table.handshake or own.handshake,
    )
