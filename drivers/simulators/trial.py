"""A driver tried whole: its own simulator on a pseudo-terminal, read through the real link.

What ``drivers.contract`` promises is about bytes; this is about time and cables: the first
weight after opening, a second one, and reading again after the cable was pulled.
"""

from __future__ import annotations

import queue
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from drivers.contract import GRAMS
from drivers.driver import Driver
from drivers.events import LinkStatus, Reading, Stability, Stamped
from drivers.link import Link
from drivers.profile import sample_settings
from drivers.simulators.scale import SimulatedScale

LOADS: Final = (8420, 5000)
"""Grams that are laid on one after the other."""

PATIENCE: Final = 5.0
"""Seconds until a weight must have come through."""


def trial(driver: Driver) -> Iterator[str]:
    """Yield a sentence for each thing that does not work."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "scale"
        settings = sample_settings(driver)
        heard: queue.SimpleQueue[Stamped | LinkStatus] = queue.SimpleQueue()
        scale = SimulatedScale(driver, place, settings=settings)
        link = Link("trial", driver, str(place), heard.put, settings=settings)
        scale.start()
        link.start()
        try:
            yield from _played(scale, heard)
        finally:
            link.stop()
            scale.stop()


def _played(scale: SimulatedScale, heard: queue.SimpleQueue[Stamped | LinkStatus]) -> Iterator[str]:
    for grams in LOADS:
        scale.put(grams)
        if not _arrives(grams, heard):
            yield f"{grams} g on its simulated scale never arrive through the link"
            return
    scale.unplug()
    scale.put(LOADS[0])
    scale.replug()
    if not _arrives(LOADS[0], heard):
        yield "after the cable was out and in, no weight arrives any more"


def _arrives(grams: int, heard: queue.SimpleQueue[Stamped | LinkStatus]) -> bool:
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0:
        try:
            item = heard.get(timeout=left)
        except queue.Empty:
            return False
        if isinstance(item, Stamped) and isinstance(item.event, Reading):
            reading = item.event
            # A frame without a unit can only be compared by its digits, as kilograms.
            in_grams = reading.value * GRAMS.get(reading.unit, Decimal(1000))
            if in_grams == grams and reading.stability is not Stability.MOVING:
                return True
    return False
