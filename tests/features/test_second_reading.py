"""A further reading, and the values of last time: asked about, kept, and never judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Screen
from kiosk.features.measure import AskEarlier
from kiosk.features.save import SaveVisit
from kiosk.features.second_reading import Which
from kiosk.model.visit import OddReason, Part, Position, Quantity, Rule
from kiosk.weighing.earlier import Earlier, is_surprise
from kiosk.weighing.plausibility import Verdict, judge
from kiosk.weighing.second_reading import differ_much, reckon, written
from tests.desk.desk_bench import NUMBER, Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat

BORN = date(2026, 1, 10)


def lengths(bench: Bench, *texts: str) -> Bench:
    for text in texts:
        bench.send(m.OpenEntry(Quantity.LENGTH), m.SetPosition(Position.LYING))
        bench.typed(text).typed(text)
    return bench


def only(bench: Bench):
    (draft,) = bench.desk.visit.drafts
    return draft


def test_a_further_value_asks_what_counts_and_changes_nothing_before():
    bench = lengths(Bench().measuring(), "70,1", "70,6")
    assert (flat(bench.desk).second.text, only(bench).text) == ("70.6", "70.1")
    bench.send(m.OpenReview())
    assert bench.desk.screen is Screen.MEASURE, "an open question is answered first"


@pytest.mark.parametrize(
    ("which", "text", "rule"),
    [
        (Which.BEFORE, "70.1", Rule.SINGLE),
        (Which.NEW, "70.6", Rule.SINGLE),
        (Which.BOTH, "70.4", Rule.MEAN),
    ],
)
def test_the_first_the_new_one_or_both(which, text, rule):
    bench = lengths(Bench().measuring(), "70,1", "70,6").send(m.ChooseReading(which))
    assert (only(bench).text, only(bench).rule, flat(bench.desk).second) == (text, rule, None)


def test_going_back_keeps_the_value_before():
    bench = lengths(Bench().measuring(), "70,1", "70,6").send(m.Back())
    assert (flat(bench.desk).second, only(bench).text) == (None, "70.1")


def test_every_reading_is_saved_with_the_value_and_the_rule_has_a_name():
    bench = lengths(Bench().measuring(), "70,1", "70,6").send(m.ChooseReading(Which.BOTH))
    lengths(bench, "70,8").send(m.ChooseReading(Which.BOTH), m.OpenReview(), m.Save())
    (saved,) = bench.last(SaveVisit).visit.measurements
    assert (saved.rule, saved.value, saved.text) == (Rule.MEAN, 705, "70.5")
    assert [(r.part, r.text) for r in saved.readings] == [
        (Part.READING, "70.1"),
        (Part.READING, "70.6"),
        (Part.READING, "70.8"),
    ]


def test_of_the_head_the_largest_counts():
    bench = Bench().measuring()
    for text in ("45,1", "45,4"):
        bench.send(m.OpenEntry(Quantity.HEAD)).typed(text).typed(text)
    bench.send(m.ChooseReading(Which.BOTH))
    assert (only(bench).text, only(bench).rule) == ("45.4", Rule.LARGEST)


def test_lying_and_standing_are_never_reckoned_together():
    bench = lengths(Bench().measuring(), "70,1")
    bench.send(m.OpenEntry(Quantity.LENGTH), m.SetPosition(Position.STANDING))
    bench.typed("69,6").typed("69,6").send(m.ChooseReading(Which.BOTH))
    assert (only(bench).text, flat(bench.desk).second is not None) == ("70.1", True)


def test_a_second_weighing_is_a_reading_too():
    bench = Bench().measuring().scale("0.000", "8.420").take()
    bench.scale("0.000", "8.425").take()
    assert flat(bench.desk).second.text == "8.425"
    bench.send(m.ChooseReading(Which.BOTH))
    assert (only(bench).value, only(bench).text) == (8423, "8.423")
    assert all(reading.raw for reading in only(bench).readings)


@given(st.lists(st.integers(200, 2300), min_size=1, max_size=5))
def test_a_mean_lies_between_its_readings_and_is_exact_to_half_a_millimetre(values):
    value = reckon(Quantity.LENGTH, values)
    assert min(values) <= value <= max(values)
    assert abs(2 * value * len(values) - 2 * sum(values)) <= len(values)
    assert reckon(Quantity.HEAD, values) == max(values)


def test_what_is_written_is_what_was_reckoned():
    assert written(Quantity.WEIGHT, 5845) == ("5.845", "kg")
    assert written(Quantity.HEAD, 400) == ("40.0", "cm")


def test_readings_far_apart_propose_another_one():
    assert differ_much(Quantity.LENGTH, [612, 620])
    assert not differ_much(Quantity.LENGTH, [612, 619])


# --- last time ------------------------------------------------------------------------------


def asked(patient: bool = True) -> Bench:
    bench = Bench(DeskRules(reads_earlier=True)).sign_in()
    if not patient:
        bench.form(name="Nora").send(m.FindChild(), m.LookUpAnswered(1, "offline"))
        return bench.send(m.ConfirmChild())
    return bench.found().send(m.ConfirmChild())


def told(bench: Bench, *values: Earlier) -> Bench:
    return bench.send(m.EarlierAnswered(bench.desk.visit.id, values))


LAST_LENGTH = Earlier(Quantity.LENGTH, 690, date(2026, 10, 20), Position.LYING)


def test_the_journal_is_asked_only_where_the_clinic_wants_it_and_the_record_is_known():
    assert asked().last(AskEarlier).patient == "Patient/7"
    assert not Bench().measuring().of(AskEarlier)
    assert not asked(patient=False).of(AskEarlier)


def test_a_number_far_from_last_time_is_asked_about_and_goes_through_with_a_reason():
    bench = lengths(told(asked(), LAST_LENGTH), "79,6")
    assert judge(Quantity.LENGTH, 796, 317) is Verdict.USUAL, "no range sees two swapped digits"
    assert flat(bench.desk).question.draft.verdict is Verdict.SURPRISE
    bench.send(m.AnswerOdd(OddReason.READ_AGAIN))
    assert (only(bench).text, only(bench).odd_reason) == ("79.6", OddReason.READ_AGAIN)


def test_a_child_who_grew_as_children_do_is_not_asked_about():
    bench = lengths(told(asked(), LAST_LENGTH), "70,3")
    assert (flat(bench.desk).question, only(bench).text) == (None, "70.3")


def test_an_answer_that_comes_after_the_value_asks_before_the_review():
    bench = told(lengths(asked(), "79,6"), LAST_LENGTH).send(m.OpenReview())
    assert flat(bench.desk).question.draft.verdict is Verdict.SURPRISE
    bench.send(m.AnswerOdd(OddReason.READ_AGAIN), m.OpenReview())
    assert (bench.desk.screen, only(bench).odd_reason) == (Screen.REVIEW, OddReason.READ_AGAIN)
    again = told(lengths(asked(), "79,6"), LAST_LENGTH).send(m.OpenReview(), m.RejectOdd())
    assert again.desk.visit.drafts == ()


def test_an_answer_about_another_visit_is_not_shown():
    bench = asked()
    other = replace(bench.desk.visit, id=bench.moment().id)
    bench.send(m.EarlierAnswered(other.id, (LAST_LENGTH,)))
    assert bench.desk.visit.earlier == ()


def test_an_answer_for_work_behind_the_lock_is_there_when_it_comes_back():
    bench = asked()
    visit_id = bench.desk.visit.id
    bench.send(m.Lock(), m.EarlierAnswered(visit_id, (LAST_LENGTH,))).sign_in()
    assert bench.desk.visit.earlier == (LAST_LENGTH,)
    assert bench.desk.visit.child.number == NUMBER


def weights(then: int, now: int, first: date, second: date) -> bool:
    before = Earlier(Quantity.WEIGHT, then, first)
    return is_surprise(Earlier(Quantity.WEIGHT, now, second), before, BORN)


def test_a_newborn_may_lose_weight_and_an_older_child_is_asked_about():
    assert not weights(3600, 3300, BORN, date(2026, 1, 14))
    assert weights(8400, 7900, date(2026, 9, 1), date(2026, 10, 1))
    assert not weights(8400, 8100, date(2026, 9, 1), date(2026, 10, 1))


def test_standing_may_be_shorter_than_lying_but_not_by_much():
    def shorter(by: int, position: Position) -> bool:
        before = Earlier(Quantity.LENGTH, 860, date(2027, 12, 1), Position.LYING)
        now = Earlier(Quantity.LENGTH, 860 - by, date(2028, 1, 20), position)
        return is_surprise(now, before, BORN)

    assert not shorter(15, Position.STANDING)
    assert shorter(18, Position.STANDING)
    assert shorter(15, Position.LYING)


def test_the_same_day_is_nothing_to_compare_with():
    assert not weights(8400, 4200, date(2026, 9, 1), date(2026, 9, 1))
