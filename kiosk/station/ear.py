"""The ear of the station: one thread that listens to a port for a page that sets a device up.

It borrows the port from the link that uses it, and gives it back when the page is left, whichever
way that happens. It tells only news; what they mean is the desk's business.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from drivers.capture import CaptureRing
from drivers.conversation import Conversation, Timing
from drivers.driver import Driver, Line
from drivers.link import Link
from drivers.living import Part
from drivers.registry import all_drivers
from drivers.transports.base import LinkLost, LossCause, Transport
from drivers.transports.opening import AddressError, file_behind, open_transport
from kiosk.desk.messages import News
from kiosk.features.ear import EarLost, EarTold, Heard, Recognised
from kiosk.model.listening import Raw, Recognise, Task, Weigh
from kiosk.station.recognising import known_by_identity, recognise

SLICE: Final = 0.2
"""Seconds of the longest single read: so soon a page that is left frees its port."""

PATIENCE: Final = 3.0
"""Seconds in which a link must have let go of a port."""

STOP_SECONDS: Final = 2.0


class Ear:
    """Listens for one page at a time. ``listen`` may be called by any thread."""

    def __init__(
        self,
        post: Callable[[News], None],
        links: Callable[[], Sequence[Link]] = tuple,
        drivers: Callable[[], Mapping[str, Driver]] = all_drivers,
    ) -> None:
        """``links`` are those that may hold a port now; ``drivers`` what a port is tried with."""
        self._drivers = drivers
        self._post = post
        self._links = links
        self._task: Task | None = None
        self._changed = threading.Event()
        self._stopping = False
        self._thread = Part("ear", self._run)

    def start(self) -> None:
        """Start the thread. May be called once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port."""
        self._stopping = True
        self._changed.set()
        self._thread.end(STOP_SECONDS)

    def listen(self, task: Task | None) -> None:
        """Do this from now on; nothing where it is ``None``."""
        self._task = task
        self._changed.set()

    def _run(self) -> None:
        while not self._stopping:
            self._changed.clear()
            task = self._task
            if task is None:
                self._give_back("")
                self._thread.sign.rests()
                self._changed.wait()
                self._thread.sign.seen()
                continue
            self._give_back(task.port)
            try:
                self._do(task)
            except LinkLost as lost:
                self._post(EarLost(task.number, lost.cause.value))
            except AddressError:
                self._post(EarLost(task.number, LossCause.ABSENT.value))
            self._rest(task)
        self._give_back("")

    def _rest(self, task: Task) -> None:
        """Done, or lost: wait for what comes next."""
        if self._task is task and not self._changed.is_set():
            self._thread.sign.rests()
            self._changed.wait()
            self._thread.sign.seen()

    def _goes_on(self) -> bool:
        self._thread.sign.seen()
        return not self._changed.is_set()

    def _do(self, task: Task) -> None:
        match task:
            case Raw():
                self._tell_bytes(task)
            case Recognise():
                self._recognise(task)
            case Weigh():
                self._weigh(task)

    def _tell_bytes(self, task: Raw) -> None:
        line = replace(Line(), baud=task.baud) if task.baud else Line()
        transport = self._opened(task.port, line)
        try:
            while self._goes_on():
                if data := transport.read(SLICE):
                    self._post(Heard(task.number, data))
        finally:
            transport.close()

    def _recognise(self, task: Recognise) -> None:
        drivers = tuple(self._drivers().values())
        found, heard = known_by_identity(task.port, drivers), 0
        if not found:
            found, heard = recognise(
                lambda line: self._opened(task.port, line), drivers, self._goes_on
            )
        if self._goes_on():
            self._post(Recognised(task.number, found, heard))

    def _weigh(self, task: Weigh) -> None:
        driver = self._drivers()[task.likely.driver]
        transport = self._opened(task.port, task.likely.line)
        try:
            talk = Conversation(driver, transport, task.likely.settings, CaptureRing(), Timing())
            talk.settle()
            while self._goes_on():
                talk.step(lambda event: self._post(EarTold(task.number, event)))
        finally:
            transport.close()

    def _opened(self, port: str, line: Line) -> Transport:
        """Open the port, once the link that has it lets go; raises ``LinkLost``."""
        end = time.monotonic() + PATIENCE
        for link in self._links():
            if same_port(link.address, port):
                link.lend()
        while True:
            try:
                return open_transport(port, line)
            except LinkLost as lost:
                held = lost.cause is LossCause.BUSY and time.monotonic() < end
                if not held or not self._goes_on():
                    raise
            time.sleep(SLICE / 4)

    def _give_back(self, but: str) -> None:
        """Give every port back to its link, but this one."""
        for link in self._links():
            if not same_port(link.address, but):
                link.take_back()


def same_port(one: str, other: str) -> bool:
    """Whether two addresses lead to one port now."""
    if one == other:
        return True
    paths = [file_behind(address) for address in (one, other) if address]
    try:
        found = {path.resolve() for path in paths if path is not None and path.exists()}
    except OSError:
        return False
    return len(paths) == 2 and None not in paths and len(found) == 1
