"""What one touch would do for good is asked about once more, whichever page it is on.

Only where no question of its own comes first: a withdrawal, a message given up and a child that is
taken off the follow-up list ask for a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kiosk.desk.messages import Touch
from kiosk.features.change import MadeByHand
from kiosk.features.hearing.audiogram import DropHearing
from kiosk.features.hearing.receive import DropArrival
from kiosk.language.texts import tr
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.parts.reasons import yes_button
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, line, words
from kiosk.ui.words.mark import mark


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, what becomes of it, and what the button is called and looks like."""

    question: str
    told: str
    yes: str
    icon: str
    kind: Kind = Kind.DROP


SURE: dict[type, Asked] = {
    DropArrival: Asked(
        mark("Forkaste resultatet?"),
        mark("Det kan ikke hentes fram igjen her."),
        mark("Forkast"),
        "trash",
    ),
    DropHearing: Asked(
        mark("Forkaste testen som ble avbrutt?"),
        mark("Svarene som er tatt opp, blir borte."),
        mark("Forkast testen"),
        "trash",
    ),
    MadeByHand: Asked(
        mark("Er det rettet i journalen?"),
        mark("Stasjonen sender ikke mer om dette. Navnet ditt blir notert."),
        mark("Ja, det er rettet"),
        "check",
        Kind.PRIMARY,
    ),
}
"""By what would be sent."""


class Sure:
    """Hands touches on; keeps back one that is asked about until a person is sure.

    ``show`` draws the question, or takes it away.
    """

    def __init__(self, hand_on: Send, show: Callable[[], object]) -> None:
        self._hand_on, self._show = hand_on, show
        self.message: Touch | None = None

    def send(self, message: Touch) -> None:
        """Hand it on, or ask."""
        if type(message) not in SURE:
            self._hand_on(message)
            return
        self.message = message
        self._show()

    def dialog(self, message: Touch) -> Dialog:
        """The question: what is harmless under the hand, what acts above and at the other side."""
        asked = SURE[type(message)]
        yes = yes_button(tr(asked.yes), asked.icon, kind=asked.kind)
        yes.act = partial(self.close, message)
        back = PushButton(
            tr("Nei"),
            self.close,
            icon="arrow-left",
            height_mm=theme.TOUCH_PRIMARY,
            test_id="stay",
        )
        return Dialog(
            line(tr(asked.question), theme.TITLE, 46, weight="bold"),
            words(tr(asked.told), 84),
            # Lists have their buttons at the right for either hand.
            row(yes, space(), size_hint_y=None, height=yes.height),
            space(),
            footer(back),
            width=960,
            height=580,
        )

    def close(self, message: Touch | None = None) -> None:
        """Take the question away, and hand on what a person is sure of."""
        self.message = None
        self._show()
        if message is not None:
            self._hand_on(message)
