"""What the hands of the desk need of the store for hearing tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


class KeptSession(Protocol):
    """A hearing session as it was kept."""

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

    def sessions(self) -> Sequence[KeptSession]:
        """The sessions that were neither saved nor dropped, the newest first."""

    def drop(self, ids: Sequence[UUID], actor: str) -> None:
        """Forget sessions and held records."""

    def before(self, number: str, since: datetime) -> tuple[datetime, bool] | None:
        """When this child was tested before, and whether it is to be tested again."""
