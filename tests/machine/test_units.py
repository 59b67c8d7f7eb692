"""What can be said of the units without a boot; whether they start, ``make test-machine`` says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assets.package.layout import lay_out
from kiosk.cli.command_line import parsed, parser_of
from kiosk.station.keys import CREDENTIAL
from tests.machine import faults

ROOT = Path(__file__).parents[2]
STATION, DISPLAY = ROOT / "kiosk.service", ROOT / "assets" / "systemd" / "kiosk-display.service"
COPYING = tuple(DISPLAY.with_name(f"kiosk-{what}.service") for what in ("backup", "rehearsal"))
DROP_INS = ("key-credential.conf", "key-tpm.conf")
SCRIPTS = ("postinst", "prerm", "postrm")
WORST = 2.0
KINDS = {
    *("char-drm", "char-input", "char-hidraw", "char-usb", "char-usb_device"),
    *("char-ttyUSB", "char-ttyACM", "char-ttyS", "char-ttyAMA"),
}
"""Names as they stand in /proc/devices of a Debian kernel; the boot test looks there."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """The root of a machine with everything of the package but the wheels."""
    root = tmp_path_factory.mktemp("staged")
    lay_out(ROOT, root, "3.11")
    programs = (root / "usr/lib/xorg/Xorg", root / "usr/bin/python3.11")
    for program in programs:
        program.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", program)
    (root / "usr/lib/kiosk/bin/python3").unlink()
    shutil.copy("/bin/true", root / "usr/lib/kiosk/bin/python3")
    return root


def settings(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    return [line.partition("=")[::2] for line in lines]


def bad_lines(lines: list[tuple[str, str]]) -> list[str]:
    found = []
    for key, value in lines:
        if key.startswith("LoadCredential") and not value.startswith(f"{CREDENTIAL}:/etc/"):
            found.append(f"no such credential: {value}")
        if key == "DeviceAllow" and value.startswith("char-"):
            kind, _, access = value.partition(" ")
            if kind not in KINDS:
                found.append(f"the kernel knows no {kind}")
            if access != "rw":
                found.append(f"{kind} is opened for writing too")
    return found


def faults_of(station: str, display: str, drop_in: str = "") -> list[str]:
    """What is wrong with the units, as far as their text tells."""
    here, there = settings(station), settings(display)
    found = [*bad_lines([*here, *there, *settings(drop_in)])]
    if any(key.startswith("LoadCredential") for key, _ in [*here, *there]):
        found.append("a credential that not every machine has")
    if any(key == "PAMName" for key, _ in [*here, *there]):
        found.append("PAM moves the service into a session")
    if {value for key, value in [*here, *there] if key == "NotifyAccess"} != {"main"}:
        found.append("others may say READY")
    if not any(key == "ExecStart" and value.startswith("/usr/bin/kiosk ") for key, value in here):
        found.append("the station is not the main process")
    allowed = {value.partition(" ")[0] for key, value in here if key == "DeviceAllow"}
    found += [f"no {kind}" for kind in sorted(KINDS - {"char-input"} - allowed)]
    denied = [value for key, value in there if key == "SystemCallFilter" and value[:1] == "~"]
    if any(re.search("@privileged|@setuid", value) for value in denied):
        found.append("xkbcomp cannot be started")
    return found


def test_the_units_have_none_of_the_faults_they_once_had():
    for drop_in in ("", *((DISPLAY.parent / name).read_text() for name in DROP_INS)):
        assert faults_of(STATION.read_text(), DISPLAY.read_text(), drop_in) == []


@pytest.mark.parametrize("name", faults.IN_THE_TEXT)
def test_each_fault_put_back_into_the_text_is_seen(name, tmp_path):
    """With the very commands that put it back into a machine."""
    copies = {faults.STATION: tmp_path / "station", faults.DISPLAY: tmp_path / "display"}
    command = faults.FAULTS[name].command
    for (place, copy), source in zip(copies.items(), (STATION, DISPLAY), strict=True):
        shutil.copy(source, copy)
        command = command.replace(place, str(copy))
    subprocess.run(["sh", "-ec", command], check=True)
    assert faults_of(*(copy.read_text() for copy in copies.values())) != []


@needs_systemd
@pytest.mark.parametrize("drop_in", ["", *DROP_INS])
def test_systemd_understands_every_line(staged, tmp_path, drop_in):
    root = tmp_path / "root"
    shutil.copytree(staged, root, symlinks=True)
    for target in Path("/usr/lib/systemd/system").glob("*.target"):
        if not (root / target.relative_to("/")).exists():
            shutil.copy(target, root / target.relative_to("/"), follow_symlinks=True)
    if drop_in:
        folder = root / "etc/systemd/system/kiosk.service.d"
        folder.mkdir(parents=True)
        shutil.copy(DISPLAY.parent / drop_in, folder / "key.conf")
    units = ("kiosk.service", "kiosk-display.service", *(path.name for path in COPYING))
    timers = [path.with_suffix(".timer").name for path in COPYING]
    shutil.copy("/usr/lib/systemd/system/getty@.service", root / "usr/lib/systemd/system")
    done = analyze("verify", "--man=no", f"--root={root}", *units, *timers)
    assert done.stdout + done.stderr == ""


@needs_systemd
@pytest.mark.parametrize("unit", [STATION, DISPLAY, *COPYING], ids=lambda path: path.stem)
def test_the_sandbox_is_tight(unit):
    done = analyze("security", "--offline=true", unit)
    score = float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)[1])
    assert score <= WORST, done.stdout


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("systemd-sysusers") is None, reason="needs root and systemd"
)
def test_users_and_folders_come_into_being(staged):
    for program, option in (("systemd-sysusers", []), ("systemd-tmpfiles", ["--create"])):
        command = [program, f"--root={staged}", *option, "kiosk.conf"]
        subprocess.run(command, check=True, capture_output=True)
    people = (staged / "etc/passwd").read_text()
    assert "kiosk:x:" in people
    assert "kiosk-display:x:" in people
    groups = (staged / "etc/group").read_text()
    members = {line.split(":")[0]: line.split(":")[3] for line in groups.splitlines()}
    for group in ("dialout", "lp", "plugdev", "video", "render"):
        assert "kiosk" in members[group].split(",")
    assert members["input"] == members["tty"] == "kiosk-display"
    modes = {"etc/kiosk": 0o750, "etc/credstore": 0o700, "var/lib/kiosk": 0o700}
    for folder, mode in modes.items():
        assert (staged / folder).stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("unit", COPYING, ids=lambda path: path.stem)
def test_what_makes_copies_runs_as_the_service_and_a_timer_starts_it(unit):
    told = dict(settings(unit.read_text()))
    assert told["User"] == dict(settings(STATION.read_text()))["User"]
    words = told["ExecStart"].split()
    assert words[:2] == ["/usr/bin/kiosk", "backup"]
    parser, _ = parser_of(words[1:])
    assert parsed(parser, words[1:]).folder is not None
    timer = dict(settings(unit.with_suffix(".timer").read_text()))
    assert timer["Persistent"] == "yes"
    scripts = [(ROOT / "assets/package/debian" / name).read_text() for name in SCRIPTS]
    assert all(unit.with_suffix(".timer").name in script for script in scripts)


def test_the_closed_kiosk_is_closed_in_every_file(staged):
    screen = (staged / "usr/share/X11/xorg.conf.d/90-kiosk.conf").read_text()
    for option in ("DontVTSwitch", "DontZap"):
        assert f'Option "{option}" "true"' in screen
    assert "kernel.sysrq = 0" in (staged / "usr/lib/sysctl.d/60-kiosk.conf").read_text()
    getty = staged / "usr/lib/systemd/system/getty@.service.d/kiosk.conf"
    assert "ConditionPathExists=!/etc/kiosk/kiosk.toml" in getty.read_text()
    display = DISPLAY.read_text()
    for option in ("-nolisten tcp", "-nocursor", "-s 0", "-dpms"):
        assert option in display
    modules = (staged / "usr/lib/modules-load.d/kiosk.conf").read_text().split("\n")
    assert {"usbserial", "cdc_acm", "usblp", "usbhid"} <= set(modules)


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning", "SYSTEMD_PAGER": "cat"}
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
