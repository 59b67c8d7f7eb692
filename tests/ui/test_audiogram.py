"""The audiogram on the screen: drawn when it must be, and touched where something was tested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.hearing import Ear, Response, Tone, Transducer
from kiosk.desk.appearance import Look, Palette
from kiosk.ui import theme
from tests.ui.driver import Driver
from tests.ui.states import LOCKED

TONES = tuple(
    Tone(ear, Transducer.HEADPHONE, hz, Response.HEARD, Decimal(20))
    for ear in (Ear.RIGHT, Ear.LEFT)
    for hz in (500, 1000, 4000)
)


@pytest.fixture
def driver() -> Iterator[Driver]:
    yield Driver(LOCKED)
    theme.wear(Look())


def shown(driver: Driver, pick=None, size=(560, 520)):
    from kiosk.ui.widgets.audiogram_picture import Audiogram

    audiogram = Audiogram(pick=pick, size_hint=(None, None), size=size, pos=(100, 120))
    driver.window.add_widget(audiogram)
    audiogram.show(TONES)
    driver.frames(2)
    return audiogram


@pytest.mark.parametrize("path", Transducer)
def test_an_ear_reads_only_what_came_by_air_as_air(path: Transducer):
    from kiosk.ui.words.hearing import ear_line

    (one,) = (replace(tone, transducer=path) for tone in TONES[:1])
    counted = {
        Transducer.BONE: "benledning: 1",
        Transducer.UNKNOWN: "ukjent lydgiver: 1",
    }
    assert ear_line(one.ear, [one]) == counted.get(path, "500:\u00a0hørt 20")


def test_it_is_drawn_anew_only_for_other_tones_or_another_size(driver: Driver):
    audiogram = shown(driver)
    first = audiogram.drawing
    audiogram.show(list(TONES))
    audiogram.pos = (300, 20)
    assert audiogram.drawing is first
    audiogram.show(TONES[1:])
    second = audiogram.drawing
    assert len(second.markers) == 5
    audiogram.size = (430, 400)
    assert audiogram.drawing.width == 430
    assert audiogram.drawing is not second


def test_a_finger_picks_the_nearest_tested_frequency(driver: Driver):
    picked: list[int] = []
    audiogram = shown(driver, picked.append)
    columns = dict(audiogram.drawing.columns)
    for hz, x in columns.items():
        driver.press_at(audiogram.x + x + 3, audiogram.center_y).touch_up()
        assert picked[-1] == hz
    assert len(picked) == 3


def test_a_finger_that_slides_off_picks_nothing(driver: Driver):
    picked: list[int] = []
    audiogram = shown(driver, picked.append)
    touch = driver.press_at(*audiogram.center)
    touch.touch_move(10, 10)
    touch.touch_up()
    assert not picked
    driver.press_at(audiogram.right + 20, audiogram.top + 20).touch_up()
    assert not picked
    driver.press_at(*audiogram.center).touch_up()
    assert len(picked) == 1


def test_without_a_pick_touches_pass_by_and_without_tones_nothing_is_picked(driver: Driver):
    assert not shown(driver).on_touch_down(driver.press_at(300, 300))
    picked: list[int] = []
    audiogram = shown(driver, picked.append)
    audiogram.show(())
    driver.press_at(*audiogram.center).touch_up()
    assert not picked


def test_a_box_too_small_for_any_stays_empty(driver: Driver):
    audiogram = shown(driver, size=(90, 90))
    assert audiogram.drawing is None
    audiogram.size = (0, 0)
    assert audiogram.drawing is None
    audiogram.size = (560, 520)
    assert len(audiogram.drawing.markers) == 6


@pytest.mark.parametrize("palette", list(Palette))
def test_the_ears_have_the_colours_of_the_look(driver: Driver, palette: Palette):
    from kivy.graphics import Color

    theme.wear(Look(palette=palette))
    group = shown(driver)._lines
    used = {tuple(each.rgba) for each in group.children if isinstance(each, Color)}
    colours = theme.PALETTES[palette]
    for name in ("EAR_RIGHT", "EAR_LEFT"):
        assert theme.rgb(colours[name]) in used


def test_larger_text_is_larger_where_there_is_room(driver: Driver):
    usual = shown(driver).drawing.text
    theme.wear(Look(text=150))
    assert shown(driver).drawing.text == 1.5 * usual
    assert shown(driver, size=(300, 280)).drawing.text == usual
