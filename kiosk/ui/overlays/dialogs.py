"""The questions over a page: an odd value, how a length was taken, leaving unsaved values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.desk.drafts import Question, SavedVisit, VisitDraft
from kiosk.desk.over import Ask, Placing, Preview, Second, SlipLanguages
from kiosk.features.going_back import Back
from kiosk.features.identity import NotThisChild
from kiosk.features.slip import ChooseSlipLanguage, PrintSlip, Reprint
from kiosk.language.known import KNOWN
from kiosk.language.texts import tr
from kiosk.model.slip import SlipPicture
from kiosk.model.visit import Child
from kiosk.ui import theme
from kiosk.ui.overlays.values import odd_value, placing, second_reading
from kiosk.ui.pages.page import footer
from kiosk.ui.parts.reasons import Why, apart, yes_button
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, line, words
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text import Text
from kiosk.ui.words.desk import FIRST_REASONS, REPRINT_REASONS
from kiosk.ui.words.phrases import born_text


def value_dialog(visit: VisitDraft, over: Question | Placing | Second, send: Send) -> Dialog:
    """The question about a value that was taken."""
    match over:
        case Placing(draft=draft):
            return placing(draft, visit.child, send)
        case Second(draft=draft):
            return second_reading(visit, draft, send)
    return odd_value(over, visit.child, send, visit.before(over.draft.quantity))


def saved_dialog(saved: SavedVisit, over: Preview | SlipLanguages | Ask, send: Send) -> Dialog:
    """What lies over the page of a saved visit."""
    match over:
        case Preview(picture=picture):
            return slip_preview(picture, saved.child, send)
        case SlipLanguages(languages=codes):
            return slip_languages(codes, saved.slip_language, send)
    return reprint(saved.child, send, first=not saved.copies)


def old_work(send: Send) -> Dialog:
    """Work of another day was begun and never saved. Going on is the main action."""
    told = tr(
        "Dette ble begynt en annen dag og er ikke lagret. Kontroller at det fortsatt gjelder."
    )
    stay = _stay(tr("Fortsett"), "check", send)
    return _stay_or_drop(tr("Vil du fortsette der du slapp?"), told, stay, send)


def leaving(child: Child, send: Send) -> Dialog:
    """Leave values that are not saved? Staying is the main action."""
    told = tr("Målingene av {name} er ikke lagret. De blir borte hvis du går videre.")
    stay = _stay(tr("Bli her"), "arrow-left", send)
    title = tr("Forlate barnet uten å lagre?")
    return _stay_or_drop(title, told.format(name=child.given_name), stay, send)


def _stay(text: str, icon: str, send: Send) -> PushButton:
    return PushButton(
        text,
        lambda: send(Back()),
        kind=Kind.PRIMARY,
        deed=Deed.LEADS,
        icon=icon,
        test_id="stay",
    )


def _stay_or_drop(title: str, told: str, stay: PushButton, send: Send) -> Dialog:
    drop = PushButton(
        tr("Forkast målingene"),
        lambda: send(NotThisChild()),
        kind=Kind.DROP,
        icon="trash",
        width=330,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="drop",
    )
    return Dialog(
        line(title, theme.TITLE, 46, weight="bold"),
        words(told, 84),
        space(),
        footer(stay, drop, space()),
        width=960,
        height=360,
    )


def reprint(child: Child, send: Send, *, first: bool) -> Dialog:
    """Why is another slip wanted? Each is a paper about a child that somebody may find.

    ``first`` is the first one of a protected child, which is not printed without a thought.
    """
    why = tr("Barnet er skjermet. Hvorfor trengs et måleark?") if first else ""
    told = tr("Skriv ut måleark") if first else tr("Skriv ut en kopi")
    yes = yes_button(told, "printer", kind=Kind.PRIMARY)
    reasons = Why(
        [(one, tr(text)) for one, text in (FIRST_REASONS if first else REPRINT_REASONS).items()],
        lambda reason: send(Reprint(reason)),
        yes,
        test_id="reprint",
    )
    stay = PushButton(
        tr("Ikke skriv ut"),
        lambda: send(Back()),
        icon="arrow-left",
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )
    return Dialog(
        line(why or tr("Hvorfor trengs en kopi?"), theme.TITLE, 46, weight="bold"),
        line(
            f"{child.given_name}, {born_text(child.birth_date)}",
            theme.BODY,
            36,
            colour=theme.SUBTLE,
        ),
        space(),
        reasons.reasons,
        space(),
        apart(stay, yes),
        width=1100,
        height=440,
    )


A_ROW = 3
"""Languages side by side; nine of them are three rows."""


def slip_languages(codes: Sequence[str], chosen: str, send: Send) -> Dialog:
    """In which language do the parents want the slip?"""
    rows = range(0, len(codes), A_ROW)
    back = PushButton(
        tr("Tilbake"),
        lambda: send(Back()),
        icon="arrow-left",
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )
    return Dialog(
        line(tr("Hvilket språk skal målearket ha?"), theme.TITLE, 46, weight="bold"),
        space(),
        _languages(codes, chosen, send),
        space(),
        footer(back),
        width=960,
        height=300 + 112 * len(rows),
    )


def _languages(codes: Sequence[str], chosen: str, send: Send) -> BoxLayout:
    rows = [codes[place : place + A_ROW] for place in range(0, len(codes), A_ROW)]
    box = column(*(_language_row(some, chosen, send) for some in rows), size_hint_y=None)
    box.spacing = theme.mm(theme.TOUCH_GAP)
    box.height = len(rows) * theme.mm(theme.TOUCH) + (len(rows) - 1) * box.spacing
    return box


def _language_row(codes: Sequence[str], chosen: str, send: Send) -> BoxLayout:
    buttons: list[Widget] = [
        PushButton(
            tr(KNOWN[code].said),
            partial(send, ChooseSlipLanguage(code)),
            icon="check" if code == chosen else "",
            size_hint_y=1,
            test_id=f"language-{code}",
        )
        for code in codes
    ]
    filled = [*buttons, *(space() for _ in range(A_ROW - len(buttons)))]
    return row(*filled, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH))


SHEET_HEIGHT = 560
"""Design pixels for the picture of a slip, however long it is."""


def slip_preview(picture: SlipPicture, child: Child, send: Send) -> Dialog:
    """What the slip would look like, and the button that prints it."""
    show = PushButton(
        tr("Skriv ut"),
        lambda: send(PrintSlip()),
        kind=Kind.PRIMARY,
        icon="printer",
        test_id="print-shown",
    )
    back = PushButton(
        tr("Tilbake"),
        lambda: send(Back()),
        icon="arrow-left",
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )
    show.size_hint_x = back.size_hint_x = 1
    told = column(
        Text(tr("Slik blir målearket"), size=theme.TITLE, weight="bold"),
        Text(
            f"{child.given_name}, {born_text(child.birth_date)}",
            size=theme.BODY,
            colour=theme.SUBTLE,
        ),
        space(),
        show,
        back,
        gap=theme.GAP,
    )
    return Dialog(
        row(Sheet(picture, height=theme.px(SHEET_HEIGHT)), told, gap=48),
        width=1000,
        height=SHEET_HEIGHT + 80,
    )
