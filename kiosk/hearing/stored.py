"""Hearing tests as plain data, there and back, exactly: what the store keeps as text."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from drivers.hearing import Ear, Masking, Noise, Response, Tone, Transducer
from kiosk.model.hearing_test import (
    End,
    Followed,
    HearingTest,
    Origin,
    Outcome,
    Result,
    Verdict,
    Verdicts,
    Why,
)
from kiosk.model.performer import Device, Performer

FORMAT = 1
"""Version of the data that :func:`data_of` writes."""


def data_of(test: HearingTest) -> dict[str, Any]:
    """Write a test as plain data; levels stay the text they are."""
    device, followed = test.device, test.followed
    return {
        "format": FORMAT,
        "id": str(test.id),
        "tones": [tone_data(tone) for tone in test.tones],
        "tested_at": test.tested_at.isoformat(),
        "entered_at": test.entered_at.isoformat(),
        "offset_minutes": test.offset_minutes,
        "performer": performer_data(test.performer),
        "device": _fields(device) if device is not None else None,
        "calibrated_on": _day(test.calibrated_on),
        "end": test.end.value,
        "origin": test.origin.value,
        "followed": _fields(followed) if followed is not None else None,
        "outcome": outcome_data(test.outcome),
        "is_retest": test.is_retest,
        "catch_trials": test.catch_trials,
        "false_answers": test.false_answers,
        "remarks": list(test.remarks),
        "digest": test.digest,
        "raw": [b64encode(raw).decode("ascii") for raw in test.raw],
    }


def hearing_test_of(data: Mapping[str, Any]) -> HearingTest:
    """Read what :func:`data_of` wrote; raises :class:`ValueError` for anything else."""
    if data.get("format") != FORMAT:
        raise ValueError("not a hearing test: another format")
    try:
        return HearingTest(
            id=UUID(data["id"]),
            tones=tuple(tone_of(one) for one in data["tones"]),
            tested_at=datetime.fromisoformat(data["tested_at"]),
            entered_at=datetime.fromisoformat(data["entered_at"]),
            offset_minutes=int(data["offset_minutes"]),
            performer=Performer(**data["performer"]),
            device=Device(**data["device"]) if data["device"] is not None else None,
            calibrated_on=_date(data["calibrated_on"]),
            end=End(data["end"]),
            origin=Origin(data["origin"]),
            followed=Followed(**data["followed"]) if data["followed"] is not None else None,
            outcome=outcome_of(data["outcome"]),
            is_retest=bool(data["is_retest"]),
            catch_trials=int(data["catch_trials"]),
            false_answers=int(data["false_answers"]),
            remarks=tuple(str(one) for one in data["remarks"]),
            digest=str(data["digest"]),
            raw=tuple(b64decode(one) for one in data["raw"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"not a hearing test: {type(error).__name__}") from None


def tone_data(tone: Tone) -> list[Any]:
    """One tone as a row."""
    return [
        tone.ear.value,
        tone.transducer.value,
        tone.hz,
        tone.response.value,
        str(tone.level_db) if tone.level_db is not None else None,
        tone.masking.value,
        str(tone.masking_db) if tone.masking_db is not None else None,
        tone.noise.value if tone.noise is not None else None,
    ]


def tone_of(row: list[Any]) -> Tone:
    """Read what :func:`tone_data` wrote."""
    ear, transducer, hz, response, level, masking, masking_db, noise = row
    return Tone(
        Ear(ear),
        Transducer(transducer),
        int(hz),
        Response(response),
        Decimal(level) if level is not None else None,
        Masking(masking),
        Decimal(masking_db) if masking_db is not None else None,
        Noise(noise) if noise is not None else None,
    )


def performer_data(performer: Performer) -> dict[str, Any]:
    """Who did it, as plain data."""
    return _fields(performer)


def _fields(one: Device | Performer | Followed | Verdicts) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain data."""
    verdicts = outcome.verdicts
    return {
        "result": outcome.result.value if outcome.result is not None else None,
        "why": outcome.why.value if outcome.why is not None else None,
        "retest_from": _day(outcome.retest_from),
        "retest_until": _day(outcome.retest_until),
        "refer_to": outcome.refer_to,
        "verdicts": _fields(verdicts) if verdicts is not None else None,
        "missing": [[ear.value, hz] for ear, hz in outcome.missing],
    }


def outcome_of(data: Mapping[str, Any]) -> Outcome:
    """Read what :func:`outcome_data` wrote. Of an old one neither verdicts nor gaps are known."""
    told = data.get("verdicts")
    verdicts = {name: Verdict(value) for name, value in told.items()} if told else None
    return Outcome(
        Result(data["result"]) if data["result"] is not None else None,
        Why(data["why"]) if data["why"] is not None else None,
        _date(data["retest_from"]),
        _date(data["retest_until"]),
        str(data["refer_to"]),
        Verdicts(**verdicts) if verdicts is not None else None,
        tuple((Ear(ear), int(hz)) for ear, hz in data.get("missing", ())),
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
