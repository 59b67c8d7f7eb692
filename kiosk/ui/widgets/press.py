"""The one thing that can be pressed. Everything touchable is built on it.

It acts on release; sliding off cancels. Right clicks do nothing. Each says of itself whether it
leads on, commits or answers (:class:`~kiosk.ui.touch_guard.Deed`), and sleeps accordingly after it
came to stand where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.input import MotionEvent
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.ui.touch_guard import Deed, guard
from kiosk.ui.widgets.paint import Waking


class Press(BoxLayout):
    """A touch target. ``act`` is called on release; ``look`` when pressed or enabled changes."""

    def __init__(
        self,
        act: Callable[[], None],
        *,
        deed: Deed = Deed.LEADS,
        test_id: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.act = act
        self.test_id = test_id
        self.deed = deed
        self.enabled = True
        self.down = False
        self.arrival = guard.arrival()
        self.awake = True
        self._waking: Waking | None = None
        self._touch: MotionEvent | None = None
        self.fbind("parent", self._placed)

    def arrive(self) -> None:
        """It came to stand here, or stands for something else now: sleep, and wake by itself."""
        self.let_go()
        self.arrival = guard.arrival()
        if self.deed is not Deed.LEADS and self.enabled:
            guard.rouse(self)

    def _placed(self, _: Widget, parent: Widget | None) -> None:
        if parent is not None:
            self.arrive()

    def wake(self, share: float) -> None:
        """Draw how far it has woken."""
        awake = share >= 1 or not self.enabled
        if awake is not self.awake:
            self.awake = awake
            self.look()
        if awake and self._waking is not None:
            self._waking.end()
            self._waking = None
        elif not awake:
            self._waking = self._waking or self.waking()
            self._waking.grow(share)

    def waking(self) -> Waking:
        """What grows while it wakes. Overridden by what is filled with a colour of its own."""
        return Waking(self, whole=False)

    def is_seen(self) -> bool:
        """Whether it is on the screen."""
        return self.get_root_window() is not None

    def enable(self, enabled: bool) -> None:  # noqa: FBT001 - a state, not an option
        """Let it be pressed, or not. What commits sleeps first: it was not there to be pressed."""
        if enabled == self.enabled:
            return
        self.enabled = enabled
        self.let_go()
        if not enabled:
            self.wake(1)
        elif self.deed is not Deed.LEADS:
            self.arrive()
        self.look()

    def look(self) -> None:
        """Draw the state: ``enabled``, ``awake`` and ``down``. Overridden by what has a look."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take a first finger that lands here; one that is disabled or asleep swallows it."""
        if not self.collide_point(*touch.pos):
            return False
        if not self.enabled or self._touch is not None or _is_other_button(touch):
            return True
        if guard.sleeps(self.deed, self.arrival):
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
            self.let_go()
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Act, if the finger is still here."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        was_held = self._touch is touch
        self.let_go()
        here = self.enabled and self.collide_point(*touch.pos)
        # A page that left the screen under the finger takes no more orders.
        if was_held and here and self.is_seen():
            self._do(touch)
        return True

    def _do(self, touch: MotionEvent) -> None:
        """Act. What commits or answers sleeps again, so that a trembling finger does it once."""
        if self.deed is Deed.COMMITS:
            guard.committed(*touch.pos)
        if self.deed is not Deed.LEADS:
            self.arrive()
        self.act()

    def let_go(self) -> None:
        """Forget the finger that lies on it."""
        self._touch = None
        self._set_down(down=False)

    def _set_down(self, *, down: bool) -> None:
        if down != self.down:
            self.down = down
            self.look()


def arrive(widget: Widget) -> None:
    """Put everything that can be pressed in this part of the screen to sleep for a moment."""
    for part in widget.walk(restrict=True):
        if isinstance(part, Press):
            part.arrive()


def let_go(widget: Widget) -> None:
    """Forget the finger that lies on anything in this part of the screen."""
    for part in widget.walk(restrict=True):
        if isinstance(part, Press):
            part.let_go()


def _is_other_button(touch: MotionEvent) -> bool:
    return "button" in touch.profile and touch.button != "left"
