"""A hand-cranked scale stream for tests of the gate and the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from drivers.events import (
    Flag,
    LinkState,
    LinkStatus,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
    Stamped,
)
from kiosk.weighing import gate
from kiosk.weighing.gate import Weighing

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Stream:
    """Feeds one `Weighing`, 0.1 s a frame."""

    def __init__(self, trusted_frames: int = 3) -> None:
        self.state = Weighing("scale", trusted_frames)
        self.now = 100.0
        self.session = 0

    def opened(self) -> Stream:
        self.session += 1
        self.state = gate.scale_changed(
            self.state, LinkStatus("scale", LinkState.OPEN, self.session)
        )
        return self

    def lost(self) -> Stream:
        self.state = gate.scale_changed(
            self.state, LinkStatus("scale", LinkState.LOST, self.session, "unplugged")
        )
        return self

    def stamped(self, event: object) -> Stamped:
        self.now += 0.1
        wall = START + timedelta(seconds=self.now)
        return Stamped(event, "scale", "radwag", "1", self.session, self.now, wall)  # type: ignore[arg-type]

    def weight(
        self,
        text: str,
        *,
        moving: bool = False,
        untold: bool = False,
        times: int = 1,
        unit: str = "kg",
        flags: frozenset[Flag] = frozenset(),
    ) -> Stream:
        stability = Stability.MOVING if moving else Stability.STABLE
        stability = Stability.UNKNOWN if untold else stability
        reading = Reading(Quantity.WEIGHT, Decimal(text), unit, stability, flags, b"raw")
        for _ in range(times):
            self.state = gate.event_arrived(self.state, self.stamped(reading))
        return self

    def nothing(self, reason: Reason) -> Stream:
        self.state = gate.event_arrived(self.state, self.stamped(NoReading(reason)))
        return self

    def take(self) -> int:
        assert self.state.offer is not None
        grams = self.state.offer.grams
        self.state = gate.taken(self.state)
        return grams
