"""Kivy's settings, each in a process of its own: they can only be fixed once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]

REPORT = """
import json, os, sys
from pathlib import Path
from kiosk.ui.environment import WindowSettings, prepare
assert "kivy" not in sys.modules
prepare(WindowSettings(1024, 600, visible=False), Path(sys.argv[1]))
from kivy.config import Config
print(json.dumps({
    "clock": Config.get("kivy", "kivy_clock"), "escape": Config.get("kivy", "exit_on_escape"),
    "samples": Config.get("graphics", "multisamples"), "input": Config.items("input"),
    "cursor": Config.get("graphics", "show_cursor"), "modules": Config.items("modules"),
    "width": Config.get("graphics", "width"), "keyboard": Config.get("kivy", "keyboard_mode"),
    "saver": Config.get("graphics", "allow_screensaver"),
    "log": os.environ["KIVY_LOG_MODE"], "files": os.listdir(sys.argv[1]),
}))
"""


def run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KIVY", "SDL", "DISPLAY"))}
    env.pop("WAYLAND_DISPLAY", None)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**env, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_settings_are_those_of_an_unattended_panel(tmp_path: Path) -> None:
    done = run(REPORT, str(tmp_path))
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["clock"] == "interrupt"
    assert seen["input"] == [["mouse", "mouse,disable_multitouch"]]
    assert seen["modules"] == []
    assert (seen["escape"], seen["samples"], seen["cursor"], seen["saver"]) == ("0", "0", "0", "0")
    assert (seen["width"], seen["keyboard"], seen["log"]) == ("1024", "", "PYTHON")
    assert not any(name.endswith((".ini", ".txt", ".log")) for name in seen["files"])


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":9", "SDL_VIDEODRIVER": "offscreen"}])
def test_without_a_display_the_station_refuses_to_run_unseen(environment: dict[str, str]) -> None:
    code = "from kiosk.ui.environment import *\nprepare(WindowSettings(visible=True))"
    done = run(code, **environment)
    assert done.returncode == 1
    assert "NoDisplayError" in done.stderr


def test_settings_after_kivy_are_a_mistake() -> None:
    code = (
        "import sys, types\nsys.modules['kivy'] = types.ModuleType('kivy')\n"
        "from kiosk.ui.environment import *\nprepare(WindowSettings(visible=False))"
    )
    assert "already imported" in run(code).stderr


def test_the_core_and_the_words_need_no_kivy() -> None:
    code = (
        "import sys\nsys.modules['kivy'] = None\n"
        "import kiosk.features.update, kiosk.ui.port, kiosk.ui.environment, kiosk.ui.app\n"
        "import kiosk.ui.words.desk, kiosk.ui.words.devices, kiosk.ui.words.phrases\n"
        "import kiosk.ui.theme\n"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_what_kivy_writes_is_gone_with_the_process() -> None:
    done = run("from kiosk.ui.environment import _passing_folder\nprint(_passing_folder())")
    assert "kiosk-ui-" in done.stdout
    assert not Path(done.stdout.strip()).exists()


def test_of_a_service_it_is_gone_however_it_ends(tmp_path: Path) -> None:
    """systemd clears the runtime folder; the unit has one."""
    code = "from kiosk.ui.environment import _passing_folder\nprint(_passing_folder())"
    done = run(f"import os\nos.environ['RUNTIME_DIRECTORY'] = {str(tmp_path)!r}\n{code}")
    assert Path(done.stdout.strip()).parent == tmp_path
    assert "\nRuntimeDirectory=kiosk\n" in (ROOT / "kiosk.service").read_text()


def test_a_signal_to_end_ends_the_screen() -> None:
    command = [sys.executable, str(ROOT / "tests" / "bench" / "screen_only.py")]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KIVY", "SDL"))}
    running = subprocess.Popen(
        command, env={**env, "SDL_VIDEODRIVER": "offscreen"}, stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"READY\n"
    running.terminate()
    assert running.wait(PATIENCE) == -signal.SIGTERM
    running.stdout.close()


def test_pictures_have_real_pixels(tmp_path: Path) -> None:
    from PIL import Image

    command = [sys.executable, "-m", "tests.ui.gallery", "--one", str(tmp_path), "1024x600"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KIVY", "SDL"))}
    subprocess.run([*command, "lock", "pin", "review"], env=env, cwd=ROOT, check=True, timeout=100)
    pictures = {p.stem: Image.open(p).convert("RGB") for p in tmp_path.glob("*.png")}
    assert set(pictures) == {"lock", "pin", "review"}
    review = pictures["review"]
    assert review.size == (1024, 600)
    assert review.getpixel((980, 560)) == (10, 97, 117)
    assert len(review.getcolors(100_000) or []) > 50
    assert pictures["lock"].tobytes() != pictures["pin"].tobytes()
