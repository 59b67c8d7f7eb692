"""The tone curves inside a Noah audiogram, data type 1, format 500 and 502.

Sources: the format owner's published element names as used by files and open readers of them
(DataInMotion/avatar-dataspace, sample data; two readers of patient exports), read anew here. No
schema is shipped: what it would stop is stopped by the checks below, and so is what it lets
pass, such as a level of 999 or half of a masking pair.

A point that was not tested still carries a level, and 0 dB is the usual filler: the status is
read first, and the level of such a point is dropped unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from drivers.audiogram_files.imported import (
    Concern,
    FileRefused,
    FileRemark,
    Refusal,
    Remember,
)
from drivers.audiogram_files.points import Place, hertz, plausible_level, plausible_noise
from drivers.audiogram_files.xml_tree import named, text_of
from drivers.hearing import WITH_LEVEL, Ear, Masking, Response, Tone, Transducer

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_POINTS: Final = 24

_LEVEL = re.compile(r"-?[0-9]{1,3}(\.[0-9])?")
_OUTPUT = re.compile(r"(AirConductor|InsertPhone|BoneConductor|FreeField)(Left|Right|Binaural)")
_TRANSDUCERS: Final = {
    "AirConductor": Transducer.HEADPHONE,
    "InsertPhone": Transducer.INSERT,
    "BoneConductor": Transducer.BONE,
    "FreeField": Transducer.FREE_FIELD,
}
_EARS: Final = {"Left": Ear.LEFT, "Right": Ear.RIGHT, "Binaural": Ear.BOTH}
_TONES: Final = frozenset({"PureTone", "Warble"})
_ANSWERS: Final = {
    "Normal": Response.THRESHOLD,
    "AlwaysResponse": Response.HEARD,
    "NoResponse": Response.NO_RESPONSE,
    "NotMeasurable": Response.COULD_NOT_BE_TESTED,
    "CouldNotTest": Response.COULD_NOT_BE_TESTED,
    "DidNotTest": Response.NOT_TESTED,
}
_TO_ASK: Final = frozenset({"Unknown", "User1", "User2", "User3"})


def read_curve(curve: Element, remember: Remember) -> Iterator[Tone]:
    """Yield the tones of one ``ToneThresholdAudiogram``.

    A curve that is no threshold of a bare ear (aided, estimated from brain waves, of an
    unknown output) is named instead. Raises :class:`FileRefused`.
    """
    conditions = next(named(curve, "AudMeasurementConditions"), None)
    if conditions is None:
        raise FileRefused(Refusal.MALFORMED, "AudMeasurementConditions")
    if (weighting := text_of(conditions, "StimulusdBWeighting")) != "HL":
        raise FileRefused(Refusal.NOT_HEARING_LEVEL, weighting)
    output = text_of(conditions, "StimulusSignalOutput")
    found = _OUTPUT.fullmatch(output)
    if found is None or (why := _why_not(conditions)):
        detail = output if found is None else f"{output} {why}"
        remember(FileRemark(Concern.CURVE_NOT_READ, detail))
        return
    points = list(named(curve, "TonePoints"))
    if len(points) > MOST_POINTS:
        raise FileRefused(Refusal.TOO_MANY_POINTS, f"{output}: {len(points)}")
    for point in points:
        yield from _point(point, _EARS[found[2]], _TRANSDUCERS[found[1]], remember)


def lacks_masking_frequency(curve: Element) -> bool:
    """Whether a point has a level of masking without its frequency, which belong together."""
    return any(
        text_of(point, "MaskingLevel") and not text_of(point, "MaskingFrequency")
        for point in named(curve, "TonePoints")
    )


def _why_not(conditions: Element) -> str:
    signal = text_of(conditions, "StimulusSignalType")
    if signal not in _TONES:
        return signal or "StimulusSignalType"
    if estimated := text_of(conditions, "EstimatedResult"):
        return estimated
    for number in (1, 2):
        worn = text_of(conditions, f"HearingInstrument_{number}_Condition")
        if worn not in {"", "UnAided"}:
            return worn
    return ""


def _point(point: Element, ear: Ear, transducer: Transducer, remember: Remember) -> Iterator[Tone]:
    hz = hertz(text_of(point, "StimulusFrequency"))
    plain = Place(ear, transducer, hz)
    # Only the point itself tells masking: a condition names what the curve could have used.
    masking, noise = _masking(point, plain)
    place = Place(ear, transducer, hz, masking, noise)
    status, level = text_of(point, "TonePointStatus"), text_of(point, "StimulusLevel")
    yield from _answer(status, level, place, remember)
    for more in named(point, "AdditionalMaskingPoint"):
        noise = _noise(text_of(more, "AdditionalMaskingLevel"), plain)
        place = Place(ear, transducer, hz, Masking.MASKED, noise)
        status = text_of(more, "AdditionalMaskingPointStatus")
        yield from _answer(status, text_of(more, "AdditionalStimulusLevel"), place, remember)


def _masking(point: Element, place: Place) -> tuple[Masking, Decimal | None]:
    noise = _noise(text_of(point, "MaskingLevel"), place)
    if noise is not None:
        return Masking.MASKED, noise
    # A frequency of masking without its level is half a sentence.
    half = text_of(point, "MaskingFrequency")
    return (Masking.UNKNOWN if half else Masking.NONE), None


def _noise(text: str, place: Place) -> Decimal | None:
    return plausible_noise(_level(text, place), place) if text else None


def _answer(status: str, level: str, place: Place, remember: Remember) -> Iterator[Tone]:
    number = _level(level, place)
    if status in _TO_ASK:
        remember(FileRemark(Concern.UNKNOWN_STATUS, f"{place}: {status} {level}"))
        return
    if status not in _ANSWERS:
        raise FileRefused(Refusal.BAD_VALUE, f"{place}: {status!r}")
    response = _ANSWERS[status]
    if response in WITH_LEVEL:
        yield place.tone(response, plausible_level(number, place))
        return
    tone = place.tone(response)
    if status == "NotMeasurable":
        remember(FileRemark(Concern.NOT_MEASURABLE, str(place), (tone,)))
    yield tone


def _level(text: str, place: Place) -> Decimal:
    """Read a level as the format has it: at most one decimal, after a point."""
    if _LEVEL.fullmatch(text) is None:
        raise FileRefused(Refusal.BAD_VALUE, f"{place}: {text!r}")
    return Decimal(text)
