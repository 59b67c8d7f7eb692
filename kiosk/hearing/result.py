"""A hearing test that a person has looked at and confirmed: tones, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from drivers.hearing import Ear, Tone
from kiosk.hearing.outcome import NOTHING_STATED, Outcome
from kiosk.hearing.session import OTHER, End
from kiosk.model.visit import Device, Performer


class Origin(StrEnum):
    """How the answers reached the station: tapped by a person, by a cable, or as a file."""

    TAPPED = "tapped"
    CABLE = "cable"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Followed:
    """The protocol a test followed, so that what was signed then can be found again."""

    id: str
    version: str
    hash: str
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class HearingTest:
    """Pure-tone audiometry of one child. ``id`` is made once and reused in every interface.

    ``tones`` hold each what is known and nothing more (:class:`drivers.hearing.Tone`); a tone that
    was not tested may be among them. ``tested_at`` is UTC, ``calibrated_on`` what the audiometer's
    certificate says. ``end`` tells a whole test from one that was broken off. ``catch_trials`` are
    trials without a tone, ``false_answers`` how many of them were answered all the same.
    ``outcome`` is what the protocol said on that day; ``digest`` is the SHA-256 of an imported
    file and ``raw`` what a device sent, exactly.
    """

    id: UUID
    tones: tuple[Tone, ...]
    tested_at: datetime
    entered_at: datetime
    offset_minutes: int
    performer: Performer
    device: Device | None = None
    calibrated_on: date | None = None
    end: End = End.WHOLE
    origin: Origin = Origin.TAPPED
    followed: Followed | None = None
    outcome: Outcome = NOTHING_STATED
    is_retest: bool = False
    catch_trials: int = 0
    false_answers: int = 0
    remarks: tuple[str, ...] = ()
    digest: str = ""
    raw: tuple[bytes, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it was carried through."""
        return self.end is End.WHOLE

    @property
    def unfinished(self) -> bool:
        """Whether a tone of its protocol has no answer, or it was broken off."""
        return not self.whole or bool(self.outcome.missing)


def with_ears_swapped(tones: tuple[Tone, ...]) -> tuple[Tone, ...]:
    """Return the tones with right and left in each other's place, in the usual order of ears.

    A tone for both ears at once stays one.
    """
    turned = [replace(tone, ear=OTHER.get(tone.ear, tone.ear)) for tone in tones]
    return tuple(sorted(turned, key=lambda tone: list(Ear).index(tone.ear)))
