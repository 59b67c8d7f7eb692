"""When the station's own access to the journal ends: the key of the sign-in, its certificate."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.journal.sign_in.certificate import certificate_end

WARN_BEFORE = timedelta(days=30)
"""How long before an end somebody is told: renewing takes a supplier and a municipality."""


def access_ends(config: Config) -> dict[str, date]:
    """The end of each of them that is known: ``key`` and ``certificate``."""
    journal = config.journal
    if journal is None:
        return {}
    key = journal.sign_in.key_expires if journal.sign_in is not None else None
    certificate = certificate_end(Path(journal.client_cert)) if journal.client_cert else None
    ends = {"key": key, "certificate": certificate}
    return {what: end for what, end in ends.items() if end is not None}


def days_left(config: Config, today: date) -> int | None:
    """Days until the first of them ends, if that is soon; 0 if it has ended."""
    left = min((end - today for end in access_ends(config).values()), default=None)
    if left is None or left >= WARN_BEFORE:
        return None
    return max(0, left.days)
