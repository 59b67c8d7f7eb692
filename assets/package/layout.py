"""Where each file of the package comes from and goes to: one table, and what is made on the way."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

HOME = "usr/lib/kiosk"
"""The private environment. Nothing in it is meant to be changed on the machine."""

SHARE = "usr/share/kiosk"
DOC = "usr/share/doc/kiosk"

FILES = {
    "kiosk.service": "usr/lib/systemd/system/kiosk.service",
    "assets/systemd/kiosk-display.service": "usr/lib/systemd/system/kiosk-display.service",
    **{
        f"assets/systemd/{name}": f"usr/lib/systemd/system/{name}"
        for name in (
            *("kiosk-backup.service", "kiosk-backup.timer"),
            *("kiosk-rehearsal.service", "kiosk-rehearsal.timer"),
        )
    },
    "assets/systemd/getty.conf": "usr/lib/systemd/system/getty@.service.d/kiosk.conf",
    "assets/systemd/sysusers.conf": "usr/lib/sysusers.d/kiosk.conf",
    "assets/systemd/tmpfiles.conf": "usr/lib/tmpfiles.d/kiosk.conf",
    "assets/systemd/modules-load.conf": "usr/lib/modules-load.d/kiosk.conf",
    "assets/systemd/sysctl.conf": "usr/lib/sysctl.d/60-kiosk.conf",
    "assets/systemd/xorg.conf": "usr/share/X11/xorg.conf.d/90-kiosk.conf",
    "assets/60-kiosk.rules": "usr/lib/udev/rules.d/60-kiosk.rules",
    "assets/kiosk.sample.toml": "etc/kiosk/kiosk.sample.toml",
    "assets/package/debian/copyright": f"{DOC}/copyright",
    "assets/package/debian/lintian-overrides": "usr/share/lintian/overrides/kiosk",
    "assets/locks/station.txt": f"{DOC}/station.txt",
    "README.md": f"{DOC}/README.md",
    "CHANGELOG.md": f"{DOC}/CHANGELOG.md",
}
"""From the repository to the root of the machine."""

FOLDERS = {
    "assets/fonts": f"{SHARE}/fonts",
    "assets/icons": f"{SHARE}/icons",
    "assets/locale": f"{SHARE}/locale",
    "assets/systemd": f"{SHARE}/systemd",
}

SOURCES = shutil.ignore_patterns("*.po", "*.pot", "babel.cfg", "merge", "render")
"""What other assets are made of."""

LINKS = {"usr/bin/kiosk": "../lib/kiosk/bin/kiosk"}

CONFFILES = ("/etc/kiosk/kiosk.sample.toml",)
"""What dpkg asks about before it replaces it. The configuration itself is never among them."""

PROGRAM = """#!/usr/lib/kiosk/bin/python3 -I
import sys

from kiosk.__main__ import main

sys.exit(main())
"""


def lay_out(repository: Path, root: Path, python: str) -> None:
    """Lay everything but the wheels below ``root``; ``python`` is the target's, such as 3.11."""
    for source, target in FILES.items():
        _copy(repository / source, root / target)
    for source, target in FOLDERS.items():
        shutil.copytree(repository / source, root / target, ignore=SOURCES)
    for link, target in LINKS.items():
        _link(root / link, target)
    _environment(root, python)
    _manual(root)


def site_packages(root: Path, python: str) -> Path:
    """The folder below ``root`` that wheels are installed into."""
    return root / HOME / "lib" / f"python{python}" / "site-packages"


def _environment(root: Path, python: str) -> None:
    """A private environment by hand: no pip in it, and paths of the machine it is for."""
    home = root / HOME
    site_packages(root, python).mkdir(parents=True)
    config = f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {python}\n"
    (home / "pyvenv.cfg").write_text(config, "utf-8")
    _link(home / "bin" / "python3", f"/usr/bin/python{python}")
    program = home / "bin" / "kiosk"
    program.write_text(PROGRAM, "utf-8")
    program.chmod(0o755)
    # The code looks for its assets beside itself.
    _link(site_packages(root, python) / "assets", f"/{SHARE}")


def _manual(root: Path) -> None:
    """The page and the shell's completion, from the commands' own parsers."""
    from kiosk.cli.manual import completion, manual_page

    page = root / "usr/share/man/man1/kiosk.1.gz"
    page.parent.mkdir(parents=True)
    page.write_bytes(gzip.compress(manual_page().encode(), mtime=0))
    completed = root / "usr/share/bash-completion/completions/kiosk"
    completed.parent.mkdir(parents=True)
    completed.write_text(completion(), "utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
