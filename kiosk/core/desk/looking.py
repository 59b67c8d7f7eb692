"""Help for the page that is open, and how a person wants the screen to look."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk import messages as m
from kiosk.core.desk.effects import Effect, GiveTicket, KeepLook
from kiosk.core.desk.notices import Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.slip import Paper
from kiosk.core.desk.state import Aside, Desk, Screen

Step = tuple[Desk, tuple[Effect, ...]]


def open_help(desk: Desk, _: m.OpenHelp, __: m.Moment, ___: DeskRules) -> Step:
    """Say what can be done on this page. A question that stands over it is answered first."""
    if desk.asking or desk.leaving:
        return desk, ()
    return replace(desk, aside=Aside.HELP), ()


def open_look(desk: Desk, _: m.OpenLook, __: m.Moment, ___: DeskRules) -> Step:
    """Offer the choices of look, from the help."""
    return replace(desk, aside=Aside.LOOK if desk.aside is not None else None), ()


def open_menu(desk: Desk, _: m.OpenMenu, __: m.Moment, ___: DeskRules) -> Step:
    """Offer what else the station can do. Only where no child is open."""
    if desk.screen is not Screen.FIND or desk.changing is not None:
        return desk, ()
    return replace(desk, aside=Aside.MENU), ()


def print_ticket(desk: Desk, _: m.PrintTicket, moment: m.Moment, __: DeskRules) -> Step:
    """Give the next number of the day. Without a printer there is none to give."""
    if desk.aside is not Aside.MENU or desk.strip.printer is Paper.NOT_CONFIGURED:
        return desk, ()
    return replace(desk, aside=None), (GiveTicket(moment.today),)


def ticket_printed(desk: Desk, message: m.TicketPrinted, _: m.Moment, __: DeskRules) -> Step:
    """Say which number it was."""
    return replace(desk, notice=Notice.TICKET, notice_value=message.number), ()


def set_look(desk: Desk, message: m.SetLook, _: m.Moment, __: DeskRules) -> Step:
    """Draw like this from now on; for somebody who is signed in also the next time."""
    if desk.aside is not Aside.LOOK:
        return desk, ()
    chosen = replace(desk, look=message.look)
    if desk.user is None:
        return chosen, ()
    users = tuple(
        replace(user, look=message.look) if user.id == desk.user.user_id else user
        for user in desk.users
    )
    return replace(chosen, users=users), (KeepLook(desk.user.user_id, message.look),)
