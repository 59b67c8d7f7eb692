"""What the station's ear listens to for a page that sets up or teaches a device.

The ear is one: it opens a port that no link uses, or borrows it from the link that does. ``number``
tells what it says for one page from what it said for the page before.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.driver import Line, Rhythm, Settings


@dataclass(frozen=True, slots=True)
class Raw:
    """Tell every byte that comes on the port, at this speed or the usual one."""

    number: int
    port: str
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class Recognise:
    """Find the drivers that read what the port sends, listening first and asking then."""

    number: int
    port: str


@dataclass(frozen=True, slots=True)
class Likely:
    """A driver that reads what a port sends, with the profile and the line it does it with."""

    driver: str
    name: str
    settings: Settings
    line: Line
    rhythm: Rhythm = Rhythm.STREAMS


@dataclass(frozen=True, slots=True)
class Weigh:
    """Read the port with this driver, and tell what it says."""

    number: int
    port: str
    likely: Likely


Task = Raw | Recognise | Weigh
"""What the ear may be asked for."""
