"""A bare Debian on a disk, made once for each release and kept in ``.kernel``.

It has what a small server installation has, Debian's kernel, and two things for the test: the guest
agent and ``usbip``. The packages that the station depends on wait in apt's cache, so that the test
installs what a person would without asking a mirror each time.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from assets.package.releases import Release, depends_of
from tests.kernel.machine import make_initrd

BASE = (
    *("systemd-sysv", "udev", "dbus", "apt", "iproute2", "kmod", "procps", "login"),
    "libpam-systemd",
    *("usbip", "qemu-guest-agent"),
)
MODULES = ("virtio_pci", "virtio_blk", "ext4")
SIZE = "6G"
DATABASE_ADDRESS = "10.0.2.101"
"""Where the machine finds the clinic's database; see ``guest.Guest``."""

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "$module"; done < /modules
while [ ! -b /dev/vda ]; do sleep 0.1; done
mount -t ext4 /dev/vda /host || poweroff -f
mount --move /dev /host/dev
umount /sys /proc
exec switch_root /host /sbin/init
"""

FURNISH = r"""
set -e
root=$1
chroot "$root" apt-get install -y -qq --download-only --no-install-recommends $DEPENDS
kernel=$(chroot "$root" apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: //p')
chroot "$root" sh -c "cd /tmp && apt-get download -qq $kernel"
dpkg-deb --fsys-tarfile "$root"/tmp/linux-image-*.deb | tar -x -C "$root" --keep-directory-symlink
rm "$root"/tmp/linux-image-*.deb
depmod -b "$root" "$(ls "$root"/lib/modules)"
echo station > "$root"/etc/hostname
printf '127.0.0.1 localhost station\n10.0.2.2 journal.test\n' > "$root"/etc/hosts
echo "$DATABASE_ADDRESS db.clinic.example" >> "$root"/etc/hosts
echo '/dev/vda / ext4 errors=remount-ro 0 1' > "$root"/etc/fstab
chroot "$root" passwd -d root
mkdir -p "$root"/etc/systemd/network
printf '[Match]\nType=ether\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\n' \
    > "$root"/etc/systemd/network/test.network
chroot "$root" systemctl enable systemd-networkd qemu-guest-agent
rm -f "$root"/etc/resolv.conf
echo nameserver 10.0.2.3 > "$root"/etc/resolv.conf
"""


INSTALL = r"""
cp "$PACKAGE" "$root"/root/
chroot "$root" sh -c 'cd /root && apt-get install -y -qq --no-install-recommends ./kiosk_*.deb'
rm "$root"/root/kiosk_*.deb
"""


@dataclass(frozen=True, slots=True)
class Disk:
    """What a machine of one release boots from. The image is never written to."""

    image: Path
    kernel: Path
    initrd: Path


def debian_disk(cache: Path, release: Release, package: Path | None = None) -> Disk:
    """Make the disk of a release, or take the one that was made before.

    With a ``package`` it is installed already, in the tree and not in the machine, which without
    KVM takes seconds instead of minutes.
    """
    folder = cache / f"debian-{release.number}{'-installed' if package else ''}"
    recipe = "\n".join((*BASE, FURNISH, INIT, SIZE, *MODULES, depends_of(release)))
    furnish = FURNISH
    if package:
        furnish += f"PACKAGE={package.resolve()}\n{INSTALL}"
        recipe += INSTALL + hashlib.sha256(package.read_bytes()).hexdigest()
    mark = folder / hashlib.sha256(recipe.encode()).hexdigest()[:16]
    disk = Disk(folder / "disk.img", folder / "vmlinuz", folder / "initrd.gz")
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        root = folder / "root"
        make_root(root, release, "amd64", BASE, furnish)
        _write(root, disk)
        mark.touch()
    return disk


def make_root(
    root: Path, release: Release, architecture: str, packages: tuple[str, ...], furnish: str
) -> None:
    """Unpack a bare Debian below ``root``, then run the shell text ``furnish`` on it."""
    depends = " ".join(part.split()[0] for part in depends_of(release).split(", "))
    script = root.parent / "furnish"
    given = f'DEPENDS="{depends}"\nDATABASE_ADDRESS={DATABASE_ADDRESS}\n'
    script.write_text(given + furnish)
    command = [
        *("mmdebstrap", "--quiet", "--variant=minbase", "--mode=root"),
        *(f"--architectures={architecture}", f"--include={','.join(packages)}"),
        "--skip=cleanup/apt,cleanup/apt/lists,download/empty,essential/unlink",
        f'--customize-hook=sh {script} "$1"',
        *(release.name, root, "-"),
    ]
    sources = "".join(f"{line}\n" for line in sources_of(release))
    subprocess.run(command, input=sources, text=True, check=True)


def sources_of(release: Release) -> list[str]:
    """The lines of this machine's own apt sources for Debian, with another release's name."""
    shown = subprocess.run(
        [
            *("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"),
            *("Origin: Debian", "Created-By: Packages"),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    here = _codename()
    lines = {
        f"deb {uri} {suite.replace(here, release.name)} {component}"
        for uri, suite, component in (line.split() for line in shown.splitlines())
        if suite.startswith(here) and component == "main"
    }
    return sorted(lines)


def _codename() -> str:
    text = Path("/etc/os-release").read_text()
    return next(
        line.partition("=")[2] for line in text.splitlines() if line.startswith("VERSION_CODENAME")
    )


def _write(root: Path, disk: Disk) -> None:
    """The tree becomes an image; the kernel is kept beside it."""
    shutil.copy(next((root / "boot").glob("vmlinuz-*")), disk.kernel)
    made = make_initrd(root, disk.initrd.parent, {}, INIT, MODULES)
    assert made == disk.initrd
    shutil.rmtree(root / "boot")
    subprocess.run(["mkfs.ext4", "-q", "-d", root, disk.image, SIZE], check=True)
    shutil.rmtree(root)
