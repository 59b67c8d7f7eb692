import math
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.driver import Line, Poll
from drivers.events import Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.hints import Hint, LineDoctor, has_parity_bit, is_echo
from drivers.polling import Pacer
from drivers.simulators.faults import Fault, damaged, pieces, with_even_parity
from drivers.simulators.keys import Panel, said
from drivers.simulators.motion import STEP_GRAMS, Load, lifted, shown

VALUE = Reading(Quantity.WEIGHT, Decimal("4.200"), "kg", Stability.STABLE)
ASK = Poll(b"SI\r\n", interval=0.2, timeout=1.0)


def test_a_request_is_due_at_once_then_after_the_answer_and_the_interval():
    pacer = Pacer(ASK, 10.0)
    assert pacer.wait(10.0) == 0
    pacer.sent(10.0)
    assert pacer.wait(10.5) == pytest.approx(0.5)
    pacer.heard([VALUE], 10.6)
    assert pacer.wait(10.6) == pytest.approx(0.2)
    pacer.sent(10.8)
    assert pacer.wait(11.8) == 0


def test_a_scale_that_is_never_asked_is_never_due():
    assert Pacer(None, 0.0).wait(1e9) == math.inf


def test_what_comes_unasked_does_not_move_the_next_request():
    pacer = Pacer(ASK, 0.0)
    pacer.sent(0.0)
    pacer.heard([VALUE], 0.1)
    pacer.heard([VALUE], 0.25)
    assert pacer.wait(0.3) == pytest.approx(0)


@pytest.mark.parametrize("event", [Garbage(b"?"), NoReading(Reason.PENDING)])
def test_what_is_no_answer_leaves_the_request_open(event):
    pacer = Pacer(ASK, 0.0)
    pacer.sent(0.0)
    pacer.heard([event], 0.1)
    assert pacer.wait(0.1) == pytest.approx(0.9)


def hint(data: bytes, events=(), request=b"SI\r\n") -> Hint | None:
    doctor = LineDoctor(request, 0.0)
    doctor.heard(data, events, 4.9)
    return doctor.hint(5.0)


def test_nothing_is_wrong_before_the_patience_is_over():
    assert LineDoctor(b"", 0.0).hint(4.9) is None
    assert LineDoctor(b"", 0.0).hint(5.0) is Hint.SILENT


def test_a_valid_event_starts_the_patience_again():
    doctor = LineDoctor(b"", 0.0)
    doctor.heard(b"x", [VALUE], 3.0)
    assert doctor.hint(7.9) is None
    assert doctor.hint(8.0) is Hint.ASLEEP


def test_silence_from_the_start_is_not_called_sleep_and_names_the_parity_where_there_is_one():
    assert LineDoctor(b"", 0.0).hint(6.0) is Hint.SILENT
    assert LineDoctor(b"", 0.0, line=Line(parity="E")).hint(6.0) is Hint.SILENT_OR_PARITY


def sampled_too_fast(text: bytes, times: int) -> bytes:
    """What a UART reads that samples ``times`` as fast as the other one sends 8N1."""
    line = [1] * 9
    for byte in text:
        line += [0, *((byte >> bit) & 1 for bit in range(8)), 1]
    fast = [level for level in line for _ in range(times)] + [1] * 20
    got, at = bytearray(), 0
    while at < len(fast) - 10:
        if fast[at]:
            at += 1
            continue
        got.append(sum(fast[at + 1 + bit] << bit for bit in range(8)))
        at += 10
    return bytes(got)


@pytest.mark.parametrize("times", [2, 4, 8])
@pytest.mark.parametrize("frame", [b"SI       8.420 kg \r\n", b"S S      4.236 g\r\n"])
def test_a_line_read_at_a_higher_speed_is_named(frame, times):
    data = sampled_too_fast(frame * 20, times)
    assert hint(data, [Garbage(data)]) is Hint.WRONG_SPEED


def test_a_printout_is_told_from_noise():
    page = b"--------------\r\nDate 23.11.2026\r\nNet   8.420 kg\r\n" * 2
    assert hint(page, [Garbage(page)]) is Hint.PRINTOUT


def test_the_commands_of_a_program_that_looks_for_modems_are_named():
    data = b"AT\rAT+GCAP\r"
    assert hint(data, [Garbage(data)]) is Hint.FOREIGN_COMMANDS


def test_parity_that_nobody_checks_is_a_warning_beside_good_values():
    doctor = LineDoctor(b"", 0.0, line=Line(bits=7, parity="E"))
    frame = bytes(b | 0x80 * (b.bit_count() % 2) for b in b"\x0208.420\r" * 10)
    doctor.heard(frame, [VALUE], 1.0)
    assert doctor.hint(1.0) is None
    assert doctor.warning() is Hint.PARITY_STRIPPED
    clean = LineDoctor(b"", 0.0, line=Line(bits=7, parity="E"))
    clean.heard(bytes(b & 0x7F for b in frame), [VALUE], 1.0)
    assert clean.warning() is None


def test_an_overload_is_understood_and_no_hint():
    assert hint(b"x", [NoReading(Reason.OVERLOAD)]) is None


def test_repeated_requests_are_an_echo():
    assert hint(b"SI\r\nSI\r\nSI", [Garbage(b"SI\r\n")]) is Hint.ECHO
    assert not is_echo(b"SI\r\nsomething else", b"SI\r\n")
    assert not is_echo(b"SI\r\n", b"")


def test_a_seven_bit_frame_read_with_eight_bits_is_wrong_parity():
    frame = bytes(map(with_even_parity, b"SI ?    4.236 kg \r\n" * 3))
    assert hint(frame) is Hint.WRONG_PARITY


def test_refusals_are_told_from_garbage():
    assert hint(b"ES\r\n", [NoReading(Reason.NOT_UNDERSTOOD)]) is Hint.NOT_UNDERSTOOD
    assert hint(b"foo bar\r\n", [Garbage(b"foo bar\r\n")]) is Hint.GARBAGE


@given(st.integers(0, 2**32))
def test_random_bytes_are_not_taken_for_wrong_parity(seed):
    assert not has_parity_bit(Random(seed).randbytes(400))


@given(st.binary(min_size=48, max_size=200))
def test_text_as_it_should_be_is_never_wrong_parity(data):
    assert not has_parity_bit(bytes(byte & 0x7F for byte in data))


@given(st.integers(0, 255))
def test_even_parity_makes_the_number_of_ones_even(byte):
    made = with_even_parity(byte)
    assert made.bit_count() % 2 == 0
    assert made & 0x7F == byte & 0x7F


FRAME = b"S S      4.200 kg\r\n"


@given(st.integers(0, 2**32))
def test_each_damage_does_what_its_name_says(seed):
    flipped = damaged(FRAME, {Fault.BIT_FLIP}, Random(seed))
    assert sum((a ^ b).bit_count() for a, b in zip(FRAME, flipped, strict=True)) == 1
    cut = damaged(FRAME, {Fault.CUT_FRAMES}, Random(seed))
    assert FRAME.startswith(cut)
    assert cut != FRAME
    assert len(damaged(FRAME, {Fault.DUPLICATE_BYTES}, Random(seed))) == len(FRAME) + 1
    assert damaged(FRAME, set(), Random(seed)) == FRAME


def test_a_slow_line_sends_the_same_bytes_one_at_a_time():
    sent = pieces(FRAME, {Fault.SLOW_BYTES})
    assert b"".join(piece for _, piece in sent) == FRAME
    assert {len(piece) for _, piece in sent} == {1}
    assert [at for at, _ in sent] == sorted(at for at, _ in sent)


@given(st.integers(500, 20_000), st.floats(0.1, 10), st.floats(0, 20))
def test_a_baby_shows_multiples_of_the_step_and_settles_on_its_weight(grams, wriggle, age):
    state = shown(Load(grams, 100.0, wriggle), 100.0 + age)
    assert state.grams % STEP_GRAMS == 0
    assert abs(state.grams - grams) <= 0.13 * grams
    assert state.stable == (100.0 + age - 100.0 >= wriggle)
    if state.stable:
        assert abs(state.grams - grams) <= STEP_GRAMS / 2


def test_the_swing_dies_away():
    load = Load(8000, 0.0, 3.0)
    early = max(abs(shown(load, t / 100).grams - 8000) for t in range(100))
    late = max(abs(shown(load, 2 + t / 100).grams - 8000) for t in range(99))
    assert early > 4 * late > 0


def test_lifting_ends_at_a_stable_zero_with_three_decimals():
    up = lifted(Load(8420, 0.0), 50.0)
    assert not shown(up, 50.1).stable
    end = said(Panel(), shown(up, 51.0), 51.0)
    assert (str(end.value), end.unit, end.stability) == ("0.000", "kg", Stability.STABLE)


def test_a_restless_load_never_settles():
    states = [shown(Load(5000, 0.0), t / 10, restless=True) for t in range(100)]
    assert not any(state.stable for state in states)
    assert len({state.grams for state in states}) > 5
