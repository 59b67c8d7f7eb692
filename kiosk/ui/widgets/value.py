"""The live value: digits of equal width, the unit on the same line, readable from 1.5 m."""

from __future__ import annotations

from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import theme
from kiosk.ui.widgets.text import FitText, Line

UNIT_SIZE = 48
UNIT_ROOM = 168
"""Room right of the number: number and unit stand together in the middle of the card."""


class Digits(FitText):
    """Digits and a comma: they have no accents, so their box may be lower than a line."""

    ink_share = 1 / theme.LINE_HEIGHT

    def _grown(self) -> int:
        """They are as large as the card allows already."""
        return 0


class Value(BoxLayout):
    """A number and its unit, as sent."""

    def __init__(self, *, size: float = theme.HUGE, unit: float = UNIT_SIZE) -> None:
        super().__init__(spacing=theme.px(16), size_hint_y=None, height=theme.px(size))
        self.number = Digits(
            "–", size=size, least=48, weight="semibold", align="right", test_id="value-number"
        )
        self.unit = Line("kg", size=unit, colour=theme.SUBTLE, test_id="value-unit")
        self.unit.size_hint = (None, None)
        # Both stand on one line of writing: a font's depth below it grows with its size.
        self.unit.height = theme.px(unit * theme.LINE_HEIGHT)
        lift = self.height / 2 - theme.px(size * (theme.LINE_HEIGHT / 2 - theme.DESCENT))
        self.unit_lift = lift - theme.px(unit * theme.DESCENT)
        self.add_widget(self.number)
        self._unit_box = BoxLayout(
            orientation="vertical", size_hint=(None, 1), width=theme.px(UNIT_ROOM)
        )
        self._unit_box.padding = (0, 0, 0, self.unit_lift)
        self._unit_box.add_widget(BoxLayout())
        self._unit_box.add_widget(self.unit)
        self.add_widget(self._unit_box)

    def show(self, number: str, unit: str, *, taken_for_good: bool) -> None:
        """Show this value; a value that may not be taken is drawn paler."""
        self.number.say(number, theme.INK if taken_for_good else theme.SUBTLE)
        self.unit.say(unit)
