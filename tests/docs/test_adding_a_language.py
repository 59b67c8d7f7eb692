"""The walk-through in docs/adding-a-language.md, carried out word for word on a copy."""

from __future__ import annotations

import pytest

from tests.docs.guides import CODE, TEXTS, Guide, run

GUIDE = Guide("adding-a-language.md")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository with what the page says done to it, and nothing else."""
    folder = tmp_path_factory.mktemp("tree")
    GUIDE.follow(
        folder, *CODE, *TEXTS, "tests/desk", "tests/features", "tests/receipts", "tests/ui"
    )
    GUIDE.translate(folder)
    return folder


def test_the_page_touches_one_file_and_the_catalogue():
    assert len(GUIDE.files) == len(GUIDE.pieces) == 1
    assert {lang for domain, _, lang, _ in GUIDE.translations() if domain == "slip"} == {"es"}
    assert len(GUIDE.sessions) == 3


@pytest.mark.parametrize(("command", "answer"), GUIDE.sessions)
def test_a_command_of_the_page_passes_with_the_new_language(tree, command, answer):
    done = run(command if answer else command + " -vv", tree)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert done.stdout == answer if answer else "es] PASSED" in done.stdout


def test_a_slip_is_written_in_the_new_language(tree):
    spoken = (
        "from kiosk.language.texts import SLIP_DOMAIN, speaking\n"
        "from kiosk.receipts.content import SlipLine, label, note\n"
        "from kiosk.model.visit import Position, Quantity\n"
        "with speaking('es', domain=SLIP_DOMAIN):\n"
        "    line = SlipLine(Quantity.LENGTH, '63,4 cm', Position.LYING)\n"
        "    print(label(line), note(line))"
    )
    (tree / "spoken.py").write_text(spoken)
    assert run("python spoken.py", tree).stdout == "Longitud medido acostado\n"


def test_the_printed_piece_meets_the_house_rules(tree):
    GUIDE.lint(tree)
