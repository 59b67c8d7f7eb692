"""What is kept of hearing tests besides the saved ones; durable when a call returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from kiosk.hearing.follow_up import Awaited, Settled, line_of
from kiosk.store.audit import Trail
from kiosk.store.hearing import before_saving, follow_up, tests
from kiosk.system.clock import now_utc

T = TypeVar("T")


class Run(Protocol):
    """Runs something in one transaction, or in one reading, and returns what it returned."""

    def __call__(self, command: Callable[[Connection], T], /) -> T:
        """Run it; raises :class:`kiosk.store.errors.StoreError`."""


class HearingStore:
    """Sessions under way, held records, checks and the follow-up list. Part of :class:`Store`."""

    def __init__(self, write: Run, read: Run, trail: Trail) -> None:
        self._write = write
        self._read = read
        self._trail = trail

    def keep_session(self, session_id: UUID, data: before_saving.Data) -> None:
        """Keep a hearing session as it is now; durable when this returns."""
        now = now_utc()
        self._write(lambda c: before_saving.keep_session(c, session_id, data, now))

    def sessions(self) -> Sequence[before_saving.Kept]:
        """The hearing sessions that were begun and neither saved nor dropped."""
        return self._read(before_saving.sessions)

    def hold(self, record_id: UUID, at: datetime, link: str, data: before_saving.Data) -> None:
        """Keep what an audiometer sent until a person says whose it is."""
        self._write(lambda c: before_saving.hold(c, record_id, at, link, data))

    def held(self) -> Sequence[before_saving.Kept]:
        """What audiometers sent and nobody has said whose it is."""
        return self._read(before_saving.held)

    def drop(self, ids: Sequence[UUID], actor: str) -> None:
        """Forget sessions and held records: a person said that they are not wanted.

        The child of a session that was begun stands on the follow-up list from now on.
        """
        now = now_utc()

        def command(connection: Connection) -> None:
            for test in before_saving.kept_sessions(connection, ids):
                follow_up.left(connection, test, now)
            if before_saving.drop(connection, ids):
                for one in ids:
                    self._trail.append(connection, now, ("hearing-dropped", actor, str(one)))

        self._write(command)

    def add_check(self, check_id: UUID, at: datetime, data: before_saving.Data, actor: str) -> None:
        """Keep a check of the audiometer or the room."""
        now = now_utc()

        def command(connection: Connection) -> None:
            before_saving.add_check(connection, check_id, at, data)
            self._trail.append(connection, now, ("hearing-check", actor, str(check_id)))

        self._write(command)

    def checks_since(self, since: datetime) -> Sequence[before_saving.Data]:
        """The checks made since then, the oldest first."""
        return self._read(lambda c: before_saving.checks_since(c, since))

    def judged_since(self, since: datetime) -> tuple[bool, ...]:
        """Which of the hearing tests since then were passed, in their order."""
        return self._read(lambda c: tests.judged_since(c, since))

    def before(self, number: str, since: datetime) -> tuple[datetime, bool] | None:
        """When this child was tested before, and whether it is to be tested again."""
        return self._read(lambda c: tests.last_of_child(c, number, since))

    def awaited(self) -> Sequence[Awaited]:
        """Who is to be followed up, the one that is due first before the others.

        Sessions that were begun and are neither saved nor dropped are among them.
        """
        return self._read(_awaited)

    def settle_retest(self, hearing_id: UUID, actor: str, reason: Settled) -> None:
        """A person takes a child off the follow-up list and says why."""
        now = now_utc()

        def command(connection: Connection) -> None:
            settled = follow_up.settle(connection, hearing_id, now)
            if settled or before_saving.drop(connection, [hearing_id]):
                told = f"{hearing_id} {reason.value}"
                self._trail.append(connection, now, ("retest-settled", actor, told))

        self._write(command)

    def files(self) -> frozenset[str]:
        """The SHA-256 of every file that a saved hearing test was read from."""
        return self._read(tests.files)

    def signed(self, protocol_id: str, actor: str) -> None:
        """Leave a trace of who signed a protocol."""
        now = now_utc()
        self._write(lambda c: self._trail.append(c, now, ("protocol-signed", actor, protocol_id)))

    def note_file(self, digest: str, actor: str) -> None:
        """Leave a trace of a file that a person put aside; its name may tell of a child."""
        now = now_utc()
        self._write(lambda c: self._trail.append(c, now, ("file-rejected", actor, digest[:12])))


def _awaited(connection: Connection) -> list[Awaited]:
    kept = [before_saving.readable(one.data) for one in before_saving.sessions(connection)]
    lines = [line for test in kept if test is not None and (line := line_of(test)) is not None]
    return [*lines, *follow_up.awaited(connection)]
