"""The thread that looks after the inbox of audiometer files: what waits, and what becomes of it.

The inbox belongs to this thread alone; what others decide is put in a queue to it. A file stays
where it is until a person decided, and nothing here is ever logged but the kind of an error: names
of files and their contents tell of persons.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.audiogram_files.imported import FileRefused, Imported, Refusal
from drivers.inbox import Inbox, Patience, Reader
from drivers.inbox_events import FileArrived, FileHeld, FolderChanged, FolderState, Held, InboxEvent
from drivers.inbox_folder import InboxFolder
from drivers.living import Part
from kiosk.hearing.waiting_files import Fate, FileSettled, FilesWaiting, InboxNews, WaitingFile
from kiosk.station.audiometer.watched_folder import WatchedFolder

INTERVAL_SECONDS: Final = 1.0
"""How often the folder is looked at: soon enough for a person who waits, cheap on a share."""

STOP_SECONDS: Final = 1.0

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Decision:
    """``code`` is the reason of a rejection; ``None`` accepts."""

    digest: str
    code: str | None


class InboxThread:
    """Looks at one inbox, tells what waits whenever that changes, and carries out decisions."""

    def __init__(
        self,
        folder: InboxFolder,
        read: Reader,
        tell: Callable[[InboxNews], None],
        *,
        known: frozenset[str] = frozenset(),
        patience: Patience | None = None,
        interval: float = INTERVAL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing happens before :meth:`start`.

        ``tell`` is called on the thread and must not block; an error in it is logged, and that
        message is lost. ``known`` and ``patience`` are those of :class:`Inbox`, ``interval`` is in
        seconds, and ``clock`` gives the seconds by which a file counts as quiet.
        """
        self._folder = WatchedFolder(folder)
        self._inbox = Inbox(self._folder, _unfailing(read), known=known, patience=patience)
        self._tell = tell
        self._interval = interval
        self._clock = clock
        self._waiting: dict[str, tuple[FileArrived, WaitingFile]] = {}
        self._told: tuple[WaitingFile, ...] = ()
        self._state = FolderState.READY
        self._error = ""
        self._decisions: queue.SimpleQueue[_Decision | None] = queue.SimpleQueue()
        self._thread = Part("inbox", self._run)

    def start(self) -> None:
        """Start the thread. May be called once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after what was decided before.

        A share that hangs does not hold up the caller beyond a second.
        """
        self._decisions.put(None)
        self._thread.end(STOP_SECONDS)

    def accept(self, digest: str) -> None:
        """Put a waiting file with the imported ones: its values are kept by now.

        From any thread; :class:`FileSettled` answers, unless the thread is stopped.
        """
        self._decisions.put(_Decision(digest, None))

    def reject(self, digest: str, code: str) -> None:
        """Put a waiting file into quarantine, with ``code`` as the first line of the reason.

        From any thread; :class:`FileSettled` answers, unless the thread is stopped. ``code`` is a
        fixed word, such as ``other-person``, and names nobody.
        """
        self._decisions.put(_Decision(digest, code))

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            self._thread.sign.waits(self._interval)
            try:
                decision = self._decisions.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                self._guarded(self._look)
                due = time.monotonic() + self._interval
            else:
                if decision is None:
                    return
                self._carry_out(decision)
            self._tell_waiting()

    def _guarded(self, act: Callable[[], None]) -> None:
        """A dead thread is a dead inbox: report and go on, without a line each second."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - see above; its text may hold what a file says
            if self._error != type(error).__name__:
                self._error = type(error).__name__
                _LOG.error("inbox: %s", self._error)
        else:
            self._error = ""

    def _say(self, news: InboxNews) -> None:
        try:
            self._tell(news)
        except Exception as error:  # noqa: BLE001 - whoever listens must not end the listening
            _LOG.error("inbox: telling %s: %s", type(news).__name__, type(error).__name__)

    def _look(self) -> None:
        events = self._inbox.poll(self._clock())
        here = self._folder.here
        # The inbox does not tell of an offered file that somebody took away. While the folder is
        # out of reach this is what was there before: nothing is believed gone.
        self._keep(lambda waiting: waiting.name in here)
        for event in events:
            self._take_in(event)

    def _take_in(self, event: InboxEvent) -> None:
        match event:
            case FileArrived(path, imported):
                self._keep(lambda waiting: waiting.name != path.name)
                changed_at = self._folder.changed_at(path.name)
                waiting = WaitingFile(imported.digest, path.name, changed_at, imported)
                self._waiting[imported.digest] = event, waiting
            case FileHeld(path, code) if code is not Held.UNREADABLE:
                # In the place of an offered file something else was written, and judged by now.
                self._keep(lambda waiting: waiting.name != path.name)
                self._say(event)
            case FileHeld():
                self._say(event)
            case FolderChanged(_, state) if state is not self._state:
                self._state = state
                self._say(event)

    def _keep(self, stays: Callable[[WaitingFile], bool]) -> None:
        self._waiting = {key: both for key, both in self._waiting.items() if stays(both[1])}

    def _carry_out(self, decision: _Decision) -> None:
        fate = Fate.NOT_OFFERED
        if decision.digest in self._waiting:
            self._folder.last_fate = Fate.CHANGED
            self._guarded(lambda: self._settle(decision))
            fate = self._folder.last_fate
        if fate in {Fate.MOVED, Fate.LATER}:
            self._waiting.pop(decision.digest, None)
        self._say(FileSettled(decision.digest, fate))

    def _settle(self, decision: _Decision) -> None:
        arrived, _ = self._waiting[decision.digest]
        if decision.code is None:
            events = self._inbox.accept(arrived)
        else:
            events = self._inbox.reject(arrived, decision.code)
        # A folder that is away cannot be written to either, which is no news of its own.
        if self._state is not FolderState.MISSING:
            for event in events:
                self._take_in(event)

    def _tell_waiting(self) -> None:
        files = [waiting for _, waiting in self._waiting.values()]
        files.sort(key=lambda waiting: (waiting.changed_at, waiting.digest))
        if tuple(files) != self._told:
            self._told = tuple(files)
            self._say(FilesWaiting(self._told))


def _unfailing(read: Reader) -> Reader:
    """Turn any fault of a reader into a refusal: one file must not keep all others waiting."""

    def careful(data: bytes, name: str) -> Imported:
        try:
            return read(data, name)
        except FileRefused:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is in a file, it is no error of ours
            _LOG.error("inbox: reading a file: %s", type(error).__name__)
            raise FileRefused(Refusal.MALFORMED, type(error).__name__) from None

    return careful
