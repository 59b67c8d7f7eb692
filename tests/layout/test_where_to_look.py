"""A reader finds a thing by one search for its own words, and the page that says where is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md")
ROWS = re.findall(r"^\| ([^|`]+) \| (`kiosk/[^|]+) \|$", PAGES[1].read_text("utf-8"), re.MULTILINE)
WANTED = {
    "new-weighing gate": "new-weighing gate",
    "lock-out after wrong PINs": "lock-out",
    "LOINC codes": "LOINC",
    "back-off": "back-off",
    "age limits": "age limits",
    "words of the status line": "status line",
    "where to add a language": "add a language",
    "where to add a page": "add a page",
    "where to add a line of the slip": "line of the slip",
    "where to add a feature": "add a feature",
}


def found(words: str) -> set[str]:
    """The files of the station that hold these words, broken over lines or not."""
    pattern = re.compile(r"\s+(?:# ?)?".join(map(re.escape, words.split())), re.IGNORECASE)
    files = (p for p in (ROOT / "kiosk").rglob("*") if p.suffix in {".py", ".toml"})
    return {str(p.relative_to(ROOT)) for p in files if pattern.search(p.read_text("utf-8"))}


@pytest.mark.parametrize("what", WANTED)
def test_one_search_finds_it(what):
    told = set(re.findall(r"`([^`]+)`", dict(ROWS)[what]))
    assert told <= found(WANTED[what])


def test_a_search_finds_few_places():
    assert {what: n for what in WANTED if (n := len(found(WANTED[what]))) > 7} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page):
    paths = re.findall(r"`((?:kiosk|drivers|tests|assets|docs)/[\w./-]*)`", page.read_text("utf-8"))
    paths += re.findall(r"(?<![\w/])((?:kiosk|drivers)/[\w./-]+\.py)", page.read_text("utf-8"))
    assert paths
    assert [one for one in paths if not (ROOT / one).exists()] == []
