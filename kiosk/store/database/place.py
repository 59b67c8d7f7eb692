"""Where a store lies: a station's own file or the database server of a clinic."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection, Engine

from kiosk.store.audit import Trail
from kiosk.store.database.disk import DiskState
from kiosk.store.database.marker import Found


class Place(Protocol):
    """What differs between the places; tables and statements are the same everywhere."""

    @property
    def writing(self) -> Engine:
        """For the one writer of this process."""

    @property
    def reading(self) -> Engine:
        """For look-ups; it cannot write."""

    @property
    def found(self) -> Found:
        """How it stood to the mark beside it when it was opened."""

    @property
    def holder(self) -> str | None:
        """Who leases messages here; ``None`` where nobody else could claim them."""

    def check(self, connection: Connection, /) -> None:
        """Look at the content after an error of the disk; raises :class:`StoreError`."""

    def kept(self, connection: Connection, end: tuple[int, str] | None, /) -> None:
        """A transaction is committed; ``end`` is the end of the trail, where it is known."""

    def was_restored(self, connection: Connection, trail: Trail, /) -> bool:
        """See whether it was brought back from a copy since it was last looked at; if so, what it
        says was not sent is in doubt from now on.
        """

    def line_is_guarded(self, connection: Connection, /) -> bool:
        """Whether nobody on the way to it can listen."""

    def disk_state(self) -> DiskState:
        """How full it is; raises :class:`OSError`."""

    def after_purge(self) -> None:
        """Do away with what deleting leaves behind; raises :class:`StoreError`."""

    def close(self) -> None:
        """Let go of it."""
