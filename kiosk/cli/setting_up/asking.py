"""Questions and their answers: typed, piped line by line, or from a file of answers."""

from __future__ import annotations

import difflib
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from kiosk.config.load import ConfigError
from kiosk.config.text import Unreadable, read_bytes, tables_in
from kiosk.language.texts import tr

LATER = frozenset({"senere", "seinare", "later", "-"})
"""What leaves a question for later."""

YES = frozenset({"j", "ja", "y", "yes", "true"})
NO = frozenset({"n", "nei", "no", "false"})

ANSWERS = {
    "station": ("clinic", "id", "language", "data_dir"),
    "key": ("kind", "copy"),
    "person": ("id", "display", "pin", "hpr"),
    "scale": ("driver", "port", "settings", "wait", "keep"),
    "printer": ("address", "slip", "width", "keep"),
    "journal": ("way", "url", "token", "token_file", "ca_file", "organisation", "keep"),
    "hl7": ("host", "port", "tls", "ca_file"),
    "gdt": ("folder", "receiver", "long_numbers", "requests"),
    "csv": ("folder",),
    "service": ("start", "write", "stop"),
}
"""What a file of answers may hold, by table."""

Check = Callable[[str], str]
"""What is wrong with an answer, in a sentence; empty if nothing is."""


class Stopped(Exception):  # noqa: N818 - names what happened
    """There are no more answers."""


def fine(_: str) -> str:
    """Take any answer."""
    return ""


class Asker(Protocol):
    """Who is asked. ``name`` is the question's place in a file of answers."""

    alone: bool
    """Whether nobody sits there to be told anything."""

    def ask(
        self,
        name: str,
        question: str,
        default: str = "",
        check: Check = fine,
        *,
        later: bool = False,
        secret: bool = False,
    ) -> str | None:
        """A checked answer; ``None`` where the question may wait and does."""

    def choose(
        self,
        name: str,
        question: str,
        options: Sequence[tuple[str, str]],
        default: str = "",
        *,
        later: bool = False,
        other: Check | None = None,
    ) -> str | None:
        """One of the options (value, words); with ``other`` also anything that passes it."""

    def confirm(self, name: str, question: str, *, default: bool) -> bool:
        """Yes or no."""

    def wants(self, table: str, question: str, *, default: bool) -> bool:
        """Whether to go into a whole table of questions."""


class Typed:
    """Somebody at a terminal, or lines through a pipe."""

    alone = False

    def ask(
        self,
        name: str,
        question: str,
        default: str = "",
        check: Check = fine,
        *,
        later: bool = False,
        secret: bool = False,
    ) -> str | None:
        """Ask until the answer passes; an empty line means the default."""
        hint = default or (tr("senere") if later else "")
        while True:
            line = _line(f"{question} [{hint}]: " if hint else f"{question}: ", secret=secret)
            answer = line or default
            if later and (not answer or answer.lower() in LATER):
                return None
            fault = check(answer) if answer else tr("Her må det stå noe.")
            if not fault:
                return answer
            print(f"  {fault}")

    def choose(
        self,
        name: str,
        question: str,
        options: Sequence[tuple[str, str]],
        default: str = "",
        *,
        later: bool = False,
        other: Check | None = None,
    ) -> str | None:
        """Show the options by number; a number or the value itself chooses."""
        for number, (_, words) in enumerate(options, 1):
            print(f"  {number}. {words}")
        values = [value for value, _ in options]

        def check(answer: str) -> str:
            if _picked(answer, values) is not None:
                return ""
            if other is not None:
                return other(answer)
            return tr("Skriv et tall fra 1 til {most}.").format(most=len(values))

        answer = self.ask(name, question, default, check, later=later)
        return None if answer is None else _picked(answer, values) or answer

    def confirm(self, name: str, question: str, *, default: bool) -> bool:
        """Yes or no, by their first letters."""

        def check(answer: str) -> str:
            known = answer.lower() in YES | NO
            return "" if known else tr("Skriv ja eller nei.")

        answer = self.ask(name, question, tr("ja") if default else tr("nei"), check)
        return answer is not None and answer.lower() in YES

    def wants(self, table: str, question: str, *, default: bool) -> bool:
        """Yes or no."""
        return self.confirm(table, question, default=default)


class Answers:
    """A file of answers. What it does not say stays as it is, or waits."""

    alone = True

    def __init__(self, path: Path) -> None:
        """Raises :class:`ConfigError` for a file that is none, or a key nobody asks for."""
        try:
            if not path.exists():
                raise ConfigError([tr("{file}: filen med svar finnes ikke.").format(file=path)])
            self._tables = tables_in(path, read_bytes(path))
        except Unreadable as error:
            raise ConfigError([str(error)]) from None
        self._path = path
        if wrong := list(_unknown(self._tables)):
            raise ConfigError([f"{path}: {text}" for text in wrong])

    def ask(
        self,
        name: str,
        question: str,
        default: str = "",
        check: Check = fine,
        *,
        later: bool = False,
        secret: bool = False,
    ) -> str | None:
        """The answer in the file; raises :class:`ConfigError` for one that does not pass."""
        answer = self._text(name)
        if answer is None or answer.lower() in LATER:
            answer = default
        if not answer:
            if later:
                return None
            raise ConfigError([f"{self._path}: " + tr("«{key}» mangler.").format(key=name)])
        if fault := check(answer):
            raise ConfigError([f"{self._path}: «{name}»: {fault}"])
        return answer

    def choose(
        self,
        name: str,
        question: str,
        options: Sequence[tuple[str, str]],
        default: str = "",
        *,
        later: bool = False,
        other: Check | None = None,
    ) -> str | None:
        """One of the values, or what passes ``other``."""
        values = [value for value, _ in options]

        def check(answer: str) -> str:
            if answer in values:
                return ""
            if other is not None:
                return other(answer)
            return tr("«{value}» går ikke an. Mulige svar: {known}.").format(
                value=answer, known=", ".join(values)
            )

        return self.ask(name, question, default, check, later=later)

    def confirm(self, name: str, question: str, *, default: bool) -> bool:
        """Yes or no as it stands there."""
        answer = self._text(name)
        return default if answer is None else answer.lower() in YES

    def wants(self, table: str, question: str, *, default: bool) -> bool:
        """Whether the file has this table."""
        return bool(self._tables.get(table))

    def table(self, name: str) -> Mapping[str, str]:
        """A table of texts inside a table, such as ``scale.settings``."""
        table, _, key = name.partition(".")
        found = self._tables.get(table, {}).get(key, {})
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def _text(self, name: str) -> str | None:
        here: Any = self._tables
        for part in name.split("."):
            if not isinstance(here, dict) or part not in here:
                return None
            here = here[part]
        if isinstance(here, bool):
            return "true" if here else "false"
        return str(here)


def _unknown(tables: Mapping[str, Any]) -> list[str]:
    wrong = []
    for table, content in tables.items():
        if table not in ANSWERS or not isinstance(content, dict):
            wrong.append(_ask_for(table, list(ANSWERS)))
            continue
        wrong += [
            _ask_for(f"{table}.{key}", [f"{table}.{known}" for known in ANSWERS[table]])
            for key in content
            if key not in ANSWERS[table]
        ]
    return wrong


def _ask_for(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    text = tr("ukjent nøkkel «{key}»").format(key=name)
    if near:
        return f"{text}. " + tr("Mente du «{near}»?").format(near=near[0])
    return f"{text}. " + tr("Kjente nøkler her: {known}.").format(known=", ".join(known))


def _line(prompt: str, *, secret: bool) -> str:
    """One line of standard input, not shown where it is a secret; raises :class:`Stopped`."""
    if secret and sys.stdin.isatty():
        try:
            return getpass.getpass(prompt).strip()
        except EOFError:
            raise Stopped from None
    print(prompt, end="", flush=True)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        print()
    if not line:
        raise Stopped
    return line.strip()


def _picked(answer: str, values: Sequence[str]) -> str | None:
    if answer in values:
        return answer
    if answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(values):
        return values[int(answer) - 1]
    return None
