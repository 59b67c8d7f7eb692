"""Draws and prints slips for the desk, on the workers' threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from kiosk.desk.drafts import SavedVisit
from kiosk.desk.messages import News
from kiosk.desk.registering import Carrier, carries_out
from kiosk.features.appearance import GiveTicket, TicketPrinted
from kiosk.features.slip import DrawSlip, PrintVisit, SlipChanged, SlipPreviewed
from kiosk.model.slip import SlipPicture, SlipState
from kiosk.store.store import Store

if TYPE_CHECKING:
    pass


class Press(Protocol):
    """Draws and prints slips; where the printer is, is known above."""

    def print_slip(self, saved: SavedVisit, copy: int) -> None:
        """Queue the slip of a saved visit; ``copy`` is 0 for the first."""

    def preview(self, saved: SavedVisit, copy: int) -> SlipPicture:
        """The slip as it would be printed."""

    def print_ticket(self, number: int) -> None:
        """Queue a queue ticket with this number."""


class SlipEffects:
    """Slips and tickets. ``press`` may wait for what is being started; ``None``: no printer."""

    def __init__(
        self, store: Store, press: Callable[[], Press | None], post: Callable[[News], None]
    ) -> None:
        self._store = store
        self._press = press
        self._post = post
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(PrintVisit, self._print),
            carries_out(DrawSlip, self._draw_slip),
            carries_out(GiveTicket, self._give_ticket),
        )

    def _print(self, effect: PrintVisit) -> None:
        press = self._press()
        if press is None:
            self._post(SlipChanged(effect.saved.id, SlipState.FAILED))
            return
        press.print_slip(effect.saved, effect.copy)

    def _draw_slip(self, effect: DrawSlip) -> None:
        press = self._press()
        if press is not None:
            picture = press.preview(effect.saved, effect.copy)
            self._post(SlipPreviewed(effect.saved.id, picture))

    def _give_ticket(self, effect: GiveTicket) -> None:
        press = self._press()
        if press is not None:
            number = self._store.next_ticket(effect.day)
            press.print_ticket(number)
            self._post(TicketPrinted(number))
