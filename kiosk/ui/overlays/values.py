"""The questions about a value: an odd number, how a length was taken, a further reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.desk.drafts import Draft, Question, VisitDraft
from kiosk.features.length import PlaceChild
from kiosk.features.measure import AnswerOdd, RejectOdd
from kiosk.features.second_reading import ChooseReading, Which, combined, may_combine
from kiosk.language.texts import tr
from kiosk.model.quantities import POSITIONS
from kiosk.model.visit import Child, OddReason, Position
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, choices, line, words
from kiosk.ui.words.desk import ODD_REASONS, VERDICTS, quantity_text
from kiosk.ui.words.mark import mark
from kiosk.ui.words.phrases import READINGS, born_text, change_text, sentence, value_text
from kiosk.weighing.earlier import Earlier
from kiosk.weighing.plausibility import Verdict
from kiosk.weighing.second_reading import differ_much


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


def odd_value(
    question: Question, child: Child, send: Send, before: Earlier | None = None
) -> Dialog:
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
        words(_verdict_text(draft, before), 72),
        *yes,
        space(),
        footer(reject),
        width=1040,
        height=640 if asked.reasons else 520,
    )


def _verdict_text(draft: Draft, before: Earlier | None) -> str:
    said = tr(VERDICTS[draft.verdict])
    if draft.verdict is Verdict.SURPRISE and before is not None:
        return f"{said}\n{sentence(change_text(before, draft, dated=True))}"
    return said


def _reasons(asked: Words, send: Send) -> BoxLayout:
    offered = [
        (tr(text), f"odd-{reason.value}", partial(send, AnswerOdd(reason)))
        for reason, text in asked.reasons.items()
    ]
    return choices(offered)


def placing(draft: Draft, child: Child, send: Send) -> Dialog:
    """Did the child lie or stand? A length is not a height, and the device cannot tell."""
    whose = f"{child.given_name}, {born_text(child.birth_date)}"
    answers = [
        PushButton(
            tr(POSITIONS[position]),
            partial(send, PlaceChild(position)),
            deed=Deed.COMMITS,
            height_mm=theme.TOUCH_PRIMARY,
            test_id=f"placed-{position.value}",
        )
        for position in Position
    ]
    reject = PushButton(
        tr("Ikke bruk lengden"),
        lambda: send(PlaceChild(None)),
        deed=Deed.COMMITS,
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


def second_reading(visit: VisitDraft, new: Draft, send: Send) -> Dialog:
    """The quantity has a value already: what counts? All that is kept is shown."""
    old = next(draft for draft in visit.drafts if draft.quantity is new.quantity)
    both = combined(old, new, visit.age_days) if may_combine(old, new) else None
    return Dialog(
        line(tr("Målt før. Hva gjelder?"), theme.TITLE, 46, weight="bold"),
        line(
            f"{quantity_text(new.quantity, new.position)}  ·  {visit.child.given_name}",
            theme.BODY,
            36,
            colour=theme.SUBTLE,
        ),
        space(),
        row(
            _value_button(tr("Bare den første"), old, Which.BEFORE, send),
            _value_button(tr("Bare den nye"), new, Which.NEW, send),
            gap=18,
            size_hint_y=None,
            height=theme.mm(theme.TOUCH_PRIMARY),
        ),
        space(),
        *_differing(both),
        footer(_both_button(both, send)),
        width=1040,
        height=520,
    )


def _value_button(text: str, draft: Draft, which: Which, send: Send) -> PushButton:
    how = f" {tr(POSITIONS[draft.position]).lower()}" if draft.position is not None else ""
    return PushButton(
        f"{text}: {value_text(draft)}{how}",
        partial(send, ChooseReading(which)),
        deed=Deed.COMMITS,
        height_mm=theme.TOUCH_PRIMARY,
        test_id=f"reading-{which.value}",
    )


def _both_button(both: Draft | None, send: Send) -> PushButton | None:
    if both is None:
        return None
    rule = tr(READINGS[both.rule]).format(n=len(both.readings))
    return PushButton(
        tr("Bruk {rule}: {value}").format(rule=rule, value=value_text(both)),
        partial(send, ChooseReading(Which.BOTH)),
        kind=Kind.PRIMARY,
        icon="check",
        test_id="reading-both",
    )


def _differing(both: Draft | None) -> list[Widget]:
    """Propose a further reading where these lie far apart."""
    if both is None or not differ_much(both.quantity, [one.value for one in both.readings]):
        return []
    told = tr("Avlesningene er ganske ulike. Mål gjerne en gang til.")
    return [words(told, 44, colour=theme.WARN)]
