"""The public tables of supported devices, written from the driver records.

``python -m drivers.table README.md docs/devices.md`` renews what stands between the marks in the
README and the whole page about devices.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from drivers.driver import Driver, Kind, Maturity, Setting, Settings
from drivers.profile import REQUEST, rhythm_of
from drivers.registry import all_drivers
from drivers.vector_file import VectorFile, vectors_for, vectors_of

BEGIN: Final = "<!-- devices: written by `make table` -->"
END: Final = "<!-- end of devices -->"

_PAGE: Final = """\
# Devices

Written from the driver records by `make table`. *From manual* means built from the maker's printed
bytes and tried with a simulator only; *confirmed on hardware* names who compared the station with a
real device's display, and when. *Experimental* means that the maker's sheet leaves something open.

A device *streams* several times a second, *answers* when it is asked, or speaks *once* a weighing:
at hold or at a key, and never while it is empty. A profile may set another rhythm for a device that
was set up otherwise (`rhythm = "once"` or `"streams"`).

The table of each driver says with which form and rhythm each model was tried, and from what: the
bytes of a real device (*real capture*), a *manual*, or *public code*.

Looked for without finding the frames in public: Charder, Marsden, ADE, Soehnle, newer seca, KERN
MPE and MBC, Momert, Beurer BY90, Laica, Kerbl 29923, and the continuous mode of the Salter
Brecknell 308BP. When one turns up, `kiosk capture` records what it sends while somebody notes what
its display shows.
"""


def markdown(drivers: Iterable[Driver]) -> str:
    """One line a driver: what it is, how it is wired, how far it was tried."""
    lines = [
        "| driver | devices | line | rhythm | maturity | vectors |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for driver in sorted(drivers, key=lambda d: d.key):
        cells = (
            f"`{driver.key}` {driver.name}",
            ", ".join(driver.models),
            _line(driver),
            _rhythm(driver),
            maturity(driver),
            str(len(vectors_for(driver))),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def page(drivers: Iterable[Driver]) -> str:
    """The page with all that is known of each driver: sources, settings, what it cannot tell."""
    return _PAGE + "".join(_section(d) for d in sorted(drivers, key=lambda d: d.key))


def maturity(driver: Driver) -> str:
    """How far the driver was tried; for a confirmed one by whom and when."""
    if driver.maturity is not Maturity.CONFIRMED:
        return driver.maturity.value
    when = vectors_of(driver.decoder.__module__).confirmed_on
    return f"{driver.maturity.value} by {driver.confirmed_by}, {when}"


def renewed(readme: str, table: str) -> str:
    """Return ``readme`` with the table between the marks; raises ``ValueError`` without them."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the marks for the table of devices are missing")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _line(driver: Driver) -> str:
    line = driver.line
    handshake = "" if line.handshake == "none" else f" {line.handshake}"
    return f"{line.baud} {line.bits}{line.parity}{line.stop:g}{handshake}"


def _rhythm(driver: Driver) -> str:
    """How often it speaks: as a profile that says nothing makes it, then what others may make."""
    if driver.kind is Kind.AUDIOMETER:
        return "a record a test"
    profiles: list[Settings] = [{}, *({REQUEST: name} for name in driver.requests or ())]
    found = dict.fromkeys(rhythm_of(driver, profile).value for profile in profiles)
    return " or ".join(found)


def _trust(driver: Driver) -> list[str]:
    """What makes a value of the frames; an audiometer's record is looked at by a person."""
    if driver.kind is Kind.AUDIOMETER:
        return ["- An audiometer: its record is drawn, looked at and confirmed before it counts"]
    return [f"- Frames that must agree before a value counts: {driver.trusted_frames}"]


def _section(driver: Driver) -> str:
    file = vectors_of(driver.decoder.__module__)
    rows = [
        f"\n## `{driver.key}` – {driver.name}\n",
        f"- Devices: {', '.join(driver.models)}",
        f"- Line: {_line(driver)}; rhythm: {_rhythm(driver)}",
        f"- Maturity: {maturity(driver)}; {len(vectors_for(driver))} vectors",
        *_trust(driver),
        f"- Sources: {'; '.join(driver.sources)}",
    ]
    if file.cannot_tell:
        rows.append(f"- The protocol cannot tell: {'; '.join(file.cannot_tell)}")
    rows += [f"- Setting {_setting(setting)}" for setting in driver.settings]
    rows += _tested(driver, file)
    return "\n".join(rows) + "\n"


def _tested(driver: Driver, file: VectorFile) -> list[str]:
    """The table of the driver's models, where its file says how they were tried."""
    rows = [row for row in file.tested if row.model in driver.models]
    head = ["", "| model | form | rhythm | tried from |", "| --- | --- | --- | --- |"]
    return [
        *(head if rows else ()),
        *(
            f"| {row.model} | {row.form} | {row.rhythm or driver.rhythm.value} | {row.origin} |"
            for row in rows
        ),
    ]


def _setting(setting: Setting) -> str:
    values = ", ".join(f"`{c}`" for c in setting.choices) or f"text such as `{setting.example}`"
    default = "must be chosen" if setting.default is None else f"usually `{setting.default}`"
    return f"`{setting.key}` ({values}; {default}): {setting.meaning}"


def main() -> None:
    """Renew the files named on the command line: the README and the page."""
    readme, devices = map(Path, sys.argv[1:3])
    drivers = all_drivers().values()
    readme.write_text(renewed(readme.read_text("utf-8"), markdown(drivers)), "utf-8")
    devices.write_text(page(drivers), "utf-8")


if __name__ == "__main__":
    main()
