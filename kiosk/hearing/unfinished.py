"""A hearing test under way with the child it belongs to, as it is kept at every touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kiosk.hearing import session as s
from kiosk.model.visit import Child, IdKind

FORMAT = 1
"""Version of the data that :func:`to_data` writes."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A session, whose it is, when it began (UTC), and whether it is a test after another."""

    session: s.Session
    child: Child = field(repr=False)
    begun_at: datetime
    is_retest: bool = False

    @property
    def id(self) -> UUID:
        """The id of the session, which the test will have."""
        return self.session.id


def to_data(one: Unfinished) -> dict[str, Any]:
    """Write it as plain data, exactly."""
    child = one.child
    return {
        "format": FORMAT,
        "session": s.to_data(one.session),
        "child": {
            "number": child.number,
            "number_kind": child.number_kind.value,
            "birth_date": child.birth_date.isoformat(),
            "given_name": child.given_name,
            "patient": child.patient,
            "protected": child.protected,
        },
        "begun_at": one.begun_at.isoformat(),
        "is_retest": one.is_retest,
    }


def from_data(data: Mapping[str, Any]) -> Unfinished:
    """Read what :func:`to_data` wrote; raises :class:`ValueError` for anything else."""
    if data.get("format") != FORMAT:
        raise ValueError("not an unfinished test: another format")
    try:
        child = data["child"]
        return Unfinished(
            s.from_data(data["session"]),
            Child(
                str(child["number"]),
                IdKind(child["number_kind"]),
                date.fromisoformat(child["birth_date"]),
                str(child["given_name"]),
                child["patient"],
                bool(child["protected"]),
            ),
            datetime.fromisoformat(data["begun_at"]),
            bool(data["is_retest"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not an unfinished test: {type(error).__name__}") from None
