"""Every text of the screen and the slip in every language, with nothing lost on the way."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk.language.known import LATIN, Texts
from kiosk.language.texts import (
    DRAFTS,
    LANGUAGES,
    LOCALE_DIR,
    SOURCE_LANGUAGE,
    offered,
    speaking,
    tr,
    trn,
)
from kiosk.receipts.charmap import characters_of
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.ui import theme
from tests import catalogues

ROOT = Path(__file__).parents[2]
OTHERS = [("kiosk", code) for code in LANGUAGES if code != SOURCE_LANGUAGE]
COMMANDS = [("command", code) for code in LANGUAGES if code != SOURCE_LANGUAGE]
DRAWN = [*OTHERS, *(("kiosk", code) for code in DRAFTS)]
SLIPS = [("slip", code) for code in SLIP_LANGUAGES if code != SOURCE_LANGUAGE]
FINISHED = [("slip", code) for code, one in SLIP_LANGUAGES.items() if one.slip is Texts.READ][1:]
HOLES = re.compile(r"\{[a-z_]*\}")


def catalogue(domain: str, code: str) -> Catalog:
    with (LOCALE_DIR / code / "LC_MESSAGES" / f"{domain}.po").open("rb") as stream:
        return read_po(stream, locale=code)


def texts(catalog: Catalog) -> dict[object, tuple[str, ...]]:
    """Every message by its id, each with all its forms."""
    return {
        message.id: message.string if isinstance(message.string, tuple) else (message.string,)
        for message in catalog
        if message.id
    }


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[str, set[object]]:
    """The texts that are in the program now, by domain."""
    found = {}
    monkey = pytest.MonkeyPatch()
    monkey.chdir(ROOT)
    for domain in catalogues.DOMAINS:
        target = tmp_path_factory.mktemp("pot") / f"{domain}.pot"
        catalogues.extract(domain, target)
        with target.open("rb") as stream:
            found[domain] = {message.id for message in read_po(stream) if message.id}
    monkey.undo()
    return found


@pytest.mark.parametrize(("domain", "code"), OTHERS + COMMANDS + FINISHED)
def test_every_text_is_translated_and_nothing_else_is_there(domain, code, sources):
    known, source = texts(catalogue(domain, code)), sources[domain]
    assert source - set(known) == set(), "run make catalogues, and translate"
    assert set(known) - source == set(), "run make catalogues"
    assert [key for key, forms in known.items() if not all(forms)] == []


@pytest.mark.parametrize(("domain", "code"), DRAWN + COMMANDS + SLIPS)
def test_what_is_filled_in_is_filled_in_in_every_language(domain, code):
    wrong = []
    for key, forms in texts(catalogue(domain, code)).items():
        ids = key if isinstance(key, tuple) else (key,)
        wanted = sorted(HOLES.findall(ids[-1]))
        # Some languages have a word for one and for two of a thing, without a number.
        counted = code == "ar" and isinstance(key, tuple)
        wrong += [
            form
            for form in forms
            if form and sorted(HOLES.findall(form)) not in ([wanted, []] if counted else [wanted])
        ]
    assert wrong == []


@pytest.mark.parametrize(("domain", "code"), OTHERS + COMMANDS)
def test_sentences_end_as_they_do_in_the_source(domain, code):
    wrong = []
    for key, forms in texts(catalogue(domain, code)).items():
        ids = key if isinstance(key, tuple) else (key,)
        end = ids[0][-1]
        if end in ".?…:":
            wrong += [form for form in forms if form[-1] != end]
    assert wrong == []


@pytest.mark.parametrize(("domain", "code"), DRAWN + COMMANDS + SLIPS)
def test_the_compiled_catalogue_is_the_written_one(domain, code):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(domain, code))
    written = (LOCALE_DIR / code / "LC_MESSAGES" / f"{domain}.mo").read_bytes()
    assert written == compiled.getvalue()


@pytest.mark.parametrize(
    ("domain", "code"), [("kiosk", "nb"), ("slip", "nb"), *DRAWN, *SLIPS], ids="-".join
)
def test_the_font_has_a_picture_of_every_character(domain, code, sources):
    forms = [
        text for key in sources[domain] for text in (key if isinstance(key, tuple) else (key,))
    ]
    if code != SOURCE_LANGUAGE:
        forms += [form for each in texts(catalogue(domain, code)).values() for form in each]
    used = {character for form in forms for character in form}
    script = SLIP_LANGUAGES[code].script if domain == "slip" else LATIN
    for font in sorted((theme.ASSETS / "fonts").glob(f"{script.family}-*.ttf")):
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


def test_a_draft_is_offered_only_after_somebody_has_read_it():
    assert set(offered({})) == set(LANGUAGES)
    assert set(offered({"se": "  "})) == set(LANGUAGES)
    assert offered({"se": "N.N. 2026-11-20"})["se"] == "Sámegiella"


def test_what_a_draft_does_not_say_yet_is_said_in_bokmal():
    with speaking("se"):
        assert tr("Tilbake") == "Maŋos"
        assert tr("Noe er feil") == "Noe er feil"


def test_every_language_has_the_catalogues_it_is_said_to_have_and_no_other():
    there = {
        (file.stem, file.parents[1].name) for file in (ROOT / LOCALE_DIR).glob("*/LC_MESSAGES/*.po")
    }
    assert there == {(d, code) for d, codes in catalogues.wanted().items() for code in codes}
