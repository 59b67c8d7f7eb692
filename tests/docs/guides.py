"""Guides carried out word for word on a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
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
        self.root = ROOT
        self.text = (ROOT / "docs" / page).read_text("utf-8")
        self.written: dict[str, str] = dict(WHOLE.findall(self.text))
        self.pieces = PIECE.findall(self.text)
        self.commands = [command for command, _ in SESSION.findall(self.text)]

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
