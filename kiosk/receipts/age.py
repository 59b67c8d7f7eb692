"""A child's age in the words a parent uses."""

from __future__ import annotations

from datetime import date

from kiosk.language.texts import tr, trn

WEEKS_FROM_DAYS = 14
MONTHS_FROM_WEEKS = 13
YEARS_FROM_MONTHS = 24


def age_words(birth_date: date, on: date) -> str:
    """Days in the first fortnight, weeks to the 13th, months below two years, then years.

    No age is corrected for prematurity. Raises :class:`ValueError` for a birth after ``on``.
    """
    days = (on - birth_date).days
    if days < 0:
        raise ValueError("born after the day of measuring")
    if days < WEEKS_FROM_DAYS:
        return trn("{n} dag", "{n} dager", days)
    if days < MONTHS_FROM_WEEKS * 7:
        return trn("{n} uke", "{n} uker", days // 7)
    months = _months(birth_date, on)
    if months < YEARS_FROM_MONTHS:
        return trn("{n} måned", "{n} måneder", months)
    years, rest = divmod(months, 12)
    words = trn("{n} år", "{n} år", years)
    if not rest:
        return words
    return tr("{years} og {months}").format(
        years=words, months=trn("{n} måned", "{n} måneder", rest)
    )


def _months(birth_date: date, on: date) -> int:
    """Whole months lived: the month is full on the day of the month of birth."""
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    return months if on.day >= birth_date.day else months - 1


def date_words(day: date) -> str:
    """A date with the month's name: ``12. mars 2026``."""
    return tr("{day}. {month} {year}").format(
        day=day.day, month=_month_name(day.month), year=day.year
    )


def _month_name(month: int) -> str:
    names = (
        tr("januar"),
        tr("februar"),
        tr("mars"),
        tr("april"),
        tr("mai"),
        tr("juni"),
        tr("juli"),
        tr("august"),
        tr("september"),
        tr("oktober"),
        tr("november"),
        tr("desember"),
    )
    return names[month - 1]
