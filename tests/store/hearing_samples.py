"""Synthetic hearing tests for tests of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from uuid6 import uuid7

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.model.hearing_test import Followed, HearingTest, Outcome, Result
from kiosk.model.performer import Device
from kiosk.model.visit import Visit
from tests.store.samples import ANNE, NOW, NUMBER, visit


def tone(response: Response, level: int | None = None, ear: Ear = Ear.RIGHT, hz: int = 1000):
    decimal = None if level is None else Decimal(level)
    return Tone(ear, Transducer.HEADPHONE, hz, response, decimal, Masking.NONE)


def hearing_test(outcome: Outcome | None = None, **more: object) -> HearingTest:
    tones = (
        tone(Response.HEARD, 20),
        tone(Response.NO_RESPONSE, 90, Ear.LEFT),
        tone(Response.NOT_TESTED, None, Ear.LEFT, 4000),
    )
    fields = {
        "device": Device("audiometer", "SA 202", "by-hand", "1", "70411"),
        "calibrated_on": date(2026, 3, 2),
        "followed": Followed("no-4y", "1+1", "ab" * 32, "Ingrid"),
        "outcome": outcome or Outcome(Result.NORMAL),
        **more,
    }
    return HearingTest(uuid7(), tones, NOW, NOW, 60, ANNE, **fields)


RETEST = Outcome(Result.RETEST, retest_from=date(2026, 12, 21), retest_until=date(2027, 1, 18))


def heard(*tests: HearingTest, name: str = "Per", number: str = NUMBER) -> Visit:
    return replace(visit(name, number), measurements=(), hearing=tests or (hearing_test(),))
