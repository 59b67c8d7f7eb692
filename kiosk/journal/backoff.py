"""Back-off, how long to wait: full jitter for ever, and what a server asks for in ``Retry-After``.

Rules: base 1 s, cap 5 min, no limit on the count (exponential back-off with full jitter as
in the AWS architecture notes); a server's own wish is obeyed up to 15 min.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

BASE = timedelta(seconds=1)
CAP = timedelta(minutes=5)
LONGEST_WISH = timedelta(minutes=15)


def backoff(attempts: int, chance: float) -> timedelta:
    """Return the wait after ``attempts`` tries; ``chance`` in 0..1 picks within the jitter."""
    # 2**9 s is beyond the cap; a higher exponent would only overflow.
    doublings = min(max(attempts, 0), 9)
    return min(CAP, BASE * (1 << doublings)) * chance


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a ``Retry-After`` header, seconds or HTTP date (RFC 9110, 10.2.3), 0 s to 15 min.

    ``None`` where there is none or it cannot be read.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WISH)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_WISH)
