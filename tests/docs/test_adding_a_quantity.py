"""The walk-through in docs/adding-a-quantity.md, carried out word for word on a copy."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po, write_po

from tests.docs.guides import Guide, run

GUIDE = Guide("adding-a-quantity.md")
ROWS = re.findall(r"^\| (kiosk|slip) \|(.*)\|$", GUIDE.text, re.MULTILINE)
(HEAD,) = re.findall(r"^\| catalogue \| text \|(.*)\|$", GUIDE.text, re.MULTILINE)
LANGUAGES = [one.strip() for one in HEAD.split("|")]
COPIED = (
    *("drivers", "kiosk", "assets/locale", "assets/fonts", "assets/icons", "pyproject.toml"),
    *("tests/conftest.py", "tests/catalogues.py", "tests/full.py", "tests/core", "tests/ui"),
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository with what the page says done to it, and nothing else."""
    folder = tmp_path_factory.mktemp("tree")
    GUIDE.follow(folder, *COPIED)
    bring_up(folder)
    for domain, row in ROWS:
        text, *translations = (cell.strip() for cell in row.split("|"))
        for language, translation in zip(LANGUAGES, translations, strict=True):
            if translation:
                translate(folder, language, domain, text, translation)
    bring_up(folder)
    return folder


def bring_up(folder) -> None:
    """What `make catalogues` does, with the commands of this environment."""
    makefile = (GUIDE.root / "Makefile").read_text("utf-8")
    (command,) = re.findall(r"^catalogues:.*\n\t\$\(BIN\)/(.+)$", makefile, re.MULTILINE)
    done = run(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr


def translate(folder, language: str, domain: str, text: str, translation: str) -> None:
    file = folder / "assets" / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    catalogue = read_po(file.open("rb"), locale=language)
    assert not catalogue[text].string, f"{text!r} was translated already"
    catalogue[text].string = translation
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=100)


def test_the_page_touches_three_files_and_the_catalogues():
    assert len(GUIDE.files) == 3
    assert len(GUIDE.pieces) == 3
    assert len(ROWS) == 6
    assert len(GUIDE.commands) == 2


@pytest.mark.parametrize("command", GUIDE.commands)
def test_a_command_of_the_page_passes_with_the_new_quantity(tree, command):
    done = run(command + " -vv", tree)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "every_quantity" not in command or done.stdout.count("[waist] PASSED") == 7


def test_the_printed_pieces_meet_the_house_rules(tree):
    files = " ".join(file for file in GUIDE.files if file.endswith(".py"))
    for tool in ("ruff check", "ruff format --check"):
        done = run(f"python -m {tool} {files}", tree)
        assert done.returncode == 0, done.stdout + done.stderr
