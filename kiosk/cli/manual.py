"""The manual page and the shell's completions, written from the commands' own parsers.

``python -m kiosk.cli.manual --out DIR`` makes ``kiosk.1`` and ``kiosk.bash``. The two libraries
that write them are needed where the package is built, and nowhere else.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kiosk.cli.command_line import parser_of, version_text

DESCRIPTION = """\
Receives weights and lengths from the devices at the reception of a child health clinic, keeps every
measurement encrypted, and forwards it to the clinic's journal system exactly once. Set it up with
"kiosk setup"; "kiosk doctor" tells what is wrong and what to do about it.
"""

FILES = """\
.SH FILES
.TP
.I /etc/kiosk/kiosk.toml
the configuration; every key is explained in configuration.md
.TP
.I /var/lib/kiosk
the encrypted store
.TP
.I /etc/systemd/system/kiosk.service.d
drop\\-ins, such as the one that hands the key of the store to the service
.SH EXIT STATUS
2 for a wrong command line, configuration or key. The others are in commands.md.
"""


def manual_page() -> str:
    """The page in roff, for section 1."""
    from argparse_manpage.manpage import Manpage

    parser, _ = parser_of((), whole=True)
    page = Manpage(parser, format="single-commands-section")
    page.description = "measuring station of a child health clinic"
    page.long_description = DESCRIPTION
    page.source, page.manual = version_text(), "Helsestasjon kiosk"
    return f"{page}\n{FILES}"


def completion(shell: str = "bash") -> str:
    """What completes the commands and their options in a shell."""
    import shtab

    parser, _ = parser_of((), whole=True)
    return str(shtab.complete(parser, shell=shell, root_prefix="kiosk"))


def main(argv: list[str] | None = None) -> int:
    """Write both files into a folder, which is made if need be."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.cli.manual", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    out = parser.parse_args(argv).out
    out.mkdir(parents=True, exist_ok=True)
    (out / "kiosk.1").write_text(manual_page(), "utf-8")
    (out / "kiosk.bash").write_text(completion(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
