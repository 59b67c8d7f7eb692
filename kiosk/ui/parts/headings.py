"""What stands at the top of each page, and where its back button leads."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.desk.messages import Touch
from kiosk.desk.pages import Signing
from kiosk.desk.state import Desk, Screen
from kiosk.features.going_back import Back
from kiosk.features.sign_in import ChooseUser
from kiosk.language.texts import tr
from kiosk.model.visit import ChangeKind, Child
from kiosk.ui.words.hearing import protocol_name
from kiosk.ui.words.mark import mark
from kiosk.ui.words.phrases import age_text, born_text


@dataclass(frozen=True, slots=True)
class Heading:
    """Title, the line below it, and what the back button sends (``None``: no button)."""

    title: str
    below: str = ""
    back: Touch | None = None


LONGEST_TITLE = 22
"""Longer given names than this do not fit beside the status strip."""

FIXED: dict[Screen, tuple[str, str]] = {
    Screen.STATUS: (mark("Status"), mark("Utstyr og sending")),
    Screen.TODAY: (mark("Dagens liste"), mark("Trykk «Vis» for å se navnet")),
    Screen.RETESTS: (mark("Hørsel: følg opp"), mark("Trykk «Vis» for å se navnet")),
    Screen.CALIBRATE: (mark("Lær vekten å kjenne"), ""),
    Screen.EQUIPMENT: (mark("Utstyr"), ""),
    Screen.SET_UP: (mark("Sett opp vekten"), ""),
    Screen.SET_UP_PRINTER: (mark("Sett opp skriveren"), ""),
    Screen.FIRST_DAY: (mark("Ti prøver på vekten"), ""),
}
"""Pages that are always called the same; without a line of their own they say who is there."""


def heading(desk: Desk) -> Heading:
    """The heading of the page on the screen."""
    fixed = FIXED.get(desk.screen)
    if fixed is not None:
        title, below = fixed
        return Heading(tr(title), tr(below) if below else _signed_in(desk), Back())
    match desk.screen:
        case Screen.LOCK:
            return _lock(desk)
        case Screen.FIND if desk.changing is not None:
            name = short_name(desk.changing.saved.child.given_name)
            below = tr("Flyttes fra {name}").format(name=name)
            numbered = desk.changing.kind is ChangeKind.NUMBERED
            title = tr("Gi barnet nummer") if numbered else tr("Finn riktig barn")
            return Heading(title, below, Back())
        case Screen.FIND:
            return Heading(tr("Finn barnet"), _signed_in(desk))
        case Screen.IDENTITY:
            return Heading(tr("Er dette riktig barn?"), _signed_in(desk), Back())
        case Screen.HEARING_CHECK:
            device = (
                desk.station.audiometer.device.name if desk.station.audiometer is not None else ""
            )
            return Heading(tr("Sjekk før første barn"), device, Back())
        case Screen.PROTOCOL:
            page = desk.page
            name = protocol_name(page.filling.source.id) if isinstance(page, Signing) else ""
            return Heading(name, _signed_in(desk), Back())
        case _:
            return _of_child(desk)


def _lock(desk: Desk) -> Heading:
    chosen = next((user for user in desk.station.users if user.id == desk.lock.user_id), None)
    if chosen is None:
        return Heading(
            desk.station.clinic,
            tr("Trykk på navnet ditt for å logge inn") if desk.station.users else "",
        )
    return Heading(chosen.display, tr("Tast PIN-koden din"), ChooseUser(None))


def _of_child(desk: Desk) -> Heading:
    child = shown_child(desk)
    if child is None:
        return Heading("")
    below = f"{born_text(child.birth_date)} · {age_text(child.birth_date, desk.station.today)}"
    name = short_name(child.given_name)
    if desk.screen is Screen.DONE:
        return Heading(name, below)
    return Heading(name, below, Back())


def short_name(given_name: str) -> str:
    """Keep the first of many given names whole and shorten the rest to initials."""
    first, *others = given_name.split()
    if len(given_name) <= LONGEST_TITLE or not others:
        return given_name
    return " ".join((first, *(f"{name[0]}." for name in others)))


def shown_child(desk: Desk) -> Child | None:
    """The child whose values are on the page. There is one source for it."""
    if desk.screen is Screen.DONE:
        return desk.saved.child if desk.saved is not None else None
    if desk.changing is not None:
        return desk.changing.saved.child
    return desk.visit.child if desk.visit is not None else None


def _signed_in(desk: Desk) -> str:
    if desk.user is None:
        return ""
    return tr("Logget inn: {name}").format(name=desk.user.display)
