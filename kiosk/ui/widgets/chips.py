"""A choice of one among a few, all visible. The chosen one has a tick, not only a colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import theme
from kiosk.ui.widgets.button import Kind, PushButton

Key = TypeVar("Key")


class Chip(PushButton):
    """One choice."""

    chosen = False

    def choose(self, *, chosen: bool) -> None:
        """Show whether this is the chosen one."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.look()

    def look(self) -> None:
        """Draw the state."""
        super().look()
        if self.enabled and self.chosen:
            self.paint.set(theme.PRIMARY_SOFT, theme.PRIMARY, 3)
            self.label.color = theme.PRIMARY
        elif self.enabled:
            self.paint.set(self.paint.fill, self.paint.line, 2)
        if self.icon is not None:
            self.icon.show("check", theme.PRIMARY if self.chosen else theme.CLEAR)
            self.icon_room = self.chosen
            self.icon.opacity = 1 if self.chosen else 0
            self.do_layout()


class Chips(BoxLayout, Generic[Key]):
    """The choices side by side. ``choose`` is called with the key of the touched one."""

    def __init__(
        self,
        choices: Sequence[tuple[Key, str]],
        choose: Callable[[Key], None],
        *,
        test_id: str,
        height_mm: float = theme.TOUCH,
    ) -> None:
        super().__init__(
            spacing=theme.mm(theme.TOUCH_GAP), size_hint_y=None, height=theme.mm(height_mm)
        )
        self._chips: dict[Key, Chip] = {}
        for key, text in choices:
            chip = Chip(
                text,
                partial(choose, key),
                kind=Kind.SECONDARY,
                icon="check",
                icon_size=26,
                tight=True,
                size=theme.BODY,
                size_hint_y=1,
                test_id=f"{test_id}-{key}",
            )
            self._chips[key] = chip
            self.add_widget(chip)

    def show(self, key: Key | None, *, enabled: bool = True) -> None:
        """Show which one is chosen."""
        for one, chip in self._chips.items():
            chip.choose(chosen=one == key)
            chip.enable(enabled)
