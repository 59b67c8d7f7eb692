"""How often a device speaks: by its record, by the request that is chosen, or by its profile."""

from dataclasses import fields, replace

import pytest

from drivers.contract import it_can_keep_its_rhythm
from drivers.driver import Driver, Kind, Rhythm
from drivers.hints import Hint, LineDoctor
from drivers.profile import poll_of, problems, rhythm_of
from drivers.registry import all_drivers, check

DRIVERS = all_drivers()
SCALES = [driver for driver in DRIVERS.values() if driver.kind is Kind.SCALE]


def test_a_record_from_before_there_were_rhythms_streams():
    (field,) = (field for field in fields(Driver) if field.name == "rhythm")
    assert field.default is Rhythm.STREAMS


@pytest.mark.parametrize(
    ("key", "settings", "rhythm"),
    [
        ("radwag", {}, Rhythm.ANSWERS),
        ("tanita", {}, Rhythm.ONCE),
        ("tanita", {"request": "dr"}, Rhythm.ANSWERS),
        ("adam-muw", {}, Rhythm.ONCE),
        ("detecto-solo", {}, Rhythm.ANSWERS),
        ("detecto-solo", {"request": "print-key"}, Rhythm.ONCE),
        ("st-us", {}, Rhythm.STREAMS),
        ("st-us", {"rhythm": "once"}, Rhythm.ONCE),
        ("mt-sics", {"rhythm": "once"}, Rhythm.ONCE),
        ("kern", {"request": "stream"}, Rhythm.STREAMS),
    ],
)
def test_the_rhythm_of_a_device(key, settings, rhythm):
    assert rhythm_of(DRIVERS[key], settings) is rhythm
    assert (poll_of(DRIVERS[key], settings) is not None) == (rhythm is Rhythm.ANSWERS)


@pytest.mark.parametrize("driver", SCALES, ids=lambda driver: driver.key)
def test_every_device_may_be_set_to_another_rhythm(driver):
    for value, wrong in (("once", False), ("streams", False), ("answers", True)):
        named = [problem.key for problem in problems(driver, {"rhythm": value})]
        assert ("rhythm" in named) == wrong
    assert "rhythm" not in [problem.key for problem in problems(driver, {})]


def test_a_record_that_cannot_keep_its_rhythm_is_found_out():
    mute = replace(DRIVERS["pelstar"], rhythm=Rhythm.ANSWERS)
    assert any("nothing asks it" in sentence for sentence in check([mute]))
    (sentence,) = it_can_keep_its_rhythm(replace(DRIVERS["radwag"], rhythm=Rhythm.ONCE))
    assert "once" in sentence


def test_the_silence_of_a_device_that_speaks_once_is_no_fault():
    for rhythm, hint in ((Rhythm.ONCE, None), (Rhythm.STREAMS, Hint.SILENT)):
        assert LineDoctor(b"", 0.0, rhythm=rhythm).hint(100.0) is hint
