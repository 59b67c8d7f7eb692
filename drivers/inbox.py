"""An inbox: a folder that other programs drop files of audiograms into.

It is looked at again and again with the standard library. A watching library would rely on the
kernel's notices, and a network share gives none for what another machine writes; polling works
the same on a local disk, on SMB and on NFS.

A file is taken when it is whole: unchanged over several looks and for two seconds, and complete
where its format can tell. It is read once and *offered*; it stays where it is until
:meth:`Inbox.accept` or :meth:`Inbox.reject` says what became of it, so that a station that stops
in between offers it again. Nothing is ever deleted. No clock is read and nothing waits here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from drivers.audiogram_files.imported import FileRefused, Imported, Refusal
from drivers.audiogram_files.reading import LIMIT_BYTES
from drivers.inbox_events import (
    FileArrived,
    FileHeld,
    FolderChanged,
    FolderState,
    Held,
    InboxEvent,
)
from drivers.inbox_folder import (
    DIGEST_CHARACTERS,
    IMPORTED,
    QUARANTINE,
    FileChangedError,
    InboxFolder,
    Stamp,
)

Reader = Callable[[bytes, str], Imported]
"""Reads a file's bytes; the second argument is its name. Raises :class:`FileRefused`."""


@dataclass(frozen=True, slots=True)
class Patience:
    """When a file counts as whole.

    Unchanged over ``looks`` looks and ``quiet`` seconds. One whose format tells that something
    is missing gets ``unfinished`` seconds in all. ``reads`` are the files taken in one look.
    """

    looks: int = 3
    quiet: float = 2.0
    unfinished: float = 60.0
    reads: int = 8


@dataclass(slots=True)
class _Seen:
    """A file while it lies in the folder.

    ``since`` is when it was last seen to change, ``digest`` of its content once it was read,
    ``offered`` the digest it was offered with. ``settled``: nothing more is done until it
    changes. ``wanted``: where it is to be moved, and with what reason, once that is possible.
    """

    stamp: Stamp
    since: float
    looks: int = 1
    digest: str = ""
    offered: str = ""
    settled: bool = False
    wanted: tuple[str, str] | None = None
    verdict: FileRefused | None = None
    told: set[str] = field(default_factory=set)


class Inbox:
    """Watches one folder. Not for use by several threads at once."""

    def __init__(
        self,
        folder: InboxFolder,
        read: Reader,
        *,
        known: frozenset[str] = frozenset(),
        patience: Patience | None = None,
    ) -> None:
        """``known`` are digests of files that were imported before, wherever they are now."""
        self._folder = folder
        self._read = read
        self._patience = patience or Patience()
        self._seen: dict[str, _Seen] = {}
        self._marks = {digest[:DIGEST_CHARACTERS] for digest in known}
        self._state: FolderState | None = None
        self._blocked = False

    def poll(self, now: float) -> tuple[InboxEvent, ...]:
        """Look once. ``now`` is seconds of one monotonic clock."""
        try:
            here = self._folder.look()
            if self._state in (None, FolderState.MISSING):
                self._marks |= set(self._folder.marks())
        except OSError:
            # A share that was unplugged says so in many ways. Nothing there is believed gone.
            return tuple(self._say(FolderState.MISSING))
        self._note(here, now)
        self._blocked = False
        events = [event for name in self._due(now) for event in self._take(name, now)]
        state = FolderState.READ_ONLY if self._blocked else FolderState.READY
        return (*self._say(state), *events)

    def accept(self, arrived: FileArrived) -> tuple[InboxEvent, ...]:
        """Put an offered file with the imported ones: its values are kept by now."""
        self._marks.add(arrived.imported.digest[:DIGEST_CHARACTERS])
        return self._settle(arrived, IMPORTED, "")

    def reject(self, arrived: FileArrived, code: str) -> tuple[InboxEvent, ...]:
        """Put an offered file into quarantine: a person said no, or it is another child's."""
        return self._settle(arrived, QUARANTINE, _reason(code))

    def _settle(self, arrived: FileArrived, place: str, reason: str) -> tuple[InboxEvent, ...]:
        name = arrived.path.name
        seen = self._seen.get(name)
        if seen is None or seen.digest != arrived.imported.digest:
            # It has been replaced or taken away since: what lies there now was never decided.
            return ()
        self._blocked = False
        self._put_away(name, seen, place, reason)
        return tuple(self._say(FolderState.READ_ONLY)) if self._blocked else ()

    def _note(self, here: Mapping[str, Stamp], now: float) -> None:
        self._seen = {name: seen for name, seen in self._seen.items() if name in here}
        for name, stamp in here.items():
            seen = self._seen.get(name)
            if seen is None:
                self._seen[name] = _Seen(stamp, now)
            elif seen.stamp != stamp:
                # A file that was only touched is not offered a second time.
                self._seen[name] = _Seen(stamp, now, offered=seen.offered)
            else:
                seen.looks += 1

    def _due(self, now: float) -> list[str]:
        """Return the files that have come to rest and for which something is to be done."""
        due = [
            name
            for name, seen in self._seen.items()
            if seen.looks >= self._patience.looks
            and now - seen.since >= self._patience.quiet
            and not seen.settled
        ]
        # Those that wait for a right to read or move must not keep others from their turn.
        due.sort(key=lambda name: (bool(self._seen[name].told), name))
        return due[: self._patience.reads]

    def _take(self, name: str, now: float) -> Iterator[InboxEvent]:
        seen = self._seen[name]
        if seen.wanted is not None:
            self._put_away(name, seen, *seen.wanted)
        elif seen.verdict is not None:
            yield from self._hold(name, seen, seen.verdict, now)
        elif seen.stamp.size > LIMIT_BYTES:
            refused = FileRefused(Refusal.TOO_LARGE, str(seen.stamp.size))
            yield from self._hold(name, seen, refused, now)
        else:
            yield from self._open(name, seen, now)

    def _open(self, name: str, seen: _Seen, now: float) -> Iterator[InboxEvent]:
        try:
            data = self._folder.read(name, seen.stamp)
        except (FileNotFoundError, FileChangedError):
            del self._seen[name]
        except OSError as error:
            yield from self._tell(name, seen, Held.UNREADABLE, type(error).__name__)
        else:
            seen.digest = hashlib.sha256(data).hexdigest()
            yield from self._judge(name, seen, data, now)

    def _judge(self, name: str, seen: _Seen, data: bytes, now: float) -> Iterator[InboxEvent]:
        accepted = seen.digest[:DIGEST_CHARACTERS] in self._marks
        if seen.digest == seen.offered:
            # Only its date has changed since it was offered, or accepted but not yet moved.
            seen.settled = not accepted
            if accepted:
                self._put_away(name, seen, IMPORTED, "")
        elif accepted or self._is_offered_elsewhere(name, seen.digest):
            yield from self._quarantine(name, seen, Held.DUPLICATE, "")
        else:
            try:
                imported = self._read(data, name)
            except FileRefused as refused:
                seen.verdict = refused
                yield from self._hold(name, seen, refused, now)
                return
            seen.offered = seen.digest
            seen.settled = True
            yield FileArrived(self._folder.path / name, imported)

    def _is_offered_elsewhere(self, name: str, digest: str) -> bool:
        return any(s.offered == digest for other, s in self._seen.items() if other != name)

    def _hold(
        self, name: str, seen: _Seen, refused: FileRefused, now: float
    ) -> Iterator[InboxEvent]:
        if refused.unfinished and now - seen.since < self._patience.unfinished:
            return
        if refused.code is Refusal.NOT_A_RESULT:
            # A request or patient data on its way to another program: not ours to move.
            seen.settled = True
            yield from self._tell(name, seen, refused.code, refused.detail)
            return
        yield from self._quarantine(name, seen, refused.code, refused.detail)

    def _quarantine(
        self, name: str, seen: _Seen, code: Refusal | Held, detail: str
    ) -> Iterator[InboxEvent]:
        moved = self._put_away(name, seen, QUARANTINE, _reason(code, detail))
        if moved is not None:
            yield FileHeld(moved, code, detail)
        elif seen.wanted is not None:
            yield from self._tell(name, seen, code, detail)

    def _tell(
        self, name: str, seen: _Seen, code: Refusal | Held, detail: str
    ) -> Iterator[InboxEvent]:
        """Tell of a file that stays where it is, once for each reason."""
        if code not in seen.told:
            seen.told.add(code)
            yield FileHeld(self._folder.path / name, code, detail)

    def _put_away(self, name: str, seen: _Seen, place: str, reason: str) -> Path | None:
        """Move a file; ``None`` if it has changed, or cannot be moved yet and is tried again."""
        mark = seen.digest[:DIGEST_CHARACTERS] or "unread"
        try:
            moved = self._folder.put_away(name, seen.stamp, place, mark, reason)
        except (FileNotFoundError, FileChangedError):
            return None
        except OSError:
            self._blocked = True
            seen.wanted, seen.settled = (place, reason), False
            return None
        del self._seen[name]
        return moved

    def _say(self, state: FolderState) -> Iterator[FolderChanged]:
        """Tell of the folder when it has changed; that it is there from the start is no news."""
        before, self._state = self._state, state
        if state is not (before or FolderState.READY):
            yield FolderChanged(self._folder.path, state)


def _reason(code: str, detail: str = "") -> str:
    """The text beside a file in quarantine: the code in the first line, then the detail."""
    return f"{code}\n{detail}\n" if detail else f"{code}\n"
