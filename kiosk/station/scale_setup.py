"""The configured scale: its driver, its profile and its line, checked before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from drivers.driver import Driver, Line, Settings
from drivers.profile import completed, problems
from drivers.profile_file import ProfileError, read_profile
from drivers.registry import RegistryError, UnknownDriver, find_driver
from drivers.transports.opening import AddressError, check_address
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config, Scale
from kiosk.i18n import tr
from kiosk.station.setting_words import problem_words


@dataclass(frozen=True, slots=True)
class ScaleSetup:
    """What a link needs to talk to the configured scale."""

    driver: Driver
    settings: Settings
    line: Line


def scale_setup(config: Config) -> ScaleSetup | None:
    """Return the scale's setup, ``None`` without a scale.

    Raises :class:`ConfigError` with a sentence for each setting that is unknown, impossible or
    missing: a profile with a gap is never filled by a guess, and no port is opened for it.
    """
    scale = config.scale
    if scale is None:
        return None
    driver = _driver(scale, driver_folder(config))
    settings = {**_profile(scale), **scale.settings}
    wrong = [f"«scale.settings»: {problem_words(driver, p)}" for p in problems(driver, settings)]
    try:
        check_address(scale.port)
    except AddressError:
        wrong.append(
            tr("«scale.port»: «{port}» er ingen adresse. Se «kiosk devices».").format(
                port=scale.port
            )
        )
    if wrong:
        raise ConfigError(wrong)
    return ScaleSetup(driver, completed(driver, settings), _line(scale, driver))


def _profile(scale: Scale) -> Settings:
    """Read the settings of the profile file; what the configuration itself says goes before."""
    if not scale.profile:
        return {}
    try:
        profile = read_profile(Path(scale.profile))
    except OSError as error:
        text = tr("«scale.profile»: filen {file} kan ikke leses: {error}")
        raise ConfigError([text.format(file=scale.profile, error=error.strerror)]) from None
    except ProfileError as error:
        raise ConfigError([tr("«scale.profile»: {problem}").format(problem=error)]) from None
    if profile.driver != scale.driver:
        text = tr("«scale.profile» er laget for driveren «{driver}».")
        raise ConfigError([text.format(driver=profile.driver)])
    return profile.settings


def driver_folder(config: Config) -> Path | None:
    """Return the folder with the clinic's own drivers, or ``None``."""
    return Path(config.drivers.folder) if config.drivers.folder else None


def _driver(scale: Scale, folder: Path | None) -> Driver:
    try:
        return find_driver(scale.driver, folder)
    except UnknownDriver as error:
        text = tr("«scale.driver»: ukjent driver «{key}».").format(key=error.key)
        near = " " + tr("Mente du «{near}»?").format(near=error.near) if error.near else ""
        raise ConfigError([text + near]) from None
    except RegistryError as error:
        raise ConfigError(
            [tr("Driverne kan ikke brukes: {problem}").format(problem=p) for p in error.problems]
        ) from None


def _line(scale: Scale, driver: Driver) -> Line:
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
