"""Checks before the first child: is the audiometer as it should be, is the room quiet?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from drivers.hearing import Ear
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Checking, Find, Hearing
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.desk.station import Station
from kiosk.features import today
from kiosk.hearing import quality
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.quality import Check, CheckKind, Quality


@dataclass(frozen=True, slots=True)
class OpenCheck(Touch):
    """Listen to the audiometer, or to the room, before the first child."""

    kind: CheckKind


@dataclass(frozen=True, slots=True)
class AnswerCheck(Touch):
    """Whether this tone was as it should be; touched again it is not, then not answered."""

    ear: Ear
    hz: int


@dataclass(frozen=True, slots=True)
class KeepCheck(Touch):
    """The check is done."""


@dataclass(frozen=True, slots=True)
class QualityTold(DeskNews):
    """How the audiometer and the room stand today."""

    quality: Quality


@dataclass(frozen=True, slots=True)
class RecordCheck(Effect):
    """Keep a check of the audiometer or the room."""

    check: Check
    answered_by = ()


@dataclass(frozen=True, slots=True)
class AskQuality(Effect):
    """How the equipment stands since midnight for a test by this protocol.

    Answered by ``QualityTold``.
    """

    since: datetime
    today: date
    calibrated_on: date | None
    protocol: Protocol | None
    answered_by = (QualityTold,)


NEXT = {None: True, True: False, False: None}
"""What a touch makes of the answer: heard, not heard, open again."""


def open_check(desk: Desk, message: OpenCheck, moment: Moment) -> Step:
    """Begin a check of the frequencies that are tested here."""
    page, user = desk.page, desk.user
    if desk.station.audiometer is None or user is None:
        return desk, ()
    if not isinstance(page, Find | Hearing | Checking):
        return desk, ()
    under = page.under if isinstance(page, Checking) else page
    protocol = _checked_by(desk.station, under)
    if protocol is None:
        return desk.asked(None, Notice.PROTOCOL_EMPTY), ()
    check = quality.begin(message.kind, protocol, moment.id, moment.wall, user.user_id)
    return desk.turned(Checking(check, under)), ()


def _checked_by(station: Station, page: Find | Hearing) -> Protocol | None:
    """The protocol of the test that is about to begin, else the clinic's own, if it has tones."""
    assert station.audiometer is not None
    wanted = page.work.protocol if isinstance(page, Hearing) else None
    own = next((one for one in station.protocols if one.id == station.audiometer.protocol), None)
    return next((one for one in (wanted, own, *station.protocols) if one and one.level), None)


def answer_check(desk: Desk, message: AnswerCheck) -> Step:
    """Say of one tone that it was as it should be, or not."""
    page = desk.page
    if not isinstance(page, Checking):
        return desk, ()
    place: tuple[Ear, int] = (message.ear, message.hz)
    heard = NEXT[page.check.heard.get(place)]
    check = quality.answer(page.check, place, heard=heard)
    return desk.put(replace(page, check=check)).told(None), ()


def keep_check(desk: Desk, moment: Moment) -> Step:
    """Keep the check, once every tone was answered."""
    page = desk.page
    if not isinstance(page, Checking):
        return desk, ()
    if not page.check.whole:
        return desk.told(Notice.CHECK_INCOMPLETE), ()
    kept = desk.turned(page.under, Notice.CHECK_KEPT)
    return kept, (RecordCheck(page.check), ask_quality(kept, moment))


def ask_quality(desk: Desk, moment: Moment) -> AskQuality:
    """Ask how the equipment stands today."""
    audiometer, work = desk.station.audiometer, desk.hearing
    calibrated_on = audiometer.calibrated_on if audiometer is not None else None
    protocol = work.protocol if work is not None else None
    return AskQuality(today.midnight(moment), moment.today, calibrated_on, protocol)


def quality_told(desk: Desk, message: QualityTold) -> Step:
    """Say it beside the next test."""
    return replace(desk, station=replace(desk.station, quality=message.quality)), ()


HANDLERS: tuple[Registered, ...] = (
    on(OpenCheck, open_check),
    on(AnswerCheck, answer_check),
    on(KeepCheck, keep_check),
    on(QualityTold, quality_told),
)
