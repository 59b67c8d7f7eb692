"""The questions of a hearing test: which protocol, why it stops, whether to go on with one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kivy.uix.widget import Widget

from kiosk.desk.hearing_work import HearingWork, Left
from kiosk.desk.pages import Retests
from kiosk.desk.state import Desk
from kiosk.features.going_back import Back
from kiosk.features.hearing.audiogram import DropHearing, ResumeHearing
from kiosk.features.hearing.begin import ChooseProtocol
from kiosk.features.hearing.follow_up import ChooseSettled, ConfirmSettled
from kiosk.features.hearing.receive import PickAnswer
from kiosk.features.hearing.record import EndHearing
from kiosk.hearing import session as s
from kiosk.hearing.follow_up import Settled, Settling
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.receiving import Received
from kiosk.language.texts import tr
from kiosk.model.hearing_test import End
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.pages.today import masked
from kiosk.ui.parts.reasons import Why, apart, yes_button
from kiosk.ui.port import Send
from kiosk.ui.widgets.boxes import column, row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.chips import Chips
from kiosk.ui.widgets.dialog import Dialog, choices, line, words
from kiosk.ui.words.hearing import EARS, ENDS, protocol_name, protocol_state, tone_text
from kiosk.ui.words.hearing_day import SETTLED, reason_text, when_text
from kiosk.ui.words.phrases import born_text

A_ROW = 2
WHY = (End.TIRED, End.REFUSED, End.NOISE, End.DEVICE)


def protocols(work: HearingWork, offered: Sequence[Protocol], send: Send) -> Dialog:
    """Which protocol does the clinic follow for this child?"""
    rows = [offered[place : place + A_ROW] for place in range(0, len(offered), A_ROW)]
    chosen = work.protocol.id if work.protocol is not None else ""
    box = column(*(_protocol_row(some, chosen, send) for some in rows), size_hint_y=None)
    box.spacing = theme.mm(theme.TOUCH_GAP)
    box.height = len(rows) * theme.mm(theme.TOUCH) + (len(rows) - 1) * box.spacing
    return Dialog(
        line(tr("Hvilken protokoll følger dere?"), theme.TITLE, 46, weight="bold"),
        space(),
        box,
        space(),
        footer(_stay(tr("Tilbake"), send)),
        width=1100,
        height=280 + 112 * len(rows),
    )


def _protocol_row(some: Sequence[Protocol], chosen: str, send: Send) -> Widget:
    buttons: list[Widget] = [
        PushButton(
            f"{protocol_name(one.id)}, {protocol_state(one)}",
            partial(send, ChooseProtocol(one.id)),
            icon="check" if one.id == chosen else "",
            size_hint_y=1,
            test_id=f"protocol-{one.id}",
        )
        for one in some
    ]
    filled = [*buttons, *(space() for _ in range(A_ROW - len(buttons)))]
    return row(*filled, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH))


def several_answers(received: Received, send: Send) -> Dialog:
    """Which of several answers at one point holds? Nothing is picked by itself."""
    conflict = next(one for one in received.conflicts if one.chosen is None)
    place = conflict.place
    answers = [
        (tone_text(tone), f"answer-{number}", partial(send, PickAnswer(number)))
        for number, tone in enumerate(conflict.alternatives)
    ]
    told = tr("{ear}, {hz} Hz har flere svar. Hvilket gjelder?")
    return Dialog(
        line(told.format(ear=tr(EARS[place.ear]), hz=place.hz), theme.TITLE, 46, weight="bold"),
        space(),
        choices(answers),
        space(),
        footer(_stay(tr("Tilbake"), send)),
        width=1060,
        height=400,
    )


def stopping(send: Send) -> Dialog:
    """Why does the test not go on? What was recorded stays."""
    yes = yes_button(tr("Avslutt testen"), "hand-stop", kind=Kind.PRIMARY)
    why = Why(
        [(end, tr(ENDS[end])) for end in WHY],
        lambda end: send(EndHearing(end)),
        yes,
        test_id="end",
    )
    return Dialog(
        line(tr("Hvorfor avsluttes testen?"), theme.TITLE, 46, weight="bold"),
        words(tr("Det som er tatt opp, blir med. Resten står som ikke testet."), 48),
        space(),
        why.reasons,
        space(),
        apart(_stay(tr("Fortsett testen"), send), yes),
        width=1160,
        height=440,
    )


def settling(desk: Desk, asked: Settling, send: Send) -> Dialog:
    """Why is a child taken off the list? First the reason, then the touch that does it."""
    page = desk.page
    listed = page.awaited or () if isinstance(page, Retests) else ()
    one = next((line for line in listed if line.id == asked.id), None)
    whose = masked(one.given_name, one.birth_date, desk.station.today) if one is not None else ""
    why = f"{reason_text(one)}  ·  {when_text(one)}" if one is not None else ""
    offered = [(reason, tr(text)) for reason, text in SETTLED.items()]
    rows: list[Widget] = []
    for some in (offered[:3], offered[3:]):
        chips: Chips[Settled] = Chips(
            some, lambda reason: send(ChooseSettled(reason)), test_id="settled"
        )
        chips.show(asked.reason)
        rows.append(chips)
    both = column(*rows, size_hint_y=None)
    both.spacing = theme.mm(theme.TOUCH_GAP)
    both.height = 2 * theme.mm(theme.TOUCH) + both.spacing
    done = PushButton(
        tr("Ta av listen"),
        partial(send, ConfirmSettled()),
        kind=Kind.PRIMARY,
        icon="check",
        test_id="settle",
    )
    done.enable(asked.reason is not None)
    return Dialog(
        line(tr("Hvorfor tas barnet av listen?"), theme.TITLE, 46, weight="bold"),
        line(f"{whose}  ·  {why}", theme.BODY, 36, colour=theme.SUBTLE),
        space(),
        both,
        space(),
        footer(done, _stay(tr("La stå"), send)),
        width=1160,
        height=530,
    )


def unfinished(left: Left, send: Send) -> Dialog:
    """A test was cut off: go on with it, or drop it?"""
    child, session = left.test.child, left.test.session
    told = tr("{n} av {all} svar er tatt vare på. Siste svar kl. {time}.").format(
        n=len(s.answers(session)),
        all=2 * len(session.order),
        time=f"{left.at.astimezone():%H:%M}",
    )
    listed = tr("Forkastes testen, blir barnet stående på listen «Hørsel: følg opp».")
    go_on = PushButton(
        tr("Fortsett testen"),
        partial(send, ResumeHearing(left.id)),
        kind=Kind.PRIMARY,
        icon="ear",
        test_id="resume",
    )
    drop = PushButton(
        tr("Forkast testen"),
        partial(send, DropHearing(left.id)),
        kind=Kind.DROP,
        icon="trash",
        width=290,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="drop",
    )
    later = PushButton(
        tr("Senere"),
        partial(send, Back()),
        icon="clock",
        width=230,
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )
    return Dialog(
        line(tr("En hørselstest ble avbrutt"), theme.TITLE, 46, weight="bold"),
        line(f"{child.given_name}, {born_text(child.birth_date)}", 40, 64, weight="bold"),
        words(told, 48),
        words(listed, 48),
        space(),
        footer(go_on, drop, later, space()),
        width=1160,
        height=480,
    )


def _stay(text: str, send: Send) -> PushButton:
    return PushButton(
        text,
        lambda: send(Back()),
        icon="arrow-left",
        height_mm=theme.TOUCH_PRIMARY,
        test_id="stay",
    )
