"""A wrong command line is told in the station's language, whatever is wrong, by every command."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator

import pytest

from kiosk.cli.command_line import COMMANDS, PERSONAL, parsed, parser_of
from kiosk.cli.usage import words_for

ENGLISH = re.compile(
    r"usage:|error:|argument |required|invalid|unrecognized|expected|not allowed|choose|ignored"
)
INTERNAL = {
    "usage: ",
    "%(prog)s: error: %(message)s\\n",
    "%(prog)s: warning: %(message)s\\n",
    "argument %(argument_name)s: %(message)s",
    "positional arguments",
    "options",
    "subcommands",
    "show this help message and exit",
    "%(heading)s:",
    " (default: %(default)s)",
}
"""No sentence about what somebody has typed: the frame around it, or the help."""
OF_THE_PROGRAM = re.compile(
    r"conflict|cannot|not callable|not defined|mode|dest=|must be optional|option string %|"
    r"invalid option string|deprecated|for positionals|%\(error\)s"
)
"""What only a mistake in this program can bring about."""


def wrong_lines() -> Iterator[list[str]]:
    """Command lines that are wrong, of each kind there is, for every command and its actions."""
    yield []
    yield ["no-such-command"]
    parser, _ = parser_of((), whole=True)
    for path, one in _parsers(parser, []):
        yield [*path, "--no-such-option"]
        yield path
        for action in one._actions:
            if not action.option_strings:
                continue
            option = action.option_strings[-1]
            if action.nargs == 0:
                yield [*path, f"{option}=3"]
                continue
            yield [*path, option]
            if action.type in (int, float) or action.choices:
                yield [*path, option, "wrong"]


def _parsers(
    parser: argparse.ArgumentParser, path: list[str]
) -> Iterator[tuple[list[str], argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield [*path, name], inner
                yield from _parsers(inner, [*path, name])


def told(words: list[str], capsys) -> str:
    parser, _ = parser_of(words)
    try:
        parsed(parser, words)
    except SystemExit as end:
        return capsys.readouterr().err if end.code == 2 else ""
    return ""


def test_every_wrong_command_line_is_told_in_norwegian(capsys):
    seen = 0
    for words in wrong_lines():
        said = told(words, capsys)
        seen += bool(said)
        told_of = said.rpartition("\nkiosk")[2]
        assert not ENGLISH.search(told_of), (words, said)
        assert not said or said.startswith("bruk: "), said
    assert seen > 3 * len(COMMANDS)


@pytest.mark.parametrize(("language", "words"), [("nn", "manglar"), ("en", "missing")])
@pytest.mark.parametrize("written", [["--config", "{}"], ["--config={}"]])
def test_the_configuration_that_is_named_tells_the_language(
    tmp_path, capsys, language, words, written
):
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[station]\nclinic = "x"\nlanguage = "{language}"\n')
    assert words in told(["capture", *(one.format(config) for one in written)], capsys)


def test_what_may_be_about_a_child_is_not_shown_again(capsys):
    for command in PERSONAL:
        for words in (["25912650017"], ["--wait", "25912650017"], ["--display", "25912650017x"]):
            said = told([command, *words, "--identifier", "1", "--birth-date", "2"], capsys)
            assert said
            assert "25912650017" not in said


def test_everything_that_argparse_says_of_a_command_line_is_known():
    said = set(re.findall(r"""\b_\(['"](.+?)['"]\s*\)""", inspect.getsource(argparse)))
    of_typing = {one for one in said - INTERNAL if not OF_THE_PROGRAM.search(one)}
    assert len(of_typing) > 8
    filled = {one: re.sub(r"%(?:\(\w+\))?[sr]", "x", one) for one in of_typing}
    assert [one for one, text in filled.items() if words_for(text) == text] == []
