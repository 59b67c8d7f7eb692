"""What lies over a page without being a question: help, and how the screen looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from kiosk.desk.appearance import TEXT_SIZES, Hand, Palette
from kiosk.desk.over import Aside
from kiosk.desk.state import Desk
from kiosk.features.appearance import OpenLook, PrintTicket, SetLook
from kiosk.features.going_back import Back
from kiosk.features.hearing.check import OpenCheck
from kiosk.features.hearing.follow_up import OpenRetests
from kiosk.features.status import OpenStatus
from kiosk.hearing.quality import CheckKind
from kiosk.language.texts import tr
from kiosk.model.slip import Paper
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.dialog import Dialog, line
from kiosk.ui.widgets.text import Text
from kiosk.ui.words.help import HANDS, HELP, PALETTES


def aside_dialog(desk: Desk, aside: Aside, send: Send) -> Dialog:
    """The help of the page, the choice of look, or what else there is."""
    dialogs = {Aside.HELP: _help, Aside.LOOK: _look, Aside.MENU: _menu}
    return dialogs[aside](desk, send)


def _menu(desk: Desk, send: Send) -> Dialog:
    ticket = _tile(tr("Kølapp"), "ticket", partial(send, PrintTicket()), deed=Deed.COMMITS)
    ticket.enable(desk.station.strip.printer is not Paper.NOT_CONFIGURED)
    tiles = [
        ticket,
        _tile(tr("Utstyr og sending"), "activity", partial(send, OpenStatus())),
        _tile(tr("Tekst og farger"), "adjustments", partial(send, OpenLook())),
    ]
    rows = [row(*tiles, gap=18, size_hint_y=None, height=theme.mm(TILE))]
    if desk.station.audiometer is not None:
        check = OpenCheck(CheckKind.LISTENING)
        hearing = (
            _tile(tr("Hørsel: følg opp"), "calendar", partial(send, OpenRetests())),
            _tile(tr("Lyttesjekk"), "headphones", partial(send, check)),
        )
        rows.append(row(*hearing, gap=18, size_hint_y=None, height=theme.mm(TILE)))
    tiled = column(*rows, size_hint_y=None)
    tiled.spacing = theme.mm(theme.TOUCH_GAP)
    tiled.height = len(rows) * theme.mm(TILE) + (len(rows) - 1) * tiled.spacing
    return Dialog(
        line(tr("Hva vil du gjøre?"), theme.TITLE, 46, weight="bold"),
        space(),
        tiled,
        space(),
        footer(None, _back(send)),
        width=1060,
        height=460 + 150 * (len(rows) - 1),
    )


TILE = 22
"""Millimetres of a tile of the menu."""


def _tile(text: str, icon: str, act: Callable[[], None], *, deed: Deed = Deed.LEADS) -> PushButton:
    return PushButton(text, act, deed=deed, icon=icon, size_hint_y=1, test_id=f"tile-{icon}")


def _help(desk: Desk, send: Send) -> Dialog:
    told = HELP[desk.screen]
    look = PushButton(
        tr("Tekst og farger"),
        lambda: send(OpenLook()),
        icon="adjustments",
        width=330,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="look",
    )
    return Dialog(
        line(tr("Hva kan jeg gjøre her?"), theme.TITLE, 46, weight="bold"),
        *(Text(tr(sentence), size=theme.LARGE) for sentence in told),
        space(),
        footer(_done(send), look, space()),
        width=1060,
        height=270 + 86 * len(told),
    )


def _look(desk: Desk, send: Send) -> Dialog:
    look = desk.look
    text: Chips[int] = Chips(
        [(size, tr("{n} prosent").format(n=size)) for size in TEXT_SIZES],
        lambda size: send(SetLook(replace(look, text=size))),
        test_id="text-size",
    )
    colours: Chips[Palette] = Chips(
        [(palette, tr(name)) for palette, name in PALETTES.items()],
        lambda palette: send(SetLook(replace(look, palette=palette))),
        test_id="colours",
    )
    hand: Chips[Hand] = Chips(
        [(side, tr(name)) for side, name in HANDS.items()],
        lambda side: send(SetLook(replace(look, hand=side))),
        test_id="hand",
    )
    text.show(look.text)
    colours.show(look.palette)
    hand.show(look.hand)
    whose = tr("Huskes for {name}.").format(name=desk.user.display) if desk.user else ""
    return Dialog(
        line(tr("Tekst og farger"), theme.TITLE, 46, weight="bold"),
        line(tr("Hvor stor skal teksten være, der det er plass?"), theme.BODY, 36),
        text,
        space(),
        colours,
        space(),
        line(tr("Hvilken hånd trykker du med?"), theme.BODY, 36),
        hand,
        space(),
        footer(_done(send), line(whose, theme.BODY, 36, colour=theme.SUBTLE)),
        width=960,
        height=690,
    )


def _back(send: Send) -> PushButton:
    return PushButton(
        tr("Tilbake"),
        lambda: send(Back()),
        icon="arrow-left",
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )


def _done(send: Send) -> PushButton:
    return PushButton(
        tr("Ferdig"),
        lambda: send(Back()),
        kind=Kind.PRIMARY,
        deed=Deed.LEADS,
        icon="check",
        test_id="aside-done",
    )
