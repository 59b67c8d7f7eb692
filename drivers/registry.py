"""Finding drivers, and refusing to start with a set that contradicts itself.

Drivers come from three places: the packages here, the entry-point group
``helsestasjon_kiosk.drivers`` of installed packages, and a folder named by the caller.
Each module has its vectors: those here in ``drivers/vectors``, others in a file of the same name
beside them. Importing a driver pulls in no serial or USB library.
"""

from __future__ import annotations

import difflib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from drivers.driver import Driver, Maturity, Rhythm
from drivers.profile import REQUEST, RHYTHM, allows
from drivers.vector_file import vector_path

PACKAGES = ("drivers.scales", "drivers.audiometers")
ENTRY_POINTS = "helsestasjon_kiosk.drivers"


class RegistryError(Exception):
    """The drivers contradict each other. ``problems`` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class UnknownDriver(LookupError):  # noqa: N818 - names what happened
    """No driver has this key. ``near`` is the nearest key, or empty."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        self.key = key
        self.known = sorted(known)
        near = difflib.get_close_matches(key.lower(), self.known, n=1, cutoff=0.4)
        self.near = near[0] if near else ""
        super().__init__(key)


def all_drivers(folder: Path | None = None) -> Mapping[str, Driver]:
    """Every driver by key; raises :class:`RegistryError` naming every problem at once."""
    problems: list[str] = []
    found: list[Driver] = []
    for load, where in _sources(folder):
        try:
            found += _drivers_of(load())
        except RegistryError as error:
            problems += error.problems
        except Exception as error:  # noqa: BLE001 - a foreign file may do anything; name it, go on
            problems.append(f"{where} cannot be loaded: {type(error).__name__}")
    problems += check(found)
    if problems:
        raise RegistryError(problems)
    return {driver.key: driver for driver in found}


def find_driver(key: str, folder: Path | None = None) -> Driver:
    """The driver with this key; raises :class:`UnknownDriver` with a suggestion."""
    drivers = all_drivers(folder)
    if key not in drivers:
        raise UnknownDriver(key, drivers)
    return drivers[key]


def check(drivers: Iterable[Driver]) -> list[str]:
    """Sentences about double keys, equal claims and records that cannot work."""
    drivers = list(drivers)
    return [*_double_keys(drivers), *_equal_claims(drivers), *_odd_records(drivers)]


def _double_keys(drivers: list[Driver]) -> Iterator[str]:
    keys = [driver.key for driver in drivers]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"the key {key!r} is used by more than one driver"


def _equal_claims(drivers: list[Driver]) -> Iterator[str]:
    owners: dict[object, str] = {}
    for driver in drivers:
        for claim in driver.claims:
            owner = owners.setdefault((claim, driver.priority), driver.key)
            if owner != driver.key:
                yield f"{owner!r} and {driver.key!r} claim the same device with equal priority"


def _odd_records(drivers: list[Driver]) -> Iterator[str]:
    for driver in drivers:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", driver.key):
            yield f"{driver.key!r} is no key: lower-case letters, digits and hyphens"
        if not driver.sources:
            yield f"{driver.key!r} names no source for its protocol"
        if driver.trusted_frames < 1:
            yield f"{driver.key!r} needs at least one trusted frame"
        if driver.line.parity not in {"N", "E", "O"} or driver.line.bits not in {7, 8}:
            yield f"{driver.key!r} has line settings that no port knows"
        polls = (driver.poll, *(driver.requests or {}).values())
        if any(p and not (p.command and p.interval > 0 and p.timeout > 0) for p in polls):
            yield f"{driver.key!r} has a request that is empty or never waits"
        if driver.rhythm is Rhythm.ANSWERS and not any(polls):
            yield f"{driver.key!r} answers when it is asked, and nothing asks it"
        if driver.maturity is Maturity.CONFIRMED and not driver.confirmed_by:
            yield f"{driver.key!r} is confirmed by nobody"
        yield from _odd_settings(driver)


def _odd_settings(driver: Driver) -> Iterator[str]:
    if RHYTHM.key in {setting.key for setting in driver.settings}:
        yield f"{driver.key!r}: every device has the setting {RHYTHM.key!r} already"
    for setting in driver.settings:
        for value in (setting.default, None if setting.choices else setting.example):
            if value is not None and not allows(setting, value):
                yield f"{driver.key!r}: {value!r} is no choice for {setting.key!r}"
    choices = [s.choices for s in driver.settings if s.key == REQUEST]
    if driver.requests is not None and choices != [tuple(driver.requests)]:
        yield f"{driver.key!r}: the setting {REQUEST!r} and its requests differ"


def _sources(folder: Path | None) -> Iterator[tuple[Callable[[], ModuleType], str]]:
    """Yield what loads each module, and how to call it in a sentence."""
    for name in PACKAGES:
        package = import_module(name)
        for info in pkgutil.iter_modules(package.__path__):
            yield partial(import_module, f"{name}.{info.name}"), f"{name}.{info.name}"
    for point in entry_points(group=ENTRY_POINTS):
        yield point.load, f"the entry point {point.name!r}"
    if folder is not None:
        if not folder.is_dir():
            raise RegistryError([f"the driver folder {folder} does not exist"])
        for path in sorted(folder.glob("*.py")):
            yield partial(_from_file, path), path.name


def _from_file(path: Path) -> ModuleType:
    """Load a file under a name of its own, so that it shadows no module."""
    name = f"clinic_driver_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RegistryError([f"{path.name} cannot be read as a driver"])
    module = importlib.util.module_from_spec(spec)
    # Its vectors are found through the module's name, as for the drivers here.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _drivers_of(module: ModuleType) -> tuple[Driver, ...]:
    drivers = getattr(module, "DRIVERS", ())
    if not isinstance(drivers, tuple) or not all(isinstance(d, Driver) for d in drivers):
        raise RegistryError([f"{module.__name__}: DRIVERS is a tuple of Driver records"])
    if drivers and not vector_path(module.__name__).is_file():
        name = vector_path(module.__name__).name
        raise RegistryError([f"{module.__name__}: its vectors {name} are missing"])
    return drivers
