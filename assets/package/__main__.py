"""``python -m assets.package``: one package for each release and architecture, into ``dist``."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from assets.package.archive import add_control, pack, version_of
from assets.package.environment import install_wheels
from assets.package.layout import lay_out, site_packages
from assets.package.releases import ARCHITECTURES, RELEASES, Release

REPOSITORY = Path(__file__).resolve().parents[2]


def main() -> None:
    """Build what the command line asks for; each package is named with its size and time."""
    parser = argparse.ArgumentParser(prog="python -m assets.package", description=__doc__)
    parser.add_argument("--release", nargs="+", choices=RELEASES, default=list(RELEASES))
    parser.add_argument("--arch", nargs="+", choices=ARCHITECTURES, default=["amd64"])
    parser.add_argument("--out", type=Path, default=REPOSITORY / "dist")
    parser.add_argument("--level", type=int, default=6, help="of xz; 1 for a quick try")
    args = parser.parse_args()
    for number in args.release:
        for architecture in args.arch:
            started = time.monotonic()
            path = build(RELEASES[number], architecture, args.out, args.level)
            size = path.stat().st_size / 1e6
            print(f"{path}: {size:.1f} MB, {time.monotonic() - started:.0f} s")


def build(release: Release, architecture: str, out: Path, level: int = 6) -> Path:
    """Build one package; returns its path."""
    moment = _moment()
    os.environ["SOURCE_DATE_EPOCH"] = str(moment)
    version = version_of(REPOSITORY, release)
    package = out / f"kiosk_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        root.mkdir()
        lay_out(REPOSITORY, root, release.python)
        install_wheels(REPOSITORY, site_packages(root, release.python), release, architecture)
        add_control(REPOSITORY, root, release, architecture)
        pack(root, package, moment, level)
    return package


def _moment() -> int:
    """The time that every file of the package gets: told, or that of the newest change."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    if told:
        return int(told)
    command = ["git", "-C", str(REPOSITORY), "log", "-1", "--format=%ct"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else 1_700_000_000


if __name__ == "__main__":
    main()
