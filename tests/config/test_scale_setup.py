"""A scale's profile is checked before anything is opened; nothing is ever guessed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from drivers.driver import Line, Setting
from drivers.registry import all_drivers, find_driver
from kiosk.config.load import ConfigError, config_from
from kiosk.config.schema import Scale
from kiosk.station import learned_profile
from kiosk.station.checking import scale_setup as module
from kiosk.station.checking.scale_setup import length_board_setup, scale_setup

RADWAG = all_drivers()["radwag"]
UNSURE = replace(
    RADWAG,
    settings=(
        Setting("unit", ("kg", "g"), None, "unit of the display"),
        Setting("sd", ("stable", "moving"), "stable", "what SD means"),
    ),
)


@pytest.fixture(autouse=True)
def unsure_driver(monkeypatch):
    def find(key, folder=None):
        assert folder is None
        return UNSURE if key == "unsure" else find_driver(key)

    monkeypatch.setattr(module, "find_driver", find)


def config(**scale):
    table = {"driver": "unsure", "port": "/dev/ttyX", "settings": {"unit": "kg"}, **scale}
    return config_from({"station": {"clinic": "x"}, "scale": table}, "kiosk.toml")


def problems(**scale) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        scale_setup(config(**scale))
    return caught.value.problems


def test_a_whole_profile_is_completed_with_the_safe_defaults():
    setup = scale_setup(config())
    assert setup is not None
    assert setup.settings == {"unit": "kg", "sd": "stable"}
    assert setup.line == RADWAG.line


def test_a_setting_without_default_must_be_chosen_and_the_choices_are_named():
    (problem,) = problems(settings={})
    assert "«unit»" in problem
    assert "kg, g" in problem
    assert "gjettes ikke" in problem


def test_an_unknown_key_and_a_wrong_value_are_both_named():
    found = problems(settings={"unit": "kgg", "units": "kg"})
    assert any("Mente du «unit»" in p for p in found)
    assert any("«kgg» passer ikke for «unit». Mente du «kg»?" in p for p in found)


def test_the_line_overrides_the_driver_only_where_it_says_something():
    setup = scale_setup(config(line={"bits": 7, "parity": "E", "handshake": "rtscts"}))
    assert setup is not None
    assert setup.line == Line(RADWAG.line.baud, 7, "E", RADWAG.line.stop, "rtscts")


@pytest.mark.parametrize(
    "line", [{"bits": 9}, {"parity": "even"}, {"baud": 1}, {"stop": 3}, {"handshake": "dtr"}]
)
def test_a_line_no_port_knows_is_refused_when_the_file_is_read(line):
    with pytest.raises(ConfigError, match=r"scale\.line"):
        config(line=line)


@pytest.mark.parametrize("port", ["ttyUSB0", "usb-port:nowhere", "usb-serial:1a86:7523"])
def test_an_address_that_could_mean_another_device_is_refused(port):
    (problem,) = problems(port=port)
    assert port in problem


@pytest.mark.parametrize(
    "port",
    ["/dev/ttyS0", "usb-port:1-1.4", "usb-port:1-1.4:1.1", "usb-serial:0403:6001:A1", "tcp://h:1"],
)
def test_addresses_that_mean_one_device_are_taken(port):
    assert scale_setup(config(port=port)) is not None


def test_a_driver_folder_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.undo()
    whole = config_from(
        {
            "station": {"clinic": "x"},
            "scale": {"driver": "radwag", "port": "/dev/ttyX"},
            "drivers": {"folder": str(tmp_path / "none")},
        },
        "kiosk.toml",
    )
    with pytest.raises(ConfigError, match="does not exist"):
        scale_setup(whole)


def test_without_a_scale_there_is_nothing_to_set_up():
    assert scale_setup(config_from({"station": {"clinic": "x"}}, "k")) is None


def test_a_profile_file_gives_the_settings_and_the_configuration_goes_before(tmp_path):
    path = tmp_path / "profile.toml"
    path.write_text('driver = "unsure"\n[settings]\nunit = "g"\nsd = "moving"\n', "utf-8")
    setup = scale_setup(config(settings={"sd": "stable"}, profile=str(path)))
    assert setup is not None
    assert setup.settings == {"unit": "g", "sd": "stable"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "finnes ikke"),
        ("driver =", "profile.toml"),
        ('driver = "radwag"\n', "laget for driveren «radwag»"),
    ],
)
def test_a_profile_file_that_cannot_be_used_is_named(tmp_path, text, words):
    path = tmp_path / "profile.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    (problem,) = problems(profile=str(path))
    assert words in problem


BOARD = {"driver": "adam-muw", "port": "/dev/ttyUSB1", "settings": {"request": "print-key"}}


def with_board(**changes: object):
    table = {**BOARD, **changes}
    scale = {"driver": "radwag", "port": "/dev/ttyUSB0"}
    return config_from({"station": {"clinic": "x"}, "scale": scale, "length_board": table}, "k")


def test_a_length_board_is_set_up_like_a_scale():
    setup = length_board_setup(with_board())
    assert setup.driver.key == "adam-muw"
    assert length_board_setup(config()) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"driver": "radwag", "settings": {}}, "«radwag» måler ikke lengde"),
        ({"port": "/dev/ttyUSB0"}, "samme port"),
        ({"id": "scale"}, "kan ikke være like"),
        ({"driver": "adam-mu"}, "«length_board.driver»: ukjent driver"),
        ({"port": "usb-serial:zz"}, "«length_board.port»"),
    ],
)
def test_a_length_board_that_cannot_work_is_refused_in_words(changes, told):
    with pytest.raises(ConfigError) as caught:
        length_board_setup(with_board(**changes))
    assert told in str(caught.value)


def test_the_profile_learned_last_for_the_driver_in_use_is_taken(tmp_path):
    def learned(driver, settings, minute):
        table = Scale(driver=driver, port="/dev/null", id="scale")
        now = datetime(2026, 11, 30, 9, minute, tzinfo=UTC)
        learned_profile.keep(tmp_path, table, settings, now)

    learned("unsure", {"unit": "g", "sd": "moving"}, 0)
    learned("unsure", {"unit": "g", "sd": "stable"}, 1)
    learned("radwag", {"unit": "kg"}, 2)
    taken = scale_setup(with_learned(tmp_path))
    assert taken is not None
    assert taken.settings == {"unit": "g", "sd": "stable"}
    for file in (tmp_path / learned_profile.FOLDER).glob("scale-20261130-090[01]*.toml"):
        file.unlink()
    (problem,) = problems_with_learned(tmp_path)
    assert "«unit»" in problem


def test_a_learned_profile_that_cannot_be_read_may_be_the_one_and_is_named(tmp_path):
    folder = tmp_path / learned_profile.FOLDER
    folder.mkdir()
    (folder / "scale-20261130-090000-000000.toml").write_text(
        'driver = "unsure"\n[settings]\nunit = "g"\n', "utf-8"
    )
    (folder / "scale-20261130-090300-000000.toml").write_text("driver =", "utf-8")
    (problem,) = problems_with_learned(tmp_path)
    assert "090300" in problem


def with_learned(data_dir):
    table = {"driver": "unsure", "port": "/dev/ttyX", "id": "scale"}
    here = {"clinic": "x", "data_dir": str(data_dir)}
    return config_from({"station": here, "scale": table}, "kiosk.toml")


def problems_with_learned(data_dir) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        scale_setup(with_learned(data_dir))
    return caught.value.problems
