"""Help for the page that is open, and how a person wants the screen to look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kiosk.desk.appearance import Look
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.over import Aside
from kiosk.desk.pages import Find
from kiosk.desk.registering import Registered, on
from kiosk.desk.state import Desk, Step
from kiosk.model.slip import Paper


@dataclass(frozen=True, slots=True)
class OpenHelp(Touch):
    """What can be done on this page?"""


@dataclass(frozen=True, slots=True)
class OpenLook(Touch):
    """Choose colours, hand and text size."""


@dataclass(frozen=True, slots=True)
class OpenMenu(Touch):
    """Show what else the station can do."""


@dataclass(frozen=True, slots=True)
class PrintTicket(Touch):
    """Somebody who waits gets a number."""


@dataclass(frozen=True, slots=True)
class SetLook(Touch):
    """Draw the screen like this; remembered for who is signed in."""

    look: Look


@dataclass(frozen=True, slots=True)
class TicketPrinted(DeskNews):
    """A queue ticket with this number is on its way to the printer."""

    number: int


@dataclass(frozen=True, slots=True)
class GiveTicket(Effect):
    """Print the next number of this day; answered by ``TicketPrinted``."""

    day: date
    answered_by = (TicketPrinted,)


@dataclass(frozen=True, slots=True)
class KeepLook(Effect):
    """Remember how a person wants the screen."""

    user_id: str
    look: Look
    answered_by = ()


def open_help(desk: Desk) -> Step:
    """Say what can be done on this page."""
    return desk.asked(Aside.HELP, desk.front.notice), ()


def open_look(desk: Desk) -> Step:
    """Offer the choices of look, from the help."""
    if not isinstance(desk.over, Aside):
        return desk, ()
    return desk.asked(Aside.LOOK, desk.front.notice), ()


def open_menu(desk: Desk) -> Step:
    """Offer what else the station can do. Only where no child is open."""
    page = desk.page
    if not isinstance(page, Find) or page.under is not None:
        return desk, ()
    return desk.asked(Aside.MENU, desk.front.notice), ()


def print_ticket(desk: Desk, moment: Moment) -> Step:
    """Give the next number of the day. Without a printer there is none to give."""
    none = desk.station.strip.printer is Paper.NOT_CONFIGURED
    if desk.over is not Aside.MENU or none:
        return desk, ()
    return replace(desk, front=desk.front.uncovered()), (GiveTicket(moment.today),)


def ticket_printed(desk: Desk, message: TicketPrinted) -> Step:
    """Say which number it was."""
    return desk.told(Notice.TICKET, message.number), ()


def set_look(desk: Desk, message: SetLook) -> Step:
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


HANDLERS: tuple[Registered, ...] = (
    on(OpenHelp, open_help),
    on(OpenLook, open_look),
    on(SetLook, set_look),
    on(OpenMenu, open_menu),
    on(PrintTicket, print_ticket),
    on(TicketPrinted, ticket_printed),
)
