"""A child on an adult's arm: two weighings, both kept, and the difference is the child's."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import LinkState, LinkStatus, Quantity, Reading, Stability
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.save import SaveVisit
from kiosk.model.visit import Part, Rule, Source
from kiosk.weighing.plausibility import Verdict
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat


def weighed(both: str = "78.420", alone: str = "70.180") -> Bench:
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", both).take()
    return bench.scale("0.000", alone).take()


def test_both_readings_and_the_rule_are_kept_with_the_difference():
    bench = weighed().send(m.OpenReview(), m.Save())
    (weight,) = bench.last(SaveVisit).visit.measurements
    assert (weight.value, weight.text, weight.unit) == (8240, "8.240", "kg")
    assert (weight.rule, weight.source) == (Rule.DIFFERENCE, Source.DEVICE)
    together, alone = weight.readings
    assert (together.part, together.text, together.raw) == (Part.TOGETHER, "78.420", b"raw")
    assert (alone.part, alone.text, alone.value) == (Part.ADULT, "70.180", 70180)
    assert together.measured_at < alone.measured_at == weight.measured_at
    assert weight.raw == b""
    assert weight.device is not None


def test_a_single_weighing_keeps_its_bytes_and_no_readings():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    (weight,) = bench.last(SaveVisit).visit.measurements
    assert (weight.rule, weight.readings, weight.raw) == (Rule.SINGLE, (), b"raw")


def test_the_adult_may_stay_on_the_scale_if_a_person_says_so():
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.4").take()
    bench.scale("70.2")
    assert bench.desk.station.weighing.offer is None
    bench.send(m.ChildIsOnScale()).scale("70.2").take()
    assert bench.desk.visit.drafts[0].text == "8.2"


def test_the_same_load_twice_is_no_child():
    bench = weighed("70.2", "70.2")
    assert flat(bench.desk).question.draft.verdict is Verdict.IMPOSSIBLE
    bench.send(m.RejectOdd())
    assert bench.desk.visit.together is None
    assert not bench.desk.visit.drafts


def test_the_two_in_the_wrong_order_are_refused_and_not_turned_around():
    bench = weighed("70.180", "78.420")
    assert flat(bench.desk).question.draft.verdict is Verdict.IMPOSSIBLE


def test_half_a_weighing_is_not_passed_over_in_silence():
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.4").take()
    bench.send(m.OpenReview())
    assert bench.desk.front.notice is Notice.HALF_WEIGHED
    assert bench.desk.screen is Screen.MEASURE


@pytest.mark.parametrize("with_adult", [True, False])
def test_switching_begins_anew(with_adult):
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.4").take()
    bench.send(m.WeighWithAdult(with_adult))
    assert bench.desk.visit.together is None
    assert bench.desk.visit.with_adult is with_adult


def test_a_cable_between_the_two_loses_nothing_and_needs_an_empty_scale():
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.420").take()
    bench.send(LinkStatus("scale", LinkState.LOST, 1, "unplugged"))
    bench.send(LinkStatus("scale", LinkState.OPEN, 2))
    bench.stream.session = 2
    bench.scale("70.180")
    assert bench.desk.station.weighing.offer is None
    bench.scale("0.000", "70.180").take()
    assert bench.desk.visit.drafts[0].value == 8240


def test_a_lock_between_the_two_gives_the_first_back_to_the_same_person():
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.420").take()
    bench.send(m.Lock())
    assert bench.desk.visit is None
    bench.sign_in()
    assert bench.desk.visit.together.text == "78.420"


def test_another_child_never_inherits_the_first_half():
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.4").take()
    bench.send(m.NotThisChild()).found().send(m.ConfirmChild())
    assert bench.desk.visit.together is None
    assert bench.desk.visit.with_adult is False


def test_a_scale_switched_to_grams_between_the_two_still_adds_up():
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", "78.420").take()
    bench.scale("0.000")
    grams = Reading(Quantity.WEIGHT, Decimal(70180), "g", Stability.STABLE, raw=b"raw")
    for _ in range(3):
        bench.send(replace(bench.stream.stamped(grams), monotonic=bench.now))
    bench.take()
    (draft,) = bench.desk.visit.drafts
    assert (draft.value, draft.text, draft.unit) == (8240, "8240", "g")


@given(st.integers(2_000, 140_000), st.integers(300, 60_000), st.integers(0, 3))
def test_the_digits_and_the_grams_of_a_difference_always_agree(adult, child, places):
    step = 10 ** (3 - places)
    adult, child = adult // step * step, max(step, child // step * step)
    both, alone = (f"{Decimal(g).scaleb(-3):.{places}f}" for g in (adult + child, adult))
    bench = Bench().measuring().send(m.WeighWithAdult(True)).scale("0.000", both).take()
    bench.scale("0.000", alone).take()
    question = flat(bench.desk).question
    draft = question.draft if question is not None else bench.desk.visit.drafts[0]
    assert draft.value == child
    assert Decimal(draft.text) * 1000 == child
