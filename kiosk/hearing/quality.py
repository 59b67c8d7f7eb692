"""Quality of the day: was the audiometer listened to, is the room quiet, when was it calibrated?

What counts is in ``quality.toml`` with its sources. Nothing here stops a test: a note stands
beside what it is about, and the result says when the audiometer was calibrated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from drivers.hearing import Ear
from kiosk.hearing.protocol import Protocol

FORMAT = 1
"""Version of the data that :func:`to_data` writes."""

Place = tuple[Ear, int]
EARS = (Ear.RIGHT, Ear.LEFT)


class CheckKind(StrEnum):
    """``LISTENING``: does the audiometer sound right? ``ROOM``: is it quiet enough to hear?"""

    LISTENING = "listening"
    ROOM = "room"


class Doubt(StrEnum):
    """What is to be said about the equipment or the room today."""

    NO_LISTENING_CHECK = "no-listening-check"
    LISTENING_FAILED = "listening-failed"
    ROOM_FAILED = "room-failed"
    ROOM_FAILED_LOW = "room-failed-low"
    CALIBRATION_UNKNOWN = "calibration-unknown"
    CALIBRATION_OVERDUE = "calibration-overdue"
    CALIBRATION_SOON = "calibration-soon"
    MANY_FAIL = "many-fail"


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of ``quality.toml``; levels in dB HL, the rest in days, hertz and children."""

    listening_db: int
    room_below_db: int
    may_be_left_out_hz: int
    fail_at_least: int
    fail_of_first: int
    calibrate_days: int
    remind_days: int


@dataclass(frozen=True, slots=True)
class Check:
    """A check made by a named person. ``level`` is dB HL by frequency; ``at`` is UTC.

    ``heard`` holds what was answered so far, each ear and frequency with yes or no.
    """

    id: UUID
    kind: CheckKind
    at: datetime
    user_id: str
    level: Mapping[int, int]
    heard: Mapping[Place, bool]

    @property
    def places(self) -> tuple[Place, ...]:
        """What is listened to."""
        return tuple((ear, hz) for ear in EARS for hz in self.level)

    @property
    def whole(self) -> bool:
        """Whether every tone was answered."""
        return all(place in self.heard for place in self.places)

    @property
    def failed(self) -> tuple[Place, ...]:
        """What was not as it should be."""
        return tuple(place for place in self.places if self.heard.get(place) is False)


@dataclass(frozen=True, slots=True)
class Quality:
    """What is to be said today. ``failed`` of ``judged`` children did not pass."""

    doubts: tuple[Doubt, ...]
    judged: int = 0
    failed: int = 0


NOTHING_TO_SAY = Quality(())


@cache
def rules() -> Rules:
    """The numbers, as they are written down."""
    text = files("kiosk.hearing").joinpath("quality.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return Rules(
        data["listening"]["level_db"],
        data["room"]["below_screening_db"],
        data["room"]["may_be_left_out_hz"],
        data["failures"]["at_least"],
        data["failures"]["of_first"],
        data["calibration"]["every_days"],
        data["calibration"]["remind_days"],
    )


def begin(kind: CheckKind, protocol: Protocol, ident: UUID, at: datetime, user_id: str) -> Check:
    """Begin a check of the protocol's frequencies at the levels that belong to it."""
    return Check(ident, kind, at, user_id, _levels(kind, protocol), {})


def _levels(kind: CheckKind, protocol: Protocol) -> dict[int, int]:
    if kind is CheckKind.LISTENING:
        return dict.fromkeys(protocol.order, rules().listening_db)
    return {hz: protocol.level[hz] - rules().room_below_db for hz in protocol.level}


def _covers(check: Check, kind: CheckKind, protocol: Protocol | None) -> bool:
    """Whether a whole check heard every tone of the protocol, as softly as was needed."""
    if check.kind is not kind or not check.whole:
        return False
    needed = _levels(kind, protocol) if protocol is not None else {}
    return all(hz in check.level and check.level[hz] <= db for hz, db in needed.items())


def answer(check: Check, place: Place, *, heard: bool | None) -> Check:
    """Say whether this tone was as it should be; ``None`` takes the answer back."""
    if place not in check.places:
        return check
    others = {one: was for one, was in check.heard.items() if one != place}
    return replace(check, heard=others if heard is None else {**others, place: heard})


def quality_of(
    today: date,
    checks: Sequence[Check],
    calibrated_on: date | None,
    passed: Sequence[bool],
    protocol: Protocol | None,
) -> Quality:
    """What is to be said before a test by ``protocol``.

    ``checks`` are today's, the last of a kind that covers the protocol's tones holds; ``passed``
    are today's judged children in their order.
    """
    asked = rules()
    first = passed[: asked.fail_of_first]
    failed = sum(not one for one in first)
    listened = [one for one in checks if _covers(one, CheckKind.LISTENING, protocol)]
    room = [one for one in checks if _covers(one, CheckKind.ROOM, protocol)]
    doubts = [*_calibration(today, calibrated_on), *_listening(listened), *_room(room)]
    if failed >= asked.fail_at_least:
        doubts.append(Doubt.MANY_FAIL)
    return Quality(tuple(doubts), len(first), failed)


def _calibration(today: date, calibrated_on: date | None) -> list[Doubt]:
    # A day that is still to come is a mistyped year, or the clock's: nothing is known then either.
    if calibrated_on is None or calibrated_on > today:
        return [Doubt.CALIBRATION_UNKNOWN]
    left = (calibrated_on + timedelta(days=rules().calibrate_days) - today).days
    if left < 0:
        return [Doubt.CALIBRATION_OVERDUE]
    return [Doubt.CALIBRATION_SOON] if left <= rules().remind_days else []


def _listening(checks: Sequence[Check]) -> list[Doubt]:
    if not checks:
        return [Doubt.NO_LISTENING_CHECK]
    return [Doubt.LISTENING_FAILED] if checks[-1].failed else []


def _room(checks: Sequence[Check]) -> list[Doubt]:
    if not checks or not checks[-1].failed:
        return []
    only_low = {hz for _, hz in checks[-1].failed} == {rules().may_be_left_out_hz}
    return [Doubt.ROOM_FAILED_LOW if only_low else Doubt.ROOM_FAILED]


def to_data(check: Check) -> dict[str, Any]:
    """Write a check as plain data."""
    return {
        "format": FORMAT,
        "id": str(check.id),
        "kind": check.kind.value,
        "at": check.at.isoformat(),
        "user_id": check.user_id,
        "level": [[hz, db] for hz, db in check.level.items()],
        "heard": [[ear.value, hz, was] for (ear, hz), was in check.heard.items()],
    }


def from_data(data: Mapping[str, Any]) -> Check:
    """Read what :func:`to_data` wrote; raises :class:`ValueError` for anything else."""
    if data.get("format") != FORMAT:
        raise ValueError("not a check: another format")
    try:
        return Check(
            UUID(data["id"]),
            CheckKind(data["kind"]),
            datetime.fromisoformat(data["at"]),
            str(data["user_id"]),
            {int(hz): int(db) for hz, db in data["level"]},
            {(Ear(ear), int(hz)): bool(was) for ear, hz, was in data["heard"]},
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a check: {type(error).__name__}") from None
