import os
import threading
import time
from pathlib import Path

import pytest

from drivers.events import LinkState, NoReading, Reading, Reason, Stability, Stamped
from drivers.simulators.scale import SimulatedScale
from tests.links.line_bench import FAST, MOVING, Listener, can_say, tiny_driver
from tests.patience import within

WITHIN = within(1.0)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_baby_is_put_on_wriggles_settles_and_is_lifted(link, scale, driver, listener):
    listener.weight("0.000")
    scale.put(8420, wriggle=0.5)
    listener.weight("8.420")
    settled_at = len(listener.news)
    scale.lift()
    listener.weight("0.000", since=settled_at)
    readings = [event for event in listener.events if isinstance(event, Reading)]
    moving = [event for event in readings if event.stability is Stability.MOVING]
    assert bool(moving) == can_say(driver, MOVING)
    if moving:
        assert {str(event.value) for event in readings if event not in moving} == {"0.000", "8.420"}


def test_every_event_carries_the_link_the_driver_both_clocks_and_the_session(
    link, scale, driver, listener
):
    stamped = listener.weight("0.000")
    assert (stamped.link_id, stamped.driver) == ("scale", driver.key)
    assert (stamped.driver_version, stamped.session) == (driver.version, 1)
    assert abs(stamped.monotonic - time.monotonic()) < within(5.0)
    assert stamped.wall.utcoffset().total_seconds() == 0


def test_open_is_published_only_once_a_port_is_open(driver, tmp_path, listener):
    link = listener.link(driver, str(tmp_path / "scale"))
    link.start()
    assert listener.state(LinkState.ABSENT).hint == "absent"
    assert LinkState.OPEN not in listener.states
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.start()
    assert listener.state(LinkState.OPEN).session == 1
    link.stop()
    scale.stop()


def test_a_cable_pulled_while_idle_is_lost_and_back_within_a_second(link, scale, listener):
    listener.weight("0.000")
    scale.unplug()
    assert listener.state(LinkState.LOST).hint == "unplugged"
    listener.state(LinkState.ABSENT)
    scale.put(5000)
    before = len(listener.news)
    scale.replug()
    start = time.monotonic()
    stamped = listener.weight("5.000", since=before)
    assert time.monotonic() - start < WITHIN
    assert stamped.session == 2


def test_a_cable_pulled_in_the_middle_of_a_frame_gives_no_value(link, scale, listener):
    listener.weight("0.000")
    scale.put(7654)
    scale.fault("slow-bytes")
    before = len(listener.news)
    time.sleep(0.25)
    scale.unplug()
    listener.state(LinkState.LOST, since=before)
    half = [e for e in listener.events if isinstance(e, Reading) and str(e.value) != "0.000"]
    scale.clear_faults()
    scale.replug()
    listener.weight("7.654", since=before)
    assert all(str(event.value) == "7.654" for event in half)


def test_a_cable_pulled_while_requests_are_written_never_ends_the_link(link, scale, listener):
    for _ in range(15):
        before = len(listener.news)
        scale.unplug()
        scale.replug()
        listener.weight("0.000", since=before)


def test_two_hundred_stale_bytes_in_the_port_give_no_value(driver, tmp_path, listener):
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.fault("stale-buffer")
    scale.start()
    link = listener.link(driver, str(tmp_path / "scale"))
    link.start()
    listener.weight("0.000")
    link.stop()
    scale.stop()
    assert {str(e.value) for e in listener.events if isinstance(e, Reading)} == {"0.000"}


def test_stale_bytes_are_really_there_without_the_flush(driver, tmp_path):
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.fault("stale-buffer")
    scale.start()
    port = os.open(tmp_path / "scale", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    time.sleep(0.05)
    assert b"3.456" in os.read(port, 1000)
    os.close(port)
    scale.stop()


def test_a_hundred_unplug_cycles_leak_no_descriptor_and_keep_reading(driver, tmp_path, listener):
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.start()
    link = listener.link(driver, str(tmp_path / "scale"))
    link.start()
    listener.weight("0.000")
    before = descriptors()
    for _ in range(100):
        since = len(listener.news)
        scale.unplug()
        scale.replug()
        listener.wait_for(lambda item: isinstance(item, Stamped), since)
    assert descriptors() == before
    link.stop()
    scale.stop()
    assert not (tmp_path / "scale").is_symlink()


def test_stopping_closes_the_port_within_a_second(link, scale, listener):
    listener.weight("0.000")
    start = time.monotonic()
    link.stop()
    assert time.monotonic() - start < within(1.0)
    assert not any(t.name == "link-scale" for t in threading.enumerate())


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ("silent", "silent"),
        ("echo", "echo"),
        ("parity", "wrong-parity"),
        ("garbage", "garbage"),
    ],
)
def test_a_line_that_makes_no_sense_is_named(driver, tmp_path, listener, fault, hint):
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.fault(fault)
    scale.start()
    link = listener.link(driver, str(tmp_path / "scale"), timing=FAST)
    link.start()
    listener.state(LinkState.SILENT, hint)
    before = len(listener.news)
    scale.clear_faults()
    listener.weight("0.000", since=before)
    assert listener.state(LinkState.OPEN, since=before).hint == ""
    link.stop()
    scale.stop()


@pytest.mark.parametrize("reason", [Reason.OVERLOAD, Reason.UNDERLOAD])
def test_a_scale_beyond_its_range_gives_a_reason_and_no_value(
    link, scale, driver, listener, reason
):
    if not can_say(driver, NoReading(reason)):
        pytest.skip("the protocol cannot say it")
    listener.weight("0.000")
    scale.put(9000)
    scale.fault(reason.value)
    listener.reason(reason)
    assert not [e for e in listener.events if isinstance(e, NoReading) and e.reason is not reason]


def test_a_restless_load_is_never_called_stable(link, scale, driver, listener):
    if not can_say(driver, MOVING):
        pytest.skip("the protocol cannot say it")
    listener.weight("0.000")
    scale.fault("never-stable")
    before = len(listener.news)
    time.sleep(0.5)
    events = [item.event for item in listener.news[before + 2 :] if isinstance(item, Stamped)]
    assert events
    assert all(event.stability is Stability.MOVING for event in events)


@pytest.mark.parametrize("fault", ["bit-flip", "cut-frames", "duplicate-bytes", "slow-bytes"])
def test_damage_on_the_line_never_ends_the_link(driver, tmp_path, listener, fault):
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.start()
    link = listener.link(driver, str(tmp_path / "scale"), timing=FAST)
    link.start()
    listener.weight("0.000")
    scale.fault(fault)
    time.sleep(0.6)
    scale.clear_faults()
    scale.put(6000)
    listener.weight("6.000")
    link.stop()
    scale.stop()


def test_a_scale_that_sends_by_itself_is_read_without_any_request(tmp_path):
    listener = Listener()
    scale = SimulatedScale(tiny_driver(), tmp_path / "scale")
    scale.start()
    link = listener.link(tiny_driver(), str(tmp_path / "scale"))
    link.start()
    scale.put(4200)
    listener.weight("4.200")
    assert scale.requests == 0
    link.stop()
    scale.stop()


def test_a_port_held_by_another_program_is_refused_as_busy(driver, tmp_path, listener):
    scale = SimulatedScale(driver, tmp_path / "scale")
    scale.start()
    first, second = listener, Listener()
    holder = first.link(driver, str(tmp_path / "scale"))
    holder.start()
    first.weight("0.000")
    other = second.link(driver, str(tmp_path / "scale"))
    other.start()
    assert second.state(LinkState.REFUSED).hint == "busy"
    holder.stop()
    second.weight("0.000")
    other.stop()
    scale.stop()
