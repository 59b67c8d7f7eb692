"""Bokmål without a catalogue, other languages with one, numbers the Norwegian way."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.language import texts as i18n
from kiosk.language.texts import comma, kg_text, set_language, tr, trn
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Quantity


@pytest.fixture
def nynorsk(tmp_path: Path):
    texts = {"": "Plural-Forms: nplurals=2; plural=n != 1;\n", "Vekt": "Vekt (nn)"}
    texts["{n} uke\0{n} uker"] = "{n} veke\0{n} veker"
    folder = tmp_path / "nn" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "kiosk.mo").write_bytes(_catalogue(texts))
    yield tmp_path
    set_language("nb")


def _catalogue(texts: dict[str, str]) -> bytes:
    """The smallest gettext machine object file (GNU gettext manual, "MO Files")."""
    keys = sorted(texts)
    ids = [key.encode() for key in keys]
    strings = [texts[key].encode() for key in keys]
    place, tables, blob = 28 + 16 * len(keys), b"", b""
    for group in (ids, strings):
        for each in group:
            tables += struct.pack("<II", len(each), place + len(blob))
            blob += each + b"\0"
    count = len(keys)
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + tables + blob


def test_the_text_itself_is_the_bokmal():
    assert tr("Høyde") == "Høyde"
    assert [trn("{n} uke", "{n} uker", n) for n in (0, 1, 2)] == ["0 uker", "1 uke", "2 uker"]


def test_the_language_can_be_switched_and_back(nynorsk):
    set_language("nn", nynorsk)
    assert (tr("Vekt"), tr("Høyde"), trn("{n} uke", "{n} uker", 2)) == (
        "Vekt (nn)",
        "Høyde",
        "2 veker",
    )
    set_language("nb")
    assert tr("Vekt") == "Vekt"


def test_a_language_without_catalogue_changes_nothing(nynorsk):
    set_language("nn", nynorsk)
    with pytest.raises(FileNotFoundError):
        set_language("xx", nynorsk)
    assert tr("Vekt") == "Vekt (nn)"


def test_kivy_is_not_needed():
    assert "kivy" not in Path(i18n.__file__).read_text(encoding="utf-8").lower()


@given(st.decimals(0, 300, places=3))
def test_digits_stay_exactly_as_sent(value):
    assert comma(str(value)).replace(",", ".") == str(value)


def test_units_do_not_break_from_their_number():
    assert kg_text(" 4.2360") == "4,2360\u00a0kg"
    assert kg_text("4236", "g") == "4236\u00a0g"


@given(st.integers(0, 2500))
def test_centimetres_are_exact(mm):
    whole, tenth = MEASURED[Quantity.LENGTH].written(mm).split(".")
    assert int(whole) * 10 + int(tenth) == mm
