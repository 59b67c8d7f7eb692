"""A reason is chosen first, and what acts for it lies at another place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from kivy.uix.boxlayout import BoxLayout

from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips

Key = TypeVar("Key")

YES_WIDTH = 370


class Why(Generic[Key]):
    """Reasons, of which a touch chooses one and does no more, and the button that then acts."""

    def __init__(
        self,
        reasons: Sequence[tuple[Key, str]],
        act: Callable[[Key], None],
        yes: PushButton,
        *,
        test_id: str,
        enabled: bool = True,
    ) -> None:
        self._act, self._yes, self._says = act, yes, yes.label.text
        self._chosen: Key | None = None
        self.reasons: Chips[Key] = Chips(reasons, self._choose, test_id=test_id)
        self.reasons.show(None, enabled=enabled)
        yes.act = self._do
        yes.enable(enabled=False)
        yes.say(tr("Velg en grunn") if enabled else tr("Lagrer …"))

    def _choose(self, reason: Key) -> None:
        self._chosen = reason
        self.reasons.show(reason)
        self._yes.say(self._says)
        self._yes.enable(enabled=True)

    def _do(self) -> None:
        if self._chosen is not None:
            self._act(self._chosen)


def yes_button(text: str, icon: str, *, kind: Kind = Kind.DROP) -> PushButton:
    """The button that acts for the reason; red where something is lost by it."""
    return PushButton(
        text,
        lambda: None,
        kind=kind,
        deed=Deed.COMMITS,
        icon=icon,
        width=YES_WIDTH,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="confirm",
    )


def apart(stay: PushButton, yes: PushButton) -> BoxLayout:
    """The foot of a question: what is harmless where the hand is, what acts at the other side."""
    between = (space(), yes) if theme.left_handed() else (yes, space())
    return footer(stay, *between)
