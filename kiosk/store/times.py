"""Times as the store keeps them: whole microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Exact microseconds; raises :class:`ValueError` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a stored time needs a zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime:
    """The timezone-aware UTC time of a number of microseconds."""
    return _EPOCH + timedelta(microseconds=value)
