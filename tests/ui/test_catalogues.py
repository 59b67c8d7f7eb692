"""Every text of the screen and the slip in every language, with nothing lost on the way."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk.i18n import LANGUAGES, LOCALE_DIR, SOURCE_LANGUAGE, speaking, tr, trn
from kiosk.receipts.charmap import characters_of
from kiosk.ui import theme

ROOT = Path(__file__).parents[2]
OTHERS = [code for code in LANGUAGES if code != SOURCE_LANGUAGE]
HOLES = re.compile(r"\{[a-z_]*\}")


def catalogue(code: str) -> Catalog:
    with (LOCALE_DIR / code / "LC_MESSAGES" / "kiosk.po").open("rb") as stream:
        return read_po(stream, locale=code)


def texts(catalog: Catalog) -> dict[object, tuple[str, ...]]:
    """Every message by its id, each with all its forms."""
    return {
        message.id: message.string if isinstance(message.string, tuple) else (message.string,)
        for message in catalog
        if message.id
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> set[object]:
    """The texts that are in the program now."""
    target = tmp_path_factory.mktemp("pot") / "kiosk.pot"
    command = [
        *(sys.executable, "-m", "babel.messages.frontend", "-q", "extract"),
        *("-F", "assets/locale/babel.cfg", "-k", "tr", "-k", "trn:1,2", "-k", "mark"),
        *("-o", str(target), "kiosk/ui", "kiosk/receipts"),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    with target.open("rb") as stream:
        return {message.id for message in read_po(stream) if message.id}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_nothing_else_is_there(code, source):
    known = texts(catalogue(code))
    assert source - set(known) == set(), "run make catalogues, and translate"
    assert set(known) - source == set(), "run make catalogues"
    assert [key for key, forms in known.items() if not all(forms)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_filled_in_is_filled_in_in_every_language(code):
    wrong = []
    for key, forms in texts(catalogue(code)).items():
        ids = key if isinstance(key, tuple) else (key,)
        wanted = sorted(HOLES.findall(ids[-1]))
        wrong += [form for form in forms if sorted(HOLES.findall(form)) != wanted]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_sentences_end_as_they_do_in_the_source(code):
    wrong = []
    for key, forms in texts(catalogue(code)).items():
        ids = key if isinstance(key, tuple) else (key,)
        end = ids[0][-1]
        if end in ".?…:":
            wrong += [form for form in forms if form[-1] != end]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_the_written_one(code):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    assert (LOCALE_DIR / code / "LC_MESSAGES" / "kiosk.mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_font_has_a_picture_of_every_character(code, source):
    forms = (
        [form for each in texts(catalogue(code)).values() for form in each]
        if (code != SOURCE_LANGUAGE)
        else [text for key in source for text in (key if isinstance(key, tuple) else (key,))]
    )
    used = {character for form in forms for character in form}
    for font in sorted((theme.ASSETS / "fonts").glob("*.ttf")):
        known = characters_of(font)
        missing = {c for c in used if ord(c) not in known and unicodedata.category(c)[0] != "Z"}
        assert missing == set(), font.name


def test_a_text_can_be_said_in_another_language_for_a_while():
    with speaking("en"):
        assert tr("Lagret") == "Saved"
        assert trn("{n} dag", "{n} dager", 2) == "2 days"
        with speaking("nn"):
            assert tr("Lagret") == "Lagra"
        assert tr("Lagret") == "Saved"
    assert tr("Lagret") == "Lagret"
