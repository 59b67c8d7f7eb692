"""What all readers hold points to, and what can be said about them together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from drivers.audiogram_files.imported import FileRefused, Refusal
from drivers.hearing import Ear, Masking, Remark, Response, Tone, Transducer

LOWEST_DB: Final = Decimal(-10)
HIGHEST_DB: Final = Decimal(120)
"""Levels of tones in dB HL, both ends included: openEHR, ``audiogram_result``."""

LOWEST_NOISE_DB: Final = Decimal(-20)
HIGHEST_NOISE_DB: Final = Decimal(130)
"""Levels of masking noise. No source gives limits: wide, and still no 999 or sentinel."""

LOWEST_HZ: Final = 125
HIGHEST_HZ: Final = 16000
"""Frequencies of tones in hertz, both ends included: openEHR, ``audiogram_result``."""

ANSWERED: Final = frozenset(
    {
        Response.THRESHOLD,
        Response.HEARD,
        Response.NO_RESPONSE,
        Response.NO_RESPONSE_LEVEL_UNKNOWN,
    }
)
AIR: Final = frozenset({Transducer.HEADPHONE, Transducer.INSERT})
MAYBE_AIR: Final = AIR | {Transducer.UNKNOWN}

_NUMBER = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,2})?")
_HERTZ = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point stands: everything about it but the answer."""

    ear: Ear
    transducer: Transducer
    hz: int
    masking: Masking = Masking.UNKNOWN
    masking_db: Decimal | None = None

    def tone(self, response: Response, level: Decimal | None = None) -> Tone:
        """Make the tone, whose level in dB HL is given for the responses that have one."""
        return Tone(
            self.ear, self.transducer, self.hz, response, level, self.masking, self.masking_db
        )

    def __str__(self) -> str:
        return f"{self.ear} {self.transducer} {self.hz}"


def number(text: str, where: str) -> Decimal:
    """Read a plain decimal number; raises :class:`FileRefused`, also for ``nan`` and ``1e2``."""
    if _NUMBER.fullmatch(text) is None:
        raise FileRefused(Refusal.BAD_VALUE, f"{where}: {text!r}")
    return Decimal(text)


def plausible_level(level: Decimal, where: object) -> Decimal:
    """Return a level of a tone that an audiometer can give; raises :class:`FileRefused`."""
    if not LOWEST_DB <= level <= HIGHEST_DB:
        raise FileRefused(Refusal.IMPLAUSIBLE_LEVEL, f"{where}: {level}")
    return level


def plausible_noise(level: Decimal, where: object) -> Decimal:
    """Return a level of masking noise; raises :class:`FileRefused`."""
    if not LOWEST_NOISE_DB <= level <= HIGHEST_NOISE_DB:
        raise FileRefused(Refusal.IMPLAUSIBLE_LEVEL, f"{where}: {level}")
    return level


def hertz(text: str) -> int:
    """Read a frequency in whole hertz; raises :class:`FileRefused`."""
    if _HERTZ.fullmatch(text) is None:
        raise FileRefused(Refusal.BAD_VALUE, f"Hz: {text!r}")
    if not LOWEST_HZ <= int(text) <= HIGHEST_HZ:
        raise FileRefused(Refusal.IMPLAUSIBLE_FREQUENCY, text)
    return int(text)


def distinct(tones: Iterable[Tone]) -> tuple[Tone, ...]:
    """Return the tones in their order, those that are equal in everything once."""
    return tuple(dict.fromkeys(tones))


def conflicts(tones: Iterable[Tone]) -> tuple[tuple[Tone, ...], ...]:
    """Return the groups of tones that say different things about the same point.

    A masked and an unmasked tone are two points: both are kept, and neither replaces the other.
    """
    groups: dict[object, list[Tone]] = {}
    for tone in distinct(tones):
        groups.setdefault((tone.ear, tone.transducer, tone.hz, tone.masking), []).append(tone)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def remarks_on(tones: tuple[Tone, ...]) -> tuple[Remark, ...]:
    """Return what the tones of one test show about themselves."""
    return tuple(_remarks(tones))


def _remarks(tones: tuple[Tone, ...]) -> Iterator[Remark]:
    if not any(tone.response in ANSWERED for tone in tones):
        yield Remark.EMPTY
    elif _is_incomplete(tones):
        yield Remark.INCOMPLETE
    if _has_bone_worse_than_air(tones):
        yield Remark.BONE_WORSE_THAN_AIR
    if conflicts(tones):
        yield Remark.CONFLICTING_POINTS


def _is_incomplete(tones: tuple[Tone, ...]) -> bool:
    """Whether a point was left out, or one ear has an air point that the other lacks."""
    return any(tone.response not in ANSWERED for tone in tones) or lacks_air(tones)


def lacks_air(tones: Collection[Tone]) -> bool:
    """Whether an ear answered by air where the other gave no answer that can be by air."""

    def answered(ear: Ear, by: frozenset[Transducer]) -> set[int]:
        return {
            t.hz for t in tones if t.ear is ear and t.transducer in by and t.response in ANSWERED
        }

    pairs = ((Ear.RIGHT, Ear.LEFT), (Ear.LEFT, Ear.RIGHT))
    return any(answered(one, AIR) - answered(other, MAYBE_AIR) for one, other in pairs)


def _has_bone_worse_than_air(tones: tuple[Tone, ...]) -> bool:
    """Whether bone conduction has a worse threshold than every one by air: look at the wiring."""
    for bone in tones:
        if bone.transducer is not Transducer.BONE or bone.threshold is None:
            continue
        air = [
            tone.threshold
            for tone in tones
            if (tone.ear, tone.hz) == (bone.ear, bone.hz)
            and tone.transducer in AIR
            and tone.threshold is not None
        ]
        if air and bone.threshold > max(air):
            return True
    return False
