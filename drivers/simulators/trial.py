"""A driver tried whole: its own simulator on a pseudo-terminal, read through the real link.

What ``drivers.contract`` promises is about bytes; this is about time and cables: the first
weight after opening, a second one, how often each is said, and reading again after the cable was
pulled.
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
from drivers.driver import Driver, Rhythm
from drivers.events import LinkState, LinkStatus, Reading, Stability, Stamped
from drivers.link import Link
from drivers.profile import rhythm_of, sample_settings
from drivers.simulators.scale import SimulatedScale

News = queue.SimpleQueue[Stamped | LinkStatus]
"""What a link publishes, as it comes."""

LOADS: Final = (8420, 5000)
"""Grams that are laid on one after the other."""

PATIENCE: Final = 5.0
"""Seconds until a weight must have come through."""


QUIET: Final = 1.0
"""Seconds in which a device that speaks once must not repeat itself."""

SETTLED: Final = 0.3
"""Seconds after opening in which a link drops what it hears, and some more."""


def trial(driver: Driver, rhythm: Rhythm | None = None) -> Iterator[str]:
    """Yield a sentence for each thing that does not work; ``rhythm`` is what a profile may say."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "scale"
        said = {} if rhythm is None else {"rhythm": rhythm.value}
        settings = {**sample_settings(driver), **said}
        heard: News = queue.SimpleQueue()
        scale = SimulatedScale(driver, place, settings=settings)
        link = Link("trial", driver, str(place), heard.put, settings=settings)
        scale.start()
        link.start()
        try:
            yield from _played(scale, heard, rhythm_of(driver, settings))
        finally:
            link.stop()
            scale.stop()


def _played(scale: SimulatedScale, heard: News, rhythm: Rhythm) -> Iterator[str]:
    once = rhythm is Rhythm.ONCE
    if once and not _opened(heard):
        yield "the link to its simulated scale never opens"
        return
    for grams in LOADS:
        scale.put(grams)
        if not _arrives(grams, heard):
            yield f"{grams} g on its simulated scale never arrive through the link"
            return
        if once and _weights(heard, QUIET):
            yield "it is said to speak once a weighing, and repeats itself"
    if rhythm is Rhythm.STREAMS and len(_weights(heard, QUIET)) < 2:
        yield "it is said to stream, and falls silent"
    scale.lift()
    if once and _weights(heard, QUIET):
        yield "it is said to speak once a weighing, and speaks of an empty platform"
    scale.unplug()
    if not once:
        scale.put(LOADS[0])
    scale.replug()
    if once and _opened(heard):
        scale.put(LOADS[0])
    if not _arrives(LOADS[0], heard):
        yield "after the cable was out and in, no weight arrives any more"


def _opened(heard: News) -> bool:
    """Wait until the port was opened and what it held from before was dropped."""
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0:
        try:
            item = heard.get(timeout=left)
        except queue.Empty:
            return False
        if isinstance(item, LinkStatus) and item.state is LinkState.OPEN:
            time.sleep(SETTLED)
            return True
    return False


def _weights(heard: News, seconds: float) -> list[Reading]:
    """Return the weights that come within some seconds."""
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            item = heard.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(item, Stamped) and isinstance(item.event, Reading):
            found.append(item.event)
    return found


def _arrives(grams: int, heard: News) -> bool:
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
