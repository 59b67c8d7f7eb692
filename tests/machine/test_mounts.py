"""What builds a root mounts things in it: none of them outlives the program, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine.mounts import OWN

PROGRAM = """
import subprocess, sys, time
from tests.machine.mounts import own_mounts
own_mounts()
subprocess.run(["mount", "-t", "tmpfs", "none", sys.argv[1]], check=True)
print("mounted" if sys.argv[1] in open("/proc/self/mountinfo").read() else "not", flush=True)
time.sleep(60)
"""


def may_mount() -> bool:
    done = subprocess.run([*OWN, "mount", "-t", "tmpfs", "none", "/mnt"], check=False)
    return done.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0 or not may_mount(), reason="nobody may mount here")
def test_a_program_that_is_killed_leaves_no_mount_behind(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout.readline() == "mounted\n"
        process.kill()
    assert str(tmp_path) not in Path("/proc/self/mountinfo").read_text()
