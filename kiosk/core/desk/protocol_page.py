"""Filling in and signing a protocol on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.effects import Effect, KeepProtocol
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.hearing import filling
from kiosk.core.hearing.protocol import Protocol

Done = tuple[Desk, tuple[Effect, ...]]


def open_protocol(desk: Desk, _: t.OpenProtocol, __: m.Moment, ___: DeskRules) -> Done:
    """Show the protocol that is chosen for the test."""
    work = desk.hearing
    if desk.screen is not Screen.HEARING or work is None or work.protocol is None:
        return desk, ()
    opened = replace(desk, screen=Screen.PROTOCOL, filling=work.protocol, notice=None)
    return opened, ()


def _filled(step: Callable[[Protocol, Any], Protocol]) -> Callable[..., Done]:
    """Make a handler of a step that changes the draft."""

    def handler(desk: Desk, message: Any, _: m.Moment, __: DeskRules) -> Done:
        if desk.screen is not Screen.PROTOCOL or desk.filling is None or not may_sign(desk):
            return desk, ()
        return replace(desk, filling=step(desk.filling, message), notice=None), ()

    return handler


def _toggled(protocol: Protocol, message: t.ToggleFrequency) -> Protocol:
    if message.hz not in filling.OFFERED_HZ:
        return protocol
    # A further frequency joins at the level of the others; the first one at what is usual most.
    db = next(iter(protocol.level.values()), filling.FIRST_DB)
    return filling.toggle_frequency(protocol, message.hz, db)


toggle_frequency = _filled(_toggled)
set_level = _filled(
    lambda one, message: (
        filling.set_level(one, message.db) if message.db in filling.LEVELS_DB else one
    )
)
set_missing = _filled(lambda one, message: filling.set_pass(one, message.tones))
set_weeks = _filled(lambda one, message: filling.set_retest(one, message.weeks))
set_refer = _filled(lambda one, message: filling.set_refer(one, message.to))


def may_sign(desk: Desk) -> bool:
    """Whether the person who is signed in stands for the clinic's protocols."""
    if desk.user is None or desk.audiometer is None:
        return False
    return desk.user.user_id in desk.audiometer.approvers


def sign_protocol(desk: Desk, _: t.SignProtocol, moment: m.Moment, __: DeskRules) -> Done:
    """Sign what is on the page. What lacks something is told and not signed."""
    work, user, draft = desk.hearing, desk.user, desk.filling
    if desk.screen is not Screen.PROTOCOL or work is None or user is None or draft is None:
        return desk, ()
    if not may_sign(desk) or work.protocol is None:
        return replace(desk, notice=Notice.NOT_AN_APPROVER), ()
    try:
        text = filling.sign(draft, work.protocol, user.display, moment.today)
    except filling.ProtocolFaulty:
        return replace(desk, notice=Notice.PROTOCOL_LACKS), ()
    return replace(desk, notice=None), (KeepProtocol(draft.id, text, user.user_id),)


def protocols_changed(desk: Desk, message: m.ProtocolsChanged, _: m.Moment, __: DeskRules) -> Done:
    """Offer the signed protocol; a test that is about to begin follows it."""
    desk = replace(desk, protocols=message.protocols)
    work = desk.hearing
    if desk.screen is not Screen.PROTOCOL or work is None or work.protocol is None:
        return desk, ()
    wanted = work.protocol.id
    new = next((one for one in message.protocols if one.id == wanted), work.protocol)
    work = replace(work, protocol=new)
    shown = replace(desk, screen=Screen.HEARING, hearing=work, filling=None)
    return replace(shown, notice=Notice.PROTOCOL_SIGNED), ()


def leave(desk: Desk) -> Desk:
    """Back to the test that is about to begin; what was not signed is dropped."""
    return replace(desk, screen=Screen.HEARING, filling=None, notice=None)
