"""The whole screen: training marks, header, the page on it, the notice, and a question over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.core.window import Window
from kivy.graphics import Color
from kivy.graphics import Line as Stroke
from kivy.input import MotionEvent
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from kiosk.desk.appearance import Look
from kiosk.desk.state import Desk, Screen
from kiosk.features.status import DismissNotice, Touched
from kiosk.language.texts import SOURCE_LANGUAGE, set_language, tr
from kiosk.ui import theme
from kiosk.ui.about import about
from kiosk.ui.overlays import over
from kiosk.ui.overlays.sure import Sure
from kiosk.ui.pages import make_page
from kiosk.ui.pages.page import Page
from kiosk.ui.parts.coach import next_step
from kiosk.ui.parts.header import Header
from kiosk.ui.port import Send
from kiosk.ui.tones import Tone
from kiosk.ui.touch_guard import guard
from kiosk.ui.widgets.banner import Banner
from kiosk.ui.widgets.boxes import Slot
from kiosk.ui.widgets.dark import Dark
from kiosk.ui.widgets.dialog import Dialog
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import arrive, let_go
from kiosk.ui.widgets.text import FitText
from kiosk.ui.words.notices import NOTICES, notice_text

NAMELESS = frozenset({Screen.LOCK, Screen.STATUS, Screen.CALIBRATE, Screen.EQUIPMENT})
"""Pages that never hold anything of a child."""

TRAINING_HEIGHT = 40
TRAINING_EDGE = 8
BANNER_HEIGHT = 88


class Root(FloatLayout):
    """Draws a desk. Pages are built when they are first shown, and kept."""

    def __init__(
        self, send: Send, now: Callable[[], datetime], *, training: bool, look: Look
    ) -> None:
        super().__init__()
        self._sure = Sure(send, self._ask)
        self._send = self._sure.send
        self._desk: Desk | None = None
        self._now = now
        self._pages: dict[Screen, Page] = {}
        self._page: Page | None = None
        self._screen: Screen | None = None
        self._about: object = None
        self._asked: tuple[object, ...] | None = None
        self._dialog: Dialog | None = None
        self._training = training
        self._cover: Dark | None = None
        self._language, self._look = SOURCE_LANGUAGE, look
        theme.wear(look)
        Window.clearcolor = theme.PAGE
        self._build()
        if training:
            self._mark_edge()

    def _build(self) -> None:
        """Build what stands around every page, in the language in use."""
        self.header = Header(self._send)
        self._body = Slot()
        self._banner = Banner(lambda: self._send(DismissNotice()))
        self._frame = BoxLayout(orientation="vertical", spacing=theme.mm(theme.TOUCH_GAP))
        self._frame.padding = (
            theme.px(theme.MARGIN),
            theme.px(18),
            theme.px(theme.MARGIN),
            theme.px(24),
        )
        if self._training:
            self._mark_training()
        self._frame.add_widget(self.header)
        self._frame.add_widget(self._body)
        self.add_widget(self._frame)

    def render(self, desk: Desk) -> None:
        """Draw this desk. Only what is different from what is drawn already changes."""
        if (desk.station.language, desk.look) != (self._language, self._look):
            self._begin_anew(desk)
        self._desk = desk
        if desk.screen is not self._screen:
            self._turn_to(desk.screen)
        self.header.render(desk, self._now())
        assert self._page is not None
        before = self._page.notice
        self._page.render(desk)
        if before is not self._page.notice:
            before.put(None)
        self._show_about(desk)
        self._show_notice(desk, self._page)
        self._show_dialog(desk)
        self._darken(dark=desk.station.blanked)
        if self._training:
            self._coach.say(next_step(desk))

    def _begin_anew(self, desk: Desk) -> None:
        """Build everything in another language or look; pages follow when they are shown."""
        set_language(desk.station.language)
        theme.wear(desk.look)
        self._language, self._look = desk.station.language, desk.look
        Window.clearcolor = theme.PAGE
        self.clear_widgets()
        self._pages, self._page, self._screen, self._about = {}, None, None, None
        self._asked, self._dialog, self._cover = None, None, None
        self._build()

    def prepare(self, screen: Screen) -> None:
        """Build a page before it is needed, so that turning to it is swift."""
        if screen not in self._pages:
            self._pages[screen] = make_page(screen, self._send)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Every touch keeps the session open; one that follows a commit too closely no more."""
        if "button" in touch.profile and touch.button != "left":
            return True
        self._send(Touched())
        if self._cover is not None or guard.drops(*touch.pos):
            return True
        if self._dialog is not None:
            return bool(self._dialog.on_touch_down(touch))
        super().on_touch_down(touch)
        return True

    def _turn_to(self, screen: Screen) -> None:
        if self._page is not None:
            self._page.notice.put(None)
        if screen is Screen.LOCK:
            # Nothing of a child stays behind the lock, not even in widgets out of sight.
            self._pages = {s: page for s, page in self._pages.items() if s in NAMELESS}
        self.prepare(screen)
        self._screen, self._page = screen, self._pages[screen]
        self._body.put(self._page)

    def _show_notice(self, desk: Desk, page: Page) -> None:
        told = _notice(desk)
        if told is None:
            page.notice.put(None)
            return
        self._banner.show(*told)
        self._banner.size_hint_y = None if page.notice.hugs else 1
        if page.notice.hugs:
            self._banner.height = theme.px(BANNER_HEIGHT)
        page.notice.put(self._banner)

    def _show_about(self, desk: Desk) -> None:
        """Let what can be touched sleep where it stands for something else than before."""
        told = about(desk)
        if told != self._about:
            self._about, self._sure.message = told, None
            arrive(self)

    def _ask(self) -> None:
        """Show what is asked now, also where the desk is the same as before."""
        if self._desk is not None:
            self._show_dialog(self._desk)

    def _show_dialog(self, desk: Desk) -> None:
        asked = (self._sure.message, desk.screen, over.drawn_from(desk))
        if asked == self._asked:
            return
        self._asked = asked
        if self._dialog is not None:
            self.remove_widget(self._dialog)
            arrive(self)
        self._dialog = self._question(desk)
        if self._dialog is not None:
            let_go(self)
            self.add_widget(self._dialog)

    def _question(self, desk: Desk) -> Dialog | None:
        """The dialog over the page, if there is one."""
        if self._sure.message is not None:
            return self._sure.dialog(self._sure.message)
        return over.dialog(desk, self._send)

    def _darken(self, *, dark: bool) -> None:
        """Cover everything while nobody is there; the first touch only uncovers it."""
        if dark and self._cover is None:
            self._cover = Dark()
            let_go(self)
            self.add_widget(self._cover)
        elif not dark and self._cover is not None:
            self.remove_widget(self._cover)
            self._cover = None
            arrive(self)

    def _mark_training(self) -> None:
        bar = BoxLayout(size_hint_y=None, height=theme.px(TRAINING_HEIGHT))
        self._bar_paint = Paint(bar, theme.TRAINING, radius=8)
        bar.padding = (theme.px(18), 0)
        bar.add_widget(
            FitText(
                tr("OPPLÆRING – ikke ekte barn"),
                size=theme.BODY,
                weight="bold",
                colour=theme.ON_TRAINING,
                test_id="training",
                size_hint_x=0.6,
            )
        )
        self._coach = FitText(
            "", size=theme.BODY, colour=theme.ON_TRAINING, align="right", test_id="coach"
        )
        bar.add_widget(self._coach)
        self._frame.add_widget(bar)
        self._frame.padding[1] = theme.px(14)

    def _mark_edge(self) -> None:
        with self.canvas.after:
            Color(rgba=theme.TRAINING)
            self._edge = Stroke(width=theme.px(TRAINING_EDGE))
        self.fbind("pos", self._frame_edge)
        self.fbind("size", self._frame_edge)

    def _frame_edge(self, *_: Any) -> None:
        self._edge.rectangle = (self.x, self.y, self.width, self.height)


def _notice(desk: Desk) -> tuple[Tone, str] | None:
    """What the desk has to say; on the page of devices also what was plugged in."""
    if desk.front.notice is not None:
        return NOTICES[desk.front.notice][0], notice_text(
            desk.front.notice, desk.front.notice_value
        )
    if desk.screen is not Screen.STATUS or desk.station.new_device is None:
        return None
    new = desk.station.new_device
    if desk.user is not None:
        text = tr("Nytt utstyr: {name}. Trykk «Utstyr» for å sette det opp.")
    else:
        text = tr("Nytt utstyr: {name}. Adresse i oppsettet: {address}")
    return Tone.CALM, text.format(name=new.name, address=new.address)
