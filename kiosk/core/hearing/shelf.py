"""The protocols a station offers."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.core.hearing.protocol import Protocol


def for_age(protocols: Iterable[Protocol], months: int) -> tuple[Protocol, ...]:
    """Sort by what to propose at this age: complete and signed ones first, then the youngest."""
    return tuple(
        sorted(
            protocols,
            key=lambda one: (
                not one.ages_months[0] <= months <= one.ages_months[1],
                bool(one.gaps),
                one.id,
            ),
        )
    )
