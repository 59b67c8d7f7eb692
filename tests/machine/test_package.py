"""The package, built without its wheels: what is in it, and that it is the same twice."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assets.package.archive import add_control, pack, version_of
from assets.package.layout import CONFFILES, FILES, LINKS, lay_out
from assets.package.releases import RELEASES, depends_of

ROOT = Path(__file__).parents[2]
MOMENT = 1_790_000_000

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="not a Debian")


def built(folder: Path, name: str) -> Path:
    root = folder / f"{name}-root"
    root.mkdir()
    lay_out(ROOT, root, RELEASES["12"].python)
    add_control(ROOT, root, RELEASES["12"], "amd64")
    pack(root, folder / f"{name}.deb", MOMENT, level=0)
    return folder / f"{name}.deb"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return built(tmp_path_factory.mktemp("package"), "one")


@pytest.fixture(scope="module")
def unpacked(package):
    root = package.with_suffix("")
    subprocess.run(["dpkg-deb", "-R", package, root], check=True)
    return root


def test_the_same_files_give_the_same_bytes(package):
    assert built(package.parent, "two").read_bytes() == package.read_bytes()


def test_every_file_is_where_it_belongs_and_roots(package, unpacked):
    for target in FILES.values():
        assert (unpacked / target).is_file(), target
    for link, target in LINKS.items():
        assert str((unpacked / link).readlink()) == target
    listed = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        mode, owner = line.split()[:2]
        assert owner == "root/root", line
        assert mode[0] == "l" or mode[1:] in ("rw-r--r--", "rwxr-xr-x"), line


def test_the_configuration_is_nobodys_file(unpacked):
    """dpkg neither owns it nor asks about it; the sample is a conffile."""
    told = (unpacked / "DEBIAN" / "conffiles").read_text().split()
    assert told == list(CONFFILES)
    in_etc = [f"/{p.relative_to(unpacked)}" for p in (unpacked / "etc").rglob("*") if p.is_file()]
    assert in_etc == told


def test_it_depends_on_the_python_its_wheels_are_for():
    for release in RELEASES.values():
        python, before, *_ = depends_of(release).split(", ")
        assert python == f"python3 (>= {release.python}~)"
        assert before.startswith("python3 (<< 3.")
        assert version_of(ROOT, release).endswith(f"+deb{release.number}")


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_the_scripts_are_sound_and_delete_nothing_of_the_station(unpacked, script):
    path = unpacked / "DEBIAN" / script
    assert path.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", path], check=True)
    text = path.read_text()
    assert "set -e" in text
    deleting = [line for line in text.splitlines() if re.search(r"\b(rm|deluser|userdel)\b", line)]
    assert all("__pycache__" in line for line in deleting), deleting


def test_a_purge_says_what_it_leaves():
    text = (ROOT / "assets" / "package" / "debian" / "postrm").read_text()
    for place in ("/var/lib/kiosk", "/etc/kiosk", "/etc/credstore"):
        assert place in text


def test_what_a_station_installs_is_pinned_and_has_the_clinics_database():
    lock = (ROOT / "assets" / "locks" / "station.txt").read_text()
    names = set(re.findall(r"^([a-z0-9\-]+)==", lock, re.MULTILINE))
    assert {"psycopg", "psycopg-binary", "kivy", "sqlcipher3"} <= names
    assert "pytest" not in names
    for part in re.split(r"\n(?=[a-z])", lock.strip()):
        assert "--hash=sha256:" in part, part.splitlines()[0]


MATCH_KEYS = {"SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "ENV", "ATTR", "ATTRS"}
ASSIGN_KEYS = {"GROUP", "MODE", "ENV"}
TOKEN = re.compile(r'([A-Z]+)(?:\{(\w+)\})?(==|!=|=|\+=)"([^"]*)"')


def test_the_rules_for_the_ports_are_rules():
    """udevadm of Debian 12 cannot verify; a newer one is asked too."""
    rules = ROOT / "assets" / "60-kiosk.rules"
    lines = [line for line in rules.read_text().splitlines() if line and line[0] != "#"]
    groups = set()
    for line in lines:
        tokens = [TOKEN.fullmatch(part.strip()) for part in line.split(", ")]
        assert all(tokens), line
        for token in tokens:
            key, _, operator, value = token.groups()
            assert key in (MATCH_KEYS if operator in ("==", "!=") else ASSIGN_KEYS), line
            groups |= {value} if key == "GROUP" else set()
    users = (ROOT / "assets" / "systemd" / "sysusers.conf").read_text()
    assert groups
    assert all(f"m kiosk {group}\n" in users for group in groups)
    if shutil.which("udevadm") is None:
        return
    told = subprocess.run(["udevadm", "--help"], capture_output=True, text=True, check=False)
    if "verify" in told.stdout:
        subprocess.run(["udevadm", "verify", rules], check=True)
