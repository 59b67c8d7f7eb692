"""Words about messages to the journal: interfaces and why one is given up."""

from __future__ import annotations

from kiosk.language.texts import tr
from kiosk.model.interfaces import INTERFACES
from kiosk.model.outbox import DiscardReason
from kiosk.ui.words.mark import mark


def interface_name(adapter: str) -> str:
    """The name of an interface; nothing for none."""
    known = INTERFACES.get(adapter)
    return tr(known.name) if known is not None else adapter


DISCARD_REASONS: dict[DiscardReason, str] = {
    DiscardReason.ALREADY_THERE: mark("Står alt i journalen"),
    DiscardReason.MEASURED_AGAIN: mark("Målt på nytt"),
    DiscardReason.WRONG: mark("Målingen er feil"),
    DiscardReason.ONLY_A_TRY: mark("Var bare en prøve"),
}
