"""The lines of a scale that says one a weighing: what the page says of them, and the choice."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kivy.uix.boxlayout import BoxLayout

from drivers.driver import Rhythm
from kiosk.features.measure import TakeWeight
from kiosk.language.texts import NO_BREAK_SPACE, kg_text, tr
from kiosk.ui import theme
from kiosk.ui.port import Send
from kiosk.ui.tones import Sign
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.words.scale import COMPARE, HOLDS, READY, TAKEN, Weighed
from kiosk.ui.words.scale_lines import (
    NOT_AT_REST,
    ON_DISPLAY,
    PRESS_PRINT,
    SENT_AT,
    SENT_BEFORE,
    SEVERAL,
    WEIGH_ONCE_MORE,
    WHO,
)
from kiosk.weighing.gate import Hold, Offer, Weighing

SHOWN = 2
"""So many lines have a button; an older one comes up when one of them is used."""

REST = frozenset({Hold.MOVING, Hold.RESTLESS})


def clock(line: Offer) -> str:
    """When the line came, on the station's own clock."""
    return f"{line.reading.wall.astimezone():%H:%M}"


def is_choice(weighing: Weighing) -> bool:
    """Whether lines wait of which a person has to choose."""
    return len(weighing.lines) > 1 or (weighing.offer is None and bool(weighing.lines))


def line_sign(
    weighing: Weighing, weighed: Weighed, opening: UUID | None, name: str, *, again: bool
) -> Sign:
    """What to say of a scale of this rhythm, with the advice in the words of what is weighed."""
    offer = weighing.offer
    if offer is None:
        return _waiting(weighing, weighed, again=again)
    if len(weighing.lines) > 1:
        return _said(SEVERAL, tr(SEVERAL.advice))
    if offer.opening != opening:
        return _said(WHO, tr(SENT_BEFORE).format(time=clock(offer), name=name))
    sent = tr(SENT_AT).format(time=clock(offer))
    return _said(COMPARE, f"{sent} {tr(ON_DISPLAY)}") if offer.compare else _said(READY, sent)


def _waiting(weighing: Weighing, weighed: Weighed, *, again: bool) -> Sign:
    hold = weighing.hold
    if again and hold is Hold.NO_LINE:
        return _said(TAKEN, tr(WEIGH_ONCE_MORE))
    if hold in {Hold.NO_LINE, Hold.EMPTY}:
        return _said(HOLDS[Hold.NO_LINE], f"{tr(weighed.put_on)} {tr(PRESS_PRINT)}")
    return _said(HOLDS[hold], tr(NOT_AT_REST)) if hold in REST else HOLDS[hold]


def _said(sign: Sign, advice: str) -> Sign:
    return replace(sign, advice=advice)


class LineChoice(BoxLayout):
    """A button for each of the newest lines, with its number and when it came."""

    def __init__(self, send: Send) -> None:
        super().__init__(spacing=theme.px(theme.GAP))
        self._send = send
        self._buttons = tuple(self._button(place) for place in range(SHOWN))
        self._lines: tuple[Offer, ...] = ()

    def _button(self, place: int) -> PushButton:
        return PushButton(
            "",
            lambda: self._take(place),
            size=theme.LARGE,
            height_mm=theme.TOUCH_PRIMARY,
            deed=Deed.COMMITS,
            test_id=f"line-{place}",
        )

    def _take(self, place: int) -> None:
        self._send(TakeWeight(self._lines[place].key))

    def show(self, weighing: Weighing) -> None:
        """Offer these lines, the older one first."""
        lines = weighing.lines[-SHOWN:]
        if lines == self._lines:
            return
        self._lines = lines
        self.clear_widgets()
        for button, line in zip(self._buttons, lines, strict=False):
            said = f"{kg_text(line.text, line.unit)}{NO_BREAK_SPACE}· {clock(line)}"
            button.say(said if len(lines) > 1 else tr("Bruk {value}").format(value=said))
            self.add_widget(button)


def speaks_once(weighing: Weighing) -> bool:
    """Whether the page follows lines, not a live number."""
    return weighing.rhythm is Rhythm.ONCE
