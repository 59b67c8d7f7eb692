"""The manual page and the completions hold every command, and the tools read them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from kiosk.__main__ import COMMANDS
from kiosk.cli import manual


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manual") / "out"
    assert manual.main(["--out", str(folder)]) == 0
    return folder


def test_the_page_has_every_command_and_its_options(made):
    page = (made / "kiosk.1").read_text("utf-8")
    assert page.startswith(".TH KIOSK")
    for name in COMMANDS:
        assert f"kiosk {name}" in page
    for option in ("answers", "config", "birth\\-date", "version"):
        assert option in page
    if man := shutil.which("mandoc"):
        assert subprocess.run([man, "-T", "lint", made / "kiosk.1"], check=False).returncode < 3


def test_bash_completes_commands_and_options(made):
    script = made / "kiosk.bash"
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    ask = 'source "$1"; COMP_WORDS=(kiosk "${@:2}"); COMP_CWORD=$(($# - 1)); _shtab_kiosk; '
    ask += 'printf "%s\\n" "${COMPREPLY[@]}"'

    def completed(*words: str) -> list[str]:
        command = ["bash", "-c", ask, "bash", str(script), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.split()

    assert set(completed("")) >= set(COMMANDS)
    assert "--answers" in completed("setup", "--a")
    assert completed("user", "l") == ["list"]
