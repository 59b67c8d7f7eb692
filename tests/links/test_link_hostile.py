import termios
import time
from itertools import pairwise
from pathlib import Path

import pytest
import serial

from drivers.conversation import Timing
from drivers.driver import Poll
from drivers.events import Garbage, LinkState, Reading, Stamped
from drivers.framing import LineDecoder
from drivers.transports.base import LinkLost, LossCause
from tests.links.line_bench import FAST, SETTLED, Listener, MadeUp, opener_of, tiny_driver
from tests.patience import until, within

ASK = Poll(b"ASK\r\n", interval=0.05, timeout=0.3)

ERRORS = [
    serial.SerialException("device reports readiness to read but returned no data"),
    OSError(5, "Input/output error"),
    termios.error(5, "Input/output error"),
    ValueError("low latency"),
    LinkLost(LossCause.UNPLUGGED),
]
by_name = pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)


def good() -> MadeUp:
    return MadeUp([SETTLED, b"4.200\r\n"])


def run_until_weight(listener: Listener, opener, **options) -> None:
    link = listener.link(options.pop("driver", tiny_driver()), opener=opener, timing=FAST)
    link.start()
    try:
        listener.weight("4.200")
    finally:
        link.stop()


@by_name
def test_an_error_while_opening_is_survived(listener, error):
    run_until_weight(listener, opener_of(error, good()))
    assert listener.states[0] in (LinkState.REFUSED, LinkState.ABSENT)


@by_name
def test_an_error_while_reading_is_survived_and_the_port_closed(listener, error):
    bad = MadeUp([SETTLED, b"4.", error])
    run_until_weight(listener, opener_of(bad, good()))
    assert LinkState.LOST in listener.states
    assert bad.closed == 1


@by_name
def test_an_error_while_what_is_stale_is_read_is_survived(listener, error):
    bad = MadeUp([error])
    run_until_weight(listener, opener_of(bad, good()))
    assert bad.closed == 1


@by_name
def test_an_error_while_writing_is_survived_and_the_port_closed(listener, error):
    bad = MadeUp(write_error=error)
    run_until_weight(listener, opener_of(bad, good()), driver=tiny_driver(ASK))
    assert LinkState.LOST in listener.states
    assert bad.closed == 1


@by_name
def test_an_error_while_closing_is_survived(listener, error):
    class Stuck(MadeUp):
        def close(self) -> None:
            super().close()
            raise error

    run_until_weight(listener, opener_of(Stuck([LinkLost(LossCause.UNPLUGGED)]), good()))


def test_a_decoder_that_fails_is_survived(listener):
    class Broken:
        def feed(self, data: bytes):
            raise IndexError("decoder")

        def drop_partial(self):
            return ()

    made = iter([Broken()])

    def decoder(settings):
        from tests.links.line_bench import read_line

        return next(made, None) or LineDecoder(read_line)

    run_until_weight(listener, opener_of(good(), good()), driver=tiny_driver(decoder=decoder))
    assert listener.state(LinkState.LOST).hint == "fault"


def test_a_receiver_that_fails_does_not_end_the_link(listener):
    calls = []

    def publish(item) -> None:
        calls.append(item)
        if len(calls) < 4:
            raise RuntimeError("receiver")
        listener(item)

    from drivers.link import Link

    link = Link(
        "scale",
        tiny_driver(),
        "/dev/fake",
        publish,
        opener=opener_of(*[good() for _ in range(6)]),
        timing=FAST,
    )
    link.start()
    listener.weight("4.200")
    link.stop()


def test_no_second_request_goes_out_before_the_answer_or_the_time_out(listener):
    port = MadeUp([SETTLED])
    driver = tiny_driver(ASK)
    link = listener.link(driver, opener=opener_of(port), timing=FAST)
    link.start()
    time.sleep(1.1)
    link.stop()
    times = [at for at, _ in port.writes]
    assert 2 <= len(times) <= 4
    assert all(later - earlier >= ASK.timeout for earlier, later in pairwise(times))


def test_a_pending_answer_or_garbage_does_not_free_the_line(listener):
    port = MadeUp([SETTLED, b"WAIT\r\n", b"no number\r\n"])
    link = listener.link(tiny_driver(ASK), opener=opener_of(port), timing=FAST)
    link.start()
    time.sleep(0.25)
    link.stop()
    assert len(port.writes) == 1


def test_bytes_from_before_the_port_was_opened_are_dropped(listener):
    port = MadeUp([b"9.999\r\n9.9", SETTLED, b"4.200\r\n"])
    run_until_weight(listener, opener_of(port))
    assert [str(e.value) for e in listener.events if isinstance(e, Reading)] == ["4.200"]


def test_the_first_value_is_left_out_where_the_device_repeats_the_last_weighing(listener):
    port = MadeUp([SETTLED, b"OVER\r\n3.333\r\n4.200\r\n"])
    run_until_weight(listener, opener_of(port), driver=tiny_driver(first_frame_stale=True))
    assert [str(e.value) for e in listener.events if isinstance(e, Reading)] == ["4.200"]


def test_the_first_value_counts_where_the_device_does_not(listener):
    port = MadeUp([SETTLED, b"4.200\r\n"])
    run_until_weight(listener, opener_of(port))


def test_half_a_frame_is_given_up_after_the_silence(listener):
    port = MadeUp([SETTLED, b"12", 0.25, b"4.200\r\n"])
    run_until_weight(listener, opener_of(port))
    assert listener.events[0] == Garbage(b"12")


def test_half_a_frame_is_kept_through_a_shorter_silence(listener):
    port = MadeUp([SETTLED, b"4.2", 0.1, b"00\r\n"])
    run_until_weight(listener, opener_of(port))


def test_a_device_that_only_refuses_the_request_is_named(listener):
    port = MadeUp([SETTLED, *[item for _ in range(20) for item in (b"WHAT\r\n", 0.05)]])
    link = listener.link(tiny_driver(ASK), opener=opener_of(port), timing=FAST)
    link.start()
    assert listener.state(LinkState.SILENT, "not-understood")
    link.stop()


def test_sessions_grow_with_each_opening(listener):
    ports = [MadeUp([SETTLED, b"1.000\r\n", LinkLost(LossCause.UNPLUGGED)]) for _ in range(3)]
    link = listener.link(tiny_driver(), opener=opener_of(*ports), timing=FAST)
    link.start()
    listener.wait_for(lambda item: isinstance(item, Stamped) and item.session == 3)
    link.stop()
    assert [item.session for item in listener.news if isinstance(item, Stamped)] == [1, 2, 3]


REFUSED = {LossCause.PERMISSION, LossCause.BUSY, LossCause.IO, LossCause.AMBIGUOUS}


@pytest.mark.parametrize("cause", list(LossCause))
def test_every_reason_for_a_closed_door_is_named(listener, cause):
    link = listener.link(tiny_driver(), opener=opener_of(LinkLost(cause)), timing=FAST)
    link.start()
    refused = cause in REFUSED
    listener.state(LinkState.REFUSED if refused else LinkState.ABSENT, cause.value)
    link.stop()


def test_waiting_grows_to_a_second_and_no_further(listener, tmp_path):
    tries: list[float] = []

    def opener(address, line):
        tries.append(time.monotonic())
        raise LinkLost(LossCause.BUSY)

    there = tmp_path / "port"
    there.touch()
    timing = Timing(first_retry=0.05, longest_retry=0.2, look=0.02)
    link = listener.link(tiny_driver(), str(there), opener=opener, timing=timing)
    link.start()
    until(lambda: len(tries) > 6)
    link.stop()
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    for pause, least in zip(pauses, (0.05, 0.1, 0.2, 0.2, 0.2), strict=False):
        assert pause >= 0.9 * least
    assert min(pauses[2:]) < within(0.2)
    assert listener.states == [LinkState.REFUSED]


def test_a_port_that_appears_is_tried_at_once(listener, tmp_path):
    there = tmp_path / "port"
    tries: list[float] = []

    def opener(address, line):
        tries.append(time.monotonic())
        if not Path(address).exists():
            raise LinkLost(LossCause.ABSENT)
        return good()

    timing = Timing(first_retry=60.0, longest_retry=60.0)
    link = listener.link(tiny_driver(), str(there), opener=opener, timing=timing)
    link.start()
    listener.state(LinkState.ABSENT)
    there.touch()
    start = time.monotonic()
    listener.weight("4.200")
    assert time.monotonic() - start < within(0.5)
    link.stop()


def test_a_port_whose_access_is_granted_is_tried_at_once(listener, tmp_path):
    there = tmp_path / "port"
    there.touch(mode=0o000)

    def opener(address, line):
        if not Path(address).stat().st_mode & 0o400:
            raise LinkLost(LossCause.PERMISSION)
        return good()

    timing = Timing(first_retry=60.0, longest_retry=60.0)
    link = listener.link(tiny_driver(), str(there), opener=opener, timing=timing)
    link.start()
    assert listener.state(LinkState.REFUSED).hint == "permission"
    there.chmod(0o600)
    start = time.monotonic()
    listener.weight("4.200")
    assert time.monotonic() - start < within(0.5)
    link.stop()


def test_the_raw_bytes_of_both_directions_are_kept_for_support(listener):
    port = MadeUp([SETTLED, b"4.200\r\n"])
    link = listener.link(tiny_driver(ASK), opener=opener_of(port), timing=FAST)
    link.start()
    listener.weight("4.200")
    link.stop()
    kept = [(chunk.direction.value, chunk.data) for chunk in link.ring.chunks()]
    assert ("out", b"ASK\r\n") in kept
    assert ("in", b"4.200\r\n") in kept
