"""What an audiometer may say: tones, each with what is known about it and nothing more.

*Heard at 20 dB*, *threshold 20 dB*, *no response at 90 dB*, *no response, level unknown*, *not
tested* and *could not be tested* are different things. A level stands only where one was given,
and :attr:`Tone.threshold` is a number for a threshold alone, so that nothing else can be taken
for one. Levels are decibels hearing level (dB HL, ISO 389) exactly as sent, frequencies hertz.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Ear(StrEnum):
    """Which ear was tested. ``BOTH`` is a free field or binaural tone, never a value per ear."""

    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"


class Transducer(StrEnum):
    """What produced the tone.

    ``UNKNOWN``: the source does not say, or names something nobody knows. It is never guessed.
    """

    HEADPHONE = "headphone"
    INSERT = "insert"
    BONE = "bone"
    FREE_FIELD = "free-field"
    UNKNOWN = "unknown"


class Response(StrEnum):
    """What is known about the answer.

    ``THRESHOLD``: the lowest level that was heard. ``HEARD``: heard at this level, so the
    threshold is there or lower. ``NO_RESPONSE``: not heard at this level, the threshold is
    higher. ``NO_RESPONSE_LEVEL_UNKNOWN``: not heard at a level that nobody wrote down.
    """

    THRESHOLD = "threshold"
    HEARD = "heard"
    NO_RESPONSE = "no-response"
    NO_RESPONSE_LEVEL_UNKNOWN = "no-response-level-unknown"
    NOT_TESTED = "not-tested"
    COULD_NOT_BE_TESTED = "could-not-be-tested"


WITH_LEVEL = frozenset({Response.THRESHOLD, Response.HEARD, Response.NO_RESPONSE})
"""Responses that mean nothing without a level; the others mean something else with one."""


class Masking(StrEnum):
    """Whether noise was given to the other ear. Many records cannot say."""

    NONE = "none"
    MASKED = "masked"
    UNKNOWN = "unknown"


class Noise(StrEnum):
    """What noise was given to the other ear."""

    WHITE = "white"
    NARROW_BAND = "narrow-band"


@dataclass(frozen=True, slots=True)
class Tone:
    """One point of an audiogram.

    ``level_db`` is dB HL, set exactly for the responses of :data:`WITH_LEVEL`. ``masking_db``
    is the level of the noise and ``noise`` its kind, only where the source states them. Raises
    :class:`ValueError` for a level where none can be or none where one must be.
    """

    ear: Ear
    transducer: Transducer
    hz: int
    response: Response
    level_db: Decimal | None = None
    masking: Masking = Masking.UNKNOWN
    masking_db: Decimal | None = None
    noise: Noise | None = None

    def __post_init__(self) -> None:
        """Hold the promise that a level and a response fit each other."""
        if (self.level_db is not None) is not (self.response in WITH_LEVEL):
            raise ValueError(f"{self.response.value} with level {self.level_db}")
        if self.masking_db is not None and self.masking is not Masking.MASKED:
            raise ValueError("a level of noise without masking")

    @property
    def threshold(self) -> Decimal | None:
        """The hearing threshold level in dB HL; ``None`` for everything that is not one."""
        return self.level_db if self.response is Response.THRESHOLD else None


class Remark(StrEnum):
    """What a person must know about a record before using it."""

    INCOMPLETE = "incomplete"
    EMPTY = "empty"
    CARRIED_FORWARD = "may-be-carried-forward"
    BONE_WORSE_THAN_AIR = "bone-worse-than-air"
    MASKED_WITHOUT_FREQUENCY = "masked-without-frequency"
    CONFLICTING_POINTS = "conflicting-points"


@dataclass(frozen=True, slots=True)
class ToneRecord:
    """The tones that belong together in one transfer.

    ``number`` of ``count`` says where it stands in a group of records (a device may send an ear
    at a time); a record that is sent again keeps its ``sequence``. ``patient`` and ``tested_at``
    are what the device or file says of them, for a comparison only: the station knows the child.
    ``tested_at`` may be without a time zone.
    """

    tones: tuple[Tone, ...]
    number: int = 1
    count: int = 1
    sequence: str = ""
    patient: str = ""
    tested_at: datetime | None = None
    device: str = ""
    serial: str = ""
    calibrated: str = ""
    remarks: tuple[Remark, ...] = ()
    raw: bytes = b""
