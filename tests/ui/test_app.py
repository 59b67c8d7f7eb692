"""The application: keys that must do nothing, the scanner, the clock, and its own failures."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from kiosk.desk.notices import Notice
from kiosk.features.find import Scan
from kiosk.features.status import Touched, Trouble
from kiosk.ui.app import _close
from tests.desk.flat_desk import replaced as replace
from tests.ui import states as s
from tests.ui.app_bench import AppBench

ESCAPE, F1, F11, F12, TAB, MENU = 27, 282, 292, 293, 9, 319


@pytest.fixture
def bench() -> Iterator[AppBench]:
    bench = AppBench(s.SIGNED_IN)
    yield bench
    bench.close()


def test_escape_and_function_keys_do_nothing(bench: AppBench) -> None:
    from kivy.base import EventLoop

    for code in (ESCAPE, F1, F11, F12, TAB, MENU):
        bench.key(code)
    bench.frames(10)
    assert EventLoop.status == "started"
    assert not EventLoop.quit
    assert bench.window.children == [bench.app.root]
    assert bench.station.touches == []


def test_the_window_cannot_be_closed_from_the_keyboard(bench: AppBench) -> None:
    assert bench.window.dispatch("on_request_close", source="keyboard") is True


def test_a_scanned_number_is_one_message(bench: AppBench) -> None:
    for sign in "14882612354":
        bench.key(ord(sign), sign)
    bench.key(13, "\r")
    assert bench.station.touches == [Scan("14882612354")]


def test_ready_is_told_once_when_something_is_drawn(bench: AppBench) -> None:
    bench.frames(20)
    assert len(bench.readied) == 1


def test_ready_is_told_when_the_first_page_is_on_the_glass_and_not_before(bench: AppBench) -> None:
    bench.frames(20)
    assert bench.flips_at_ready[0] >= 1


def test_the_desk_ticks_once_a_second_and_the_watchdog_is_fed(bench: AppBench) -> None:
    ticks = bench.station.ticks
    bench.frames(60 * 5)
    assert bench.station.ticks - ticks == pytest.approx(5, abs=1)
    assert bench.lived == bench.station.ticks


def test_a_wake_from_another_thread_is_pumped_on_the_screens_thread(bench: AppBench) -> None:
    before = bench.station.pumped
    assert bench.station.wake is not None
    thread = threading.Thread(target=bench.station.wake)
    thread.start()
    thread.join()
    assert bench.station.pumped == before
    bench.frames(2)
    assert bench.station.pumped == before + 1


def test_the_page_that_follows_is_built_while_this_one_is_looked_at(bench: AppBench) -> None:
    from kiosk.desk.state import Screen

    assert bench.station.desk.screen is Screen.FIND
    bench.frames(60)
    assert set(bench.app.root._pages) == {Screen.FIND, Screen.IDENTITY}


def fail(bench: AppBench) -> None:
    from kivy.base import EventLoop, ExceptionManager
    from kivy.tests.common import UnitTestTouch

    bench.station.broken = LookupError
    touch = UnitTestTouch(5, 5)
    with pytest.raises(LookupError) as failure:
        EventLoop.post_dispatch_input("begin", touch)
    assert ExceptionManager.handle_exception(failure.value) == ExceptionManager.PASS
    bench.station.broken = None
    bench.frames(2)


def test_a_failure_is_told_calmly_and_logged_without_its_text(
    bench: AppBench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        fail(bench)
    assert bench.station.news == [Trouble(Notice.SOMETHING_WENT_WRONG)]
    assert "LookupError" in caplog.text
    for secret in ("Nora", "14882612354", "5.842"):
        assert secret not in caplog.text
    assert not bench.app.wants_restart


@pytest.mark.parametrize("order", [KeyboardInterrupt(), SystemExit(3)])
def test_an_order_to_end_is_no_failure(bench: AppBench, order: BaseException) -> None:
    from kivy.base import ExceptionManager

    assert ExceptionManager.handle_exception(order) == ExceptionManager.RAISE
    assert bench.station.news == []


def test_three_failures_in_a_minute_ask_for_a_new_start(bench: AppBench) -> None:
    from kivy.base import EventLoop

    fail(bench)
    bench.frames(60 * 70)
    fail(bench)
    fail(bench)
    assert not bench.app.wants_restart
    EventLoop.close, close = (lambda: None), EventLoop.close
    try:
        fail(bench)
    finally:
        EventLoop.close = close
    assert bench.app.wants_restart


def test_touching_reaches_the_desk(bench: AppBench) -> None:
    from kivy.tests.common import UnitTestTouch

    touch = UnitTestTouch(5, 5)
    touch.touch_down()
    touch.touch_up()
    assert bench.station.touches == [Touched()]


def test_a_dark_screen_looks_for_a_finger_less_often_and_a_lit_one_as_before(
    bench: AppBench,
) -> None:
    from kivy.clock import Clock

    from kiosk.ui.resting import AWAKE, RESTING

    bench.station.on_change(replace(s.LOCKED, blanked=True))
    assert Clock._max_fps == RESTING
    bench.station.on_change(s.LOCKED)
    assert Clock._max_fps == AWAKE
    Clock._max_fps = 0


def test_the_station_closes_when_another_thread_asks_for_it(bench, monkeypatch):
    closed: list[bool] = []
    monkeypatch.setattr("kiosk.ui.station_app.EventLoop.close", lambda: closed.append(True))
    stopping = threading.Event()
    thread = threading.Thread(target=_close, args=(stopping, bench.app.close_soon))
    thread.start()
    bench.frames(2)
    assert not closed
    stopping.set()
    thread.join()
    bench.frames(2)
    assert closed == [True]
