"""The wheels: those of the lock for the target, each checked by its hash, and the project's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from assets.package.releases import ARCHITECTURES, Release

LOCK = "assets/locks/station.txt"

SUPERFLUOUS = (
    "bin",
    "docs",
    "tests",
    "kivy/tests",
    "kivy/tools",
    "kivy/include",
    "importlib_resources/tests",
    "qrcode/tests",
    "certifi/tests",
)
"""What makers put into their wheels by mistake or for developers."""


def install_wheels(repository: Path, folder: Path, release: Release, architecture: str) -> None:
    """Lay the locked wheels of another machine, and the project, into ``folder``."""
    target = f"{ARCHITECTURES[architecture]}-manylinux_{release.glibc}"
    common = ("--target", folder, "--python-version", release.python, "--python-platform", target)
    locked = ("--require-hashes", "--only-binary", ":all:", "-r", repository / LOCK)
    _uv("pip", "install", "--quiet", "--no-deps", "--link-mode", "copy", *common, *locked)
    with tempfile.TemporaryDirectory() as name:
        wheel = _own_wheel(repository, Path(name))
        _uv("pip", "install", "--quiet", "--no-deps", "--no-index", *common, wheel)
    _tidy(folder)


def _own_wheel(repository: Path, folder: Path) -> Path:
    """Build the project's wheel from a copy, where nothing of an earlier build lies about."""
    copy = folder / "project"
    nothing = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("kiosk", "drivers"):
        shutil.copytree(repository / name, copy / name, ignore=nothing)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(repository / name, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(copy)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def _tidy(folder: Path) -> None:
    for name in SUPERFLUOUS:
        shutil.rmtree(folder / name, ignore_errors=True)
    # Where it was installed from and when: different on every machine that builds.
    for name in ("direct_url.json", "uv_cache.json", "REQUESTED", "INSTALLER", "RECORD"):
        for path in folder.glob(f"*.dist-info/{name}"):
            path.unlink()
    (folder / ".lock").unlink(missing_ok=True)


def _uv(*arguments: str | Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, *arguments], check=True, env=dict(os.environ))
