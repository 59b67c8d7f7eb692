"""A field of the child form: label, what is typed, what is wrong. A touch makes it active."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.ui import theme
from kiosk.ui.widgets.boxes import row
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import Press
from kiosk.ui.widgets.text import BoxText, FitText, Text


class Field(Press):
    """Shows text; never takes keys itself. The note below says what is wrong, or gives a hint."""

    def __init__(self, label: str, act: Callable[[], None], *, test_id: str) -> None:
        super().__init__(
            act,
            orientation="vertical",
            padding=(theme.px(18), theme.px(10)),
            spacing=theme.px(2),
            test_id=test_id,
        )
        self.paint = Paint(self, theme.SURFACE, theme.BORDER)
        self._label = Text(label, size=theme.SMALL, colour=theme.SUBTLE, weight="semibold")
        self._value = FitText("", size=32, weight="semibold", test_id=f"{test_id}-value")
        self._icon = Icon("info-circle", size=26, colour=theme.CLEAR)
        self._note = BoxText("", size=theme.SMALL, colour=theme.SUBTLE, test_id=f"{test_id}-note")
        self.add_widget(self._label)
        self.add_widget(self._value)
        self.add_widget(row(self._icon, self._note, gap=8, size_hint_y=None, height=theme.px(64)))

    def show(
        self, text: str, *, empty: str, active: bool, fault: str = "", hint: str = "", good: bool
    ) -> None:
        """Show what is typed (or ``empty``), and the fault or the hint below it."""
        self._value.say(text or empty, theme.INK if text else theme.SUBTLE)
        if fault:
            self._note.say(fault, theme.BAD)
            self._icon.show("alert-triangle", theme.BAD)
        elif good:
            self._note.say(hint, theme.GOOD)
            self._icon.show("circle-check", theme.GOOD)
        else:
            self._note.say(hint, theme.SUBTLE)
            self._icon.show("info-circle", theme.SUBTLE if hint else theme.CLEAR)
        if active:
            self.paint.set(theme.SURFACE, theme.BAD if fault else theme.PRIMARY, 4)
        else:
            self.paint.set(theme.SURFACE, theme.BAD if fault else theme.BORDER, 2)
