"""Devices set up on the screen stand in the place of the configuration's until that is changed."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from kiosk.cli.setting_up.document import Document
from kiosk.config import own_devices
from kiosk.config.load import ConfigError, load_config
from kiosk.config.schema import Printer, Scale, ScaleLine

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
KERN = Scale("kern", "usb-port:1-1.4", settings={"unit": "kg"}, line=ScaleLine(baud=4800))
TEXT = """\
[station]
clinic = "Solbakken"
data_dir = "{data}"

[scale]
driver = "radwag"
port = "/dev/ttyUSB0"
"""


@pytest.fixture
def path(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "kiosk.toml"
    path.write_text(TEXT.format(data=tmp_path / "data"))
    return path


def keep(path, name, table, after=0):
    own_devices.keep(load_config(path), name, table, NOW + timedelta(seconds=after))


def test_what_was_kept_is_what_the_next_start_reads(path):
    keep(path, "scale", KERN)
    keep(path, "printer", Printer("usb:04b8:0e28", width=512), after=1)
    config = load_config(path)
    assert config.scale == KERN
    assert config.printer == Printer("usb:04b8:0e28", width=512)
    assert config.station.clinic == "Solbakken"


def test_the_second_set_up_counts_and_the_file_before_is_kept_as_a_copy(path):
    keep(path, "scale", KERN)
    first = (path.parent / "data" / "devices.toml").read_bytes()
    other = msgspec.structs.replace(KERN, driver="sma", line=None)
    keep(path, "scale", other, after=1)
    assert load_config(path).scale == other
    copies = list((path.parent / "data").glob("devices-*.toml"))
    assert [copy.read_bytes() for copy in copies] == [first]


@pytest.mark.parametrize("table", ["", '[scale]\ndriver = "nci"\nport = "/dev/ttyUSB1"\n'])
def test_who_changes_the_configuration_afterwards_is_heard_again(path, table):
    keep(path, "scale", KERN)
    text = path.read_text()
    path.write_text(text[: text.index("[scale]")] + table)
    scale = load_config(path).scale
    assert (scale.driver if scale is not None else "") == ("nci" if table else "")


def test_a_table_that_says_the_same_in_other_words_is_not_changed(path):
    keep(path, "scale", KERN)
    path.write_text(path.read_text().replace('"radwag"', "'radwag'  # as before"))
    assert load_config(path).scale == KERN


@pytest.mark.parametrize("damage", [b"[scale\n", b"\xff", b"[scale]\ndriver = 1\n", b"[desk]\n"])
def test_a_file_that_cannot_be_used_is_named_and_never_taken_for_none(path, damage):
    (path.parent / "data" / "devices.toml").write_bytes(damage)
    with pytest.raises(ConfigError) as wrong:
        load_config(path)
    assert "devices.toml" in str(wrong.value)


def test_texts_of_every_kind_come_back_as_they_were(path):
    odd = msgspec.structs.replace(KERN, name='A "B" \\ ø\n\x07', settings={"forms": "a\nb {8.3}"})
    keep(path, "scale", odd)
    assert load_config(path).scale == odd


def test_set_up_in_the_terminal_takes_over_what_was_set_up_on_the_screen(path):
    keep(path, "scale", KERN)
    document = Document.open(path)
    assert document.get("scale.driver") == "kern"
    document.write(None)
    assert '"kern"' in path.read_text()
    assert load_config(path).scale == KERN
    # From now on the configuration alone says it.
    document = Document.open(path)
    document.set("scale.driver", "sma")
    document.set("scale.settings", {})
    document.write(None)
    assert load_config(path).scale.driver == "sma"
