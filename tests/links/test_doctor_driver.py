"""``kiosk doctor --driver``: a third-party driver is held to the same promises."""

import json
import shutil
from importlib.metadata import EntryPoint

import pytest

from drivers import registry
from drivers.vector_file import FOLDER
from kiosk.__main__ import main

GOOD = """
from dataclasses import replace
from drivers.scales import radwag
def decoder(settings):
    return radwag.DRIVERS[0].decoder(settings)
DRIVERS = (replace(radwag.DRIVERS[0], key="mine", decoder=decoder),)
"""

TARES = (
    GOOD
    + """
from drivers.driver import Poll
DRIVERS = (replace(DRIVERS[0], poll=Poll(b"T\\r\\n")),)
"""
)

INVENTS = (
    GOOD
    + """
from decimal import Decimal
from drivers.events import Quantity, Reading, Stability
from drivers.framing import LineDecoder
def decoder(settings):
    return LineDecoder(lambda line: Reading(
        Quantity.WEIGHT, Decimal("4.2"), "kg", Stability.STABLE, frozenset(), line))
DRIVERS = (replace(DRIVERS[0], decoder=decoder),)
"""
)

RAISES = (
    GOOD
    + """
class Decoder:
    def feed(self, data):
        raise KeyError("oops")
    def drop_partial(self):
        return ()
def decoder(settings):
    return Decoder()
DRIVERS = (replace(DRIVERS[0], decoder=decoder),)
"""
)


def write(folder, text, name="mine_scale"):
    (folder / f"{name}.py").write_text(text)
    shutil.copy(FOLDER / "radwag.toml", folder / f"{name}.toml")


def doctor(folder, capsys) -> tuple[int, dict[str, list[str]]]:
    code = main(["doctor", "--driver", "mine", "--drivers", str(folder), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_good_driver_in_a_folder_keeps_every_promise(tmp_path, capsys):
    write(tmp_path, GOOD)
    code, rows = doctor(tmp_path, capsys)
    assert code == 0, rows
    assert rows["its_simulator_is_read_over_a_port"] == []


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        (TARES, "the_request_only_reads"),
        (INVENTS, "vectors_hold"),
        (RAISES, "damage_raises_nothing"),
    ],
)
def test_a_bad_driver_is_told_which_promise_it_broke(tmp_path, capsys, text, promise):
    write(tmp_path, text)
    code, rows = doctor(tmp_path, capsys)
    assert code == 1
    assert rows[promise]


def test_a_driver_that_does_not_load_or_has_no_vectors_is_named(tmp_path, capsys):
    (tmp_path / "mine_scale.py").write_text(GOOD)
    assert main(["doctor", "--driver", "mine", "--drivers", str(tmp_path)]) == 1
    assert "mine_scale.toml are missing" in capsys.readouterr().err


def test_a_driver_of_an_installed_package_is_tried_in_words(tmp_path, monkeypatch, capsys):
    write(tmp_path, GOOD, "elsewhere_mine")
    monkeypatch.syspath_prepend(str(tmp_path))
    point = EntryPoint("mine", "elsewhere_mine", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    assert main(["doctor", "--driver", "mine"]) == 0
    assert "holdt vectors hold" in capsys.readouterr().out


def test_a_driver_nobody_has_is_wrong_use(capsys):
    assert main(["doctor", "--driver", "radwagg"]) == 2
    assert "radwag" in capsys.readouterr().err
