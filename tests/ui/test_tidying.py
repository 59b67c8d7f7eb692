"""Full garbage collections wait until nobody touches the screen."""

from __future__ import annotations

import gc
import weakref

import pytest

from kiosk.ui.tidying import LONGEST_SECONDS, QUIET_SECONDS, Tidying


@pytest.fixture(autouse=True)
def as_before():
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


class Page:
    """A page that refers to itself, as widgets do through their bindings."""

    def __init__(self) -> None:
        self.me = self


def test_a_page_that_was_left_goes_in_the_quiet_after_the_touch_and_not_before():
    tidying = Tidying()
    tidying.begin(100.0)
    page = Page()
    left = weakref.ref(page)
    del page
    assert not tidying.tick(touched=110.0, now=110.0 + QUIET_SECONDS / 2)
    assert left() is not None
    assert tidying.tick(touched=110.0, now=110.0 + QUIET_SECONDS)
    assert left() is None


def test_an_untouched_station_collects_nothing():
    tidying = Tidying()
    tidying.begin(100.0)
    assert tidying.tick(touched=110.0, now=120.0)
    assert not any(tidying.tick(touched=110.0, now=120.0 + n) for n in range(1, 200))


def test_live_weights_without_a_touch_collect_now_and_then():
    tidying = Tidying()
    tidying.begin(100.0)
    assert tidying.tick(touched=0.0, now=100.0 + LONGEST_SECONDS)


def test_a_start_that_put_collecting_off_has_it_back_with_the_first_page():
    gc.disable()
    Tidying().begin(100.0)
    assert gc.isenabled()
