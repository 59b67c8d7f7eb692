"""Boots Debian, installs the package as the page says, uses the station: ``make test-machine``."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from assets.package.__main__ import build
from assets.package.releases import RELEASES
from tests.machine import faults
from tests.machine.acceleration import fastest
from tests.machine.bench import Bench, furnish
from tests.machine.checks import CHECKS, IN_THE_MACHINE, IN_THE_TREE, VITAL, Check
from tests.machine.disks import debian_disk
from tests.machine.mounts import own_mounts
from tests.machine.surroundings import Surroundings

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".kernel"
KEPT = REPOSITORY / "build" / "machine"
SNAPSHOT = "set-up"


def main() -> int:
    """Return 0 if every check of every release held, or every fault was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.machine", description=__doc__)
    parser.add_argument("--release", nargs="+", choices=RELEASES, default=list(RELEASES))
    parser.add_argument("--tcg", action="store_true", help="do not use KVM, even where it works")
    parser.add_argument("--package", type=Path, help="try this package instead of a new one")
    parser.add_argument(
        "--installed",
        action="store_true",
        help="install into the tree of the disk, not inside the machine: quicker without KVM",
    )
    parser.add_argument(
        "--fault",
        nargs="+",
        choices=("all", *faults.FAULTS),
        help="put faults back, one after the other, and see each found (implies --installed)",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="WORDS",
        help="besides the first checks, only those with these words in their names",
    )
    args = parser.parse_args()
    own_mounts()
    held = [_release(number, args) for number in args.release]
    return 0 if all(held) else 1


def _release(number: str, args: argparse.Namespace) -> bool:
    started = time.monotonic()
    release = RELEASES[number]
    package = args.package or build(release, "amd64", CACHE / "package", level=1)
    ready = args.installed or bool(args.fault)
    disk = debian_disk(CACHE, release, package if ready else None)
    accelerator = fastest(disk, tcg=args.tcg)
    kept = KEPT / (f"{number}-faults" if args.fault else number)
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
        begin = IN_THE_TREE if ready else IN_THE_MACHINE
        wanted = begin | _wanted(args.only)
        held = _faults(bench, args.fault) if args.fault else _checks(bench, wanted)
    (kept / "disk.qcow2").unlink()
    facts = ", ".join(f"{name} {text}" for name, text in bench.facts.items())
    print(f"Debian {number}: {time.monotonic() - started:.0f} s in all; {facts}", flush=True)
    return held


def _wanted(words: list[str] | None) -> dict[str, Check]:
    """All checks, or those without which no other can be tried and the ones that are named."""
    first = dict(list(CHECKS.items())[: VITAL - 1])
    named = {name: check for name, check in CHECKS.items() if any(w in name for w in words or "")}
    return CHECKS if words is None else first | named


def _checks(bench: Bench, checks: dict[str, Check]) -> bool:
    """Carry out checks in order; without the first ones there is nothing to try others on."""
    for place, (name, check) in enumerate(checks.items()):
        if not bench.check(name, check) and place < VITAL:
            break
    return not any(outcome.broke for outcome in bench.outcomes)


def _faults(bench: Bench, wanted: list[str]) -> bool:
    """Put faults back one by one into a station that works; whether each was found for its reason.

    First the checks that are to find them hold in the same saved machine, without any fault.
    """
    chosen = list(faults.FAULTS) if "all" in wanted else wanted
    if not _checks(bench, IN_THE_TREE | dict(list(CHECKS.items())[: VITAL - 1])):
        return False
    # As on a station's second day: what ran before it was set up is gone.
    bench.guest.run("sync")
    bench.guest.cut_power()
    bench.guest.boot()
    bench.wait(lambda: bench.show("ActiveState")[0] == "active", "the station by itself", 180)
    bench.guest.save(SNAPSHOT)
    finders = [n for n in CHECKS if any(faults.FAULTS[name].found_by == n for name in chosen)]
    if not all(bench.check(name, CHECKS[name]) for name in finders):
        return False
    for name in chosen:
        bench.guest.cut_power()
        bench.guest.boot(SNAPSHOT)
        fault = faults.FAULTS[name]
        print(f"  the fault {name} is put back", flush=True)
        faults.put_back(bench, name)
        bench.check(fault.found_by, CHECKS[fault.found_by])
        found = bool(re.search(fault.says, bench.outcomes[-1].broke))
        bench.found[name] = found
        print(f"  the fault {name} was {'found' if found else 'NOT FOUND'}", flush=True)
    return all(bench.found.values())


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
