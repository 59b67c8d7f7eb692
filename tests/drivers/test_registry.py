import shutil
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from drivers import registry
from drivers.driver import Line, Maturity, Poll, Setting, UsbClaim
from drivers.registry import RegistryError, UnknownDriver, all_drivers, check, find_driver
from drivers.vector_file import FOLDER, vectors_of

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
        ({"key": "RADWAG C315"}, "no key"),
        ({"poll": Poll(b"")}, "request"),
        ({"poll": Poll(b"SI", interval=0)}, "request"),
        ({"maturity": Maturity.CONFIRMED}, "confirmed by nobody"),
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


def write_driver(folder, name, text):
    """A driver file with vectors beside it."""
    (folder / f"{name}.py").write_text(text)
    shutil.copy(FOLDER / "radwag.toml", folder / f"{name}.toml")


RENAMED = (
    "from dataclasses import replace\n"
    "from drivers.scales.radwag import DRIVERS as R\n"
    "DRIVERS = (replace(R[0], key='mine'),)\n"
)


def test_a_folder_of_the_clinic_adds_drivers(tmp_path):
    write_driver(tmp_path, "mine", RENAMED)
    assert set(all_drivers(tmp_path)) == {*all_drivers(), "mine"}
    assert vectors_of("clinic_driver_mine").vectors


def test_a_driver_that_takes_anothers_key_is_refused(tmp_path):
    write_driver(tmp_path, "mine", "from drivers.scales.radwag import DRIVERS\n")
    with pytest.raises(RegistryError) as caught:
        all_drivers(tmp_path)
    assert "radwag" in caught.value.problems[0]


def test_everything_wrong_in_a_folder_is_named_at_once(tmp_path):
    (tmp_path / "broken.py").write_text("import no_such_module_anywhere\n")
    (tmp_path / "listed.py").write_text("DRIVERS = ['radwag']\n")
    (tmp_path / "silent.py").write_text(RENAMED)
    (tmp_path / "typo.py").write_text("DRIVERS = (\n")
    with pytest.raises(RegistryError) as caught:
        all_drivers(tmp_path)
    assert [problem.split(": ", 1)[0] for problem in caught.value.problems] == [
        "broken.py cannot be loaded",
        "clinic_driver_listed",
        "clinic_driver_silent",
        "typo.py cannot be loaded",
    ]
    assert "its vectors silent.toml are missing" in str(caught.value)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(RegistryError, match="does not exist"):
        all_drivers(tmp_path / "nowhere")


def test_an_installed_package_adds_drivers(monkeypatch, tmp_path):
    write_driver(tmp_path, "elsewhere_scale", RENAMED.replace("mine", "elsewhere"))
    monkeypatch.syspath_prepend(str(tmp_path))
    point = EntryPoint("elsewhere", "elsewhere_scale", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    assert "elsewhere" in all_drivers()


def test_an_installed_package_that_fails_is_named(monkeypatch):
    point = EntryPoint("elsewhere", "no_such_package_anywhere", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    with pytest.raises(RegistryError, match="the entry point 'elsewhere' cannot be loaded"):
        all_drivers()


def test_every_driver_found_has_readable_vectors():
    for driver in all_drivers().values():
        assert vectors_of(driver.decoder.__module__).source
