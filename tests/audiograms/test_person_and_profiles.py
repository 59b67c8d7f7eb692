"""Whose file it is, and profiles that leave nothing to guess."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from drivers.audiogram_files.imported import FileFormat, FilePatient, Imported
from drivers.audiogram_files.person import Match, same_person
from drivers.audiogram_files.profiles import SAMPLES, load_profiles, profile_of
from drivers.profile_file import ProfileError
from drivers.simulators.audiogram_samples import SampleChild, gdt

BORN = date(2021, 4, 17)


@pytest.mark.parametrize(
    ("patient", "identifiers", "answer"),
    [
        (FilePatient("4711", "", BORN), {"4711"}, Match.SAME),
        (FilePatient("4711"), {"4711", "17042099999"}, Match.SAME),
        (FilePatient("170420 99999"), {"17042099999"}, Match.SAME),
        (FilePatient("4712", "Kari Prøve", BORN), {"4711"}, Match.OTHER),
        (FilePatient("4711", "", date(2018, 5, 1)), {"4711"}, Match.OTHER),
        (FilePatient("", "Kari Prøve", BORN), {"4711"}, Match.CANNOT_TELL),
        (FilePatient("4711", "", BORN), set(), Match.CANNOT_TELL),
        (FilePatient("4711", "", date(2018, 5, 1)), set(), Match.OTHER),
        (FilePatient(), {"4711"}, Match.CANNOT_TELL),
    ],
)
def test_number_and_birth_date_decide_and_names_never_do(patient, identifiers, answer):
    imported = Imported(FileFormat.CSV, patient, ())
    assert same_person(imported, identifiers, BORN) is answer


def test_a_child_without_a_known_birth_date_is_told_by_number():
    imported = Imported(FileFormat.CSV, FilePatient("4711", "", BORN), ())
    assert same_person(imported, {"4711"}, None) is Match.SAME


def test_the_samples_can_be_read():
    profiles = load_profiles(SAMPLES)
    assert [profile.name for profile in profiles.gdt] == ["sample-gdt"]
    assert [profile.name for profile in profiles.csv] == ["sample-csv-long", "sample-csv-wide"]


GDT = (SAMPLES / "sample-gdt.toml").read_text("utf-8")
LONG = (SAMPLES / "sample-csv-long.toml").read_text("utf-8")
WIDE = (SAMPLES / "sample-csv-wide.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GDT.replace("senders", "sender"), "sender"),
        (GDT.replace('"right"', '"richt"'), "richt"),
        (GDT.replace("hz = 250", "hz = 25"), "hz"),
        (GDT.replace(', masking = "masked"', ""), "masking"),
        (LONG.replace("device_maximum_db", "maximum"), "maximum"),
        (LONG.replace('status = "status"', ""), "status"),
        (LONG.replace('NR = "no-response"', 'NR = "120"'), "120"),
        (WIDE.partition("[cells]")[0], "cells"),
        ("format = ", "mine.toml"),
    ],
)
def test_a_profile_with_an_unknown_or_missing_key_is_an_error_that_names_it(text, named):
    with pytest.raises(ProfileError) as caught:
        profile_of(text.encode(), "mine.toml")
    assert named in str(caught.value)
    assert str(caught.value).startswith("mine.toml")


PAGE = Path(__file__).parents[2] / "docs" / "audiometers.md"


def test_the_page_shows_how_a_profile_is_tried(tmp_path, monkeypatch, capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "test.gdt").write_bytes(gdt(SampleChild()))
    (tmp_path / "exports").mkdir()
    shutil.copytree(SAMPLES, tmp_path / "profiles")
    monkeypatch.chdir(tmp_path)
    inbox, trial = blocks
    exec(trial, {})
    assert "Response.THRESHOLD" in capsys.readouterr().out
    names = {}
    exec(inbox, names)
    names["watch"].stop()
