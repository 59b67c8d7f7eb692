"""A hearing test that a person has looked at and confirmed: tones, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from drivers.hearing import Tone
from kiosk.core.model import Device, Performer


@dataclass(frozen=True, slots=True)
class HearingTest:
    """Pure-tone audiometry of one child. ``id`` is made once and reused in every interface.

    ``tones`` hold each what is known and nothing more (:class:`drivers.hearing.Tone`); a tone that
    was not tested may be among them. ``tested_at`` is UTC, ``calibrated_on`` what the audiometer's
    certificate says. ``whole`` is false for a test that was broken off.
    """

    id: UUID
    tones: tuple[Tone, ...]
    tested_at: datetime
    entered_at: datetime
    offset_minutes: int
    performer: Performer
    device: Device | None = None
    calibrated_on: date | None = None
    whole: bool = True
