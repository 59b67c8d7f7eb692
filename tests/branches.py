"""``make coverage``: which share of the branches the tests take, package by package.

Measured in the tests' own processes; a station that an end-to-end test starts as a process of its
own is not counted. Arguments are given to pytest: ``make coverage COVERED=tests/features``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

REPORT = Path("build/coverage.json")
DEEP = {f"kiosk/{part}" for part in ("features", "ui", "store", "journal", "station", "cli")}
"""Packages whose packages are told one by one."""


def main() -> int:
    """Run the tests measured and print the table; the exit code is that of the tests."""
    REPORT.parent.mkdir(exist_ok=True)
    measure = ["--cov=kiosk", "--cov=drivers", "--cov-branch", "--cov-report="]
    workers = ["-n", os.environ.get("WORKERS", "3"), "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *workers, *measure, f"--cov-report=json:{REPORT}"]
    # Measuring takes a test up to three times as long.
    code = subprocess.run([*command, "-o", "timeout=600", *sys.argv[1:]], check=False).returncode
    table(json.loads(REPORT.read_text("utf-8"))["files"])
    return code


def table(files: dict[str, dict[str, dict[str, int]]]) -> None:
    """Print branches, those taken and their share for each package."""
    every: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for name, figures in files.items():
        for package in (package_of(name), "all"):
            every[package] += figures["summary"]["num_branches"]
            taken[package] += figures["summary"]["covered_branches"]
    print("| package | branches | taken | |\n| --- | ---: | ---: | ---: |")
    for package in sorted(every, key=lambda name: (name == "all", name)):
        if every[package]:
            share = 100 * taken[package] / every[package]
            print(f"| {package} | {every[package]} | {taken[package]} | {share:.1f} % |")


def package_of(name: str) -> str:
    """``kiosk/store/outbox`` of ``kiosk/store/outbox/queue.py``."""
    parts = Path(name).parent.parts
    deep = 3 if "/".join(parts[:2]) in DEEP else 2
    return "/".join(parts[:deep])


if __name__ == "__main__":
    sys.exit(main())
