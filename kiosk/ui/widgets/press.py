"""The one thing that can be pressed. Everything touchable is built on it.

It acts on release; sliding off cancels. A commit button takes no second press within
300 ms, so that a trembling finger saves once. Right clicks do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.uix.boxlayout import BoxLayout

DEBOUNCE_SECONDS = 0.3


class Press(BoxLayout):
    """A touch target. ``act`` is called on release; ``look`` when pressed or enabled changes."""

    def __init__(
        self,
        act: Callable[[], None],
        *,
        commit: bool = False,
        test_id: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.act = act
        self.test_id = test_id
        self.enabled = True
        self.down = False
        self._commit = commit
        self._acted_at = -DEBOUNCE_SECONDS
        self._touch: MotionEvent | None = None

    def enable(self, enabled: bool) -> None:  # noqa: FBT001 - a state, not an option
        """Let it be pressed, or not."""
        if enabled != self.enabled:
            self.enabled = enabled
            self._let_go()
            self.look()

    def look(self) -> None:
        """Draw the state: ``enabled`` and ``down``. Overridden by what has a look."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take a first finger that lands here; a disabled target swallows it."""
        if not self.collide_point(*touch.pos):
            return False
        if not self.enabled or self._touch is not None or _is_other_button(touch):
            return True
        self._touch = touch
        touch.grab(self)
        self.pressed()
        self._set_down(down=True)
        return True

    def pressed(self) -> None:
        """The finger has landed. Overridden by what must remember what it was shown with."""

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Sliding off lets go; sliding back does not press again."""
        if touch.grab_current is not self:
            return False
        if not self.collide_point(*touch.pos):
            self._let_go()
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Act, if the finger is still here."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        was_held = self._touch is touch
        self._let_go()
        here = self.enabled and self.collide_point(*touch.pos)
        # A page that left the screen under the finger takes no more orders.
        if was_held and here and self.get_root_window() is not None and not self._too_soon():
            self.act()
        return True

    def _too_soon(self) -> bool:
        now = Clock.get_time()
        if self._commit and now - self._acted_at < DEBOUNCE_SECONDS:
            return True
        self._acted_at = now
        return False

    def _let_go(self) -> None:
        self._touch = None
        self._set_down(down=False)

    def _set_down(self, *, down: bool) -> None:
        if down != self.down:
            self.down = down
            self.look()


def _is_other_button(touch: MotionEvent) -> bool:
    return "button" in touch.profile and touch.button != "left"
