"""The one switch from what lies over the page to the dialog that draws it.

The module of a dialog waits for the first time it is needed.
"""

from __future__ import annotations

from typing import assert_never

from kiosk.desk.drafts import ChangeDraft, Question
from kiosk.desk.hearing_work import Left
from kiosk.desk.over import Aside, Ask, Doubt, LookedAt, Placing, Preview, Second, SlipLanguages
from kiosk.desk.state import Desk
from kiosk.hearing.follow_up import Settling
from kiosk.hearing.receiving import Received
from kiosk.ui.port import Send
from kiosk.ui.widgets.dialog import Dialog


def drawn_from(desk: Desk) -> tuple[object, ...] | None:
    """Everything the dialog is drawn from. Equal: it is drawn already."""
    over = desk.over
    if over is None:
        return None
    listed = desk.page if isinstance(over, LookedAt) else None
    return over, desk.look, desk.user, listed


def dialog(desk: Desk, send: Send) -> Dialog | None:
    """The dialog of what lies over the page, if anything does."""
    match desk.over:
        case None:
            return None
        case Aside() as aside:
            from kiosk.ui.overlays.help_and_appearance import aside_dialog

            return aside_dialog(desk, aside, send)
        case Doubt(what=what):
            from kiosk.ui.overlays.doubts import doubt_dialog

            return doubt_dialog(desk, what, send)
        case LookedAt() as looked_at:
            from kiosk.ui.overlays.messages import message_dialog

            return message_dialog(desk, looked_at, send)
        case ChangeDraft() as change:
            from kiosk.ui.overlays.change import change_dialog

            return change_dialog(change, send)
        case Ask.PROTOCOLS | Ask.STOPPING | Settling() | Received() | Left() as asked:
            return _of_hearing(desk, asked, send)
        case asked:
            return _of_visit(desk, asked, send)


def _of_hearing(desk: Desk, asked: Ask | Settling | Received | Left, send: Send) -> Dialog | None:
    from kiosk.ui.overlays import hearing as dialogs

    match asked:
        case Settling():
            return dialogs.settling(desk, asked, send)
        case Received():
            return dialogs.several_answers(asked, send)
        case Left():
            return dialogs.unfinished(asked, send)
        case Ask.STOPPING:
            return dialogs.stopping(send)
    work = desk.hearing
    return dialogs.protocols(work, desk.station.protocols, send) if work is not None else None


def _of_visit(
    desk: Desk, asked: Ask | Question | Placing | Second | Preview | SlipLanguages, send: Send
) -> Dialog | None:
    from kiosk.ui.overlays import dialogs

    visit, saved = desk.visit, desk.saved
    match asked:
        case Ask.OLD_WORK:
            return dialogs.old_work(send)
        case Question() | Placing() | Second():
            return dialogs.value_dialog(visit, asked, send) if visit is not None else None
        case Ask.LEAVING:
            return dialogs.leaving(visit.child, send) if visit is not None else None
        case Preview() | SlipLanguages() | Ask():
            return dialogs.saved_dialog(saved, asked, send) if saved is not None else None
    assert_never(asked)
