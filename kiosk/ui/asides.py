"""What lies over a page without being a question: help, and how the screen looks."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.desk.look import TEXT_SIZES, Hand, Palette
from kiosk.core.desk.messages import Back, OpenLook, SetLook
from kiosk.core.desk.state import Aside, Desk
from kiosk.i18n import tr
from kiosk.ui import theme
from kiosk.ui.port import Send
from kiosk.ui.screens.page import footer
from kiosk.ui.widgets.boxes import space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.dialog import Dialog, line
from kiosk.ui.widgets.text import Text
from kiosk.ui.wording_help import HANDS, HELP, PALETTES


def aside_dialog(desk: Desk, send: Send) -> Dialog:
    """The help of the page, or the choice of look."""
    return _look(desk, send) if desk.aside is Aside.LOOK else _help(desk, send)


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


def _done(send: Send) -> PushButton:
    return PushButton(
        tr("Ferdig"), lambda: send(Back()), kind=Kind.PRIMARY, icon="check", test_id="aside-done"
    )
