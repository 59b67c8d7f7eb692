"""The last question before something saved is changed: what becomes of it, and why."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.hearing import Ear
from kiosk.desk.drafts import ChangeDraft, Draft
from kiosk.features.change import ConfirmChange
from kiosk.features.going_back import Back
from kiosk.language.texts import tr
from kiosk.model.hearing_test import HearingTest
from kiosk.model.visit import ChangeKind, ChangeReason, Child
from kiosk.ui import theme
from kiosk.ui.parts.reasons import YES_WIDTH, Why, apart, yes_button
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, line, words
from kiosk.ui.widgets.text import BoxText
from kiosk.ui.words.desk import CHANGE_REASONS, VERDICTS, quantity_text
from kiosk.ui.words.hearing import ONLY, ear_line, whole_text
from kiosk.ui.words.mark import mark
from kiosk.ui.words.phrases import born_text, value_text
from kiosk.weighing.plausibility import Verdict

OF_A_VALUE = (
    ChangeReason.MISTYPED,
    ChangeReason.MISMEASURED,
    ChangeReason.EQUIPMENT,
    ChangeReason.OTHER,
)
OF_A_VISIT = (
    ChangeReason.MISMEASURED,
    ChangeReason.EQUIPMENT,
    ChangeReason.TWICE,
    ChangeReason.OTHER,
)
QUESTIONS = {
    ChangeKind.CORRECTED: mark("Hvorfor rettes tallet?"),
    ChangeKind.WITHDRAWN: mark("Hvorfor trekkes målingene tilbake?"),
    ChangeKind.WRONG_CHILD: mark("Skal målingene flyttes?"),
    ChangeKind.NUMBERED: mark("Er dette barnet som har fått nummer?"),
}


def change_dialog(changing: ChangeDraft, send: Send) -> Dialog:
    """Ask for the confirmation of what is ready to be changed."""
    if changing.kind is ChangeKind.CORRECTED:
        return _correction(changing, send)
    return _withdrawal(changing, send) if changing.target is None else _move(changing, send)


def _correction(changing: ChangeDraft, send: Send) -> Dialog:
    if changing.hearing is not None:
        return _hearing_correction(changing, changing.hearing, send)
    new = changing.draft
    assert new is not None
    old = next(d for d in changing.saved.drafts if d.id == changing.measurement_id)
    odd = new.verdict is not Verdict.USUAL
    warning = [words(tr(VERDICTS[new.verdict]), 72)] if odd else []
    yes = yes_button(tr("Rett tallet"), "check", kind=Kind.PRIMARY)
    why = _why(OF_A_VALUE, changing, yes, send)
    return Dialog(
        line(tr(QUESTIONS[ChangeKind.CORRECTED]), theme.TITLE, 46, weight="bold"),
        line(
            f"{quantity_text(new.quantity, new.position)}  ·  {whose(changing.saved.child)}",
            theme.BODY,
            36,
            colour=theme.SUBTLE,
        ),
        line(tr("Var {value}").format(value=value_text(old)), theme.TITLE, 46, colour=theme.SUBTLE),
        line(
            tr("Blir {value}").format(value=value_text(new)),
            72,
            104,
            weight="bold",
            test_id="change",
        ),
        *warning,
        space(),
        why.reasons,
        space(),
        apart(_stay(tr("Ikke rett"), send), yes),
        width=1100,
        height=704 if odd else 600,
    )


def _hearing_correction(changing: ChangeDraft, new: HearingTest, send: Send) -> Dialog:
    old = next(test for test in changing.saved.hearing if test.id == new.id)
    yes = yes_button(tr("Rett testen"), "check", kind=Kind.PRIMARY)
    why = _why(OF_A_VALUE, changing, yes, send)
    return Dialog(
        line(tr("Hvorfor rettes hørselstesten?"), theme.TITLE, 46, weight="bold"),
        line(whose(changing.saved.child), theme.BODY, 36, colour=theme.SUBTLE),
        *(
            line(told.format(value=_of_ear(ear, test)), theme.BODY, 40, **look)
            for told, test, look in (
                (tr("Var {value}"), old, {"colour": theme.SUBTLE}),
                (tr("Blir {value}"), new, {"weight": "bold"}),
            )
            for ear in (Ear.RIGHT, Ear.LEFT)
        ),
        line(whole_text(new.outcome), theme.BODY, 36),
        space(),
        why.reasons,
        space(),
        apart(_stay(tr("Ikke rett"), send), yes),
        width=1160,
        height=716,
    )


def _of_ear(ear: Ear, test: HearingTest) -> str:
    return f"{tr(ONLY[ear])}: {ear_line(ear, test.tones)}"


def _withdrawal(changing: ChangeDraft, send: Send) -> Dialog:
    yes = yes_button(tr("Trekk tilbake alt"), "ban")
    why = _why(OF_A_VISIT, changing, yes, send)
    return Dialog(
        line(tr(QUESTIONS[ChangeKind.WITHDRAWN]), theme.TITLE, 46, weight="bold"),
        line(whose(changing.saved.child), theme.BODY, 36, colour=theme.SUBTLE),
        line(values_text(changing.saved.drafts), 40, 64, weight="bold", test_id="change"),
        words(
            tr("Journalen får beskjed om at målingene ikke skal brukes. Dette kan ikke angres."), 80
        ),
        space(),
        why.reasons,
        space(),
        apart(_stay(tr("Ikke trekk tilbake"), send), yes),
        width=1100,
        height=600,
    )


def _move(changing: ChangeDraft, send: Send) -> Dialog:
    assert changing.target is not None
    assert changing.kind is not None
    right = changing.target.child
    numbered = changing.kind is ChangeKind.NUMBERED
    reason = ChangeReason.NUMBERED if numbered else ChangeReason.WRONG_CHILD
    yes = tr("Ja, bruk nummeret") if numbered else tr("Flytt til {name}")
    told = (
        tr("Målingene sendes til journalen under dette nummeret.")
        if numbered
        else tr("Målingene tas ut av journalen til det første barnet og sendes for det andre.")
    )
    move = PushButton(
        yes.format(name=right.given_name),
        lambda: send(ConfirmChange(reason)),
        kind=Kind.PRIMARY,
        icon="check" if numbered else "arrows-exchange",
        width=YES_WIDTH,
        test_id="confirm",
    )
    move.enable(not changing.saving)
    stay = _stay(tr("Nei") if numbered else tr("Ikke flytt"), send)
    return Dialog(
        line(tr(QUESTIONS[changing.kind]), theme.TITLE, 46, weight="bold"),
        line(values_text(changing.saved.drafts), 40, 64, weight="bold", test_id="change"),
        space(),
        line(
            tr("Fra {child}").format(child=whose(changing.saved.child)),
            theme.LARGE,
            44,
            colour=theme.SUBTLE,
        ),
        line(tr("Til {child}").format(child=whose(right)), 44, 68, weight="bold"),
        space(),
        words(told, 80),
        *_odd(changing.odd_for_target),
        space(),
        apart(stay, move),
        width=1100,
        height=700 if changing.odd_for_target else 600,
    )


def _odd(drafts: Sequence[Draft]) -> list[BoxText]:
    if not drafts:
        return []
    told = tr("{values} er uvanlig for alderen. Kontroller at det er riktig barn.")
    return [words(told.format(values=values_text(drafts)), 80, colour=theme.WARN)]


def whose(child: Child) -> str:
    """Name and birth date of a child in one line."""
    return f"{child.given_name}, {born_text(child.birth_date)}"


def values_text(drafts: Sequence[Draft]) -> str:
    """All values in one line."""
    return "  ·  ".join(value_text(draft) for draft in drafts)


def _stay(text: str, send: Send) -> PushButton:
    return PushButton(
        text,
        lambda: send(Back()),
        kind=Kind.SECONDARY,
        icon="arrow-left",
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )


def _why(
    reasons: Sequence[ChangeReason], changing: ChangeDraft, yes: PushButton, send: Send
) -> Why[ChangeReason]:
    return Why(
        [(reason, tr(CHANGE_REASONS[reason])) for reason in reasons],
        lambda reason: send(ConfirmChange(reason)),
        yes,
        test_id="reason",
        enabled=not changing.saving,
    )
