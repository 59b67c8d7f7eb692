"""Hearing tests in words: ears, answers, outcomes, protocols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta, timezone

from drivers.hearing import Ear, Response, Tone, Transducer
from kiosk.hearing.audiogram.axes import Letters
from kiosk.hearing.outcome import UNANSWERED
from kiosk.hearing.protocol import Protocol
from kiosk.language.texts import NO_BREAK_SPACE, comma, tr
from kiosk.model.hearing_test import End, HearingTest, Outcome, Result, Why
from kiosk.ui.words.mark import mark
from kiosk.ui.words.phrases import date_text

EARS = {Ear.RIGHT: mark("Høyre øre"), Ear.LEFT: mark("Venstre øre"), Ear.BOTH: mark("Begge ører")}
ONLY = {Ear.RIGHT: mark("Høyre"), Ear.LEFT: mark("Venstre"), Ear.BOTH: mark("Begge")}
LETTERS = {Ear.RIGHT: mark("H"), Ear.LEFT: mark("V"), Ear.BOTH: mark("B")}

ENDS: dict[End, str] = {
    End.WHOLE: mark("Testen er ferdig"),
    End.TIRED: mark("Barnet er slitent"),
    End.REFUSED: mark("Barnet vil ikke"),
    End.NOISE: mark("Støy i rommet"),
    End.DEVICE: mark("Feil på utstyret"),
}
RESULTS: dict[Result, str] = {
    Result.NORMAL: mark("Normalt etter protokollen"),
    Result.RETEST: mark("Ny test etter protokollen"),
    Result.REFER: mark("Henvises etter protokollen"),
    Result.NOT_TESTABLE: mark("Lot seg ikke teste"),
    Result.NOT_COMPLETED: mark("Ikke fullført"),
    Result.ALREADY_KNOWN: mark("Kjent hørselstap, følges opp"),
}
COUNTED = {
    Transducer.BONE: mark("benledning: {n}"),
    Transducer.UNKNOWN: mark("ukjent lydgiver: {n}"),
}
"""What is not read back tone by tone beside those by air."""

SIDES = {Ear.RIGHT: mark("høyre"), Ear.LEFT: mark("venstre"), Ear.BOTH: mark("begge")}
MOST_MISSING = 2
"""How many tones without an answer are named; more are told in a number."""

WHYS: dict[Why, str] = {
    Why.GAPS: mark("Protokollen er ikke fylt ut og godkjent."),
    Why.UNKNOWN_LEVELS: mark("Nivåene er ikke kjent godt nok til å si noe etter protokollen."),
    Why.UNKNOWN_TRANSDUCER: mark("Lydgiveren er ukjent."),
    Why.NO_RULE: mark("Protokollen sier ikke noe om dette resultatet."),
}
PROTOCOLS: dict[str, str] = {
    "no-4y": mark("Lekeaudiometri 4 år"),
    "eu-euscreen-preschool": mark("EUSCREEN 3–5 år"),
    "eu-euscreen-school": mark("EUSCREEN 6–7 år"),
    "se-blekinge-4y": mark("Blekinge 4 år"),
    "uk-lincolnshire-reception": mark("Lincolnshire 4–5 år"),
    "uk-sweep-common": mark("Siling 4–5 år (UK)"),
}


def letters() -> Letters:
    """What the ears are called on a drawing."""
    return Letters(*(tr(LETTERS[ear]) for ear in Ear))


def protocol_name(protocol_id: str) -> str:
    """What a protocol is called; one of the clinic's own by its id."""
    known = PROTOCOLS.get(protocol_id)
    return tr(known) if known is not None else protocol_id


def protocol_state(protocol: Protocol) -> str:
    """Whether an outcome can be stated by it."""
    if not protocol.order or not protocol.level:
        return tr("ikke fylt ut")
    return tr("ikke godkjent") if protocol.gaps else tr("godkjent")


def levels_text(protocol: Protocol) -> str:
    """What is tested, and at which level."""
    if not protocol.order or not protocol.level:
        return tr("Frekvenser og nivå mangler")
    levels = dict.fromkeys(protocol.level[hz] for hz in protocol.order)
    at = {db: [str(hz) for hz in protocol.order if protocol.level[hz] == db] for db in levels}
    told = tr("{hz} Hz ved {db} dB")
    return "; ".join(told.format(hz=", ".join(some), db=db) for db, some in at.items())


def tone_text(tone: Tone) -> str:
    """One answer, as short as it can be said. Only a threshold is a bare number.

    The fonts have no sign for "at most", and a secretary says "heard" anyway.
    """
    level = comma(str(tone.level_db)) if tone.level_db is not None else ""
    return {
        Response.THRESHOLD: level,
        Response.HEARD: tr("hørt {level}").format(level=level),
        Response.NO_RESPONSE: f">{NO_BREAK_SPACE}{level}",
        Response.NO_RESPONSE_LEVEL_UNKNOWN: tr("ikke svar"),
        Response.NOT_TESTED: "–",
        Response.COULD_NOT_BE_TESTED: tr("kan ikke"),
    }[tone.response]


def key_text(tone: Tone) -> str:
    """An answer on a key of its frequency, where a word has little room."""
    if tone.response is Response.HEARD:
        return tr("hørt")
    return "×" if tone.response is Response.COULD_NOT_BE_TESTED else tone_text(tone)


def ear_line(ear: Ear, tones: Iterable[Tone]) -> str:
    """Read back the answers of one ear by air, tone by tone; of bone and unknown how many.

    Those stand on the drawing with symbols of their own.
    """
    told = sorted((tone for tone in tones if tone.ear is ear), key=lambda tone: tone.hz)
    parts = [
        f"{tone.hz}:{NO_BREAK_SPACE}{tone_text(tone)}"
        for tone in told
        if tone.transducer not in COUNTED
    ]
    for transducer, text in COUNTED.items():
        if count := sum(tone.transducer is transducer for tone in told):
            parts.append(tr(text).format(n=count))
    return "   ".join(parts)


def outcome_text(outcome: Outcome) -> str:
    """What the protocol says, with days and where to; or why it says nothing.

    That a referral is still open beside it is part of what it says.
    """
    if outcome.result is None:
        return tr(WHYS[outcome.why]) if outcome.why is not None else ""
    words = tr(RESULTS[outcome.result])
    if outcome.refer_to:
        return tr("{outcome}: {where}").format(outcome=words, where=outcome.refer_to)
    return ", ".join(part for part in (words, retest_text(outcome)) if part)


def retest_text(outcome: Outcome) -> str:
    """When to test again, as short as it can be said; and whether a referral is still open."""
    if not outcome.may_refer:
        return between(outcome.retest_from, outcome.retest_until)
    first = outcome.retest_from if outcome.retest_until is None else None
    days = between(first, outcome.retest_until)
    return ", ".join(part for part in (days, tr("kanskje henvisning")) if part)


def missing_text(missing: Sequence[tuple[Ear, int]], most: int = MOST_MISSING) -> str:
    """Which tones have no answer, or how many if more; nothing where all have one."""
    if not missing:
        return ""
    if len(missing) > most:
        return tr("mangler {n} toner").format(n=len(missing))
    of_ear = {ear: [str(hz) for one, hz in missing if one is ear] for ear, _ in missing}
    told = [
        tr("{hz} Hz {ear}").format(hz=", ".join(some), ear=tr(SIDES[ear]))
        for ear, some in of_ear.items()
    ]
    return tr("mangler {tones}").format(tones="; ".join(told))


def whole_text(outcome: Outcome) -> str:
    """What the protocol says and which tones it was not told of."""
    parts = (outcome_text(outcome), missing_text(outcome.missing))
    return " · ".join(part for part in parts if part)


def between(first: date | None, last: date | None) -> str:
    """From one day until another, as far as they are known."""
    if first is not None and last is not None:
        return tr("{first} til {last}").format(first=date_text(first), last=date_text(last))
    if last is not None:
        return tr("innen {last}").format(last=date_text(last))
    return tr("fra {first}").format(first=date_text(first)) if first is not None else ""


def test_text(test: HearingTest) -> str:
    """A test in a word or two: what the protocol said, or that it was made."""
    if not test.whole and test.outcome.result in {None, Result.NOT_COMPLETED}:
        return tr("avbrutt")
    short = {
        Result.NORMAL: mark("normalt"),
        Result.RETEST: mark("ny test"),
        Result.REFER: mark("henvises"),
        Result.NOT_TESTABLE: mark("ikke testbar"),
        Result.NOT_COMPLETED: mark("ikke fullført"),
        Result.ALREADY_KNOWN: mark("kjent tap"),
    }
    if test.outcome.result is not None:
        return tr(short[test.outcome.result])
    return tr("ikke avgjort") if is_undecided(test.outcome) else tr("testet")


def is_undecided(outcome: Outcome) -> bool:
    """Whether a protocol was asked and could not tell."""
    return outcome.result is None and outcome.why not in {None, Why.GAPS}


def test_how(test: HearingTest) -> str:
    """What was done: how many tones, whether it is a retest, how sure it is."""
    answered = [tone for tone in test.tones if tone.response not in UNANSWERED]
    parts = [tr("{n} av {all} toner").format(n=len(answered), all=len(test.tones))]
    if test.is_retest:
        parts.append(tr("ny test"))
    if reliability := reliability_text(test.catch_trials, test.false_answers):
        parts.append(reliability)
    return " · ".join(parts)


def reliability_text(trials: int, answered: int) -> str:
    """How many trials without a tone were answered; nothing where there was none."""
    if not trials:
        return ""
    told = tr("{false} av {n} prøver uten tone ble besvart")
    return told.format(false=answered, n=trials)


def tested_on(test: HearingTest) -> date:
    """The local day of the test."""
    zone = timezone(timedelta(minutes=test.offset_minutes))
    return test.tested_at.astimezone(zone).date()
