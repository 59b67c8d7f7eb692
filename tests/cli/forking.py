"""Runs commands as other users, each in a child of one process that has imported all they need.

Python's own files may lie where only root can read, so nothing can be imported any more after
root was let go of; and a start of the interpreter for each command would be slow.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
NEEDED = (
    *(
        "kiosk.__main__",
        "kiosk.station.doctor.examination",
        "kiosk.station.station",
        "kiosk.store.database.backup",
    ),
    *(
        f"kiosk.cli.{name}"
        for name in ("audit", "backup", "doctor", "measure", "outbox", "setup", "user")
    ),
    *(f"kiosk.cli.setting_up.{name}_step" for name in ("journal", "key", "person", "printer")),
    *(f"kiosk.cli.setting_up.{name}_step" for name in ("scale", "service", "station")),
    *("kiosk.receipts.trial", "kiosk.journal.fhir.client", "drivers.printers.usb_bulk", "pyudev"),
    *("drivers.usbip.backend", "drivers.transports.serial_port", "kiosk.station.probe"),
    *("drivers.printers.open", "kiosk.receipts.type_face", "encodings.idna", "getpass"),
)


class Commands:
    """One process that runs a command for each line it is given."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def run(self, *words: str, by: str = "root", typed: str = "", before: str = ""):
        """Exit code, and what was said on both outputs together."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"words": words, "by": by, "typed": typed, "before": before}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        code, told = json.loads(self._process.stdout.readline())
        return code, told

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)


def _child(order: dict, output: int) -> None:
    with tempfile.TemporaryFile("w+") as typed:
        typed.write(order["typed"])
        typed.seek(0)
        os.dup2(typed.fileno(), 0)
        sys.stdin = os.fdopen(0, closefd=False)
        for number in (1, 2):
            os.dup2(output, number)
        if order["before"]:
            exec(order["before"], {})
        if order["by"] != "root":
            who = pwd.getpwnam(order["by"])
            os.setgroups([])
            os.setgid(who.pw_gid)
            os.setuid(who.pw_uid)
        sys.argv = ["kiosk", *order["words"]]
        try:
            code = import_module("kiosk.__main__").main(order["words"])
        except SystemExit as ended:
            code = ended.code
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code or 0)


def _serve() -> None:
    for name in NEEDED:
        import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as output:
            child = os.fork()
            if child == 0:
                _child(json.loads(line), output.fileno())
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            output.seek(0)
            answers.write(json.dumps([code, output.read()]) + "\n")
            answers.flush()


if __name__ == "__main__":
    _serve()
