"""A machine in QEMU: its kernel, its first files, its cables, its screen and its end.

Two kinds are booted with it: ``tests.kernel`` shows this machine's files, read-only, to Debian's
kernel, and ``tests.machine`` boots a whole Debian from a disk.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MODULES = (
    "virtio_pci",
    "virtio_console",
    "9pnet_virtio",
    "9p",
    "xhci-pci",
    "vhci-hcd",
    "usblp",
    "cdc-acm",
    "usbhid",
    "hid-generic",
    "ftdi_sio",
)
"""What the machine needs loaded: its disk, its console, and the drivers that are tried."""

READ_ONLY = "security_model=none,readonly=on,multidevs=remap"

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "$module"; done < /modules
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /host || poweroff -f
mount -t proc proc /host/proc
mount -t sysfs sys /host/sys
mount -t devtmpfs dev /host/dev
mkdir -p /host/dev/pts /host/dev/shm
mount -t devpts devpts /host/dev/pts
mount -t tmpfs shm /host/dev/shm
mount -t tmpfs run /host/run
mount -t tmpfs mnt /host/mnt
ifconfig lo 127.0.0.1 up
. /what
chroot /host /bin/sh "$SCRIPT" "$PYTHON" "$REPOSITORY"
poweroff -f
"""
"""The first and only program of the machine."""


def unpack_kernel(folder: Path) -> Path:
    """Fetch Debian's kernel package once and unpack it below ``folder``; returns its root."""
    root = folder / "root"
    if (root / "boot").is_dir():
        return root
    folder.mkdir(parents=True, exist_ok=True)
    names = _output("apt-cache", "depends", "linux-image-amd64")
    package = next(line.split()[-1] for line in names.splitlines() if "Depends:" in line)
    subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True)
    archive = next(folder.glob("linux-image-*.deb"))
    subprocess.run(["dpkg-deb", "-x", archive, root], check=True)
    archive.unlink()
    subprocess.run(["depmod", "-b", root, _version(root)], check=True)
    return root


def _version(root: Path) -> str:
    return next((root / "lib" / "modules").iterdir()).name


def _output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_initrd(
    root: Path,
    folder: Path,
    what: dict[str, str],
    init: str = INIT,
    wanted: Sequence[str] = MODULES,
) -> Path:
    """Write the first files of the machine: busybox, the modules in order, and ``init``."""
    tree = folder / "initrd"
    shutil.rmtree(tree, ignore_errors=True)
    for name in ("bin", "proc", "sys", "dev", "host", "lib"):
        (tree / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", tree / "bin" / "busybox")
    order: list[str] = []
    for module in wanted:
        shown = _output("modprobe", "-d", root, "-S", _version(root), "--show-depends", module)
        for line in shown.splitlines():
            source = Path(line.split()[1])
            if line.startswith("insmod") and source.name not in order:
                order.append(source.name)
                shutil.copy(source, tree / "lib" / source.name)
    (tree / "modules").write_text("".join(f"/lib/{name}\n" for name in order))
    (tree / "what").write_text("".join(f"{key}={value}\n" for key, value in what.items()))
    (tree / "init").write_text(init)
    (tree / "init").chmod(0o755)
    files = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    cpio = subprocess.run(
        ["cpio", "--quiet", "-o", "-H", "newc"],
        cwd=tree,
        input=files.encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    initrd = folder / "initrd.gz"
    initrd.write_bytes(gzip.compress(cpio.stdout, 1))
    return initrd


@dataclass(frozen=True, slots=True)
class Boot:
    """What a machine is started with. ``ptys``: what serial adapters may be put before."""

    kernel: Path
    initrd: Path
    append: str
    memory: int = 1024
    accelerator: str = "tcg,thread=multi"
    console: str = "stdio"
    devices: tuple[str | Path, ...] = ()
    ptys: dict[str, Path] = field(default_factory=dict)


class Machine:
    """A running machine, with its cables and its monitor."""

    def __init__(self, boot: Boot, folder: Path) -> None:
        """Start it; its sockets lie in ``folder``."""
        self._monitor = folder / "monitor"
        self._control = folder / "control"
        for path in (self._monitor, self._control):
            path.unlink(missing_ok=True)
        command = [
            *("qemu-system-x86_64", "-accel", boot.accelerator, "-smp", "2"),
            *("-m", str(boot.memory), "-display", "none", "-no-reboot", "-nodefaults"),
            *("-serial", boot.console, "-kernel", boot.kernel, "-initrd", boot.initrd),
            *("-append", boot.append),
            *("-device", "qemu-xhci,id=usb", "-device", "virtio-serial"),
            *("-chardev", f"socket,id=control,path={self._control},server=on,wait=off"),
            *("-qmp", f"unix:{self._monitor},server=on,wait=off"),
            *boot.devices,
        ]
        for name, path in boot.ptys.items():
            command += ["-chardev", f"serial,id={name},path={path}"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._qmp = _connect(self._monitor)
        self._answers = self._qmp.makefile("r")
        self._answers.readline()
        self.say("qmp_capabilities")

    def control(self) -> socket.socket:
        """The line to whatever answers inside at the port ``control``."""
        return _connect(self._control)

    def serve(self, orders: dict[str, Callable[..., object]]) -> int:
        """Obey the guest until it says ``exit N``; returns N, or 1 if the machine ended before."""
        channel = self.control()
        lines = channel.makefile("r")
        for line in lines:
            verb, *rest = line.split()
            if verb == "exit":
                return int(rest[0])
            answer = orders[verb](self, *rest)
            channel.sendall(f"{answer or 'done'}\n".encode())
        return 1

    def plug(self, name: str, socket_number: str, serial: str) -> None:
        """Put a USB serial adapter with this serial number into a socket."""
        device = {"driver": "usb-serial", "id": name, "chardev": name, "bus": "usb.0"}
        self.say("device_add", **device, port=socket_number, serial=serial)

    def pull(self, name: str) -> None:
        """Pull an adapter's cable."""
        self.say("device_del", until="DEVICE_DELETED", id=name)

    def end(self) -> None:
        """Wait for the machine to switch itself off, or switch it off."""
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.cut_power()

    def cut_power(self) -> None:
        """Switch it off in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()

    def say(self, order: str, *, until: str = "", **arguments: object) -> None:
        """Give an order; return when it is done, and with ``until`` when that event has come."""
        self._qmp.sendall(json.dumps({"execute": order, "arguments": arguments}).encode())
        done, seen = False, not until
        while not (done and seen):
            answer = json.loads(self._answers.readline())
            if "error" in answer:
                raise RuntimeError(answer["error"]["desc"])
            done = done or "return" in answer
            seen = seen or answer.get("event") == until


def _connect(path: Path) -> socket.socket:
    end = time.monotonic() + 20
    while True:
        channel = socket.socket(socket.AF_UNIX)
        try:
            channel.connect(os.fspath(path))
        except OSError:
            channel.close()
            if time.monotonic() > end:
                raise
            threading.Event().wait(0.1)
        else:
            return channel
