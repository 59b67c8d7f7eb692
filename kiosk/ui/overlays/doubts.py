"""What may be of the child before, asked about by the name of the child that is open."""

from __future__ import annotations

from datetime import date
from functools import partial

from kivy.uix.widget import Widget

from kiosk.desk.opening import AnotherSend, Unclaimed
from kiosk.desk.state import Desk
from kiosk.features.doubts import AnswerDoubt
from kiosk.hearing.arrivals import Arrival, FileOffer
from kiosk.language.texts import kg_text, tr
from kiosk.model.visit import Child
from kiosk.ui import theme
from kiosk.ui.pages.page import footer
from kiosk.ui.parts.scale_lines import clock
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import space
from kiosk.ui.widgets.button import Kind, PushButton
from kiosk.ui.widgets.dialog import Dialog, line, words
from kiosk.ui.words.phrases import born_text, date_text
from kiosk.ui.words.scale_lines import SENT_BEFORE
from kiosk.weighing.gate import Offer
from kiosk.weighing.length import LengthOffer

NO_WIDTH = 380


def doubt_dialog(desk: Desk, doubt: Unclaimed, send: Send) -> Dialog | None:
    """Ask whose it is, with the child's name in the question and in the answer."""
    visit, opening = desk.visit, desk.station.opening.id
    if visit is None or opening is None:
        return None
    name = visit.child.given_name
    question, told, yes, no = _words(doubt, name)
    return Dialog(
        line(question, theme.TITLE, 46, weight="bold"),
        line(_whose(visit.child), theme.BODY, 36, colour=theme.SUBTLE),
        *_shown(doubt, desk.station.today),
        words(told, 84),
        space(),
        footer(
            PushButton(
                yes,
                partial(send, AnswerDoubt(opening, yes=True)),
                kind=Kind.PRIMARY,
                icon="check",
                test_id="doubt-yes",
            ),
            PushButton(
                no,
                partial(send, AnswerDoubt(opening, yes=False)),
                icon="x",
                width=NO_WIDTH,
                height_mm=theme.TOUCH_PRIMARY,
                deed=Deed.COMMITS,
                test_id="doubt-no",
            ),
            space(),
        ),
        width=1060,
        height=520,
    )


def _words(doubt: Unclaimed, name: str) -> tuple[str, str, str, str]:
    """The question, what is known, and the two answers."""
    if isinstance(doubt, AnotherSend):
        return (
            tr("Er det samme test av {name}?").format(name=name),
            tr("Audiometeret sendte en gang til. Svarene legges bare sammen hvis du sier det."),
            tr("Ja, legg sammen"),
            tr("Nei, la det vente"),
        )
    yes = tr("Ja, det er {name}").format(name=name)
    if isinstance(doubt, Offer):
        told = tr(SENT_BEFORE).format(time=clock(doubt), name=name)
        shown = tr("Bruk det bare hvis displayet viste det samme.") if doubt.compare else ""
        question = tr("Er det {name} som er veid?").format(name=name)
        return question, f"{told} {shown}".strip(), yes, tr("Ikke bruk tallet")
    if isinstance(doubt, LengthOffer):
        return (
            tr("Er det {name} som er målt?").format(name=name),
            tr("Lengden kan være fra før {name} ble åpnet.").format(name=name),
            yes,
            tr("Ikke bruk lengden"),
        )
    return (
        tr("Gjelder resultatet {name}?").format(name=name),
        tr("Det kom før {name} ble åpnet.").format(name=name),
        yes,
        tr("Nei, la det vente"),
    )


def _whose(child: Child) -> str:
    return f"{child.given_name}, {born_text(child.birth_date)}"


def _shown(doubt: Unclaimed, today: date) -> list[Widget]:
    if isinstance(doubt, Offer | LengthOffer):
        value = kg_text(doubt.text, doubt.unit)
        return [line(value, 80, 112, weight="bold", test_id="doubt-value")]
    if isinstance(doubt, AnotherSend):
        return []
    return [line(_when(doubt, today), 40, 64, weight="bold", test_id="doubt-value")]


def _when(arrival: Arrival, today: date) -> str:
    """When it came, and the name of a file."""
    at = arrival.at.astimezone()
    day = "" if at.date() == today else f"{date_text(at.date())} "
    when = f"{day}{at:%H:%M}"
    return f"{when}  ·  {arrival.name}" if isinstance(arrival, FileOffer) else when
