"""The real process under a real X server, touched as a finger would, read as an eye would."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageGrab

from tests.e2e.surroundings import on_display
from tests.patience import PATIENCE

PRIMARY = (8, 102, 124)
WAKING = (74, 122, 134)
TRAINING = (91, 42, 134)
A_TOUCH, A_PAUSE = "0.06", "0.16"
"""Seconds that a finger lies on the glass, and is away before it touches a second time."""


class Finger:
    def __init__(self, display, places):
        self.display, self.places = display, places
        self.count = 0
        self.page = ""

    def touch(self, page, *names, pause=0.08):
        for name in names:
            self._go_to(page, name, "click", "1")
            self.count += 1
            time.sleep(pause)

    def touch_twice(self, page, name):
        once = ("mousedown", "1", "sleep", A_TOUCH, "mouseup", "1")
        self._go_to(page, name, *once, "sleep", A_PAUSE, *once)

    def answer(self, page, name, times):
        """Touch as often, each time when the next tone is there and the key is awake."""
        x, y = self.places[page]["tone-hz"]
        tone = (x - 150, y - 90, x + 150, y + 120)
        for _ in range(times):
            before = ImageGrab.grab(xdisplay=self.display).crop(tone)
            self.touch(page, name)
            deadline = time.monotonic() + PATIENCE
            while ImageGrab.grab(xdisplay=self.display).crop(tone) == before:
                assert time.monotonic() < deadline, "no other tone came"
                time.sleep(0.05)
            self._wait_waking(*self.places[page][name])

    def _go_to(self, page, name, *then):
        x, y = self.places[page][name]
        self._wait_awake(page, x, y)
        command = ["xdotool", "mousemove", str(x), str(y), *then]
        subprocess.run(command, env={"DISPLAY": self.display}, check=True)

    def _wait_awake(self, page, x, y):
        """On another page than before: wait as people do until the button is seen to be awake."""
        if page == self.page:
            return
        self.page = page
        time.sleep(0.4)  # what only leads on sleeps for 0.3 s and does not show it
        self._wait_waking(x, y)

    def _wait_waking(self, x, y):
        deadline = time.monotonic() + PATIENCE
        around = (x - 190, y - 55, x + 190, y + 55)
        while True:
            seen = ImageGrab.grab(xdisplay=self.display).crop(around)
            waking = sum(n for n, c in seen.getcolors(1 << 20) if near(c, WAKING, 6))
            # The bar along the foot of a small button is the least there is to be seen.
            if waking < 50:
                return
            assert time.monotonic() < deadline, "the button never woke"
            time.sleep(0.1)

    def type(self, page, text):
        self.touch(page, *(f"key-{c}" for c in text))


class Eye:
    def __init__(self, display, folder):
        self.display, self.folder = display, folder

    def look(self):
        return ImageGrab.grab(xdisplay=self.display)

    def weights(self, image, layout):
        """The weights in a picture, as read at three sizes: an eye that looks more than once.

        One look alone takes a 7 for a 1 now and then.
        """
        found = set()
        for scale in (2, 3, 1.5):
            line = self.read(image, layout, scale).replace(" ", "")
            found |= {f"{kg},{g}" for kg, g in re.findall(r"(\d{1,2})[,.](\d{3})", line)}
        return found

    def wait_for_weights(self, place):
        """Read a weight printed around a place, once the page has settled."""
        x, y = place
        deadline = time.monotonic() + PATIENCE
        while True:
            line = self.look().crop((x - 320, y - 45, x + 320, y + 45))
            if found := self.weights(line, layout="6"):
                return found
            assert time.monotonic() < deadline, f"no weight in {self.read(line, '6')!r}"

    def read(self, image=None, layout="11", scale=2.0):
        path = self.folder / "seen.png"
        image = image or self.look()
        size = (round(image.width * scale), round(image.height * scale))
        image.resize(size, Image.Resampling.LANCZOS).save(path)
        command = ["tesseract", str(path), "-", "-l", "nor", "--psm", layout]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return " ".join(done.stdout.split())

    def wait_for(self, words, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while words.casefold() not in (text := self.read()).casefold():
            assert time.monotonic() < deadline, f"never saw {words!r}, but: {text}"
        return text

    def sees_still(self, words):
        """The page is the same after whatever a finger did to it has had time to come."""
        self.wait_for(words)
        time.sleep(1.5)
        assert words.casefold() in (text := self.read()).casefold(), text

    def wait_lit(self, place, patience=PATIENCE):
        """Wait until the button at this place has the colour of a primary one."""
        x, y = place[0], place[1] + 42
        deadline = time.monotonic() + patience
        while not near(self.look().getpixel((x, y)), PRIMARY):
            assert time.monotonic() < deadline, f"the button never lit up: {self.read()}"
            time.sleep(0.1)


def near(colour, wanted, within=24):
    return all(abs(a - b) < within for a, b in zip(colour[:3], wanted, strict=True))


@pytest.fixture
def places():
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.where"], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def display():
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield f":{xvfb.stdout.readline().strip()}"
    xvfb.terminate()
    xvfb.wait()
    xvfb.stdout.close()


@pytest.fixture
def station(tmp_path, display):
    """The training station as `make run` starts it; yields (process, what it said)."""
    # Below /tmp itself: the name of a socket has room for a hundred letters only.
    passing = Path(tempfile.mkdtemp(prefix="kiosk-passing-", dir="/tmp"))
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--demo", "--slips", str(tmp_path / "slips")],
        env=on_display(display, TMPDIR=str(passing)),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = ""
    while "Slips are kept" not in said:
        line = process.stderr.readline()
        assert line, f"the station ended: {said}"
        said += line
    yield process, said
    # As a terminal does for Ctrl+C: everything that was started with it in one group is told.
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in rest, rest
    process.stderr.close()
    assert list(passing.iterdir()) == [], "something is left behind"
    passing.rmdir()


def child_called(said, name):
    return next(
        re.search(r"(\d{11})\s+(\d{8})\s+(.+)", line).groups()
        for line in said.splitlines()
        if line.rstrip().endswith(name)
    )


@pytest.mark.x11
@pytest.mark.fhir
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_walk_in_child_from_the_lock_screen_to_received(station, display, places, tmp_path):
    assert shutil.which("xdotool")
    process, said = station
    finger, eye = Finger(display, places), Eye(display, tmp_path)
    number, born, name = child_called(said, "Sara Ailo")
    url = re.search(r"http://\S+", said)[0]

    eye.wait_for("Solbakken")
    assert near(eye.look().getpixel((3, 400)), TRAINING)
    finger.touch("lock", "user-anne")
    eye.wait_for("PIN-kode")
    finger.type("pin", "1234")
    finger.touch("pin", "primary")
    eye.wait_for("Finn barnet")
    typed = finger.count
    finger.type("find", number + born)
    typed = finger.count - typed
    finger.touch("find", "primary")
    seen = eye.wait_for("Er dette riktig barn")
    assert name in seen
    assert "Funnet i journalen" in seen
    finger.touch("identity", "primary")
    eye.wait_for("Hodeomkrets")
    eye.wait_lit(places["measure"]["take"])
    finger.touch("measure", "take")
    eye.wait_lit(places["measure"]["primary"])
    finger.touch("measure", "primary")
    eye.wait_for("Lagre for Sara")
    shown = eye.wait_for_weights(places["review"]["review-weight"])
    finger.touch("review", "primary")
    eye.wait_for("Mottatt")
    finger.touch("done", "print")

    slip = tmp_path / "slips" / "slip-0001.png"
    deadline = time.monotonic() + PATIENCE
    while not slip.exists():
        assert time.monotonic() < deadline, f"no slip, but: {eye.read()}"
        time.sleep(0.1)
    paper = Image.open(slip).convert("L")
    printed = eye.read(paper)
    assert "kg" in printed
    banner = paper.crop((100, 22, 200, 24)).getextrema()
    assert banner == (0, 0), "the slip of a training child is not marked"
    assert number not in printed

    page = requests.get(f"{url}/Observation", timeout=10).json()
    (entry,) = page["entry"]
    grams = round(entry["resource"]["valueQuantity"]["value"] * 1000)
    accepted = f"{grams // 1000},{grams % 1000:03}"
    assert accepted in shown
    assert accepted in eye.weights(paper, layout="11")
    eye.wait_for("Skrevet ut")
    print(f"{finger.count} touches, {typed} of them typed identity")
    assert finger.count - typed <= 12

    for key in ("Escape", "F1", "alt+F4", "ctrl+q"):
        subprocess.run(["xdotool", "key", key], env={"DISPLAY": display}, check=True)
    command = ["xdotool", "mousemove", "640", "400", "click", "3"]
    subprocess.run(command, env={"DISPLAY": display}, check=True)
    time.sleep(0.5)
    assert process.poll() is None
    eye.wait_for("Mottatt")


@pytest.mark.x11
@pytest.mark.fhir
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_second_touch_answers_no_question(station, display, places, tmp_path):
    """Two touches at one place where each of them once confirmed, saved, withdrew or moved."""
    _, said = station
    finger, eye = Finger(display, places), Eye(display, tmp_path)
    number, born, _name = child_called(said, "Sara Ailo")
    other, born_other, _name = child_called(said, "Åse")
    url = re.search(r"http://\S+", said)[0]

    def in_the_journal():
        page = requests.get(f"{url}/Observation", timeout=10).json()
        return [entry["resource"]["status"] for entry in page.get("entry", [])]

    eye.wait_for("Solbakken")
    finger.touch("lock", "user-anne")
    eye.wait_for("PIN-kode")
    finger.type("pin", "1234")
    finger.touch("pin", "primary")
    eye.wait_for("Finn barnet")
    finger.type("find", number + born)
    finger.touch_twice("find", "primary")
    eye.sees_still("Er dette riktig barn")
    finger.touch("identity", "primary")
    eye.wait_for("Hodeomkrets")
    eye.wait_lit(places["measure"]["take"])
    finger.touch("measure", "take")
    eye.wait_lit(places["measure"]["primary"])
    finger.touch_twice("measure", "primary")
    eye.sees_still("Lagre for Sara")
    assert in_the_journal() == []
    finger.touch("review", "primary")
    eye.wait_for("Mottatt")
    before = in_the_journal()
    assert before == ["final"] * len(before) != []

    finger.touch("done", "wrong")
    eye.wait_for("Alt er feil")
    finger.touch_twice("change", "withdraw")
    eye.sees_still("Hvorfor trekkes")
    finger.touch("change-withdraw", "stay")
    eye.wait_for("Alt er feil")
    finger.touch("change", "move")
    eye.wait_for("Finn barnet")
    finger.type("find", other + born_other)
    finger.touch_twice("find", "primary")
    eye.sees_still("Er dette riktig barn")
    finger.touch_twice("identity", "primary")
    eye.sees_still("Skal målingene flyttes")
    assert in_the_journal() == before


@pytest.mark.x11
@pytest.mark.fhir
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_hearing_test_of_two_ears_at_five_frequencies_takes_twelve_touches(
    station, display, places, tmp_path
):
    """From the start of the session to the confirmed audiogram, and on into the journal."""
    _, said = station
    finger, eye = Finger(display, places), Eye(display, tmp_path)
    number, born, name = child_called(said, "Åse")
    url = re.search(r"http://\S+", said)[0]

    eye.wait_for("Solbakken")
    finger.touch("lock", "user-anne")
    eye.wait_for("PIN-kode")
    finger.type("pin", "1234")
    finger.touch("pin", "primary")
    eye.wait_for("Finn barnet")
    finger.type("find", number + born)
    finger.touch("find", "primary")
    assert name in eye.wait_for("Er dette riktig barn")
    finger.touch("identity", "primary")
    eye.wait_for("Test hørsel")
    finger.touch("measure", "hearing")
    eye.wait_for("Begynn testen")

    before = finger.count
    finger.touch("hearing", "primary")
    eye.wait_for("0 av 10 toner")
    finger.answer("record", "heard", 10)
    eye.wait_for("Bekreft audiogrammet")
    finger.touch("audiogram", "primary")
    assert finger.count - before == 12

    eye.wait_for("10 av 10 toner")
    finger.touch("measure", "primary")
    eye.wait_for("Lagre for")
    finger.touch("review-hearing", "primary")
    eye.wait_for("Mottatt")
    eye.wait_for("av journalen")
    page = requests.get(f"{url}/Observation?code=89015-2", timeout=10).json()
    (entry,) = page["entry"]
    values = [part["valueQuantity"] for part in entry["resource"]["component"]]
    assert [(value["value"], value["comparator"]) for value in values] == [(20, "<=")] * 10

    finger.touch("done", "print")
    slip = tmp_path / "slips" / "slip-0001.png"
    deadline = time.monotonic() + PATIENCE
    while not slip.exists():
        assert time.monotonic() < deadline, f"no slip, but: {eye.read()}"
        time.sleep(0.1)
    printed = eye.read(Image.open(slip).convert("L"))
    assert "Hørselstesten er gjort" in printed
