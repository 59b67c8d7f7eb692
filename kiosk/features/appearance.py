"""Help for the page that is open, and how a person wants the screen to look."""

from __future__ import annotations

from dataclasses import replace

from kiosk.desk import messages as m
from kiosk.desk.effects import GiveTicket, KeepLook
from kiosk.desk.notices import Notice
from kiosk.desk.over import Aside
from kiosk.desk.pages import Find
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step
from kiosk.model.slip import Paper


def open_help(desk: Desk, _: m.OpenHelp, __: m.Moment, ___: DeskRules) -> Step:
    """Say what can be done on this page."""
    return desk.asked(Aside.HELP, desk.front.notice), ()


def open_look(desk: Desk, _: m.OpenLook, __: m.Moment, ___: DeskRules) -> Step:
    """Offer the choices of look, from the help."""
    if not isinstance(desk.over, Aside):
        return desk, ()
    return desk.asked(Aside.LOOK, desk.front.notice), ()


def open_menu(desk: Desk, _: m.OpenMenu, __: m.Moment, ___: DeskRules) -> Step:
    """Offer what else the station can do. Only where no child is open."""
    page = desk.page
    if not isinstance(page, Find) or page.under is not None:
        return desk, ()
    return desk.asked(Aside.MENU, desk.front.notice), ()


def print_ticket(desk: Desk, _: m.PrintTicket, moment: m.Moment, __: DeskRules) -> Step:
    """Give the next number of the day. Without a printer there is none to give."""
    none = desk.station.strip.printer is Paper.NOT_CONFIGURED
    if desk.over is not Aside.MENU or none:
        return desk, ()
    return replace(desk, front=desk.front.uncovered()), (GiveTicket(moment.today),)


def ticket_printed(desk: Desk, message: m.TicketPrinted, _: m.Moment, __: DeskRules) -> Step:
    """Say which number it was."""
    return desk.told(Notice.TICKET, message.number), ()


def set_look(desk: Desk, message: m.SetLook, _: m.Moment, __: DeskRules) -> Step:
    """Draw like this from now on; for somebody who is signed in also the next time."""
    if desk.over is not Aside.LOOK:
        return desk, ()
    chosen = replace(desk, front=replace(desk.front, look=message.look))
    if desk.user is None:
        return chosen, ()
    users = tuple(
        replace(user, look=message.look) if user.id == desk.user.user_id else user
        for user in desk.station.users
    )
    remembered = replace(chosen, station=replace(chosen.station, users=users))
    return remembered, (KeepLook(desk.user.user_id, message.look),)
