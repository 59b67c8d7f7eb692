"""The catalogues of texts: `python -m tests.catalogues` brings them up to the program.

New texts are added to each, to be translated by hand; translated ones are compiled.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from babel.messages.frontend import CommandLineInterface

from kiosk.language.known import KNOWN, Texts
from kiosk.language.texts import SOURCE_LANGUAGE

LOCALE = Path("assets/locale")


@dataclass(frozen=True)
class Domain:
    """A catalogue: where its texts are, and the word that marks one in a table."""

    places: tuple[str, ...]
    mark: str = "mark"


DOMAINS = {
    "kiosk": Domain(("kiosk/ui", "kiosk/model", "kiosk/language/known.py")),
    "slip": Domain(("kiosk/receipts", "kiosk/model/quantities.py"), "mark_slip"),
    "command": Domain(("kiosk/cli", "kiosk/config", "kiosk/station", "kiosk/model/causes.py")),
}


def extract(domain: str, target: Path) -> None:
    """Write the texts that are in the program now; the folder to stand in is the repository's."""
    one = DOMAINS[domain]
    keywords = ("-k", "tr", "-k", "trn:1,2", "-k", one.mark)
    _babel("extract", "-F", str(LOCALE / "babel.cfg"), *keywords, "--no-location", "--sort-output",
           "-o", str(target), *one.places)  # fmt: skip


def wanted() -> dict[str, list[str]]:
    """By catalogue, the languages that have it."""
    every = [one for one in KNOWN.values() if one.code != SOURCE_LANGUAGE]
    return {
        "kiosk": [one.code for one in every if one.screen is not Texts.NONE],
        "slip": [one.code for one in every if one.slip is not Texts.NONE],
        "command": [one.code for one in every if one.screen is Texts.READ],
    }


def bring_up() -> None:
    """Begin missing catalogues, take new texts into each, drop what is said no more, compile."""
    for domain, languages in wanted().items():
        source = LOCALE / f"{domain}.pot"
        extract(domain, source)
        for code in languages:
            if not (LOCALE / code / "LC_MESSAGES" / f"{domain}.po").exists():
                place = ("-D", domain, "-i", str(source), "-d", str(LOCALE), "-l", code)
                _babel("init", "-w", "100", *place)
        _babel("update", "-N", "--ignore-obsolete", "--ignore-pot-creation-date", "-D", domain,
               "-w", "100", "-i", str(source), "-d", str(LOCALE))  # fmt: skip
        _babel("compile", "-D", domain, "-d", str(LOCALE))


def _babel(command: str, *arguments: str) -> None:
    if CommandLineInterface().run([sys.argv[0], "-q", command, *arguments]):
        raise SystemExit(1)


if __name__ == "__main__":
    bring_up()
