"""Every page in every state on every panel in every language: readable, touchable, whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from kiosk.desk.appearance import Hand, Look, Palette
from kiosk.language.texts import DRAFTS, LANGUAGES, SOURCE_LANGUAGE, set_language
from kiosk.ui import theme
from tests.desk.flat_desk import replaced as replace
from tests.full import PROVING
from tests.ui.driver import Driver
from tests.ui.every_state import STATES
from tests.ui.lint import faults
from tests.ui.states import LOCKED

# Each walks every state: minutes on a slow machine, and a limit of time is not behaviour.
pytestmark = pytest.mark.timeout(3600)

PANELS = {
    "1280x800": theme.Panel(1280, 800, 10.1),
    "1024x600": theme.Panel(1024, 600, 10.1),
    "1920x1080": theme.Panel(1920, 1080, 15.6),
}

WIDE = "1920x1080"
"""The panel with most room: in ``make test`` only in the language the words were written in."""


def walked(size: str, language: str) -> bool:
    """Whether every state is walked in this language on this panel now."""
    return PROVING or size != WIDE or language == SOURCE_LANGUAGE


@cache
def names() -> list[str]:
    return sorted(STATES, key=lambda name: STATES[name].station.training)


@pytest.fixture(autouse=True)
def bokmal() -> Iterator[None]:
    yield
    set_language(SOURCE_LANGUAGE)


@pytest.mark.prove
@pytest.mark.parametrize(
    ("size", "language"),
    [(size, code) for size in PANELS for code in (*LANGUAGES, *DRAFTS) if walked(size, code)],
)
def test_every_state_is_readable_and_touchable(size: str, language: str) -> None:
    found: dict[str, list[str]] = {}
    driver, training = Driver(LOCKED, PANELS[size]), False
    for name in names():
        desk = replace(STATES[name], language=language)
        if desk.station.training is not training:
            driver, training = Driver(desk, PANELS[size]), desk.station.training
        driver.show(desk)
        assert driver.root.size == [driver.panel.width, driver.panel.height]
        if wrong := faults(driver):
            found[name] = wrong
    assert not found, "\n".join(f"{n}: {line}" for n, lines in found.items() for line in lines)


@pytest.mark.prove
@pytest.mark.parametrize(
    ("text", "language", "size"),
    [
        (text, code, size)
        for size in PANELS
        for text, code in [(125, "nb"), *((150, language) for language in LANGUAGES)]
        if walked(size, code) and not (size == WIDE and text == 125 and not PROVING)
    ],
)
def test_larger_text_pushes_nothing_off_the_page(text: int, language: str, size: str) -> None:
    look = Look(text=text)
    driver, wrong = Driver(replace(LOCKED, look=look), PANELS[size]), {}
    for name in names():
        if STATES[name].station.training:
            continue
        driver.show(replace(STATES[name], look=look, language=language))
        if found := faults(driver):
            wrong[name] = found
    assert not wrong, "\n".join(f"{n}: {line}" for n, lines in wrong.items() for line in lines)


def test_larger_text_is_larger_on_most_of_each_page() -> None:
    def sizes(look: Look) -> dict[tuple[str, int], float]:
        driver, found = Driver(replace(LOCKED, look=look)), {}
        for name in ("find", "measure-offer", "entry-weight", "review", "done", "change", "lock"):
            driver.show(replace(STATES[name], look=look))
            labels = [w for w in driver.walk() if getattr(w, "text", "")]
            found |= {(f"{name} {w.text}", i): w.font_size for i, w in enumerate(labels)}
        return found

    usual, large = sizes(Look()), sizes(Look(text=150))
    assert usual.keys() == large.keys()
    grown = [large[key] / size for key, size in usual.items()]
    assert min(grown) >= 1
    assert sum(ratio >= 1.2 for ratio in grown) >= 0.6 * len(grown)


def test_the_lint_sees_what_is_wrong() -> None:
    driver = Driver(STATES["measure-offer"])
    take = driver.find("take")
    take.size_hint_x, take.width = None, 40
    driver.find("advice").height = 5
    driver.find("value-unit").text = "\u4e00"
    driver.frames(4)
    kinds = {fault.partition(":")[0] for fault in faults(driver)}
    assert {"hard to touch", "clipped", "no glyph"} <= kinds


@pytest.mark.parametrize(("palette", "least"), [(Palette.LIGHT, 4.5), (Palette.CONTRAST, 7.0)])
@pytest.mark.parametrize(("what", "ink", "ground"), theme.TEXT_PAIRS)
def test_text_stands_out_from_its_ground(
    what: str, ink: str, ground: str, palette: Palette, least: float
) -> None:
    colours = theme.PALETTES[palette]
    assert theme.contrast(theme.rgb(colours[ink]), theme.rgb(colours[ground])) >= least, what


@pytest.mark.parametrize(("palette", "least"), [(Palette.LIGHT, 3.0), (Palette.CONTRAST, 7.0)])
@pytest.mark.parametrize(("what", "ink", "ground"), theme.SHAPE_PAIRS)
def test_shapes_stand_out_from_their_ground(
    what: str, ink: str, ground: str, palette: Palette, least: float
) -> None:
    colours = theme.PALETTES[palette]
    assert theme.contrast(theme.rgb(colours[ink]), theme.rgb(colours[ground])) >= least, what


def test_every_palette_has_every_colour() -> None:
    assert len({frozenset(colours) for colours in theme.PALETTES.values()}) == 1


@pytest.mark.parametrize("size", PANELS)
def test_for_a_left_hander_the_main_action_is_at_the_left_and_nothing_else_is_worse(
    size: str,
) -> None:
    left = Look(hand=Hand.LEFT)
    driver, wrong = Driver(replace(LOCKED, look=left), PANELS[size]), {}
    for name in names():
        if STATES[name].station.training:
            continue
        driver.show(replace(STATES[name], look=left))
        if found := faults(driver):
            wrong[name] = found
        if driver.has("primary") and not driver.has("stay"):
            button = driver.find("primary")
            middle = button.to_window(*button.center)[0]
            assert middle < driver.panel.width * 0.55, name
    assert not wrong


def test_sizes_grow_with_the_panel_and_never_shrink_below_their_millimetres() -> None:
    for panel in PANELS.values():
        theme.use(panel)
        for millimetres in (theme.TOUCH_MIN, theme.TOUCH, theme.TOUCH_PRIMARY):
            assert theme.mm(millimetres) / panel.px_per_mm >= millimetres
        assert theme.font_px(theme.BODY) >= theme.TEXT_MIN
    theme.use(theme.DESIGN)
