"""Every `kiosk …` in the pages is one that the program takes, out of the pages' own text."""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path

import pytest

from kiosk.cli.command_line import COMMANDS, parsed, parser_of
from kiosk.cli.setting_up.asking import Answers

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
SPAN = re.compile(r"(?<!`)`((?:sudo )?kiosk [^`\n]+)`(?!`)")
WORDS = {
    # What stands for something in a page, and something that may stand there.
    "WHY": "wrong",
    "ID": "0190c8a4-7a4e-7f00-8000-000000000000",
    "DRIVER": "radwag",
    "KEY=VALUE": "unit=kg",
    "PORT": "9000",
    "REASON": "read-again",
}
PARSER, _ = parser_of((), whole=True)


def commands_in(page: Path) -> list[str]:
    """The commands of the shell blocks, and those in the running text."""
    text = page.read_text("utf-8")
    found = []
    for block in BLOCK.findall(text):
        lines = re.sub(r"\\\n\s*", "", block).splitlines()
        parts = [
            p.strip().removeprefix("$ ") for line in lines for p in re.split(r" [|] |; ", line)
        ]
        found += [part for part in parts if part.startswith(("kiosk ", "sudo kiosk "))]
    return found + SPAN.findall(BLOCK.sub("", text))


def ways_of(command: str) -> set[str]:
    """What a notation with [optional] parts and a|choice means, each way as words to type."""
    command = command.removeprefix("sudo ").replace(" …", "").partition(" #")[0]
    command = re.sub(r"\|--\S+ [A-Z]+(?= |$)", "", command)
    ways = [""]
    for part in re.split(r"(\[[^\]]*\])", command):
        if part.startswith("["):
            choices = ["", *_choices(part[1:-1])]
        else:
            outside = [
                re.split(r"[|·]", word) if "|" in word and "'" not in command else [word]
                for word in part.split(" ")
            ]
            choices = [" ".join(one) for one in itertools.product(*outside)]
        ways = [way + choice for way in ways for choice in choices]
    return set(ways)


def _choices(inside: str) -> list[str]:
    return [choice.strip() for choice in inside.split("|")]


def typed(way: str) -> list[str]:
    return [WORDS.get(word, word) for word in shlex.split(way)][1:]


def is_taken(words: list[str]) -> bool:
    try:
        parsed(PARSER, words)
    except SystemExit as ended:
        return ended.code == 0
    return True


SEEN = [(page, command) for page in PAGES for command in commands_in(page)]


def test_there_are_commands_to_look_at():
    assert len(SEEN) > 60
    assert {command.split()[1] for _, command in SEEN if command.startswith("kiosk ")} >= {
        *("setup", "check", "run", "measure", "doctor", "user", "backup", "devices", "simulate")
    }


@pytest.mark.parametrize(
    ("page", "command"), SEEN, ids=[f"{page.name}-{command}"[:70] for page, command in SEEN]
)
def test_a_command_in_a_page_is_one_that_there_is(page, command, capsys):
    for way in ways_of(command):
        words = typed(way)
        if words and len(words) == 1 and not words[0].startswith("-"):
            assert words[0] in COMMANDS  # only its name is mentioned
        elif words:
            assert is_taken(words), f"{page.name}: {way}\n{capsys.readouterr().err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_puts_anything_of_a_child_on_a_command_line(page):
    text = page.read_text("utf-8")
    for option in ("--identifier", "--birth-date", "--given"):
        assert set(re.findall(rf"{option} (\S+)", text)) <= {"-"}


def test_the_file_of_answers_in_the_page_is_one(tmp_path):
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "answers.toml"
    path.write_text(block)
    answers = Answers(path)
    assert answers.ask("person.pin", "") == "2580"
    assert answers.wants("journal", "", default=False)
