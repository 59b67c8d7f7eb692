"""The arm64 package, installed in an arm64 root that is emulated: ``python -m tests.machine.arm``.

Every compiled module of every wheel is imported, and commands are run. The screen is not: an
emulated processor has no graphics of its own, and nothing here says anything about them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assets.package.__main__ import build
from assets.package.releases import RELEASES, Release
from tests.machine.disks import make_root
from tests.machine.mounts import own_mounts

CACHE = Path(__file__).resolve().parents[2] / ".kernel"
BINFMT = Path("/proc/sys/fs/binfmt_misc")
RADWAG = b"SI        4.236 kg \r\n"

IMPORTS = """
import importlib, sys
failed, seen = [], 0
from pathlib import Path
home = next(Path(p) for p in sys.path if p.endswith("site-packages"))
for so in sorted(home.rglob("*.so")):
    name = ".".join(so.relative_to(home).with_name(so.name.partition(".")[0]).parts)
    if ".libs." in name or name.startswith(("kivy.", "Kivy")):
        continue
    try:
        importlib.import_module(name); seen += 1
    except Exception as error:
        failed.append(f"{name}: {error}")
for name in NAMES:
    try:
        importlib.import_module(name); seen += 1
    except Exception as error:
        failed.append(f"{name}: {error}")
print(seen, "modules"); print("\\n".join(failed)); sys.exit(bool(failed))
"""
NAMES = (
    *("kivy", "kivy._clock", "kivy._event", "kivy.properties", "kivy.graphics.texture"),
    *("kivy.core.window._window_sdl2", "kivy.core.text._text_sdl2", "kivy.core.image._img_sdl2"),
    *("serial", "usb.core", "escpos.printer", "PIL.Image", "sqlalchemy.orm", "sqlcipher3.dbapi2"),
    *("alembic", "requests", "argon2", "msgspec", "uuid6", "pyudev", "defusedxml", "hl7"),
    *(
        "joserfc.jwt",
        "psycopg",
        "psycopg_binary",
        "tomlkit",
        "kiosk.ui.theme",
        "kiosk.station.station",
    ),
)


def main() -> int:
    """Return 0 if everything held for every release asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.machine.arm", description=__doc__)
    parser.add_argument("--release", nargs="+", choices=RELEASES, default=list(RELEASES))
    parser.add_argument("--package", type=Path, help="try this package instead of a new one")
    args = parser.parse_args()
    own_mounts()
    _emulate()
    for number in args.release:
        with tempfile.TemporaryDirectory(prefix="kiosk-arm-") as name:
            package = args.package or build(RELEASES[number], "arm64", Path(name), level=1)
            _try(RELEASES[number], package, Path(name))
    return 0


def _emulate() -> None:
    """Have the kernel run arm64 programs in QEMU."""
    if not (BINFMT / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", BINFMT], check=True)
    if not (BINFMT / "qemu-aarch64").exists():
        subprocess.run(["/lib/systemd/systemd-binfmt", "qemu-aarch64.conf"], check=False)
    if not (BINFMT / "qemu-aarch64").exists():
        rule = Path("/usr/lib/binfmt.d/qemu-aarch64.conf").read_text()
        (BINFMT / "register").write_text(rule)


def _try(release: Release, package: Path, folder: Path) -> None:
    started = time.monotonic()
    root = folder / "root"
    kept = CACHE / f"arm64-{release.number}"
    if not (kept / "whole").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        make_root(kept / "root", release, "arm64", ("systemd", "udev"), "")
        (kept / "whole").touch()
    subprocess.run(["cp", "-a", kept / "root", root], check=True)
    shutil.copy(package, root / "tmp")
    # In mounts of this program's own, see ``own_mounts``: taken away for the folder to be cleared.
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    try:
        _use(release, package, root, started)
    finally:
        subprocess.run(["umount", root / "proc"], check=True)


def _use(release: Release, package: Path, root: Path, started: float) -> None:
    told = _inside(root, f"apt-get install -y -qq --no-install-recommends /tmp/{package.name} 2>&1")
    assert "not set up yet" in told, told
    print(
        f"arm64, Debian {release.number}: installed, {time.monotonic() - started:.0f} s", flush=True
    )
    version = _inside(root, "kiosk --version")
    decoded = _inside(root, "kiosk decode radwag", RADWAG)
    assert '"4.236"' in decoded, decoded
    program = f"NAMES = {NAMES!r}\n{IMPORTS}"
    (root / "tmp" / "imports.py").write_text(program)
    imported = _inside(
        root,
        "KIVY_NO_ARGS=1 KIVY_NO_CONFIG=1 KIVY_NO_FILELOG=1 HOME=/tmp "
        "/usr/lib/kiosk/bin/python3 -I /tmp/imports.py",
    )
    seconds = time.monotonic() - started
    print(f"arm64, Debian {release.number}: {version}; {imported.splitlines()[0]}; {seconds:.0f} s")


def _inside(root: Path, command: str, given: bytes = b"") -> str:
    done = subprocess.run(
        ["chroot", root, "sh", "-c", command], input=given, capture_output=True, check=False
    )
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, (
        f"{command}: {said} {done.stderr.decode('utf-8', 'replace')[-2000:]}"
    )
    return said.strip()


if __name__ == "__main__":
    sys.exit(main())
