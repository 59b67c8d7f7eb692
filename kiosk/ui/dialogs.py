"""The questions over a page: an odd value, how a length was taken, leaving unsaved values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.core.desk.drafts import Draft, Question
from kiosk.core.desk.messages import (
    AnswerOdd,
    Back,
    ChooseSlipLanguage,
    NotThisChild,
    PlaceChild,
    RejectOdd,
    Reprint,
)
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import Child, OddReason, Position
from kiosk.core.plausibility import Verdict
from kiosk.i18n import tr
from kiosk.ui import theme
from kiosk.ui.change_dialogs import change_dialog
from kiosk.ui.mark import mark
from kiosk.ui.phrases import born_text, value_text
from kiosk.ui.port import Send
from kiosk.ui.screens.page import footer
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, line, words
from kiosk.ui.wording import (
    FIRST_REASONS,
    ODD_REASONS,
    POSITIONS,
    REPRINT_REASONS,
    SLIP_LANGUAGE_NAMES,
    VERDICTS,
    quantity_text,
)


def open_dialog(desk: Desk, send: Send) -> Dialog | None:
    """The question the desk has, if it has one."""
    if desk.changing is not None and desk.screen is Screen.CHANGE and desk.changing.ready:
        return change_dialog(desk.changing, send)
    if desk.reprinting and desk.saved is not None:
        first = not desk.saved.copies
        return reprint(desk.saved.child, send, first=first)
    if desk.choosing_language and desk.saved is not None:
        return slip_languages(desk.languages, desk.saved.slip_language, send)
    child = desk.visit.child if desk.visit is not None else None
    if child is None:
        return None
    if desk.placing is not None:
        return placing(desk.placing, child, send)
    if desk.question is not None:
        return odd_value(desk.question, child, send)
    return leaving(child, send) if desk.leaving else None


@dataclass(frozen=True, slots=True)
class Words:
    """How a verdict is asked about: the question, the ways to say yes, and the way to say no."""

    question: str
    reasons: Mapping[OddReason, str]
    no: str


MISTYPED = Words(mark("Stemmer tallet?"), ODD_REASONS, mark("Nei, tallet er feil"))
IMPOSSIBLE = Words(mark("Tallet kan ikke stemme"), {}, mark("Mål på nytt"))
SAME = Words(
    mark("Er dette en ny veiing?"),
    {OddReason.READ_AGAIN: mark("Ja, barnet er veid på nytt")},
    mark("Nei, samme veiing"),
)
ASKED = {Verdict.IMPOSSIBLE: IMPOSSIBLE, Verdict.SAME_AS_LAST: SAME}


def odd_value(question: Question, child: Child, send: Send) -> Dialog:
    """Is the number right? The value very large, the reasons to keep it, and "no" bottom right."""
    draft = question.draft
    asked = ASKED.get(draft.verdict, MISTYPED)
    whose = f"{quantity_text(draft.quantity, draft.position)}  ·  {child.given_name}, "
    reject = PushButton(
        tr(asked.no), lambda: send(RejectOdd()), kind=Kind.PRIMARY, icon="x", test_id="reject"
    )
    yes = [_reasons(asked, send)] if asked.reasons else []
    return Dialog(
        line(tr(asked.question), theme.TITLE, 46, weight="bold"),
        line(whose + born_text(child.birth_date), theme.BODY, 36, colour=theme.SUBTLE),
        line(value_text(draft), 96, 136, weight="bold", test_id="odd-value"),
        words(tr(VERDICTS[draft.verdict]), 72),
        *yes,
        space(),
        footer(reject),
        width=1040,
        height=640 if asked.reasons else 520,
    )


def _reasons(asked: Words, send: Send) -> BoxLayout:
    buttons = [
        PushButton(
            tr(text),
            partial(send, AnswerOdd(reason)),
            size=theme.SMALL + 2,
            test_id=f"odd-{reason.value}",
        )
        for reason, text in asked.reasons.items()
    ]
    return row(*buttons, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH))


def placing(draft: Draft, child: Child, send: Send) -> Dialog:
    """Did the child lie or stand? A length is not a height, and the device cannot tell."""
    whose = f"{child.given_name}, {born_text(child.birth_date)}"
    answers = [
        PushButton(
            tr(POSITIONS[position]),
            partial(send, PlaceChild(position)),
            height_mm=theme.TOUCH_PRIMARY,
            test_id=f"placed-{position.value}",
        )
        for position in Position
    ]
    reject = PushButton(
        tr("Ikke bruk lengden"),
        lambda: send(PlaceChild(None)),
        icon="x",
        width=380,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="reject",
    )
    return Dialog(
        line(tr("Hvordan er barnet målt?"), theme.TITLE, 46, weight="bold"),
        line(whose, theme.BODY, 36, colour=theme.SUBTLE),
        line(value_text(draft), 96, 136, weight="bold", test_id="placed-value"),
        space(),
        row(*answers, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH_PRIMARY)),
        space(),
        footer(space(), reject),
        width=960,
        height=620,
    )


def leaving(child: Child, send: Send) -> Dialog:
    """Leave values that are not saved? Staying is the main action."""
    drop = PushButton(
        tr("Forkast målingene"),
        lambda: send(NotThisChild()),
        kind=Kind.DROP,
        icon="trash",
        width=330,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="drop",
    )
    stay = PushButton(
        tr("Bli her"), lambda: send(Back()), kind=Kind.PRIMARY, icon="arrow-left", test_id="stay"
    )
    told = tr("Målingene av {name} er ikke lagret. De blir borte hvis du går videre.")
    return Dialog(
        line(tr("Forlate barnet uten å lagre?"), theme.TITLE, 46, weight="bold"),
        words(told.format(name=child.given_name), 84),
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
    reasons = [
        PushButton(
            tr(text),
            partial(send, Reprint(reason)),
            size=theme.SMALL + 2,
            test_id=f"reprint-{reason.value}",
        )
        for reason, text in (FIRST_REASONS if first else REPRINT_REASONS).items()
    ]
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
        row(*reasons, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH)),
        space(),
        footer(stay),
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
            tr(SLIP_LANGUAGE_NAMES[code]),
            partial(send, ChooseSlipLanguage(code)),
            icon="check" if code == chosen else "",
            size_hint_y=1,
            test_id=f"language-{code}",
        )
        for code in codes
    ]
    filled = [*buttons, *(space() for _ in range(A_ROW - len(buttons)))]
    return row(*filled, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH))
