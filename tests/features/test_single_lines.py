"""A scale that says one line a weighing, through the desk: every line is a finished weighing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from drivers.driver import Rhythm
from drivers.events import (
    Event,
    Flag,
    LinkState,
    LinkStatus,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
    Stamped,
)
from kiosk.desk.drafts import Draft
from kiosk.desk.notices import Notice
from kiosk.features.save import SaveVisit
from kiosk.features.second_reading import Which
from kiosk.model.visit import Part
from kiosk.weighing import single_lines
from kiosk.weighing.gate import Hold, Offer
from tests.desk.desk_bench import NOON, Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made


class Once(Bench):
    """A desk beside a scale that prints."""

    def __init__(self) -> None:
        super().__init__()
        weighing = replace(self.desk.station.weighing, rhythm=Rhythm.ONCE)
        self.desk = made(self.desk, weighing=weighing)
        self.send(LinkStatus("scale", LinkState.OPEN, 1, "unanswered"))

    def hears(self, event: Event) -> Once:
        self.now += 2
        wall = NOON + timedelta(seconds=self.now)
        self.send(Stamped(event, "scale", "tanita", "1", 1, self.now, wall))
        return self

    def line(self, text: str, *, checked: bool = True, **more: object) -> Once:
        given = {"stability": Stability.STABLE, "unit": "kg", "raw": b"raw", **more}
        return self.hears(
            Reading(Quantity.WEIGHT, Decimal(text), checked=checked, **given)  # type: ignore[arg-type]
        )

    def again(self, name: str = "Emil") -> Once:
        """Leave the child and open another."""
        self.send(m.NotThisChild())
        self.found(name).send(m.ConfirmChild())
        return self

    @property
    def offer(self) -> Offer:
        assert self.desk.station.weighing.offer is not None, self.desk.station.weighing
        return self.desk.station.weighing.offer

    @property
    def drafts(self) -> tuple[Draft, ...]:
        assert self.desk.visit is not None
        return self.desk.visit.drafts


def test_one_line_with_a_checksum_is_offered_at_once_without_an_empty_platform():
    bench = Once().measuring()
    assert bench.desk.station.weighing.hold is Hold.NO_LINE
    bench.line("8.420")
    assert not bench.offer.compare
    bench.take().send(m.OpenReview(), m.Save())
    (weight,) = bench.last(SaveVisit).visit.measurements
    assert (weight.text, weight.value, weight.raw) == ("8.420", 8420, b"raw")


@pytest.mark.parametrize("stability", [Stability.STABLE, Stability.UNKNOWN])
def test_a_line_without_a_checksum_is_to_be_compared_whatever_it_says_of_its_rest(stability):
    bench = Once().measuring().line("8.420", checked=False, stability=stability)
    assert bench.offer.compare
    assert not bench.line("8.430", stability=stability).offer.compare


def test_a_line_waits_longer_than_three_seconds_and_not_for_ever():
    bench = Once().measuring().line("8.420")
    key = bench.offer.key
    for _ in range(10):
        bench.now += single_lines.HELD_SECONDS / 10 - 1
        bench.send(m.Touched(), m.Tick())
    assert bench.offer.key == key
    bench.now += 11
    bench.send(m.Tick())
    assert (bench.desk.station.weighing.offer, bench.desk.station.weighing.hold) == (
        None,
        Hold.NO_LINE,
    )
    bench.send(m.TakeWeight(key))
    assert bench.desk.front.notice is Notice.WEIGHT_GONE
    assert bench.drafts == ()


def test_a_second_line_replaces_nothing_each_may_be_taken_and_of_both_is_asked():
    bench = Once().measuring().line("8.420").line("8.440")
    assert [line.text for line in bench.desk.station.weighing.lines] == ["8.420", "8.440"]
    first, _second = bench.desk.station.weighing.lines
    bench.send(m.TakeWeight(first.key))
    assert [draft.text for draft in bench.drafts] == ["8.420"]
    assert bench.offer.text == "8.440"
    bench.take()
    assert flat(bench.desk).second is not None
    bench.send(m.ChooseReading(Which.BOTH))
    (draft,) = bench.drafts
    assert (draft.value, [kept.text for kept in draft.readings]) == (8430, ["8.420", "8.440"])
    assert bench.desk.station.weighing.lines == ()


def test_the_same_digits_later_are_another_weighing_and_at_once_a_copy():
    bench = Once().measuring().line("8.420").line("8.420")
    assert len(bench.desk.station.weighing.lines) == 2
    bench.now -= 1.5
    bench.line("8.420")
    assert len(bench.desk.station.weighing.lines) == 2


@pytest.mark.parametrize("yes", [True, False])
def test_a_line_before_the_child_asks_by_name(yes):
    bench = Once().sign_in()
    bench.line("8.420")
    bench.found().send(m.ConfirmChild()).take()
    assert (bench.drafts, flat(bench.desk).doubt) == ((), bench.offer)
    bench.send(m.AnswerDoubt(bench.desk.station.opening.id, yes))
    assert [draft.text for draft in bench.drafts] == (["8.420"] if yes else [])
    assert bench.desk.station.weighing.lines == ()


def test_a_line_of_the_wrong_child_asks_for_the_right_one_and_a_new_line_does_not():
    bench = Once().measuring().line("8.420").again()
    bench.line("7.310").take()
    assert [draft.text for draft in bench.drafts] == ["7.310"]
    (left,) = bench.desk.station.weighing.lines
    bench.send(m.TakeWeight(left.key))
    assert flat(bench.desk).doubt == left
    assert [draft.text for draft in bench.drafts] == ["7.310"]


def test_what_a_saved_child_left_untaken_is_nobodys():
    bench = Once().measuring().line("8.420").line("8.440").take()
    bench.send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.desk.visit.id))
    assert bench.desk.station.weighing.lines == ()
    bench.line("6.100")
    bench.send(m.NextChild()).found("Emil").send(m.ConfirmChild()).take()
    assert flat(bench.desk).doubt == bench.offer


def test_after_a_lock_the_same_child_is_asked_about_too():
    bench = Once().measuring().line("8.420").send(m.Lock()).sign_in()
    bench.take()
    assert (bench.drafts, flat(bench.desk).doubt) == ((), bench.offer)


def test_an_answer_of_an_earlier_opening_takes_nothing():
    bench = Once().measuring().line("8.420")
    old = bench.desk.station.opening.id
    bench.again().take().send(m.AnswerDoubt(old, yes=True))
    assert bench.drafts == ()
    assert flat(bench.desk).doubt is not None


def test_with_an_adult_two_lines_make_the_difference():
    bench = Once().measuring().send(m.WeighWithAdult(True))
    bench.line("78.420").take().line("70.180").take()
    (draft,) = bench.drafts
    assert (draft.text, [kept.part for kept in draft.readings]) == (
        "8.240",
        [Part.TOGETHER, Part.ADULT],
    )


@pytest.mark.parametrize(
    ("wrong", "hold"),
    [
        ({"text": "8.4", "stability": Stability.MOVING}, Hold.MOVING),
        ({"text": "0.000"}, Hold.EMPTY),
        ({"text": "-1.200"}, Hold.NEGATIVE),
        ({"text": "18.5", "unit": "lb"}, Hold.UNIT),
        ({"text": "8.4", "flags": frozenset({Flag.RECALLED})}, Hold.RECALLED),
        (Reason.OVERLOAD, Hold.OVERLOAD),
        (Reason.NOT_STABLE, Hold.RESTLESS),
    ],
)
def test_a_line_that_is_no_weight_is_told_and_what_came_before_waits(wrong, hold):
    bench = Once().measuring().line("8.420")
    if isinstance(wrong, Reason):
        bench.hears(NoReading(wrong))
    else:
        bench.line(**wrong)
    assert (bench.desk.station.weighing.offer, bench.desk.station.weighing.hold) == (None, hold)
    bench.wait(single_lines.REFUSED_SECONDS + 2)
    assert bench.offer.text == "8.420"


def test_a_weighing_that_was_finished_survives_the_cable_and_a_silence_that_is_none():
    bench = Once().measuring().line("8.420")
    bench.send(LinkStatus("scale", LinkState.LOST, 1, "unplugged"))
    assert bench.offer.text == "8.420"
    bench.take()
    assert bench.desk.station.weighing.hold is Hold.NO_SCALE
    bench.send(LinkStatus("scale", LinkState.OPEN, 2, "unanswered")).wait(30)
    assert bench.desk.station.weighing.hold is Hold.NO_LINE


def test_a_number_that_was_wrong_takes_its_line_along():
    bench = Once().measuring().line("80.420").take()
    assert flat(bench.desk).question is not None
    bench.send(m.RejectOdd())
    assert bench.desk.station.weighing.lines == ()


def test_a_load_that_streams_by_mistake_is_one_line_and_never_the_next_childs():
    bench = Once().measuring()
    for _ in range(30):
        bench.now -= 1.9
        bench.line("8.420")
    bench.again()
    for _ in range(30):
        bench.now -= 1.9
        bench.line("8.420")
    assert len(bench.desk.station.weighing.lines) == 1
    bench.take()
    assert bench.drafts == ()
