"""The documents: every link leads somewhere, and every picture is one that can be drawn anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ui.every_state import STATES
from tests.ui.pictures import SHOWN

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path):
    missing = []
    for found in LINK.findall(page.read_text("utf-8")):
        target = (found[0] or found[1]).partition("#")[0]
        if target and "://" not in target and not (page.parent / target).exists():
            missing.append(target)
    assert missing == []


def test_the_pictures_are_of_states_there_are_and_each_is_drawn():
    assert set(SHOWN) <= set(STATES)
    kept = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert {name for name in kept if not name.startswith("slip-")} == set(SHOWN)
