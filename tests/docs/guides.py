"""Guides carried out word for word on a copy of the repository."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CODE = ("drivers", "kiosk", "pyproject.toml", "tests/conftest.py", "tests/full.py")
TEXTS = ("assets/locale", "assets/fonts", "assets/icons", "tests/catalogues.py")
WHOLE = re.compile(r"^File: `([^`]+)`\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)
PIECE = re.compile(
    r"^(In|At the end of) `([^`]+)`(?:, (before|after) `([^`]+)`(?: and a line `([^`]+)`)?)?:\n\n"
    r"```\w+\n(.*?)^```",
    re.DOTALL | re.MULTILINE,
)
SESSION = re.compile(r"^```console\n\$ ([^\n]+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


class Guide:
    """A page of `docs`, and a copy of the repository in which it is followed."""

    def __init__(self, page: str) -> None:
        self.text = (ROOT / "docs" / page).read_text("utf-8")
        self.written: dict[str, str] = dict(WHOLE.findall(self.text))
        self.pieces = PIECE.findall(self.text)
        self.sessions = SESSION.findall(self.text)

    @property
    def files(self) -> set[str]:
        """Every file that the page touches."""
        return {*self.written, *(piece[1] for piece in self.pieces)}

    def follow(self, folder: Path, *names: str) -> None:
        """Copy these folders and files, and do what the page says in the copy."""
        for name in names:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, target, ignore=ignored)
            else:
                shutil.copy(ROOT / name, target)
        for name, text in self.written.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        for how, name, side, line, following, text in self.pieces:
            file = folder / name
            file.write_text(
                _put(file.read_text("utf-8"), how, side, line, following, text), "utf-8"
            )

    def lint(self, folder: Path) -> None:
        """Hold the touched modules to the rules of style."""
        files = " ".join(file for file in sorted(self.files) if file.endswith(".py"))
        for tool in ("ruff check", "ruff format --check"):
            done = run(f"python -m {tool} {files}", folder)
            assert done.returncode == 0, done.stdout + done.stderr

    def translate(self, folder: Path) -> None:
        """Bring the catalogues up as `make catalogues` does, and translate what the page does."""
        _bring_up(folder)
        for domain, text, language, translation in self.translations():
            file = folder / "assets" / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            catalogue = read_po(io.BytesIO(file.read_bytes()), locale=language)
            assert not catalogue[text].string, f"{text!r} was translated already"
            catalogue[text].string = translation
            with file.open("wb") as stream:
                write_po(stream, catalogue, width=100)
        _bring_up(folder)

    def translations(self) -> list[tuple[str, str, str, str]]:
        """Catalogue, text, language and translation of each cell of the page's table."""
        (head,) = re.findall(r"^\| catalogue \| text \|(.*)\|$", self.text, re.MULTILINE)
        languages = [one.strip() for one in head.split("|")]
        found = []
        for domain, row in re.findall(r"^\| (kiosk|slip) \|(.*)\|$", self.text, re.MULTILINE):
            text, *cells = (cell.strip() for cell in row.split("|"))
            pairs = zip(languages, cells, strict=True)
            found += [(domain, text, language, cell) for language, cell in pairs if cell]
        return found


def _bring_up(folder: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (command,) = re.findall(r"^catalogues:.*\n\t\$\(BIN\)/(.+)$", makefile, re.MULTILINE)
    done = run(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr


def _put(source: str, how: str, side: str, line: str, following: str, text: str) -> str:
    """The file with the piece where the page says; the place must be there, and only once."""
    if how != "In":
        return source + text
    place = f"\n{line}\n" if not following else f"\n{line}\n{following}"
    assert source.count(place) == 1, f"{line!r} stands {source.count(place)} times in the file"
    at = source.index(place) + 1
    if side == "after":
        at += len(line) + 1
    return source[:at] + text + source[at:]


def run(command: str, folder: Path, seconds: float = 300) -> subprocess.CompletedProcess[str]:
    """Run one line of a page in the copy, with the commands of this environment."""
    commands = folder / "commands"
    commands.mkdir(exist_ok=True)
    for name in ("kiosk", "pytest", "python"):
        script = commands / name
        module = "" if name == "python" else f"-m {name} "
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module}"$@"\n')
        script.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:xdist",
    }
    return subprocess.run(
        ["/bin/bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
