"""PINs: argon2id over an HMAC with a secret that is not in the database.

A PIN of a few digits falls to guessing whatever hash is used; the pepper, derived from the
store's key, is what protects it. Parameters are OWASP's minimum for argon2id.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
FREE_TRIES = 5
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 30, 900
"""After five wrong PINs the next try waits 30 s, then twice as long each time, at most 15 min."""

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hash_pin(pepper: bytes, pin: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(_peppered(pepper, pin))


def pin_fits(pepper: bytes, pin: str, kept: str) -> bool:
    """Whether a PIN is the one that was kept."""
    try:
        return _HASHER.verify(kept, _peppered(pepper, pin))
    except VerificationError:
        return False


class Waits:
    """Who has to wait, by a clock that nobody sets.

    The wait in the database goes by the wall clock, since it must outlast a restart. While the
    station runs, a clock set forward must not end it.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends: dict[str, float] = {}

    def begin(self, user_id: str, seconds: int) -> None:
        """Let somebody wait from now on; 0 ends a wait."""
        self._ends[user_id] = self._monotonic() + seconds

    def left(self, user_id: str) -> int:
        """Whole seconds somebody still has to wait."""
        return max(0, math.ceil(self._ends.get(user_id, 0.0) - self._monotonic()))


def wait_after(failed: int) -> int:
    """Seconds to wait after this many wrong PINs in a row."""
    if failed < FREE_TRIES:
        return 0
    doubled: int = FIRST_WAIT_SECONDS * 2 ** min(failed - FREE_TRIES, 10)
    return min(doubled, LONGEST_WAIT_SECONDS)


def _peppered(pepper: bytes, pin: str) -> bytes:
    return hmac.new(pepper, pin.encode(), hashlib.sha256).digest()
