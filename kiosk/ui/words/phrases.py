"""Dates, ages, numbers and values as a person reads them. No value ever becomes a float."""

from __future__ import annotations

from datetime import date, datetime

from drivers.events import Reading
from kiosk.desk.drafts import Draft
from kiosk.language.texts import NO_BREAK_SPACE, comma, kg_text, tr, trn
from kiosk.model.quantities import DRESSES, MEASURED, ODD_NOTES, POSITIONS, WITH_ADULT
from kiosk.model.visit import Rule, Source
from kiosk.ui.words.mark import mark
from kiosk.weighing.earlier import Earlier
from kiosk.weighing.plausibility import Verdict
from kiosk.weighing.second_reading import written

MONTHS = (
    mark("januar"),
    mark("februar"),
    mark("mars"),
    mark("april"),
    mark("mai"),
    mark("juni"),
    mark("juli"),
    mark("august"),
    mark("september"),
    mark("oktober"),
    mark("november"),
    mark("desember"),
)
TYPED = mark("skrevet inn")
DATE_MASK = mark("dd.mm.åååå")
READINGS = {
    Rule.MEAN: mark("snitt av {n}"),
    Rule.LARGEST: mark("største av {n}"),
}
WEEKS_UNTIL_MONTHS = 3
DAYS_UNTIL = 21
YEARS_FROM_MONTHS = 24


def date_text(day: date) -> str:
    """Write a date short: ``14.08.2026``."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def long_date_text(day: date) -> str:
    """Write a date as it is said: ``14. august 2026``."""
    return f"{day.day}.{NO_BREAK_SPACE}{tr(MONTHS[day.month - 1])} {day.year}"


def typed_date_text(digits: str) -> str:
    """Show the digits DDMMYYYY typed so far; what is missing is shown as its letter."""
    shown = iter(digits)
    return "".join(next(shown, sign) if sign.isalpha() else sign for sign in tr(DATE_MASK))


def number_text(number: str) -> str:
    """Group an identity number for reading aloud: six digits, then the rest."""
    return f"{number[:6]}{NO_BREAK_SPACE}{number[6:]}" if len(number) > 6 else number


def born_text(day: date) -> str:
    """Say when the child was born."""
    return tr("født {date}").format(date=date_text(day))


def age_text(born: date, today: date) -> str:
    """Say an age: days, then weeks, then months, then years and months."""
    days = (today - born).days
    if days < DAYS_UNTIL:
        return trn("{n} dag", "{n} dager", days)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < WEEKS_UNTIL_MONTHS:
        return trn("{n} uke", "{n} uker", days // 7)
    if months < YEARS_FROM_MONTHS:
        return trn("{n} måned", "{n} måneder", months)
    years, rest = divmod(months, 12)
    said = trn("{n} år", "{n} år", years)
    if not rest:
        return said
    return tr("{years} og {months}").format(
        years=said, months=trn("{n} måned", "{n} måneder", rest)
    )


def value_text(draft: Draft) -> str:
    """Write a value as sent or typed, with a comma and its unit."""
    return kg_text(draft.text, draft.unit)


def live_number(reading: Reading | None) -> str:
    """Write the live value with every digit as sent; a dash where there is none."""
    return "–" if reading is None else comma(str(reading.value)).replace("-", "−")


def live_unit(reading: Reading | None) -> str:
    """The unit beside the number, behind the digits that the scale sets apart as unverified."""
    if reading is None:
        return ""
    return f"/{reading.finer} {reading.unit}" if reading.finer else reading.unit


def how_text(draft: Draft, *, reason: bool = True) -> str:
    """Say how a value came about: position, dress, source.

    With ``reason`` also why an odd one was confirmed and what a difference was made of.
    """
    parts = [
        tr(POSITIONS[draft.position]).lower() if draft.position else "",
        tr(DRESSES[draft.dress]).lower() if draft.dress else "",
        _source_text(draft, whole=reason),
        was_text(draft),
        _odd_note(draft) if reason else "",
    ]
    return " · ".join(part for part in parts if part)


def _source_text(draft: Draft, *, whole: bool) -> str:
    """Where the digits are from; where there is room, all readings of several."""
    if draft.rule in READINGS:
        return _readings_text(draft, whole=whole)
    if draft.rule is Rule.DIFFERENCE and not whole:
        return tr(WITH_ADULT)
    if draft.rule is Rule.DIFFERENCE:
        together, alone = (kg_text(one.text, one.unit) for one in draft.readings)
        return tr("med voksen: {together} − {alone}").format(together=together, alone=alone)
    typed = draft.source is Source.TYPED
    return tr(TYPED if typed else MEASURED[draft.quantity].device)


def _readings_text(draft: Draft, *, whole: bool) -> str:
    rule = tr(READINGS[draft.rule]).format(n=len(draft.readings))
    if not whole:
        return rule
    said = " / ".join(kg_text(one.text, one.unit) for one in draft.readings)
    return f"{rule}: {said}"


def earlier_text(earlier: Earlier) -> str:
    """Say what was measured last time: ``sist 5,210 kg``."""
    text, unit = written(earlier.quantity, earlier.value)
    return tr("sist {value}").format(value=kg_text(text, unit))


def change_text(earlier: Earlier, draft: Draft, *, dated: bool = False) -> str:
    """Say what was measured last time, with ``dated`` also when, and the plain difference."""
    less, change = draft.value < earlier.value, abs(draft.value - earlier.value)
    table = MEASURED[earlier.quantity]
    difference = kg_text(table.written(change, table.difference_in), table.difference_in)
    sign = "−" if less else "+"
    when = f" {date_text(earlier.measured_on)}" if dated else ""
    return f"{earlier_text(earlier)}{when} ({sign}{difference})"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def was_text(draft: Draft) -> str:
    """Say what a corrected value said before; empty for any other."""
    was = draft.was
    if was is None:
        return ""
    same_value = (was.text, was.unit) == (draft.text, draft.unit)
    if same_value and was.position is not None:
        return tr("var {value}").format(value=tr(POSITIONS[was.position]).lower())
    return tr("var {value}").format(value=value_text(was))


def _odd_note(draft: Draft) -> str:
    if draft.odd_reason is None:
        return ""
    if draft.verdict is Verdict.SAME_AS_LAST:
        return tr("lik den forrige, veid på nytt")
    return tr(ODD_NOTES[draft.odd_reason])


def short_time_text(since: datetime, now: datetime) -> str:
    """Say for how long something has waited, in as few signs as can be."""
    minutes = max(0, int((now - since).total_seconds()) // 60)
    if minutes < 120:
        return trn("{n} min", "{n} min", minutes)
    if minutes < 48 * 60:
        return trn("{n} t", "{n} t", minutes // 60)
    return trn("{n} dag", "{n} dager", minutes // (24 * 60))
