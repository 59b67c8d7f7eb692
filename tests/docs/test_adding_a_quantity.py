"""The walk-through in docs/adding-a-quantity.md, carried out word for word on a copy."""

from __future__ import annotations

import pytest

from tests.docs.guides import CODE, TEXTS, Guide, run

GUIDE = Guide("adding-a-quantity.md")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository with what the page says done to it, and nothing else."""
    folder = tmp_path_factory.mktemp("tree")
    GUIDE.follow(
        folder, *CODE, *TEXTS, "tests/desk", "tests/features", "tests/weighing", "tests/ui"
    )
    GUIDE.translate(folder)
    return folder


def test_the_page_touches_three_files_and_the_catalogues():
    assert len(GUIDE.files) == len(GUIDE.pieces) == 3
    assert len(GUIDE.translations()) == 15


def test_the_command_of_the_page_passes_with_the_new_quantity(tree):
    ((command, _),) = GUIDE.sessions
    done = run(command + " -vv", tree)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert done.stdout.count("[waist] PASSED") == 7


def test_the_printed_pieces_meet_the_house_rules(tree):
    GUIDE.lint(tree)
