"""What the hands of the desk need of the store for hearing tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.follow_up import Awaited, Settled
from kiosk.hearing.protocol import Protocol as ProtocolData


class KeptData(Protocol):
    """A hearing session or a held record as it was kept."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def at(self) -> datetime:
        """When it was last kept."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What was kept."""


class HearingKeeper(Protocol):
    """Keeps hearing tests that are not saved yet. Each call returns after its commit."""

    def keep_session(self, session_id: UUID, data: Mapping[str, Any]) -> None:
        """Keep a session as it is now."""

    def sessions(self) -> Sequence[KeptData]:
        """The sessions that were neither saved nor dropped, the newest first."""

    def drop(self, ids: Sequence[UUID], actor: str) -> None:
        """Forget sessions and held records."""

    def before(self, number: str, since: datetime) -> tuple[datetime, bool] | None:
        """When this child was tested before, and whether it is to be tested again."""

    def add_check(self, check_id: UUID, at: datetime, data: Mapping[str, Any], actor: str) -> None:
        """Keep a check of the audiometer or the room."""

    def checks_since(self, since: datetime) -> Sequence[Mapping[str, Any]]:
        """The checks since then, the oldest first."""

    def judged_since(self, since: datetime) -> Sequence[bool]:
        """Which of the tests since then were passed, in their order."""

    def awaited(self) -> Sequence[Awaited]:
        """Who is to be followed up."""

    def settle_retest(self, hearing_id: UUID, actor: str, reason: Settled) -> None:
        """Take a child off the follow-up list for a reason."""

    def signed(self, protocol_id: str, actor: str) -> None:
        """Leave a trace of a signature."""

    def hold(self, record_id: UUID, at: datetime, link: str, data: Mapping[str, Any]) -> None:
        """Keep what an audiometer sent."""

    def held(self) -> Sequence[KeptData]:
        """What is held, the oldest first."""

    def note_file(self, digest: str, actor: str) -> None:
        """Leave a trace of a file that a person put aside."""


class Inbox(Protocol):
    """Settles the files of audiometers. From any thread; returns at once."""

    def accept(self, digest: str) -> None:
        """Its values are kept: put it with the imported ones."""

    def reject(self, digest: str, code: str) -> None:
        """Put it into quarantine with this reason."""


Shelve = Callable[[ProtocolDraft, str, date], tuple[ProtocolData, ...]]
"""Signs a protocol by a name on a day and returns all that are offered now."""
