"""`kiosk confirm`: ten loads, the display typed before the value is told, and a file of it."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.events import Quantity, Reading, Stability
from drivers.first_day import Display, Load, display_of, is_confirmed
from kiosk.__main__ import main
from kiosk.cli import confirm

MASSES = [Decimal(n) / 1000 for n in (0, 500, 1000, 1500, 2000, 4236, 6480, 8420, 10250, 14995)]


def reading(kilograms, **more):
    raw = f"S S {kilograms:>10} kg\r\n".encode()
    return Reading(Quantity.WEIGHT, kilograms, "kg", Stability.STABLE, raw=raw, **more)


class Port:
    def close(self):
        """Nothing is open."""


@pytest.fixture
def day(tmp_path, monkeypatch):
    """Run it with a scale that says ``MASSES`` and a person who types ``shown``."""
    config = tmp_path / "kiosk.toml"
    config.write_text(
        f'[station]\nclinic = "x"\ndata_dir = "{tmp_path}"\n'
        f'[scale]\ndriver = "mt-sics"\nport = "{tmp_path / "scale"}"\n'
    )
    out = tmp_path / "day.toml"

    def run(shown, told=MASSES):
        said, typed = iter(told), iter(shown)
        monkeypatch.setattr("drivers.transports.opening.open_transport", lambda *_: Port())
        monkeypatch.setattr(confirm, "_read", lambda *_: next(said))
        monkeypatch.setattr(
            "builtins.input", lambda question: "" if "Enter" in question else next(typed)
        )
        words = ["--out", str(out), "--model", "XS 220", "--signed", "Kari", "--config"]
        return main(["confirm", *words, str(config)]), out

    return run


def displays(masses=MASSES):
    return [f"{mass:.3f} kg".replace(".", ",") for mass in masses]


def test_ten_loads_that_agree_make_a_file_that_confirms_the_driver(day):
    code, out = day(displays(), [reading(mass.quantize(Decimal("0.001"))) for mass in MASSES])
    assert code == 0
    record = tomllib.loads(Path(out).read_text("utf-8"))
    assert (record["driver"], record["confirmed"], record["signed"]) == ("mt-sics", True, "Kari")
    assert len(record["load"]) == 10
    assert record["load"][5]["display"] == record["load"][5]["read"] == "4.236 kg"
    assert bytes.fromhex(record["load"][5]["bytes"]).startswith(b"S S")


def test_one_load_that_differs_confirms_nothing_and_is_kept(day, capsys):
    shown = displays()
    shown[6] = "6,840 kg"
    code, out = day(shown, [reading(mass) for mass in MASSES])
    assert code == 1
    record = tomllib.loads(Path(out).read_text("utf-8"))
    assert record["confirmed"] is False
    assert [load["agrees"] for load in record["load"]].count(False) == 1
    assert "STEMMER IKKE" in capsys.readouterr().out


def test_a_load_without_a_value_is_asked_for_again_and_a_wrong_display_too(day):
    told = [None, *(reading(mass) for mass in MASSES)]
    code, _ = day(["mye", *displays()], told)
    assert code == 0


def test_a_record_is_never_written_over_another(day, tmp_path):
    (tmp_path / "day.toml").write_text("mine")
    code, out = day(displays())
    assert (code, out.read_text()) == (2, "mine")


def test_ten_times_the_same_load_confirms_nothing():
    load = Load(Display("4.236", "kg"), reading(Decimal("4.236")))
    assert load.agrees
    assert not is_confirmed([load] * 10)
    assert not is_confirmed([load] * 9)


@pytest.mark.parametrize(
    ("display", "agrees"),
    [("7,12 g", True), ("7,123 g", True), ("7,124 g", False), ("7,12 kg", False)],
)
def test_a_digit_beyond_the_verified_step_may_be_on_the_display(display, agrees):
    read = Reading(Quantity.WEIGHT, Decimal("7.12"), "g", Stability.STABLE, finer="3")
    assert Load(display_of(display), read).agrees is agrees
