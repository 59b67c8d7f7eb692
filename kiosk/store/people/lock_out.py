"""Checking a PIN, and the lock-out: first the try is durable, then the PIN is looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from kiosk.store.audit import Trail
from kiosk.store.people import people, pins

T = TypeVar("T")


class Write(Protocol):
    """Runs one transaction and returns after its commit."""

    def __call__(self, command: Callable[[Connection], T], /) -> T:
        """Return what the command returns; raises :class:`StoreError`."""


class SignIn:
    """Checks PINs. Waiting is for one person on this station; everybody else signs in."""

    def __init__(
        self, write: Write, trail: Trail, pepper: bytes, monotonic: Callable[[], float]
    ) -> None:
        self._write = write
        self._trail = trail
        self._pepper = pepper
        self._waits = pins.Waits(monotonic)

    def check(self, user_id: str, pin: str, now: datetime) -> people.PinResult:
        """Check a PIN; raises :class:`StoreError` if the try could not be counted."""
        if wait := self._waits.left(user_id):
            return people.PinResult(right=False, locked_seconds=wait)
        counted = self._write(lambda c: people.begin_try(c, user_id, now))
        if counted is None:
            return people.PinResult(right=False)
        kept, failed, wait = counted
        if wait:
            return people.PinResult(right=False, locked_seconds=wait)
        right = pins.pin_fits(self._pepper, pin, kept)
        wait = 0 if right else pins.wait_after(failed)
        self._waits.begin(user_id, wait)
        self._write(lambda c: self._record(c, user_id, now, right=right, locked=wait > 0))
        left = 0 if right else max(0, pins.FREE_TRIES - failed)
        return people.PinResult(right=right, tries_left=left, locked_seconds=wait)

    def _record(
        self, connection: Connection, user_id: str, now: datetime, *, right: bool, locked: bool
    ) -> None:
        if right:
            people.succeed(connection, user_id)
        rows = [("sign-in" if right else "sign-in-failed", user_id, "")]
        if locked:
            rows.append(("locked-out", user_id, ""))
        self._trail.append(connection, now, *rows)
