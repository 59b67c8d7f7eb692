"""The tree becomes a package: control files, permissions, times, ``dpkg-deb``."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tomllib
from pathlib import Path

from assets.package.layout import CONFFILES
from assets.package.releases import CONFLICTS, Release, depends_of

SCRIPTS = ("postinst", "prerm", "postrm")
PROGRAMS = ("bin", "DEBIAN")
"""Only what lies here is run. What wheels call executable is imported."""

LONG = (
    " A touchscreen for the reception of a child health clinic: it reads weight,\n"
    " length and hearing from their devices, keeps them encrypted and safe against\n"
    " a power cut, and hands them to the journal exactly once. The machine becomes\n"
    " a closed station. Set it up with: kiosk setup"
)


def version_of(repository: Path, release: Release) -> str:
    """The package's version: the project's, and the release it is for."""
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    return f"{project['version']}+deb{release.number}"


def control_of(repository: Path, release: Release, architecture: str, kilobytes: int) -> str:
    """The text of ``DEBIAN/control``."""
    fields = {
        "Package": "kiosk",
        "Version": version_of(repository, release),
        "Architecture": architecture,
        "Maintainer": "The helsestasjon-kiosk contributors <kiosk@localhost>",
        "Installed-Size": str(kilobytes),
        "Depends": depends_of(release),
        "Conflicts": ", ".join(CONFLICTS),
        "Section": "misc",
        "Priority": "optional",
        "Description": f"measuring station of a child health clinic\n{LONG}",
    }
    return "".join(f"{name}: {text}\n" for name, text in fields.items())


def add_control(repository: Path, root: Path, release: Release, architecture: str) -> None:
    """Write ``root/DEBIAN``: control, maintainer scripts, conffiles and sums of every file."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    kilobytes = sum(-(-path.stat().st_size // 1024) for path in files)
    folder = root / "DEBIAN"
    folder.mkdir()
    sums = "".join(f"{_md5(path)}  {path.relative_to(root)}\n" for path in files)
    (folder / "md5sums").write_text(sums, "utf-8")
    (folder / "conffiles").write_text("".join(f"{name}\n" for name in CONFFILES), "utf-8")
    control = control_of(repository, release, architecture, kilobytes)
    (folder / "control").write_text(control, "utf-8")
    for name in SCRIPTS:
        text = (repository / "assets" / "package" / "debian" / name).read_text("utf-8")
        (folder / name).write_text(text, "utf-8")


def pack(root: Path, package: Path, moment: int, level: int = 6) -> None:
    """Build ``package``: the same tree, ``moment`` (Unix time) and ``level``, the same bytes."""
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name in PROGRAMS else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
    root.chmod(0o755)
    package.parent.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{level}"]
    command += ["--build", root, package]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment)}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
