from pathlib import Path

import pytest

from kiosk.config.describe import reference
from kiosk.config.load import ConfigError, config_from, load_config

ROOT = Path(__file__).parents[2]


def problems(data):
    with pytest.raises(ConfigError) as caught:
        config_from(data, "kiosk.toml")
    return caught.value.problems


def test_the_shipped_sample_is_valid():
    config = load_config(ROOT / "assets" / "kiosk.sample.toml")
    assert config.scale is not None
    assert config.scale.driver == "radwag"


def test_a_clinic_name_is_enough():
    config = config_from({"station": {"clinic": "Solbakken"}}, "kiosk.toml")
    assert config.journal is None
    assert config.desk.lock_after == 120


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"station": {"clinc": "x"}}, "Mente du «station.clinic»?"),
        ({"statoin": {}}, "Mente du «station»?"),
        ({"station": {"clinic": "x", "zzz": 1}}, "Kjente nøkler her: approvers, clinic"),
    ],
)
def test_an_unknown_key_is_an_error_with_a_suggestion(data, words):
    assert words in problems(data)[0]


def test_every_unknown_key_is_named_at_once():
    assert len(problems({"station": {"clinic": "x", "a": 1, "b": 2}, "c": 3})) == 3


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"station": {"clinic": ""}}, "station.clinic"),
        ({"station": {"clinic": "x"}, "desk": {"lock_after": 1}}, "desk.lock_after"),
        ({"station": {"clinic": "x"}, "journal": {"url": "ftp://x"}}, "journal.url"),
        ({"station": {"clinic": "x", "id": "Store Bokstaver"}}, "station.id"),
    ],
)
def test_a_wrong_value_names_its_key(data, key):
    assert f"«{key}»" in problems(data)[0]


def test_a_missing_and_a_broken_file_are_told_apart(tmp_path):
    with pytest.raises(ConfigError, match="finnes ikke"):
        load_config(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[station\n")
    with pytest.raises(ConfigError, match="ikke gyldig TOML"):
        load_config(broken)


def test_the_documented_reference_is_the_schema():
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert reference() in page
