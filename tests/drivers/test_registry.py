from dataclasses import replace

import pytest

from drivers import registry
from drivers.driver import Line, Setting, UsbClaim
from drivers.registry import RegistryError, UnknownDriver, all_drivers, check, find_driver

RADWAG = all_drivers()["radwag"]


def test_an_unknown_driver_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownDriver) as caught:
        find_driver("radwagg")
    assert caught.value.near == "radwag"
    assert caught.value.known == sorted(all_drivers())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sources": ()}, "no source"),
        ({"trusted_frames": 0}, "trusted frame"),
        ({"line": Line(parity="X")}, "line settings"),
        ({"settings": (Setting("x", ("a",), "b", ""),)}, "no choice"),
    ],
)
def test_records_that_cannot_work_are_named(changes, words):
    assert words in check([replace(RADWAG, **changes)])[0]


def test_double_keys_and_equal_claims_are_all_named_at_once():
    claim = (UsbClaim(0x0403, 0x6001),)
    one, other = replace(RADWAG, claims=claim), replace(RADWAG, key="other", claims=claim)
    problems = check([one, other, replace(one, claims=())])
    assert len(problems) == 2
    assert check([one, replace(other, priority=60)]) == []


def test_a_folder_of_the_clinic_adds_drivers(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from dataclasses import replace\n"
        "from drivers.scales.radwag import DRIVERS as R\n"
        "DRIVERS = (replace(R[0], key='mine'),)\n"
    )
    assert set(all_drivers(tmp_path)) == {*all_drivers(), "mine"}


def test_a_driver_that_takes_anothers_key_is_refused(tmp_path):
    (tmp_path / "mine.py").write_text("from drivers.scales.radwag import DRIVERS\n")
    with pytest.raises(RegistryError) as caught:
        all_drivers(tmp_path)
    assert "radwag" in caught.value.problems[0]


def test_drivers_that_are_no_records_are_refused(tmp_path):
    (tmp_path / "mine.py").write_text("DRIVERS = ['radwag']\n")
    with pytest.raises(RegistryError):
        all_drivers(tmp_path)


def test_an_installed_package_adds_drivers(monkeypatch):
    class Point:
        def load(self):
            module = type(registry)("elsewhere")
            module.DRIVERS = (replace(RADWAG, key="elsewhere"),)
            return module

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()])
    assert "elsewhere" in all_drivers()
