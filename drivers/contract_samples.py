"""What the promises of a driver are tried on: its vectors, read, and one frame that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.driver import Driver, Settings
from drivers.events import DeviceEvent, Garbage, Quantity, Reading
from drivers.hearing import ToneRecord
from drivers.vector_file import vectors_for


def read(driver: Driver, settings: Settings, *chunks: bytes) -> list[DeviceEvent]:
    """Return what a fresh decoder makes of some reads, the unfinished rest given up."""
    decoder = driver.decoder(settings)
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*events, *decoder.drop_partial()]


Value = Reading | ToneRecord
"""What a device is asked for: a weight or a length, or an audiometer's record."""


def readings(events: Sequence[DeviceEvent]) -> list[Reading]:
    """Return the weights and lengths among ``events``."""
    return [event for event in events if isinstance(event, Reading)]


def values(events: Sequence[DeviceEvent]) -> list[Value]:
    """Return everything among ``events`` that somebody might save."""
    return [event for event in events if isinstance(event, Value)]


def bytes_of(events: Sequence[DeviceEvent]) -> bytes:
    """Return the bytes the events account for; events of one frame share theirs."""
    raw: list[bytes] = []
    for event in events:
        # Python keeps one object for each single byte, so garbage is never taken for shared.
        if isinstance(event, Garbage) or not raw or event.raw is not raw[-1]:
            raw.append(event.raw)
    return b"".join(raw)


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame with one value that a person typed, and the profile it is read with."""

    frame: bytes
    settings: Settings
    reading: Value


def sample(driver: Driver) -> Sample | None:
    """Return the driver's first vector that is one whole frame with a weight or a record."""
    for vector in vectors_for(driver):
        frame = b"".join(vector.chunks)
        found = values(read(driver, vector.settings, frame))
        wanted = [v for v in found if isinstance(v, ToneRecord) or v.quantity is Quantity.WEIGHT]
        if len(wanted) == 1 and wanted[0].raw == frame:
            return Sample(frame, vector.settings, wanted[0])
    return None
