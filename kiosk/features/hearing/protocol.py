"""Filling in and signing a protocol on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import Hearing, Signing
from kiosk.desk.registering import Registered, on
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.hearing import filling
from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.protocol import PassRule, Protocol


@dataclass(frozen=True, slots=True)
class OpenProtocol(Touch):
    """Look at the chosen protocol, fill it in, sign it."""


@dataclass(frozen=True, slots=True)
class ToggleFrequency(Touch):
    """Test this frequency, or no longer."""

    hz: int


@dataclass(frozen=True, slots=True)
class SetScreeningLevel(Touch):
    """Test at this level, in dB HL."""

    db: int


@dataclass(frozen=True, slots=True)
class SetMissing(Touch):
    """So many tones need not be heard to pass."""

    tones: int


@dataclass(frozen=True, slots=True)
class SetRetestWeeks(Touch):
    """Test again from one week until another; ``None``: never by this protocol."""

    weeks: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SetReferTo(Touch):
    """Refer a child that does not pass the retest either; nobody where it is empty."""

    to: str


@dataclass(frozen=True, slots=True)
class SignProtocol(Touch):
    """The clinic stands for this protocol, by the person who is signed in."""


@dataclass(frozen=True, slots=True)
class ProtocolsChanged(DeskNews):
    """The protocols a test may follow were read again."""

    protocols: tuple[Protocol, ...]


@dataclass(frozen=True, slots=True)
class KeepProtocol(Effect):
    """Sign a protocol by a name on a day, and use it; answered by ``ProtocolsChanged``."""

    draft: ProtocolDraft
    approved_by: str
    approved_on: date
    user_id: str
    answered_by = (ProtocolsChanged,)


BOTH_EARS = 2
M = TypeVar("M", bound=Touch)


def open_protocol(desk: Desk) -> Step:
    """Show the protocol that is chosen for the test."""
    page = desk.page
    if not isinstance(page, Hearing) or page.work.protocol is None:
        return desk, ()
    return desk.turned(Signing(filling.draft_of(page.work.protocol), page)), ()


def _filled(
    step: Callable[[ProtocolDraft, M], ProtocolDraft],
) -> Callable[[Desk, M], Step]:
    """Make a handler of a step that changes the draft. What is not offered changes nothing."""

    def handler(desk: Desk, message: M) -> Step:
        page = desk.page
        if not isinstance(page, Signing) or not may_sign(desk):
            return desk, ()
        try:
            changed = step(page.filling, message)
        except ValueError:
            return desk, ()
        return desk.put(replace(page, filling=changed)).told(None), ()

    return handler


def _levelled(draft: ProtocolDraft, message: SetScreeningLevel) -> ProtocolDraft:
    return filling.set_all_levels(draft, message.db)


def _toggled(draft: ProtocolDraft, message: ToggleFrequency) -> ProtocolDraft:
    changed = filling.toggle_frequency(draft, message.hz)
    known = {draft.level[hz] for hz in draft.order if hz in draft.level}
    if message.hz not in changed.order or message.hz in changed.level or len(known) != 1:
        return changed
    # Where all frequencies have one level, a further one has it too, until somebody says else.
    return filling.set_level(changed, message.hz, known.pop())


def _missing(draft: ProtocolDraft, message: SetMissing) -> ProtocolDraft:
    if not message.tones:
        return filling.set_pass(draft, PassRule.ALL)
    all_tones = BOTH_EARS * len(draft.order)
    return filling.set_pass(draft, PassRule.COUNT, all_tones - message.tones)


def _weeks(draft: ProtocolDraft, message: SetRetestWeeks) -> ProtocolDraft:
    if message.weeks is None:
        return filling.clear_retest(draft)
    first, last = message.weeks
    return filling.set_retest(draft, 7 * first, 7 * last)


def _refer(draft: ProtocolDraft, message: SetReferTo) -> ProtocolDraft:
    return filling.set_refer(draft, message.to) if message.to else filling.clear_refer(draft)


toggle_frequency = _filled(_toggled)
set_level = _filled(_levelled)
set_missing = _filled(_missing)
set_weeks = _filled(_weeks)
set_refer = _filled(_refer)


def may_sign(desk: Desk) -> bool:
    """Whether the person who is signed in stands for the clinic's protocols."""
    user, audiometer = desk.user, desk.station.audiometer
    return user is not None and audiometer is not None and user.user_id in audiometer.approvers


def sign_protocol(desk: Desk, moment: Moment) -> Step:
    """Sign what is on the page. What lacks something is told and not signed."""
    page, user = desk.page, desk.user
    if not isinstance(page, Signing) or user is None:
        return desk, ()
    if not may_sign(desk):
        return desk.told(Notice.NOT_AN_APPROVER), ()
    if filling.faults(page.filling):
        return desk.told(Notice.PROTOCOL_LACKS), ()
    kept = KeepProtocol(page.filling, user.display, moment.today, user.user_id)
    return desk.told(None), (kept,)


def protocols_changed(desk: Desk, message: ProtocolsChanged) -> Step:
    """Offer the signed protocol; a test that is about to begin follows it."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Signing) or page.under.work.protocol is None:
            return session
        wanted, work = page.under.work.protocol.id, page.under.work
        new = next((one for one in message.protocols if one.id == wanted), work.protocol)
        followed = replace(page.under, work=replace(work, protocol=new))
        return session.turned(followed, Notice.PROTOCOL_SIGNED)

    station = replace(desk.station, protocols=message.protocols)
    return told_sessions(replace(desk, station=station), take)


HANDLERS: tuple[Registered, ...] = (
    on(OpenProtocol, open_protocol),
    on(ToggleFrequency, toggle_frequency),
    on(SetScreeningLevel, set_level),
    on(SetMissing, set_missing),
    on(SetRetestWeeks, set_weeks),
    on(SetReferTo, set_refer),
    on(SignProtocol, sign_protocol),
    on(ProtocolsChanged, protocols_changed),
)
