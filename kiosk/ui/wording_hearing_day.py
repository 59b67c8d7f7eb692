"""Checks of the audiometer, retests and protocols in words."""

from __future__ import annotations

from kiosk.core.hearing.filling import Fault
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
FAULTS: dict[Fault, str] = {
    Fault.NO_FREQUENCY: mark("Velg minst én frekvens."),
    Fault.LEVEL_MISSING: mark("Velg nivået."),
    Fault.PASS_MISSING: mark("Velg hvor mye som må høres."),
    Fault.PASS_COUNT: mark("Det er færre toner enn det som må høres."),
    Fault.DAYS_REVERSED: mark("Ny test kan ikke slutte før den begynner."),
    Fault.REFER_TO_MISSING: mark("Velg hvem barnet henvises til."),
    Fault.REFER_WITHOUT_RETEST: mark("Velg når barnet testes på nytt før det henvises."),
    Fault.CONDITION_NOT_TESTED: mark("Protokollen ser på en frekvens som ikke testes."),
    Fault.NOT_SIGNED: mark("Navnet på den som godkjenner, mangler."),
}
REFER_TO = (mark("hørselssentralen"), mark("øre-nese-hals-lege"), mark("fastlegen"))
"""To whom a clinic may refer. The Norwegian words go to the journal."""

WEEKS = ((2, 4), (4, 6), (4, 8), (8, 12))
"""From which week until which a child may be tested again: choices, no recommendation."""

LEVELS_DB = (10, 15, 20, 25, 30, 35, 40)
"""The screening levels that have a key, of all that may stand in a file."""


def doubt_text(doubt: Doubt, quality: Quality) -> str:
    """What is wrong, with the numbers where there are some."""
    return tr(DOUBTS[doubt].word).format(failed=quality.failed, n=quality.judged)
