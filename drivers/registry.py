"""Finding drivers, and refusing to start with a set that contradicts itself.

Drivers come from three places: the packages here, the entry-point group
``helsestasjon_kiosk.drivers`` of installed packages, and a folder named by the caller.
Importing a driver pulls in no serial or USB library.
"""

from __future__ import annotations

import difflib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from drivers.driver import Driver

PACKAGES = ("drivers.scales",)
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
        near = difflib.get_close_matches(key, self.known, n=1, cutoff=0.4)
        self.near = near[0] if near else ""
        super().__init__(key)


def all_drivers(folder: Path | None = None) -> Mapping[str, Driver]:
    """Every driver by key; raises :class:`RegistryError` naming every problem at once."""
    found = [driver for module in _modules(folder) for driver in _drivers_of(module)]
    problems = check(found)
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
        if not driver.sources:
            yield f"{driver.key!r} names no source for its protocol"
        if driver.trusted_frames < 1:
            yield f"{driver.key!r} needs at least one trusted frame"
        if driver.line.parity not in {"N", "E", "O"} or driver.line.bits not in {7, 8}:
            yield f"{driver.key!r} has line settings that no port knows"
        for setting in driver.settings:
            if setting.default is not None and setting.default not in setting.choices:
                yield f"{driver.key!r}: the default of {setting.key!r} is no choice"


def _modules(folder: Path | None) -> Iterator[ModuleType]:
    for name in PACKAGES:
        package = import_module(name)
        for info in pkgutil.iter_modules(package.__path__):
            yield import_module(f"{name}.{info.name}")
    for point in entry_points(group=ENTRY_POINTS):
        yield point.load()
    if folder is not None:
        yield from (_from_file(path) for path in sorted(folder.glob("*.py")))


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"clinic_driver_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise RegistryError([f"{path.name} cannot be read as a driver"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _drivers_of(module: ModuleType) -> tuple[Driver, ...]:
    drivers = getattr(module, "DRIVERS", ())
    if not isinstance(drivers, tuple) or not all(isinstance(d, Driver) for d in drivers):
        raise RegistryError([f"{module.__name__}: DRIVERS is a tuple of Driver records"])
    return drivers
