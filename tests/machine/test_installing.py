"""The package is installed, installed anew and purged, by dpkg and with its scripts, in a root.

The root is this machine's own as it was, seen through an overlay that is gone afterwards. The
libraries are left out, as in the other tests of the package: with them it is tried on a booted
machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.machine.mounts import OWN
from tests.machine.test_package import built

BEGIN = """
set -e
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t tmpfs none "$1/root/run"
mount --bind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
"""
"""A root in which nothing of systemd runs, so that the scripts of the package start nothing."""

STEPS = """
cp "$2" "$1/root/run/kiosk.deb"
cat > "$1/root/run/steps" << 'STEPS'
set -e
say() { echo "== $1"; }
dpkg --force-depends --no-triggers -i /run/kiosk.deb
say users; id -nG kiosk; id -nG kiosk-display
say places; stat -c '%n %U:%G %a' /var/lib/kiosk /etc/kiosk /etc/kiosk/* /usr/bin/kiosk
say enabled; systemctl is-enabled kiosk.service
install -o kiosk -g kiosk -m 0600 /dev/null /var/lib/kiosk/kiosk.db
install -o root -g kiosk -m 0640 /dev/null /etc/kiosk/kiosk.toml
say again; dpkg --force-depends --no-triggers -i /run/kiosk.deb
stat -c '%n %U:%G %a' /var/lib/kiosk/kiosk.db /etc/kiosk/kiosk.toml
say purged; dpkg --no-triggers --purge kiosk
ls /var/lib/kiosk/kiosk.db /etc/kiosk/kiosk.toml; id -u kiosk
ls -d /usr/lib/kiosk /usr/bin/kiosk 2>/dev/null || echo 'nothing of the program'
STEPS
exec chroot "$1/root" sh /run/steps
"""


def in_a_root(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*OWN, "sh", "-c", script, "sh", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def place(tmp_path):
    if os.geteuid() != 0 or shutil.which("systemd-sysusers") is None:
        pytest.skip("only root installs a package")
    if in_a_root(BEGIN, tmp_path).returncode != 0:
        pytest.skip("nobody may mount an overlay here")
    return tmp_path


def test_it_is_installed_updated_and_purged_by_dpkg(place, tmp_path_factory):
    package = built(tmp_path_factory.mktemp("package"), "one")
    done = in_a_root(BEGIN + STEPS, place, package)
    assert done.returncode == 0, done.stdout + done.stderr
    parts = dict(part.partition("\n")[::2] for part in done.stdout.split("== ")[1:])
    assert "not set up yet. Next: kiosk setup" in done.stdout.split("== ")[0]
    assert {"dialout", "lp", "plugdev"} <= set(parts["users"].splitlines()[0].split())
    assert parts["places"].splitlines() == [
        "/var/lib/kiosk kiosk:kiosk 700",
        "/etc/kiosk root:kiosk 750",
        "/etc/kiosk/kiosk.sample.toml root:root 644",
        "/usr/bin/kiosk root:root 777",
    ]
    assert parts["enabled"].strip() == "enabled"
    assert "not set up yet" not in parts["again"]
    assert parts["again"].splitlines()[-2:] == [
        "/var/lib/kiosk/kiosk.db kiosk:kiosk 600",
        "/etc/kiosk/kiosk.toml root:kiosk 640",
    ]
    assert "kept are the store" in parts["purged"]
    assert parts["purged"].rstrip().endswith("nothing of the program")
