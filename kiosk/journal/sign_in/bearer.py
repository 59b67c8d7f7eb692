"""A bearer token in a file, put there and renewed by somebody else (RFC 6750)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from drivers.folder import read_file
from kiosk.journal.contract import Answer, NoAnswer, Reply, Trouble
from kiosk.journal.sign_in.contract import Ask

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""A bearer token as RFC 6750, 2.1 allows it in a header."""


def is_token(text: str) -> bool:
    """Whether a text can be sent as a bearer token."""
    return _TOKEN.fullmatch(text) is not None


class TokenFile:
    """Reads the file once, and again when the token was refused: it may have been renewed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._token: str | None = None

    def headers(self, method: str, url: str, ask: Ask) -> Mapping[str, str] | NoAnswer:
        """The token as it stands in the file."""
        if self._token is None:
            try:
                token = read_file(self._path, follow=True).decode("ascii").strip()
            except (OSError, ValueError):
                return NoAnswer(Trouble.SIGN_IN, "token-file-unreadable")
            if not is_token(token):
                return NoAnswer(Trouble.SIGN_IN, "token-file-unreadable")
            self._token = token
        return {"Authorization": f"Bearer {self._token}"}

    def seen(self, reply: Answer) -> None:
        """Nothing to learn."""

    def refused(self, reply: Answer) -> bool:
        """Read the file anew, once."""
        self._token = None
        return True

    def named(self, reply: Answer) -> Reply:
        """The answer speaks for itself."""
        return reply
