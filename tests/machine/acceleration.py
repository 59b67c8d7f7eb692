"""Whether KVM works here: a device node alone does not say so, so a kernel is started with it."""

from __future__ import annotations

import os
import subprocess

from tests.machine.disks import Disk

KVM, TCG = "kvm", "tcg,thread=multi"
SECONDS = 20


def fastest(disk: Disk, *, tcg: bool) -> str:
    """QEMU's name of the best accelerator that boots a kernel to its first word."""
    if tcg or not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return TCG
    command = [
        *("qemu-system-x86_64", "-accel", KVM, "-m", "512", "-display", "none", "-nodefaults"),
        *("-no-reboot", "-serial", "stdio", "-kernel", disk.kernel, "-initrd", disk.initrd),
        *("-append", "console=ttyS0 earlyprintk=serial,ttyS0 panic=-1"),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=False
        )
        said = done.stdout
    except subprocess.TimeoutExpired as ended:
        said = ended.stdout or b""
    return KVM if b"Linux version" in said else TCG
