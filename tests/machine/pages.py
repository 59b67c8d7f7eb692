"""The commands of a page, taken out of the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text without the page's indentation, its heading."""

    language: str
    text: str
    heading: str


def blocks(name: str) -> list[Block]:
    """Every fenced block of a page of ``docs``, in order."""
    page = (DOCS / name).read_text("utf-8")
    found = []
    for match in BLOCK.finditer(page):
        headings = re.findall(r"^#+ (.+)$", page[: match.start()], re.MULTILINE)
        indent = len(match[1])
        text = "".join(line[indent:] or "\n" for line in match[3].splitlines(keepends=True))
        found.append(Block(match[2], text, headings[-1] if headings else ""))
    return found


def commands(name: str, heading: str = "") -> list[str]:
    """The commands of a page's shell blocks, or those below one heading; joined where continued."""
    found = []
    for block in blocks(name):
        if block.language == "sh" and heading in ("", block.heading):
            joined = block.text.replace("\\\n", " ")
            lines = (line.partition("  #")[0].strip() for line in joined.splitlines())
            found += [re.sub(r"\s+", " ", line) for line in lines if line]
    return found
