"""The public table of supported devices, written from the driver records."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.driver import Driver, Maturity
from drivers.vector_file import vectors_of


def markdown(drivers: Iterable[Driver]) -> str:
    """One line a driver: what it is, how far it was tried, what its protocol cannot tell."""
    lines = [
        "| driver | devices | line | maturity | vectors | what the protocol cannot tell |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for driver in sorted(drivers, key=lambda d: d.key):
        file = vectors_of(driver.decoder.__module__)
        line = driver.line
        cells = (
            f"`{driver.key}` {driver.name}",
            ", ".join(driver.models),
            f"{line.baud} {line.bits}{line.parity}{line.stop:g}",
            _maturity(driver),
            str(len(file.vectors)),
            "; ".join(file.cannot_tell),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _maturity(driver: Driver) -> str:
    if driver.maturity is Maturity.CONFIRMED:
        return f"{driver.maturity.value} by {driver.confirmed_by}"
    return driver.maturity.value
