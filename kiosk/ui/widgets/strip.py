"""The status line, a strip: scale, printer and what is unsent. Quiet when all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from kivy.uix.boxlayout import BoxLayout

from kiosk.language.texts import tr, trn
from kiosk.model.lists import Strip
from kiosk.model.outbox import JournalState, figure
from kiosk.ui import theme, tones
from kiosk.ui.tones import Sign, Tone
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import Press
from kiosk.ui.widgets.text import BoxText
from kiosk.ui.words.devices import JOURNALS, PAPERS
from kiosk.ui.words.phrases import short_time_text
from kiosk.ui.words.scale import link_sign

PATIENCE = timedelta(minutes=5)
"""A message waiting for longer than this is worth a look."""

WIDTH = 156


class Segment(BoxLayout):
    """One state: an icon and a word or two. Only trouble has a coloured ground."""

    def __init__(self, *, test_id: str) -> None:
        super().__init__(spacing=theme.px(6), padding=(theme.px(8), theme.px(2)))
        self.paint = Paint(self, theme.CLEAR, radius=10)
        self._icon = Icon("circle-dashed", size=26, colour=theme.SUBTLE)
        self._word = BoxText("", size=18, weight="semibold", test_id=test_id)
        self.add_widget(self._icon)
        self.add_widget(self._word)

    def show(self, sign: Sign, text: str) -> None:
        """Show this state in these (translated) words."""
        trouble = sign.tone in {Tone.WARN, Tone.BAD}
        ink = tones.ink(sign.tone) if trouble else theme.SUBTLE
        self.paint.set(tones.ground(sign.tone) if trouble else theme.CLEAR)
        self._icon.show(sign.icon, ink)
        self._word.say(text, ink)


class StatusStrip(Press):
    """Three states side by side; a touch opens the status page."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__(
            act, spacing=theme.px(8), size_hint_x=None, width=theme.px(3 * WIDTH), test_id="strip"
        )
        self.paint = Paint(self, theme.CLEAR)
        self._scale = Segment(test_id="strip-scale")
        self._printer = Segment(test_id="strip-printer")
        self._sending = Segment(test_id="strip-sending")
        for segment in (self._scale, self._printer, self._sending):
            self.add_widget(segment)

    def look(self) -> None:
        """Draw the state."""
        self.paint.set(theme.SUNKEN if self.down else theme.CLEAR)

    def show(self, strip: Strip, now: datetime) -> None:
        """Show how things stand."""
        for segment, sign in (
            (self._scale, link_sign(strip.scale, strip.scale_hint)),
            (self._printer, PAPERS[strip.printer]),
        ):
            segment.show(sign, tr(sign.word))
        self._sending.show(*sending(strip, now))


def sending(strip: Strip, now: datetime) -> tuple[Sign, str]:
    """What to say about sending: a stop first, then what a person must see, then what waits."""
    counts = strip.counts
    if strip.journal is JournalState.STOPPED:
        sign = JOURNALS[JournalState.STOPPED]
        return sign, tr(sign.word)
    if counts.parked:
        sign = Sign("alert-triangle", Tone.BAD, "")
        return sign, trn("{n} må ses på", "{n} må ses på", counts.parked, figure(counts.parked))
    if counts.waiting:
        return _waiting(strip, now)
    sign = JOURNALS[strip.journal]
    return sign, tr("Alt sendt") if strip.journal is JournalState.REACHABLE else tr(sign.word)


def _waiting(strip: Strip, now: datetime) -> tuple[Sign, str]:
    counts = strip.counts
    since = counts.oldest_waiting or now
    late = now - since > PATIENCE or strip.journal is JournalState.UNREACHABLE
    sign = Sign("cloud-off", Tone.WARN, "") if late else Sign("clock", Tone.CALM, "")
    text = trn("{n} venter", "{n} venter", counts.waiting, figure(counts.waiting))
    return sign, f"{text}\n{short_time_text(since, now)}" if late else text
