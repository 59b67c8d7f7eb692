"""Checks of the audiometer, retests and protocols in words."""

from __future__ import annotations

from kiosk.core.hearing.filling import Lack
from kiosk.core.hearing.quality import CheckKind, Doubt, Quality
from kiosk.core.hearing.retests import Due
from kiosk.i18n import tr
from kiosk.ui.mark import mark
from kiosk.ui.tones import Sign, Tone

DOUBTS: dict[Doubt, Sign] = {
    Doubt.NO_LISTENING_CHECK: Sign("headphones", Tone.WARN, mark("Ingen lyttesjekk i dag")),
    Doubt.LISTENING_FAILED: Sign(
        "alert-triangle", Tone.BAD, mark("Lyttesjekken viste feil: se på ledning og puter")
    ),
    Doubt.ROOM_FAILED: Sign(
        "alert-triangle", Tone.WARN, mark("Rommet er ikke stille nok: finn støyen")
    ),
    Doubt.ROOM_FAILED_LOW: Sign(
        "alert-triangle", Tone.WARN, mark("Støy ved 500 Hz: den kan utelates i dag")
    ),
    Doubt.CALIBRATION_UNKNOWN: Sign(
        "info-circle", Tone.CALM, mark("Kalibreringsdatoen er ikke kjent")
    ),
    Doubt.CALIBRATION_OVERDUE: Sign(
        "alert-triangle", Tone.WARN, mark("Kalibreringen er over et år gammel")
    ),
    Doubt.CALIBRATION_SOON: Sign("calendar", Tone.CALM, mark("Kalibreringen går snart ut")),
    Doubt.MANY_FAIL: Sign(
        "alert-triangle", Tone.WARN, mark("{failed} av {n} ikke bestått i dag: sjekk rommet")
    ),
}
CHECKS: dict[CheckKind, tuple[str, str]] = {
    CheckKind.LISTENING: (
        mark("Lyttesjekk"),
        mark(
            "Ta på hodetelefonen, og lytt på hver tone. Trykk på tonene som høres ut som de skal."
        ),
    ),
    CheckKind.ROOM: (
        mark("Romsjekk"),
        mark("En voksen med god hørsel lytter. Trykk på tonene som høres."),
    ),
}
DUES: dict[Due, Sign] = {
    Due.LATER: Sign("clock", Tone.CALM, mark("senere")),
    Due.NOW: Sign("calendar", Tone.GOOD, mark("nå")),
    Due.OVERDUE: Sign("alert-triangle", Tone.WARN, mark("tiden er ute")),
}
LACKS: dict[Lack, str] = {
    Lack.FREQUENCIES: mark("Velg minst én frekvens."),
    Lack.RULE: mark("Velg hvor mye som må høres."),
    Lack.COUNT: mark("Det er færre toner enn det som må høres."),
    Lack.DAYS: mark("Ny test kan ikke slutte før den begynner."),
}


def doubt_text(doubt: Doubt, quality: Quality) -> str:
    """What is wrong, with the numbers where there are some."""
    return tr(DOUBTS[doubt].word).format(failed=quality.failed, n=quality.judged)
