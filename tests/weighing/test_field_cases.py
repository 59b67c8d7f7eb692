"""What went wrong in the field with other programs: values, weighings and the wrong child.

The number in a test's name is the case. Cases about ports and cables are in tests/cases.
"""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.capture import CaptureRing
from drivers.contract_samples import read, readings, sample, values
from drivers.conversation import Conversation, Timing
from drivers.driver import Poll
from drivers.events import Flag, Garbage, NoReading, Quantity, Reading, Reason, Stability
from drivers.hid_report import layout_of
from drivers.hints import Hint, LineDoctor
from drivers.polling import Pacer
from drivers.profile import poll_of
from drivers.registry import all_drivers
from drivers.simulators.pty_port import PtyPort
from drivers.transports.opening import open_transport
from drivers.vector_file import vectors_for
from kiosk.weighing import gate
from kiosk.weighing.gate import Hold
from tests.weighing.scale_stream import Stream

DRIVERS = all_drivers()
OPEN_FILES = Path("/proc/self/fd")
each_driver = pytest.mark.parametrize("key", sorted(DRIVERS))


def decode(key, data, **settings):
    return read(DRIVERS[key], {k.replace("_", "-"): v for k, v in settings.items()}, data)


def only(key, data, **settings):
    (event,) = decode(key, data, **settings)
    return event


def vector(key, name):
    (found,) = (v for v in vectors_for(DRIVERS[key]) if v.id == name)
    return read(DRIVERS[key], found.settings, *found.chunks)


def all_readings():
    for key, driver in DRIVERS.items():
        for row in vectors_for(driver):
            for reading in readings(read(driver, row.settings, *row.chunks)):
                yield key, row.id, reading


def shown(stream, reading, times=1):
    for _ in range(times):
        stream.state = gate.event_arrived(stream.state, stream.stamped(reading))
    return stream


def settled(text="4.236"):
    return Stream().opened().weight("0.000", times=3).weight(text, times=3)


def test_f3_the_same_weight_twice_and_a_child_that_was_there_first_both_count():
    stream = Stream().opened().weight("4.236", times=30)
    assert stream.state.hold is Hold.NOT_NEW
    stream.state = gate.person_says_new(stream.state)
    assert stream.weight("4.236", times=3).take() == 4236
    assert stream.weight("0.000", times=2).weight("4.236", times=3).take() == 4236


def test_f4_a_net_bit_is_no_error():
    assert only("toledo-8217", b"\x02?`\r").reason is Reason.OTHER
    reading = only("toledo-8217", b"\x0203.536N\r", unit="kg")
    assert (str(reading.value), Flag.NET in reading.flags) == ("3.536", True)


def test_f5_a_negative_value_is_negative_in_every_protocol_that_can_say_it():
    negative = [(key, r) for key, _, r in all_readings() if Flag.NEGATIVE in r.flags]
    assert len({key for key, _ in negative}) >= 12
    assert all(reading.value < 0 for _, reading in negative)
    assert all(r.value >= 0 for _, _, r in all_readings() if Flag.NEGATIVE not in r.flags)


@each_driver
def test_f6_thousands_of_frames_in_chunks_of_any_size_stay_the_same_value(key):
    good = sample(DRIVERS[key])
    chance, decoder = random.Random(6), DRIVERS[key].decoder(good.settings)
    data, count = good.frame * 2000, 0
    while data:
        size = chance.randrange(1, 60)
        for value in values(decoder.feed(data[:size])):
            if isinstance(value, Reading) and value.quantity is not Quantity.WEIGHT:
                continue
            count += 1
            assert value == good.reading
        data = data[size:]
    assert count == 2000


class Script:
    """A transport that hands out given reads, then nothing."""

    def __init__(self, *reads):
        self.reads = list(reads)

    def read(self, timeout):
        return self.reads.pop(0) if self.reads else b""

    def write(self, data):
        pass

    def close(self):
        pass


def test_f17_the_first_report_after_opening_is_the_last_weighing_and_is_dropped():
    old, new = b"\x03\x04\x03\xfd\x8c\x10", b"\x03\x04\x03\xfd\x90\x10"
    talk = Conversation(DRIVERS["usb-hid"], Script(old, new), {}, CaptureRing(), Timing(settle=0))
    told = []
    talk.step(told.append)
    talk.step(told.append)
    assert [str(event.value) for event in told] == ["4.240"]


def test_f18_an_empty_buffer_is_never_zero():
    assert all(isinstance(event, Garbage) for event in vector("usb-hid", "H12"))


def test_f19_a_scale_without_a_data_report_gives_nothing_and_does_not_hang():
    strange = bytes.fromhex("058d0920a1010930a10285027508950109238102c0c0")
    assert layout_of(strange) is None
    events = decode("usb-hid", b"\x03\x04\x02\x00\x7c\x0f" * 50, report_descriptor=strange.hex())
    assert readings(events) == []


def test_f20_reports_of_something_else_are_no_weights():
    assert readings(decode("usb-hid", b"\x04\x00_\x00\x00\x00\x00\x00" * 50)) == []


def test_f21_a_scale_that_fell_asleep_is_named_and_starts_with_an_empty_platform():
    doctor = LineDoctor(b"", 0.0)
    assert doctor.hint(5.1) is Hint.SILENT
    stream = settled().lost().opened().weight("4.236", times=30)
    assert (stream.state.offer, stream.state.hold) == (None, Hold.NOT_NEW)


def test_f22_two_hundred_times_opened_and_closed_leaves_nothing_open(tmp_path):
    port = PtyPort(tmp_path / "scale")
    before = len(list(OPEN_FILES.iterdir()))
    for _ in range(200):
        open_transport(str(tmp_path / "scale"), DRIVERS["radwag"].line).close()
    assert len(list(OPEN_FILES.iterdir())) == before
    port.close()


def test_f23_a_scale_that_reports_zero_for_ever_is_an_empty_scale():
    stream = Stream().opened()
    zero = only("usb-hid", b"\x03\x02\x02\x00\x00\x00")
    assert Flag.ZERO in zero.flags
    assert shown(stream, zero, 500).state.hold is Hold.EMPTY


def test_f24_pounds_are_never_taken_for_kilograms():
    pounds = [(key, r) for key, _, r in all_readings() if r.unit == "lb"]
    assert len({key for key, _ in pounds}) >= 6
    for _, reading in pounds:
        stream = shown(settled(), replace(reading, stability=Stability.STABLE), 9)
        assert stream.state.offer is None
        assert stream.state.hold is Hold.UNIT


def test_f25_high_bytes_are_no_signs():
    assert only("usb-hid", b"\x03\x04\x02\x00\xff\xff").value == 65535
    assert only("usb-hid", b"\x03\x04\x02\x00\x80\x80").value == 32896
    assert only("pelstar", b"\x02\x82\xd7\xe4004.990\r").value == Decimal("4.990")


def test_f26_thirty_seconds_of_motion_and_then_rest_is_one_weighing():
    stream = Stream().opened().weight("0.000", times=3)
    keys = set()
    for number in range(300):
        stream.weight(f"{4.2 + number % 7 / 100:.3f}", moving=True)
        assert stream.state.offer is None
    for _ in range(50):
        stream.weight("4.236")
        keys |= {stream.state.offer.key} if stream.state.offer else set()
    assert len(keys) == 1


def test_f27_the_same_value_after_a_restart_is_no_new_weighing():
    stream = Stream().opened().weight("4.236", times=100)
    assert stream.state.offer is None


def test_f28_twins_of_the_same_weight_are_two_weighings():
    stream = settled()
    first = stream.state.offer.key
    stream.take()
    stream.weight("0.000", times=3).weight("4.236", times=3)
    assert stream.state.offer.key != first


def test_f29_a_scale_that_never_finds_rest_or_zero_gets_advice():
    stream = Stream().opened().weight("0.000", times=3)
    stream.weight("4.236", moving=True, times=210)
    assert stream.state.hold is Hold.RESTLESS
    assert stream.nothing(Reason.UNDERLOAD).state.hold is Hold.UNDERLOAD


def test_f30_a_scale_that_sends_at_its_print_key_is_read_however_its_bytes_come():
    assert poll_of(DRIVERS["adam-muw"], {"request": "print-key"}) is None
    decoder = DRIVERS["adam-muw"].decoder({})
    got = [e for b in b"Weight: 80.00 kg\r\n" for e in decoder.feed(bytes([b]))]
    assert [str(reading.value) for reading in readings(got)] == ["80.00"]


def test_f31_a_negative_stays_negative_and_a_gap_is_not_zero():
    stream = settled().weight("-0.700", times=5)
    assert (stream.state.shown.value, stream.state.hold) == (Decimal("-0.700"), Hold.NEGATIVE)
    gone = gate.time_passed(stream.state, stream.now + 3.1)
    assert (gone.shown, gone.hold) == (None, Hold.SILENT)


def test_f32_a_scale_that_is_offline_shows_no_number():
    state = settled().lost().state
    assert (state.shown, state.offer, state.hold) == (None, None, Hold.NO_SCALE)


def test_f33_a_code_for_a_unit_that_no_table_has_is_garbage():
    assert all(isinstance(event, Garbage) for event in vector("usb-hid", "H13"))


@pytest.mark.parametrize("name", ["P6", "P7", "P14"])
def test_f34_a_missing_field_is_no_zero_and_no_pound(name):
    assert readings(vector("health-o-meter", name)) == []


def test_f34_a_missing_tare_says_neither_net_nor_gross():
    assert readings(vector("health-o-meter", "P11"))[0].flags == frozenset()


def test_f35_kilograms_are_kilograms_and_not_grams():
    assert [r.unit for r in readings(vector("kern", "K8"))] == ["kg"]
    assert [r.unit for r in readings(vector("kern", "K9"))] == [""]


def test_f36_a_weight_that_is_sent_again_by_a_key_asks_or_is_refused():
    stream = settled()
    stream.take()
    assert stream.weight("4.236", times=5).state.hold is Hold.NOT_NEW
    (recalled,) = decode("tanita", b"Rg,3868\r\n")
    assert isinstance(recalled, NoReading)
    assert shown(stream, recalled).state.hold is Hold.RECALLED


def test_f37_a_stream_that_goes_on_after_the_lift_does_not_reach_the_next_child():
    stream = settled()
    stream.take()
    for _ in range(300):
        assert stream.weight("4.236").state.offer is None


def test_f38_zeros_and_nines_that_stand_for_an_overload_are_no_weights():
    assert readings(vector("health-o-meter", "P5")) == []
    assert readings(decode("toledo-8217", b"\x0200.000\r", unit="kg", zero_frames="no-value")) == []
    unsure = only("toledo-8217", b"\x0200.000\r", unit="kg")
    assert unsure.stability is Stability.UNKNOWN


@pytest.mark.parametrize(
    ("key", "line"), [("st-us", b"ST,GS,+  4,876kg\r\n"), ("sartorius", b"+    4,876 kg \r\n")]
)
def test_f39_a_decimal_comma_is_never_left_out_of_a_number(key, line):
    assert readings(decode(key, line)) == []
    assert str(only(key, line, decimal_comma="accept").value) == "4.876"


def test_f40_no_second_request_goes_out_before_the_answer():
    pacer = Pacer(Poll(b"SI\r\n", interval=0.1, timeout=1.0), 0.0)
    pacer.sent(0.0)
    assert pacer.wait(0.5) > 0
    pacer.heard([Reading(Quantity.WEIGHT, Decimal(1), "kg", Stability.STABLE)], 0.6)
    assert pacer.wait(0.65) > 0
    assert pacer.wait(0.71) == 0
