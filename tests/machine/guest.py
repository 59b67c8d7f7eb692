"""A booted Debian, spoken to through QEMU's guest agent, and seen through its screen."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from pathlib import Path

from PIL import Image

from tests.kernel.machine import Boot, Machine
from tests.machine.disks import DATABASE_ADDRESS, Disk

ENVIRONMENT = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    *("HOME=/root", "DEBIAN_FRONTEND=noninteractive", "LANG=C.UTF-8"),
]
"""What somebody who has signed in has, and that nobody answers package questions."""


class CommandFailedError(AssertionError):
    """A command inside ended with another code than 0."""


class Guest:
    """One machine with a disk of its own, which outlives its power cuts."""

    def __init__(self, disk: Disk, folder: Path, share: Path, accelerator: str) -> None:
        """``share`` is shown to the machine, read-only; ``folder`` keeps disk and console."""
        self._boot_files, self._folder, self._share = disk, folder, share
        self._accelerator = accelerator
        self.slow = 20 if accelerator.startswith("tcg") else 1
        self.extra: list[str | Path] = []
        self.ptys: dict[str, Path] = {}
        self.database_port = 0
        self._overlay = folder / "disk.qcow2"
        self._boots = 0
        subprocess.run(
            [
                *("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw"),
                *("-b", disk.image.resolve(), self._overlay),
            ],
            check=True,
        )

    def boot(self, snapshot: str = "") -> None:
        """Switch it on, or go on from where it was saved, and wait until it answers."""
        self._boots += 1
        console = self._folder / f"console-{self._boots}.txt"
        boot = Boot(
            kernel=self._boot_files.kernel,
            initrd=self._boot_files.initrd,
            append="console=ttyS0 loglevel=4 panic=-1 net.ifnames=0 systemd.show_status=true",
            memory=2048,
            accelerator=self._accelerator,
            console=f"file:{console}",
            devices=(
                *("-drive", f"file={self._overlay},if=virtio,format=qcow2,cache=writeback"),
                *("-vga", "std", "-nic", self._network()),
                *("-virtfs", _shared(self._share)),
                *("-device", "virtserialport,chardev=control,name=org.qemu.guest_agent.0"),
                *self.extra,
                *(("-loadvm", snapshot) if snapshot else ()),
            ),
            ptys=self.ptys,
        )
        self.machine = Machine(boot, self._folder)
        self._line = self.machine.control()
        self._answers = self._line.makefile("r")
        self._wait_for_agent()
        if not snapshot:  # the agent answers before the machine has started
            self.attempt("systemctl is-system-running --wait", seconds=120)

    def _network(self) -> str:
        network = "user,model=virtio-net-pci"
        if self.database_port:
            relay = f"cmd:busybox nc 127.0.0.1 {self.database_port}"
            network += f",guestfwd=tcp:{DATABASE_ADDRESS}:5432-{relay}"
        return network

    def _wait_for_agent(self) -> None:
        self._line.settimeout(120 * self.slow)
        self._send("guest-sync", id=self._boots)
        while json.loads(self._answers.readline()).get("return") != self._boots:
            pass
        self._line.settimeout(None)

    def run(self, command: str, *, given: str = "", check: bool = True, seconds: float = 60) -> str:
        """Run a line of shell as root; returns what it said, errors at the end."""
        code, said = self.attempt(command, given=given, seconds=seconds)
        if check and code != 0:
            raise CommandFailedError(f"{command!r} ended with {code}: {said}")
        return said

    def attempt(self, command: str, *, given: str = "", seconds: float = 60) -> tuple[int, str]:
        """Run a line of shell as root; returns its exit code and what it said."""
        answer = self._ask(
            "guest-exec",
            path="/bin/sh",
            arg=["-c", command],
            env=ENVIRONMENT,
            **{"input-data": _coded(given), "capture-output": True},
        )
        end = time.monotonic() + seconds * self.slow
        while not (status := self._ask("guest-exec-status", pid=answer["pid"]))["exited"]:
            assert time.monotonic() < end, f"{command!r} takes more than {seconds} s"
            time.sleep(0.1)
        said = _plain(status.get("out-data", "")) + _plain(status.get("err-data", ""))
        return status.get("exitcode", -1), said.strip()

    def write(self, path: str, text: str) -> None:
        """Write a small file inside."""
        self.run(f"cat > {path}", given=text)

    def save(self, snapshot: str) -> None:
        """Keep disk and memory as they are now under a name."""
        self.run("umount /run/share || true")
        order = {"command-line": f"savevm {snapshot}"}
        self.machine.say("human-monitor-command", **order)

    def picture(self, name: str) -> Image.Image:
        """What the screen shows, kept as ``NAME.png``."""
        path = self._folder / f"{name}.png"
        self.machine.say("screendump", filename=str(path), format="png")
        return Image.open(path).convert("RGB")

    def cut_power(self) -> None:
        """Nothing is told to anybody inside; the disk keeps what was flushed."""
        self.machine.cut_power()
        self._line.close()

    def press(self, *keys: str) -> None:
        """Press keys of the machine's keyboard together."""
        self.machine.say("send-key", keys=[{"type": "qcode", "data": key} for key in keys])

    def _ask(self, order: str, **arguments: object) -> dict[str, object]:
        self._send(order, **arguments)
        answer = json.loads(self._answers.readline())
        assert "error" not in answer, answer
        return answer["return"]

    def _send(self, order: str, **arguments: object) -> None:
        self._line.sendall(json.dumps({"execute": order, "arguments": arguments}).encode())


def _shared(folder: Path) -> str:
    return f"local,path={folder},mount_tag=share,security_model=none,readonly=on,multidevs=remap"


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _plain(text: str) -> str:
    return base64.b64decode(text).decode("utf-8", "replace")
