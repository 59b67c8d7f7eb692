"""What is wrong with a command line, in the station's language.

argparse says it in English, and only as finished sentences; each of them is known here by its form.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from kiosk.config.load import speech
from kiosk.config.text import language_in
from kiosk.language.texts import tr

WRONG_USE = 2
_ABOUT = re.compile(r"argument ([^:]+): (.*)", re.DOTALL)
_PLACE = re.compile(r"%(?:\(\w+\))?[sr]")


class WrongUseError(Exception):
    """A command line that cannot be understood: by which parser, and what argparse says of it."""

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        super().__init__(message)
        self.parser = parser


class Parser(argparse.ArgumentParser):
    """One that leaves to others how a wrong command line is told."""

    def error(self, message: str) -> NoReturn:
        """Raise :class:`WrongUseError`."""
        raise WrongUseError(self, message)


def end(wrong: WrongUseError, argv: Sequence[str], usual: Path, *, personal: bool) -> NoReturn:
    """Tell what is wrong and end with 2, in the language of the configuration that is named.

    ``usual`` is the configuration where none is named. What was typed is not shown again where it
    is ``personal``.
    """
    with speech(_language(argv, usual)):
        usage = wrong.parser.format_usage().partition(": ")[2]
        words = words_for(str(wrong), personal=personal)
        text = tr("bruk: {usage}{program}: {words}")
        told = text.format(usage=usage, program=wrong.parser.prog, words=words)
    wrong.parser.exit(WRONG_USE, f"{told}\n")


def words_for(message: str, *, personal: bool = False) -> str:
    """A sentence for what argparse says; its own where that is none of the known forms."""
    about = _ABOUT.fullmatch(message)
    name, rest = (about[1], about[2]) if about is not None else ("", message)
    for form, (words, typed) in _known().items():
        found = _pattern(form).fullmatch(rest)
        if found is not None:
            values = [one.strip("'\"").replace("', '", ", ") for one in found.groups()]
            if personal and typed is not None:
                values[typed] = "…"
            said = words.format(*values)
            return f"{name}: {said}" if name else said
    return message


def _known() -> dict[str, tuple[str, int | None]]:
    """By argparse's own forms: the words for each, and which place is what somebody has typed.

    What stands in the other places are names of this program.
    """
    return {
        "the following arguments are required: %s": (tr("dette mangler: {0}"), None),
        "one of the arguments %s is required": (tr("en av disse må være med: {0}"), None),
        "unrecognized arguments: %s": (tr("dette er ukjent her: {0}"), 0),
        "invalid choice: %(value)r (choose from %(choices)s)": (
            tr("«{0}» er ukjent. Velg en av disse: {1}"),
            0,
        ),
        "unknown parser %(parser_name)r (choices: %(choices)s)": (
            tr("«{0}» er ukjent. Velg en av disse: {1}"),
            0,
        ),
        "invalid int value: %(value)r": (tr("«{0}» er ikke et helt tall"), 0),
        "invalid float value: %(value)r": (tr("«{0}» er ikke et tall"), 0),
        "invalid %(type)s value: %(value)r": (tr("«{1}» kan ikke brukes her"), 1),
        "not allowed with argument %s": (tr("kan ikke brukes sammen med {0}"), None),
        "ignored explicit argument %r": (tr("tar ingen verdi, men fikk «{0}»"), 0),
        "expected one argument": (tr("trenger en verdi"), None),
        "expected at most one argument": (tr("tar høyst én verdi"), None),
        "expected at least one argument": (tr("trenger minst én verdi"), None),
        "expected %s argument": (tr("trenger {0} verdi"), None),
        "expected %s arguments": (tr("trenger {0} verdier"), None),
        "ambiguous option: %(option)s could match %(matches)s": (
            tr("«{0}» kan bety flere ting: {1}"),
            0,
        ),
        "unexpected option string: %s": (tr("dette er ukjent her: {0}"), 0),
    }


def _pattern(form: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _PLACE.split(form)]
    return re.compile("(.*?)".join(parts), re.DOTALL)


def _language(argv: Sequence[str], usual: Path) -> str:
    file = usual
    for word, following in zip(argv, [*argv[1:], ""], strict=False):
        if word == "--config":
            file = Path(following)
        elif word.startswith("--config="):
            file = Path(word.partition("=")[2])
    try:
        return language_in(file.read_bytes())
    except (OSError, ValueError):
        return ""
