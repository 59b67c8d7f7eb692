"""What the station's ear listens to for a page that sets up or teaches a device.

The ear is one: it opens a port that no link uses, or borrows it from the link that does. ``number``
tells what it says for one page from what it said for the page before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """Tell every byte that comes on the port, at this speed or the usual one."""

    number: int
    port: str
    baud: int | None = None


Task = Raw
"""What the ear may be asked for."""
