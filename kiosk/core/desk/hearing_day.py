"""Around the hearing tests: checks of the audiometer and the room, and who is followed up."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from drivers.hearing import Ear
from kiosk.core.desk import messages as m
from kiosk.core.desk import today
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.effects import AskQuality, AskRetests, Effect, KeepCheck, SettleRetest
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.hearing import quality
from kiosk.core.hearing.protocol import Protocol
from kiosk.core.hearing.retests import Settling

Done = tuple[Desk, tuple[Effect, ...]]

NEXT = {None: True, True: False, False: None}
"""What a touch makes of the answer: heard, not heard, open again."""


def open_check(desk: Desk, message: t.OpenCheck, moment: m.Moment, _: DeskRules) -> Done:
    """Begin a check of the frequencies that are tested here."""
    if desk.audiometer is None or desk.user is None or desk.screen not in _FROM:
        return desk, ()
    protocol = _checked_by(desk)
    if protocol is None:
        return replace(desk, aside=None, notice=Notice.PROTOCOL_EMPTY), ()
    check = quality.begin(message.kind, protocol, moment.id, moment.wall, desk.user.user_id)
    back = desk.check_from if desk.screen is Screen.HEARING_CHECK else desk.screen
    opened = replace(desk, screen=Screen.HEARING_CHECK, check=check, check_from=back)
    return replace(opened, aside=None, notice=None), ()


_FROM = frozenset({Screen.FIND, Screen.HEARING, Screen.HEARING_CHECK})


def _checked_by(desk: Desk) -> Protocol | None:
    """The protocol of the test that is about to begin, else the clinic's own, if it has tones."""
    assert desk.audiometer is not None
    wanted = desk.hearing.protocol if desk.hearing is not None else None
    own = next((one for one in desk.protocols if one.id == desk.audiometer.protocol), None)
    return next((one for one in (wanted, own, *desk.protocols) if one and one.level), None)


def answer_check(desk: Desk, message: t.AnswerCheck, _: m.Moment, __: DeskRules) -> Done:
    """Say of one tone that it was as it should be, or not."""
    if desk.screen is not Screen.HEARING_CHECK or desk.check is None:
        return desk, ()
    place: tuple[Ear, int] = (message.ear, message.hz)
    heard = NEXT[desk.check.heard.get(place)]
    check = quality.answer(desk.check, place, heard=heard)
    return replace(desk, check=check, notice=None), ()


def keep_check(desk: Desk, _: t.KeepCheck, moment: m.Moment, __: DeskRules) -> Done:
    """Keep the check, once every tone was answered."""
    if desk.screen is not Screen.HEARING_CHECK or desk.check is None:
        return desk, ()
    if not desk.check.whole:
        return replace(desk, notice=Notice.CHECK_INCOMPLETE), ()
    kept = replace(desk, screen=desk.check_from, check=None, notice=Notice.CHECK_KEPT)
    return kept, (KeepCheck(desk.check), ask_quality(desk, moment))


def ask_quality(desk: Desk, moment: m.Moment) -> AskQuality:
    """Ask how the equipment stands today."""
    calibrated_on = desk.audiometer.calibrated_on if desk.audiometer is not None else None
    protocol = desk.hearing.protocol if desk.hearing is not None else None
    return AskQuality(today.midnight(moment), moment.today, calibrated_on, protocol)


def quality_told(desk: Desk, message: m.QualityTold, _: m.Moment, __: DeskRules) -> Done:
    """Say it beside the next test."""
    return replace(desk, quality=message.quality), ()


def open_retests(desk: Desk, _: t.OpenRetests, __: m.Moment, ___: DeskRules) -> Done:
    """Show who is to be followed up."""
    if desk.screen is not Screen.FIND or desk.audiometer is None or desk.changing is not None:
        return desk, ()
    opened = replace(desk, screen=Screen.RETESTS, awaited=None, aside=None, notice=None)
    return opened, (AskRetests(),)


def retests_listed(desk: Desk, message: m.RetestsListed, _: m.Moment, __: DeskRules) -> Done:
    """Show the lines, if the list is still what is looked at.

    A test that is kept here behind the lock was not left: it is gone on with.
    """
    if desk.screen is not Screen.RETESTS:
        return desk, ()
    here = open_ids(desk)
    lines = tuple(one for one in message.awaited if one.id not in here)
    return replace(desk, awaited=lines), ()


def open_ids(desk: Desk) -> frozenset[UUID]:
    """The hearing tests that are open here, or kept behind the lock, and not saved."""
    found: set[UUID] = set()
    for at in (desk, desk.kept):
        if at is None:
            continue
        found |= {test.id for test in at.visit.hearing} if at.visit is not None else set()
        if at.hearing is not None and at.hearing.session is not None:
            found.add(at.hearing.session.id)
    return frozenset(found)


def show_retest(desk: Desk, message: t.ShowRetest, _: m.Moment, __: DeskRules) -> Done:
    """Read the visit of one of the lines."""
    known = {one.visit_id for one in desk.awaited or ()}
    if desk.screen is not Screen.RETESTS or message.visit_id not in known:
        return desk, ()
    return today.read(desk, message.visit_id)


def settle_retest(desk: Desk, message: t.SettleRetest, _: m.Moment, __: DeskRules) -> Done:
    """Ask why a child is to be taken off the list."""
    known = {one.id for one in desk.awaited or ()}
    if desk.screen is not Screen.RETESTS or message.id not in known or desk.user is None:
        return desk, ()
    return replace(desk, settling=Settling(message.id), notice=None), ()


def choose_settled(desk: Desk, message: t.ChooseSettled, _: m.Moment, __: DeskRules) -> Done:
    """Take the reason. Nothing is settled yet."""
    if desk.settling is None:
        return desk, ()
    return replace(desk, settling=replace(desk.settling, reason=message.reason)), ()


def confirm_settled(desk: Desk, _: t.ConfirmSettled, __: m.Moment, ___: DeskRules) -> Done:
    """Take the child off the list, by a named person and for the chosen reason."""
    settling, user = desk.settling, desk.user
    if settling is None or settling.reason is None or user is None:
        return desk, ()
    settled = SettleRetest(settling.id, user.user_id, settling.reason)
    return replace(desk, settling=None), (settled, AskRetests())


def leave(desk: Desk) -> Desk:
    """Back to where it was opened; what was answered of a check is dropped."""
    if desk.screen is Screen.HEARING_CHECK:
        return replace(desk, screen=desk.check_from, check=None, notice=None)
    return replace(desk, screen=Screen.FIND, awaited=None, settling=None, reading=None, notice=None)
