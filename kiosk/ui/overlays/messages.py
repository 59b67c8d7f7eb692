"""One message to the journal: how it stands, what the other side said, and what can be done."""

from __future__ import annotations

from functools import partial

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.over import LookedAt
from kiosk.desk.state import Desk
from kiosk.features.going_back import Back
from kiosk.features.messages import (
    MAY_BE_HELD,
    ConfirmMessage,
    DiscardMessage,
    GiveUpMessage,
    HoldMessage,
    OpenMessageVisit,
    RetryMessage,
    looked_at,
    may_open,
)
from kiosk.language.texts import tr, trn
from kiosk.model.lists import WaitingMessage
from kiosk.model.visit import Delivery
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.parts.reasons import Why, apart, yes_button
from kiosk.ui.port import Send
from kiosk.ui.tones import ink
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import row, space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, line, words
from kiosk.ui.widgets.text import FitText, Text, stand
from kiosk.ui.words.devices import DELIVERIES, FAILURES
from kiosk.ui.words.messages import DISCARD_REASONS, interface_name
from kiosk.ui.words.not_sent import cause_sentence, own_reason, receivers_words

LONGEST_WORDS = 400
"""Characters of the other side's words that are shown; a page of HTML is nobody's reading."""


def message_dialog(desk: Desk, over: LookedAt, send: Send) -> Dialog | None:
    """What lies over the status page while a person looks at a message."""
    one = looked_at(desk)
    if one is None:
        return None
    return _reasons(one, send) if over.giving_up else _message(one, desk, send)


def saved_at(message: WaitingMessage) -> str:
    """When it was saved."""
    local = message.created.astimezone()
    return tr("Lagret {day} kl. {time}").format(
        day=local.strftime("%d.%m."), time=local.strftime("%H:%M")
    )


def when(message: WaitingMessage) -> str:
    """When it was saved and how often it was tried."""
    tries = trn("{n} forsøk", "{n} forsøk", message.attempts)
    return f"{saved_at(message)}  ·  {tries}"


def why_text(message: WaitingMessage) -> str:
    """Why it stands where it stands; nothing where that needs no words."""
    if message.given_up is not None:
        return tr(DISCARD_REASONS[message.given_up])
    if message.failure is None:
        return ""
    return own_reason(message.detail) or tr(FAILURES[message.failure])


def whole_why(message: WaitingMessage) -> str:
    """Why, and what stands in the way: more than there is room for in a list."""
    return f"{why_text(message)} {cause_sentence(message.detail)}".strip()


def _message(one: WaitingMessage, desk: Desk, send: Send) -> Dialog:
    sign = DELIVERIES[one.state]
    by = interface_name(one.adapter)
    if one.elsewhere:
        by = tr("{interface}  ·  målt på en annen stasjon").format(interface=by)
    told = receivers_words(one.detail)[:LONGEST_WORDS]
    reason = whole_why(one)
    why = [words(reason, 84)] if reason else []
    heading = Text(tr("Svaret som kom"), size=theme.SMALL, weight="semibold", colour=theme.SUBTLE)
    answer = Text(
        told or tr("Ingen ord fra mottakeren."),
        size=theme.SMALL,
        colour=theme.INK if told else theme.SUBTLE,
        test_id="words",
    )
    stand(heading, 34)
    stand(answer, 128)
    actions: BoxLayout | FitText | None = _actions(one, desk, send)
    if desk.user is None and one.state is Delivery.REJECTED:
        told_to = tr("Logg inn for å bestemme hva som skal skje med den.")
        actions = line(told_to, theme.BODY, 36, colour=theme.SUBTLE)
    return Dialog(
        line(tr(sign.word), theme.TITLE, 46, weight="bold", colour=ink(sign.tone)),
        line(f"{when(one)}  ·  {by}", theme.BODY, 36, colour=theme.SUBTLE),
        *why,
        heading,
        answer,
        space(),
        *([actions] if actions is not None else []),
        space(),
        footer(
            PushButton(
                tr("Tilbake"),
                lambda: send(Back()),
                icon="arrow-left",
                height_mm=theme.TOUCH_PRIMARY,
                test_id="stay",
            )
        ),
        width=1160,
        height=(648 if actions is not None else 540) + 84 * len(why),
    )


def _actions(one: WaitingMessage, desk: Desk, send: Send) -> BoxLayout | None:
    if desk.user is None:
        return None
    offered: list[PushButton] = []
    if one.state is Delivery.REJECTED:
        offered += [
            _action(
                tr("Prøv igjen"),
                "refresh",
                "retry",
                partial(send, RetryMessage(one.item_id)),
                deed=Deed.COMMITS,
            ),
            _action(tr("Gi opp sendingen"), "trash", "give-up", partial(send, GiveUpMessage())),
        ]
    elif one.state in MAY_BE_HELD:
        held = partial(send, HoldMessage())
        offered.append(_action(tr("Hold tilbake"), "hand-stop", "hold", held, deed=Deed.COMMITS))
    elif one.state is Delivery.DELIVERED:
        found = partial(send, ConfirmMessage())
        words_of_it = tr("Den finnes i journalen")
        offered.append(_action(words_of_it, "circle-check", "confirm", found, deed=Deed.COMMITS))
    if may_open(desk) and not one.elsewhere:
        opened = partial(send, OpenMessageVisit())
        offered.append(_action(tr("Åpne målingen"), "mood-kid", "open-visit", opened))
    if not offered:
        return None
    return row(*offered, gap=18, size_hint_y=None, height=theme.mm(theme.TOUCH_PRIMARY))


def _action(
    text: str, icon: str, name: str, act: partial[None], *, deed: Deed = Deed.LEADS
) -> PushButton:
    return PushButton(
        text,
        act,
        deed=deed,
        icon=icon,
        size=theme.SMALL + 2,
        height_mm=theme.TOUCH_PRIMARY,
        test_id=name,
    )


def _reasons(one: WaitingMessage, send: Send) -> Dialog:
    """Why? What is given up is not sent any more, and who did it is written down."""
    yes = yes_button(tr("Gi opp sendingen"), "trash")
    why = Why(
        [(reason, tr(text)) for reason, text in DISCARD_REASONS.items()],
        lambda reason: send(DiscardMessage(reason)),
        yes,
        test_id="discard",
    )
    stay = PushButton(
        tr("Ikke gi opp"),
        lambda: send(Back()),
        kind=Kind.PRIMARY,
        deed=Deed.LEADS,
        icon="arrow-left",
        test_id="stay",
    )
    return Dialog(
        line(tr("Hvorfor skal den ikke sendes?"), theme.TITLE, 46, weight="bold"),
        line(when(one), theme.BODY, 36, colour=theme.SUBTLE),
        words(
            tr("Journalen får ikke denne målingen herfra. Hvem som bestemte det, blir notert."), 84
        ),
        space(),
        why.reasons,
        space(),
        apart(stay, yes),
        width=1200,
        height=520,
    )
