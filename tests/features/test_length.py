"""A length from a device: offered to the child on the screen, taken by touch, never by itself."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from drivers.events import (
    Flag,
    LinkState,
    LinkStatus,
    Quantity,
    Reading,
    Stability,
    Stamped,
)
from kiosk.desk.notices import Notice
from kiosk.desk.rules import DeskRules
from kiosk.features.save import SaveVisit
from kiosk.model.performer import Device
from kiosk.model.visit import Position, Source
from kiosk.model.visit import Quantity as Measured
from kiosk.weighing.plausibility import Verdict
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat

SCALE = Device("scale", "RADWAG", "radwag", "1")
BOARD = Device("length-board", "MUW", "adam-muw", "1", "B-7")
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def board() -> Bench:
    return Bench(DeskRules(scale=SCALE, length_board=BOARD)).measuring()


def sends(
    bench: Bench,
    text: str,
    unit: str = "cm",
    *,
    link: str = "length-board",
    stability: Stability = Stability.UNKNOWN,
    flags: frozenset[Flag] = frozenset(),
) -> Bench:
    reading = Reading(Quantity.LENGTH, Decimal(text), unit, stability, flags, b"L" + text.encode())
    return bench.send(Stamped(reading, link, "adam-muw", "1", 1, bench.now, NOON))


def take(bench: Bench, position: Position | None = Position.LYING) -> Bench:
    offer = flat(bench.desk).length
    return bench.send(m.TakeLength(offer.key if offer else ""), m.PlaceChild(position))


def test_a_length_is_taken_with_its_digits_its_bytes_and_its_device():
    bench = take(sends(board(), "71.50")).send(m.OpenReview(), m.Save())
    (length,) = bench.last(SaveVisit).visit.measurements
    assert (length.quantity, length.value, length.text) == (Measured.LENGTH, 715, "71.50")
    assert (length.unit, length.position) == ("cm", Position.LYING)
    assert (length.source, length.device, length.raw) == (Source.DEVICE, BOARD, b"L71.50")
    assert length.measured_at == NOON


def test_a_scale_that_sends_the_length_with_the_weight_is_named_as_the_device():
    seen_empty = board().scale("0.000")
    bench = take(sends(seen_empty, "0.715", "m", link="scale")).send(m.OpenReview(), m.Save())
    (length,) = bench.last(SaveVisit).visit.measurements
    assert (length.value, length.device) == (715, SCALE)


def test_nothing_is_taken_before_somebody_says_how_the_child_lay():
    bench = sends(board(), "71.5")
    bench.send(m.TakeLength(flat(bench.desk).length.key))
    assert flat(bench.desk).placing is not None
    assert not bench.desk.visit.drafts
    bench.send(m.PlaceChild(None))
    assert not bench.desk.visit.drafts
    assert flat(bench.desk).placing is None


def test_a_length_of_before_the_child_was_confirmed_is_nobodys():
    bench = Bench(DeskRules(scale=SCALE, length_board=BOARD)).sign_in().found()
    sends(bench, "71.5").send(m.ConfirmChild())
    assert flat(bench.desk).length is None


def test_a_length_does_not_outlive_its_child():
    bench = sends(board(), "71.5")
    bench.send(m.NotThisChild())
    assert flat(bench.desk).length is None
    bench.found().send(m.ConfirmChild())
    assert flat(bench.desk).length is None


def test_a_length_that_nobody_takes_goes_away():
    bench = sends(board(), "71.5")
    bench.wait(29)
    assert flat(bench.desk).length is not None
    bench.wait(3)
    assert flat(bench.desk).length is None


def test_the_finger_means_the_length_it_saw():
    bench = sends(board(), "71.5")
    seen = flat(bench.desk).length.key
    sends(bench, "69.0")
    bench.send(m.TakeLength(seen))
    assert bench.desk.front.notice is Notice.LENGTH_GONE
    assert flat(bench.desk).placing is None


def test_a_device_that_repeats_itself_keeps_its_offer():
    bench = sends(board(), "71.5")
    seen = flat(bench.desk).length.key
    for _ in range(5):
        sends(bench, "71.5")
    assert flat(bench.desk).length.key == seen


def test_what_is_taken_is_not_offered_again_but_another_value_is():
    bench = take(sends(board(), "71.5"))
    sends(bench, "71.5")
    assert flat(bench.desk).length is None
    sends(bench, "71.9")
    assert flat(bench.desk).length is not None


@pytest.mark.parametrize(
    ("unit", "flags"), [("in", frozenset()), ("", frozenset()), ("cm", frozenset({Flag.RECALLED}))]
)
def test_inches_no_unit_and_the_devices_memory_are_refused_in_words(unit, flags):
    bench = sends(board(), "28.1", unit, flags=flags)
    assert flat(bench.desk).length is None
    assert bench.desk.front.notice is Notice.LENGTH_REFUSED


def test_a_moving_board_is_waited_for_in_silence():
    bench = sends(board(), "71.5", stability=Stability.MOVING)
    assert (flat(bench.desk).length, bench.desk.front.notice) == (None, None)


def test_an_empty_board_is_no_length():
    bench = sends(board(), "0.0")
    assert (flat(bench.desk).length, bench.desk.front.notice) == (None, None)


def test_an_odd_length_is_asked_about():
    bench = take(sends(board(), "17.5"))
    assert flat(bench.desk).question.draft.verdict is Verdict.IMPOSSIBLE
    bench.send(m.RejectOdd())
    take(sends(bench, "98.0"))
    assert flat(bench.desk).question.draft.verdict is Verdict.FAR


def test_the_boards_cable_is_not_the_scales():
    bench = board().scale("0.000", "8.420")
    bench.send(LinkStatus("length-board", LinkState.LOST, 1, "unplugged"))
    assert bench.desk.station.strip.board is LinkState.LOST
    assert bench.desk.station.weighing.offer is not None


def test_a_weight_from_the_board_is_never_the_childs():
    bench = board().scale("0.000", "8.420")
    before = bench.desk.station.weighing
    weight = Reading(Quantity.WEIGHT, Decimal("5.0"), "kg", Stability.STABLE)
    bench.send(Stamped(weight, "length-board", "adam-muw", "1", 1, bench.now, NOON))
    assert bench.desk.station.weighing == before
