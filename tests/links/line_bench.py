"""What the tests of links share: a listener that waits, a tiny driver, a made-up transport."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal

from drivers.conversation import Timing
from drivers.driver import Driver, Kind, Line, Maturity, Poll, Settings
from drivers.events import (
    Event,
    Garbage,
    LinkState,
    LinkStatus,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
    Stamped,
)
from drivers.framing import LineDecoder
from drivers.link import Link
from drivers.transports.base import LinkLost, LossCause

FAST = Timing(silent=0.4, partial=0.2, slice=0.05)
"""Real rules with short patience, so that a test of a silence does not last one."""

PATIENCE = 5.0


class Listener:
    """Collects what a link publishes; every wait has an end."""

    def __init__(self) -> None:
        self.news: list[Stamped | LinkStatus] = []
        self._changed = threading.Condition()

    def __call__(self, item: Stamped | LinkStatus) -> None:
        with self._changed:
            self.news.append(item)
            self._changed.notify_all()

    def link(self, driver: Driver, address: str = "/dev/fake", **options: object) -> Link:
        return Link("scale", driver, address, self, **options)  # type: ignore[arg-type]

    def wait_for(self, wanted: Callable[[Stamped | LinkStatus], bool], since: int = 0):
        """Return the first piece of news that is wanted."""

        def find():
            return next((item for item in self.news[since:] if wanted(item)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: find() is not None, PATIENCE), self.news[-5:]
            return find()

    def state(self, state: LinkState, hint: str | None = None, since: int = 0) -> LinkStatus:
        return self.wait_for(
            lambda item: (
                isinstance(item, LinkStatus) and item.state is state and hint in (None, item.hint)
            ),
            since,
        )

    def weight(self, text: str, since: int = 0) -> Stamped:
        return self.wait_for(
            lambda item: (
                isinstance(item, Stamped)
                and isinstance(item.event, Reading)
                and item.event.value == Decimal(text)
                and item.event.stability is not Stability.MOVING
            ),
            since,
        )

    def reason(self, reason: Reason) -> Stamped:
        return self.wait_for(
            lambda item: (
                isinstance(item, Stamped)
                and isinstance(item.event, NoReading)
                and item.event.reason is reason
            )
        )

    @property
    def events(self) -> list[Event]:
        return [item.event for item in self.news if isinstance(item, Stamped)]

    @property
    def states(self) -> list[LinkState]:
        return [item.state for item in self.news if isinstance(item, LinkStatus)]


def can_say(driver: Driver, event: Event) -> bool:
    """Whether the driver's protocol has a way to say ``event``."""
    try:
        (back,) = driver.decoder({}).feed(driver.render(event, {}))
    except (KeyError, ValueError):
        return False
    if isinstance(event, Reading):
        return isinstance(back, Reading) and back.stability is event.stability
    return isinstance(back, NoReading) and back.reason is event.reason


MOVING = Reading(Quantity.WEIGHT, Decimal("4.200"), "kg", Stability.MOVING)


def read_line(line: bytes) -> Event:
    text = line.decode("ascii", "replace").strip()
    if text == "WAIT":
        return NoReading(Reason.PENDING, raw=line)
    if text == "WHAT":
        return NoReading(Reason.NOT_UNDERSTOOD, raw=line)
    if text == "OVER":
        return NoReading(Reason.OVERLOAD, raw=line)
    if text.replace(".", "").isdecimal():
        return Reading(Quantity.WEIGHT, Decimal(text), "kg", Stability.STABLE, raw=line)
    return Garbage(line)


def render(event: Event, settings: Settings) -> bytes:
    del settings
    match event:
        case Reading():
            return f"{event.value}\r\n".encode()
        case NoReading(reason=Reason.OVERLOAD):
            return b"OVER\r\n"
        case _:
            raise ValueError("this protocol cannot say it")


def tiny_driver(
    poll: Poll | None = None,
    *,
    first_frame_stale: bool = False,
    decoder: Callable[[Settings], object] | None = None,
) -> Driver:
    """A driver of a protocol that is a number a line."""
    return Driver(
        key="tiny",
        name="Tiny",
        kind=Kind.SCALE,
        version="1",
        models=(),
        sources=("made up",),
        maturity=Maturity.EXPERIMENTAL,
        line=Line(),
        decoder=decoder or (lambda settings: LineDecoder(read_line)),  # type: ignore[arg-type]
        render=render,
        poll=poll,
        first_frame_stale=first_frame_stale,
    )


class MadeUp:
    """A transport that plays a list: bytes are read, exceptions raised, numbers waited."""

    def __init__(self, script: Sequence[bytes | Exception | float] = (), *, write_error=None):
        self.script = deque(script)
        self.writes: list[tuple[float, bytes]] = []
        self.closed = 0
        self._write_error = write_error

    def read(self, timeout: float) -> bytes:
        if not self.script:
            time.sleep(min(timeout, 0.02))
            return b""
        item = self.script.popleft()
        if isinstance(item, Exception):
            raise item
        if isinstance(item, bytes):
            return item
        time.sleep(item)
        return b""

    def write(self, data: bytes) -> None:
        if self._write_error:
            raise self._write_error
        self.writes.append((time.monotonic(), data))

    def close(self) -> None:
        self.closed += 1


def opener_of(*transports: MadeUp | Exception):
    """An opener that hands out ``transports`` in turn and then says that nothing is there."""
    waiting = deque(transports)

    def opener(address: str, line: Line) -> MadeUp:
        if not waiting:
            raise LinkLost(LossCause.ABSENT)
        item = waiting.popleft()
        if isinstance(item, Exception):
            raise item
        return item

    return opener


SETTLED = Timing().settle + 0.03
"""A pause at the start of a script, so that what follows is not taken for stale bytes."""
