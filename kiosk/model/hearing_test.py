"""A hearing test as it is kept: tones, what the protocol said, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from drivers.hearing import Ear, Tone
from kiosk.model.performer import Device, Performer


class End(StrEnum):
    """How a session ended."""

    WHOLE = "whole"
    TIRED = "tired"
    REFUSED = "refused"
    NOISE = "noise"
    DEVICE = "device"


Place = tuple[Ear, int]
"""An ear and a frequency in hertz."""


class Result(StrEnum):
    """What the protocol says. ``ALREADY_KNOWN`` is a person's word: this hearing is followed up."""

    NORMAL = "normal-by-protocol"
    RETEST = "retest"
    REFER = "refer"
    NOT_TESTABLE = "not-testable"
    NOT_COMPLETED = "not-completed"
    ALREADY_KNOWN = "already-known"


class Why(StrEnum):
    """Why no outcome is stated."""

    GAPS = "protocol-has-gaps"
    UNKNOWN_LEVELS = "levels-not-known"
    UNKNOWN_TRANSDUCER = "transducer-not-known"
    NO_RULE = "protocol-says-nothing"


class Verdict(StrEnum):
    """Whether a criterion holds: whatever is not known might be, or not at all, or it depends."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_DECIDED = "not-decided"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How the three criteria of a protocol stand: passed, to be tested again, to be referred."""

    passed: Verdict
    retest: Verdict
    refer: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the protocol says, until when to test again, and to whom to refer.

    ``result`` is ``None`` where no outcome is stated; ``why`` says for which reason. ``verdicts``
    are ``None`` where the protocol was not asked. ``missing`` are its tones without an answer, ear
    by ear in its order.
    """

    result: Result | None
    why: Why | None = None
    retest_from: date | None = None
    retest_until: date | None = None
    refer_to: str = ""
    verdicts: Verdicts | None = None
    missing: tuple[Place, ...] = ()

    @property
    def may_refer(self) -> bool:
        """Whether a referral is still open beside what is stated."""
        open_one = self.verdicts is not None and self.verdicts.refer is Verdict.NOT_DECIDED
        return self.result is Result.RETEST and open_one


NOTHING_STATED = Outcome(None)


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
