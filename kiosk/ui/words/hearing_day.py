"""Checks of the audiometer, the follow-up list and protocols in words."""

from __future__ import annotations

from kiosk.hearing.filling import Fault
from kiosk.hearing.follow_up import Awaited, Due, Reason, Settled
from kiosk.hearing.quality import CheckKind, Doubt, Quality
from kiosk.language.texts import tr
from kiosk.ui.tones import Sign, Tone
from kiosk.ui.words.hearing import between, missing_text
from kiosk.ui.words.mark import mark
from kiosk.ui.words.phrases import date_text

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
MOST_ON_A_LINE = 1
"""How many tones without an answer a line of the list has room for."""

REASONS: dict[Reason, str] = {
    Reason.REFER: mark("Skal henvises"),
    Reason.RETEST: mark("Skal testes igjen"),
    Reason.NOT_DECIDED: mark("Ikke avgjort etter protokollen"),
    Reason.NOT_JUDGED: mark("Ikke vurdert: uten godkjent protokoll"),
    Reason.NOT_COMPLETED: mark("Ikke fullført"),
    Reason.NOT_TESTABLE: mark("Kunne ikke testes"),
    Reason.NOT_SAVED: mark("Testet, men ikke lagret"),
}
SETTLED: dict[Settled, str] = {
    Settled.TESTED: mark("Testet igjen"),
    Settled.REFERRED: mark("Henvist"),
    Settled.ELSEWHERE: mark("Følges opp et annet sted"),
    Settled.DECLINED: mark("Foreldrene ønsker det ikke"),
    Settled.MISTAKE: mark("Skulle ikke stå her"),
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


def reason_text(one: Awaited) -> str:
    """Why a child is followed up."""
    return tr("Skal testes igjen, kanskje henvises") if one.may_refer else tr(REASONS[one.reason])


def when_text(one: Awaited) -> str:
    """The days of a retest, else the day it was tested; and which tones have no answer."""
    tested = tr("testet {date}").format(date=date_text(one.tested_at.astimezone().date()))
    days = between(one.since, one.until) or tested
    missing = missing_text(one.missing, most=MOST_ON_A_LINE)
    return f"{days} · {missing}" if missing else days


def doubt_text(doubt: Doubt, quality: Quality) -> str:
    """What is wrong, with the numbers where there are some."""
    return tr(DOUBTS[doubt].word).format(failed=quality.failed, n=quality.judged)
