"""The first day with a real scale: ten loads, each display beside what the station read."""

from __future__ import annotations

from kiosk.desk.pages import ComparingScale
from kiosk.desk.state import Desk
from kiosk.features.calibrate import BeginAnew, SubmitDisplay
from kiosk.features.first_day import SignFirstDay
from kiosk.language.texts import tr
from kiosk.ui.pages.typed_display import Act, Drawn, TypedDisplayPage
from kiosk.ui.port import Send
from kiosk.ui.words.set_up import first_day_note, load_words, loads_words, of_ten
from kiosk.weighing.setting_up import FirstDay


class FirstDayPage(TypedDisplayPage):
    """The display is typed before the station says what it read: neither leads the other."""

    def __init__(self, send: Send) -> None:
        super().__init__(send, "first-day")

    def view(self, desk: Desk) -> Drawn | None:
        """The load."""
        page = desk.page
        if not isinstance(page, ComparingScale):
            return None
        day, display = page.first_day, page.first_day.display
        typing = not day.is_full and display.since is None
        begun = bool(day.loads) and not day.keeping
        return Drawn(
            step=of_ten(day),
            what=_what(day),
            note=first_day_note(day),
            primary=_primary(day, desk),
            typed=display.typed,
            unit=display.unit,
            typing=typing,
            units_open=typing,
            body=loads_words(day) if day.is_full else "",
            anew=Act(tr("Begynn på nytt"), BeginAnew()) if begun else None,
        )


def _what(day: FirstDay) -> str:
    if day.is_full:
        return day.name
    told = tr("Legg noe på vekten, hver gang noe annet, og vent på ro.")
    if not day.loads:
        return told
    last = day.loads[-1]
    return f"{load_words(last)}\n{told}"


def _primary(day: FirstDay, desk: Desk) -> Act:
    if day.keeping:
        return Act(tr("Lagrer …"), None)
    if day.is_full:
        name = desk.user.display if desk.user is not None else ""
        return Act(
            tr("Skriv under: {name}").format(name=name), None if day.kept else SignFirstDay()
        )
    ready = day.display.is_whole and day.display.since is None
    return Act(tr("Displayet viser dette"), SubmitDisplay() if ready else None)
