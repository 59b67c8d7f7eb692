"""The words for a scale that says one line a weighing."""

from __future__ import annotations

from drivers.hints import LOOKS_LIKE
from kiosk.language.texts import tr
from kiosk.ui.tones import Sign, Tone
from kiosk.ui.words.mark import mark

PRESS_PRINT = mark("Trykk PRINT på vekten hvis tallet ikke kommer av seg selv.")
"""Said beside what is to be put on a scale that sends one line a weighing."""


WHO = Sign("help-circle", Tone.WARN, mark("Hvem ble veid?"), "")
"""A line that came before the child was opened; the advice says when."""


SENT_AT = mark("Vekten sendte tallet kl. {time}.")


SENT_BEFORE = mark("Vekten sendte tallet kl. {time}, før {name} ble åpnet.")


ON_DISPLAY = mark("Viser displayet det samme?")


SEVERAL = Sign(
    "help-circle",
    Tone.WARN,
    mark("Flere veiinger"),
    mark("Vekten har sendt flere tall som ikke er brukt. Velg det som gjelder."),
)
"""More than one line waits: none replaces another, a person chooses."""


WEIGH_ONCE_MORE = mark("Vil du veie på nytt, så gjør det nå. Det nye tallet kommer hit.")


NOT_AT_REST = mark("Tallet var ikke rolig. Vent til det står stille, og vei på nytt.")


OTHER_DEVICE = mark("Dette ligner {name}. Sjekk hvilken vekt som er valgt.")


def other_device(hint: str) -> str:
    """Name the device that this looks like; empty for a hint that names none."""
    name = hint.removeprefix(LOOKS_LIKE)
    return "" if name == hint else tr(OTHER_DEVICE).format(name=name)
