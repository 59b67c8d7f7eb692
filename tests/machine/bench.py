"""One machine under test, what stands around it, and the list of what was checked."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit

from tests.machine.disks import Disk
from tests.machine.glass import Glass
from tests.machine.guest import Guest
from tests.machine.pages import blocks
from tests.machine.surroundings import FTDI, Surroundings, bus_id, places

CLINIC = "Solbakken helsestasjon"
PIN = "2580"

TRIES = 4
"""Starts of one service in a row after which it counts as one that does not start."""

TRY_OPEN = """
import errno, os, sys
try:
    os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
except OSError as error:
    if error.errno not in (errno.EBUSY, errno.EIO):
        print(error.strerror)
"""

SLOW = {
    "kiosk.service": "[Service]\nTimeoutStartSec=1200\nWatchdogSec=60\n",
    "kiosk-display.service": "[Service]\nTimeoutStartSec=600\n",
}
"""Longer times for a machine without KVM, in drop-ins of the test alone."""


def answers(url: str) -> str:
    """The page's own file of answers, with this test's scale, journal and PIN; nobody is there."""
    page = next(b for b in blocks("installation.md") if b.language == "toml")
    told = tomlkit.parse(page.text)
    told["key"]["kind"] = "file"
    told["person"]["pin"] = PIN
    told["scale"].update({"port": ":".join(FTDI), "wait": "1", "keep": True})
    told["printer"]["keep"] = True
    told["journal"].update({"url": url, "ca_file": "/etc/kiosk/journal-ca.pem", "keep": True})
    return tomlkit.dumps(told)


@dataclass(slots=True)
class Outcome:
    """One check: what it promises, whether it held, what it took and what it measured."""

    name: str
    broke: str
    seconds: float
    said: str


@dataclass(slots=True)
class Bench:
    """What every check works with. ``facts`` are figures for the report, ``found``
    tells of each fault whether it was noticed."""

    guest: Guest
    glass: Glass
    around: Surroundings
    package: Path
    outcomes: list[Outcome] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    found: dict[str, bool] = field(default_factory=dict)
    child: int = 0

    def check(self, name: str, promise: Callable[[Bench], str | None]) -> bool:
        """Carry out one check; whether it held."""
        started = time.monotonic()
        broke, said = "", ""
        try:
            said = promise(self) or ""
        except Exception as error:
            broke = f"{type(error).__name__}: {error}"
            trace = traceback.extract_tb(error.__traceback__)[-1]
            broke += f" ({Path(trace.filename).name}:{trace.lineno})"
            self._keep_signs("broken-" + "-".join(name.split()[:5]).replace("/", "-"))
        self.outcomes.append(Outcome(name, broke, time.monotonic() - started, said))
        mark = "BROKEN" if broke else "ok"
        print(f"  {mark:6} {self.outcomes[-1].seconds:6.1f} s  {name}  {broke or said}", flush=True)
        return not broke

    def _keep_signs(self, name: str) -> None:
        """What the screen, the kernel and the units show, for who looks for the cause."""
        self.glass.keep(name)
        told = "dmesg | tail -60; journalctl -b --no-pager -n 80 -u kiosk -u kiosk-display"
        with suppress(Exception):  # a machine that answers no more has nothing to show
            (self.glass.folder / f"{name}.txt").write_text(self.guest.attempt(told)[1])

    # --- the station ----------------------------------------------------------------------------

    def restart(self) -> float:
        """Start the station anew; returns the seconds until it said READY.

        One that ends again and again is not waited for; what the journal says of it is told.
        """
        (before,) = self.show("InvocationID")
        ended = self._restarts("kiosk-display.service")
        started = time.monotonic()
        self.guest.run("systemctl restart --no-block kiosk.service")

        def ready() -> bool:
            invocation, state = self.show("InvocationID", "ActiveState")
            restarts = self._restarts("kiosk.service")
            restarts = max(restarts, self._restarts("kiosk-display.service") - ended)
            assert restarts < TRIES, f"it does not start: {self.why()}"
            return state == "active" and invocation != before

        self.wait(ready, "READY", 90)
        return time.monotonic() - started

    def _restarts(self, unit: str) -> int:
        return int(self.show("NRestarts", unit=unit)[0])

    def why(self) -> str:
        """What the journal has lately said of the units that sounds like a cause."""
        return self.guest.run(
            "journalctl --no-pager -b -o cat -u kiosk -u kiosk-display -n 120"
            " | grep -E 'status=|[Ee]rror|[Ff]ail|ermitted|denied|[Tt]imed out'"
            " | grep -vE '\\(WW\\)|Kernel command line'"
            " | awk '!seen[$0]++' | tail -12 | tr '\\n' ';' || true"
        )

    def refused(self, node: str, unit: str = "kiosk.service", user: str = "kiosk") -> str:
        """Why a node does not open inside a unit for reading and writing; else empty.

        One that is busy, or has nothing behind it, has been let through all the same.
        """
        self.guest.write("/run/try-open.py", TRY_OPEN)
        said = self.as_the_unit(f"python3 /run/try-open.py {node}", unit, user)
        return f"{node} in {unit}: {said}" if said else ""

    def show(self, *properties: str, unit: str = "kiosk.service") -> list[str]:
        """Properties of a unit."""
        said = self.guest.run(f"systemctl show {unit} -p {','.join(properties)}")
        values = dict(line.partition("=")[::2] for line in said.splitlines())
        return [values[name] for name in properties]

    def pid(self) -> int:
        """The station's main process."""
        return int(self.show("MainPID")[0])

    def as_the_unit(self, command: str, unit: str = "kiosk.service", user: str = "kiosk") -> str:
        """Run a line of shell where the unit's process is: its cgroup, its files, its user."""
        pid = self.show("MainPID", unit=unit)[0]
        inside = f"setpriv --reuid {user} --regid {user} --init-groups sh -c '{command}'"
        joined = f"echo $$ > /sys/fs/cgroup/system.slice/{unit}/cgroup.procs"
        return self.guest.run(f"{joined} && exec nsenter -t {pid} -m {inside}")

    def wait(self, condition: Callable[[], object], what: str, seconds: float = 30) -> object:
        """Wait until something holds; raises with ``what`` otherwise."""
        end = time.monotonic() + seconds * self.guest.slow
        while not (found := condition()):
            assert time.monotonic() < end, f"waited in vain: {what}"
            time.sleep(0.3)
        return found

    # --- cables ---------------------------------------------------------------------------------

    def plug_serial(self) -> None:
        """The scale's USB serial adapter."""
        self.guest.machine.plug("scale", "1", FTDI[1])

    def plug_over_ip(self, port: int) -> None:
        """The newest device of a USB/IP server of this machine."""
        self.guest.run("modprobe vhci-hcd")
        self.guest.run(f"usbip --tcp-port {port} attach -r 10.0.2.2 -b {bus_id(port)}")


def furnish(disk: Disk, folder: Path, package: Path, accelerator: str, around: Surroundings):
    """A machine that is switched off, and everything for its checks."""
    guest = Guest(disk, folder, package.parent, accelerator)
    guest.database_port = around.database.port
    guest.ptys = {"scale": around.folder / "scale"}
    return Bench(guest, Glass(guest, folder, places()), around, package)
