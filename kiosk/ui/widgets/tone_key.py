"""A key for one tone: its frequency, and how it was answered in words, never in colour alone."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.ui import theme
from kiosk.ui.theme import Rgba
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.paint import Paint
from kiosk.ui.widgets.press import Press
from kiosk.ui.widgets.text import FitText, stand


class ToneKey(Press):
    """Frequency above, answer below. The tone that is asked for now has a thick edge."""

    def __init__(
        self, hz: int, act: Callable[[], None], *, test_id: str, deed: Deed = Deed.LEADS
    ) -> None:
        super().__init__(
            act,
            deed=deed,
            orientation="vertical",
            padding=(theme.px(4), theme.px(2)),
            test_id=test_id,
        )
        self.paint = Paint(self, theme.SURFACE, theme.BORDER)
        self._hz = FitText(str(hz), size=theme.SMALL, least=18, align="center", colour=theme.SUBTLE)
        self._answer = FitText(
            "",
            size=theme.BODY,
            least=18,
            weight="bold",
            align="center",
            test_id=f"{test_id}-answer",
        )
        stand(self._hz, 25)
        self.add_widget(self._hz)
        self.add_widget(self._answer)
        self._ink, self._current = theme.INK, False

    def show(self, answer: str, ink: Rgba, *, current: bool) -> None:
        """Show the answer, and whether this tone is asked for now."""
        self._answer.say(answer, ink)
        if (ink, current) != (self._ink, self._current):
            self._ink, self._current = ink, current
            self.look()

    def look(self) -> None:
        """Draw the state."""
        fill = theme.PRIMARY_SOFT if self.down or self._current else theme.SURFACE
        edge = theme.PRIMARY if self._current else theme.BORDER
        self.paint.set(fill, edge, 4 if self._current else 2)
