"""What an HTTP exchange asks of a sign-in, and what it may be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.journal.contract import Answer, NoAnswer, Reply

Ask = Callable[[str, str, bytes | None, Mapping[str, str]], Reply]
"""Method, address, body and headers of a request of the sign-in's own. It runs under the same
deadline as the request that needs it."""


class SignIn(Protocol):
    """One way to sign in. Used by one thread."""

    def headers(self, method: str, url: str, ask: Ask) -> Mapping[str, str] | NoAnswer:
        """What to send along with a request; an answer in its place if that cannot be had."""

    def seen(self, reply: Answer) -> None:
        """An answer came, whatever it says."""

    def refused(self, reply: Answer) -> bool:
        """The journal did not accept the sign-in: whether one more try can help."""

    def named(self, reply: Answer) -> Reply:
        """The last refusal with its cause, where the cause is known."""


class NoSignIn:
    """The journal asks for none, or for a client certificate only."""

    def headers(self, method: str, url: str, ask: Ask) -> Mapping[str, str]:
        """Nothing is sent along."""
        return {}

    def seen(self, reply: Answer) -> None:
        """Nothing to learn."""

    def refused(self, reply: Answer) -> bool:
        """There is nothing that could be renewed."""
        return False

    def named(self, reply: Answer) -> Reply:
        """The answer speaks for itself."""
        return reply
