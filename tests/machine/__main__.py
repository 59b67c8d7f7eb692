"""Boots Debian, installs the package as the page says, uses the station: ``make test-machine``."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from package.__main__ import build
from package.releases import RELEASES
from tests.machine import faults
from tests.machine.acceleration import fastest
from tests.machine.bench import Bench, furnish
from tests.machine.checks import CHECKS, VITAL
from tests.machine.disks import debian_disk
from tests.machine.surroundings import Surroundings

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".kernel"
KEPT = REPOSITORY / "build" / "machine"


def main() -> int:
    """Return 0 if every check of every release held."""
    parser = argparse.ArgumentParser(prog="python -m tests.machine", description=__doc__)
    parser.add_argument("--release", nargs="+", choices=RELEASES, default=list(RELEASES))
    parser.add_argument("--tcg", action="store_true", help="do not use KVM, even where it works")
    parser.add_argument("--fault", choices=faults.FAULTS, help="put this fault back, see it found")
    parser.add_argument("--package", type=Path, help="try this package instead of a new one")
    args = parser.parse_args()
    held = [_release(number, args) for number in args.release]
    return 0 if all(held) else 1


def _release(number: str, args: argparse.Namespace) -> bool:
    started = time.monotonic()
    release = RELEASES[number]
    disk = debian_disk(CACHE, release)
    package = args.package or build(release, "amd64", CACHE / "package", level=1)
    accelerator = fastest(disk, tcg=args.tcg)
    kept = KEPT / (f"{number}-{args.fault}" if args.fault else number)
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    print(f"Debian {number}, {accelerator}, {package.name}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        around = stack.enter_context(Surroundings(folder))
        bench = furnish(disk, kept, package, accelerator, around)
        bench.guest.extra = _tpm(folder, stack)
        bench.guest.boot()
        stack.callback(bench.guest.cut_power)
        held = _check(bench, args.fault)
    (kept / "disk.qcow2").unlink()
    facts = ", ".join(f"{name} {text}" for name, text in bench.facts.items())
    print(f"Debian {number}: {time.monotonic() - started:.0f} s in all; {facts}", flush=True)
    return held


def _check(bench: Bench, fault: str | None) -> bool:
    wanted = list(CHECKS)
    if fault:
        wanted = [*wanted[:VITAL], *(n for n in faults.FAULTS[fault].found_by if n in wanted)]
        wanted = list(dict.fromkeys(wanted))
    for place, name in enumerate(wanted):
        if fault and name in faults.FAULTS[fault].found_by and not faults.is_in(bench):
            faults.put_back(bench, fault)
        if not bench.check(name, CHECKS[name]) and place < VITAL:
            break
    broken = [outcome.name for outcome in bench.outcomes if outcome.broke]
    if not fault:
        return not broken
    found = bool(set(broken) & set(faults.FAULTS[fault].found_by))
    print(f"  the fault {fault} was {'found' if found else 'NOT FOUND'}", flush=True)
    return found


def _tpm(folder: Path, stack: ExitStack) -> list[str | Path]:
    """A TPM of software, as long as the machine is there, also through its power cuts."""
    state = folder / "tpm"
    state.mkdir()
    command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}"]
    command += ["--ctrl", f"type=unixio,path={folder / 'tpm.sock'}", "--flags", "startup-clear"]
    loop = ["sh", "-c", 'while "$@"; do :; done', "sh", *command]
    process = subprocess.Popen(loop, start_new_session=True)
    stack.callback(lambda: subprocess.run(["kill", "--", f"-{process.pid}"], check=False))
    return [
        *("-chardev", f"socket,id=tpm,path={folder / 'tpm.sock'}"),
        *("-tpmdev", "emulator,id=tpm0,chardev=tpm", "-device", "tpm-tis,tpmdev=tpm0"),
    ]


if __name__ == "__main__":
    sys.exit(main())
