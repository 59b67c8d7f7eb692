"""Every code of the desk has words, and the words are fit to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import LinkState
from drivers.hints import Hint
from drivers.link import FAULT, LENT
from drivers.transports.base import LossCause
from kiosk.desk.child_form import LookUp
from kiosk.desk.notices import EntryFault, FieldFault, Notice
from kiosk.desk.state import Screen
from kiosk.language.texts import LANGUAGES, LOCALE_DIR, speaking, tr
from kiosk.model import quantities
from kiosk.model.identity import NumberFault
from kiosk.model.outbox import Failure, JournalState
from kiosk.model.slip import Paper, SlipName, SlipState
from kiosk.model.visit import Delivery, Dress, OddReason, Position, Quantity, Source
from kiosk.ui import theme
from kiosk.ui.parts.headings import short_name
from kiosk.ui.words import desk as w
from kiosk.ui.words import devices as d
from kiosk.ui.words import help as h
from kiosk.ui.words import notices as n
from kiosk.ui.words import phrases
from kiosk.ui.words import scale as s
from kiosk.ui.words.marks import STEPS, steps
from kiosk.weighing.gate import Hold
from kiosk.weighing.plausibility import Verdict
from tests.ui.states import HEAD, LENGTH, WEIGHT, reading

TABLES: list[tuple[type[StrEnum], Mapping]] = [
    (Notice, n.NOTICES),
    (NumberFault, w.NUMBER_FAULTS),
    (FieldFault, w.FIELD_FAULTS),
    (EntryFault, w.ENTRY_FAULTS),
    (LookUp, w.LOOK_UPS),
    (Verdict, w.VERDICTS),
    (OddReason, w.ODD_REASONS),
    (OddReason, quantities.ODD_NOTES),
    (Dress, quantities.DRESSES),
    (Position, quantities.POSITIONS),
    (Quantity, quantities.MEASURED),
    (SlipName, w.SLIP_NAMES),
    (Hold, s.HOLDS),
    (LinkState, s.LINKS),
    (Paper, d.PAPERS),
    (JournalState, d.JOURNALS),
    (Failure, d.FAILURES),
    (Delivery, d.DELIVERIES),
    (Delivery, STEPS),
    (SlipState, d.SLIPS),
]


@pytest.mark.parametrize(("codes", "table"), TABLES, ids=lambda x: getattr(x, "__name__", ""))
def test_every_code_has_words(codes: type[StrEnum], table: Mapping) -> None:
    assert set(table) == set(codes)


def test_every_hint_a_link_may_give_has_words() -> None:
    assert set(s.LINK_HINTS) == {*map(str, Hint), *map(str, LossCause), FAULT, LENT}


def sentences() -> set[str]:
    found = {text for _, text in n.NOTICES.values()}
    for table in (w.NUMBER_FAULTS, w.FIELD_FAULTS, w.ENTRY_FAULTS, w.VERDICTS, d.FAILURES):
        found |= set(table.values())
    for table in (s.HOLDS, s.LINKS, d.PAPERS, d.JOURNALS, d.SLIPS, w.LOOK_UPS):
        found |= {sign.advice for sign in table.values() if sign.advice}
    return found | set(s.LINK_HINTS.values())


@pytest.mark.parametrize("text", sorted(sentences()))
def test_a_sentence_is_short_and_ends_as_one(text: str) -> None:
    assert text[0].isupper()
    assert text.endswith((".", "?", "…"))
    assert len(text) <= 115
    assert "  " not in text
    assert "kvittering" not in text.lower()
    assert not re.search(r"\b(ugyldig|feilkode|exception|error)\b", text.lower())


def test_each_icon_named_is_there() -> None:
    names = {sign.icon for t in (s.HOLDS, s.LINKS, d.PAPERS, d.JOURNALS) for sign in t.values()}
    names |= {sign.icon for t in (d.DELIVERIES, d.SLIPS, w.LOOK_UPS) for sign in t.values()}
    names |= {step.icon for delivery in Delivery for step in steps(delivery)}
    sheet = (theme.ASSETS / "icons" / "names").read_text("ascii").split()
    assert names <= set(sheet)


def test_the_three_marks_are_all_good_only_when_the_journal_has_it() -> None:
    for delivery in Delivery:
        good = [step.tone.value == "good" for step in steps(delivery)]
        assert good[0]
        assert all(good) == (delivery is Delivery.DONE)


def test_states_of_one_mark_differ_in_more_than_colour() -> None:
    for number in range(3):
        seen = {
            (s.icon, s.state): s.tone for s in (steps(delivery)[number] for delivery in Delivery)
        }
        tones = {step.tone for step in (steps(delivery)[number] for delivery in Delivery)}
        assert len({icon for icon, _ in seen}) >= len(tones)


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 11, 23), "0 dager"),
        (date(2026, 11, 22), "1 dag"),
        (date(2026, 11, 1), "3 uker"),
        (date(2026, 8, 23), "3 måneder"),
        (date(2026, 8, 24), "13 uker"),
        (date(2025, 11, 23), "12 måneder"),
        (date(2024, 11, 23), "2 år"),
        (date(2024, 10, 22), "2 år og 1 måned"),
        (date(2022, 6, 1), "4 år og 5 måneder"),
    ],
)
def test_ages_are_said_as_the_clinic_says_them(born: date, words: str) -> None:
    assert phrases.age_text(born, date(2026, 11, 23)) == words


@given(st.decimals(min_value=-5, max_value=200, places=4, allow_nan=False))
def test_the_live_number_keeps_every_digit_as_sent(value: Decimal) -> None:
    shown = phrases.live_number(reading(str(value)))
    assert shown.replace(",", ".").replace("−", "-") == str(value)


def test_values_are_written_with_comma_unit_and_how() -> None:
    assert phrases.value_text(WEIGHT) == "5,842\u00a0kg"
    assert phrases.how_text(WEIGHT) == "naken · fra vekten"
    assert phrases.how_text(LENGTH) == "liggende · skrevet inn"
    assert phrases.how_text(HEAD) == "skrevet inn · uvanlig tall, lest av på nytt"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("", "dd.mm.åååå"), ("1", "1d.mm.åååå"), ("1408", "14.08.åååå"), ("14082026", "14.08.2026")],
)
def test_a_date_shows_what_is_typed_and_what_is_missing(typed: str, shown: str) -> None:
    assert phrases.typed_date_text(typed) == shown


def test_numbers_are_grouped_for_reading_aloud() -> None:
    assert phrases.number_text("14882612354") == "148826\u00a012354"
    assert phrases.number_text("1488") == "1488"


def test_waiting_is_said_in_the_unit_that_fits() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    spans = ((4, "4 min"), (150, "2 t"), (60 * 24 * 3, "3 dager"))
    for minutes, words in spans:
        assert phrases.short_time_text(now - timedelta(minutes=minutes), now) == words
    assert phrases.short_time_text(now + timedelta(minutes=3), now) == "0 min"


def test_many_given_names_are_shortened_to_initials_beside_the_first() -> None:
    assert short_name("Nora Sofie") == "Nora Sofie"
    assert short_name("Maximilian-Alexander Johannes Øyvind") == "Maximilian-Alexander J. Ø."


BUTTON = re.compile("[«“]([^»”]+)[»”]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_the_buttons_as_they_are_called(language: str) -> None:
    """What is quoted in the help is the beginning of a button's own text in the same language."""
    with speaking(language):
        names = {tr(text) for text in catalogue_texts()}
        for text in (text for texts in h.HELP.values() for text in texts):
            for quoted in BUTTON.findall(tr(text)):
                assert any(name.startswith(quoted) for name in names), (text, quoted)


def test_every_page_has_help() -> None:
    assert set(h.HELP) == set(Screen)


def catalogue_texts() -> list[str]:
    with (LOCALE_DIR / "kiosk.pot").open("rb") as file:
        return [m.id for m in read_po(file) if isinstance(m.id, str) and m.id]


def test_a_length_from_the_board_is_not_said_to_be_from_the_scale() -> None:
    """Also not when the visit is opened again, and what the board sent is no longer at hand."""
    read_again = replace(LENGTH, source=Source.DEVICE, length=None)
    assert "fra lengdemåleren" in phrases.how_text(read_again)
    assert "fra vekten" in phrases.how_text(replace(WEIGHT, source=Source.DEVICE, offer=None))
