"""Logging that cannot tell who was here.

Nothing of a person is ever passed to a logger; this is the second net. Every run of eleven
digits is masked whatever its check digits say (from 2032 they say less), and the libraries
that would write addresses or bodies stay quiet.
"""

from __future__ import annotations

import logging
import re
import sys

_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6}[ .\-]?\d{5}(?!\d)")
QUIET = ("urllib3", "requests", "PIL", "alembic", "sqlalchemy", "kivy", "escpos")
"""Libraries whose messages below warning are not for the station's log."""


class MaskingFormatter(logging.Formatter):
    """Formats a record and masks whatever looks like an identity number."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without tracebacks' local text and without identity numbers."""
        return mask(super().format(record))


def mask(text: str) -> str:
    """Replace every group of eleven digits, also written 6+5, by asterisks."""
    return _ELEVEN_DIGITS.sub("***********", text)


def configure(*, verbose: bool = False) -> None:
    """Log to standard error, which systemd puts into the journal."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
