"""`kiosk calibrate` with a seca on a pty: asked, learned, shown, written; nothing on doubt."""

import threading
import time

import pytest

from drivers.calibration import Load
from drivers.profile import problems
from drivers.profile_file import Profile, ProfileError, read_profile, write_profile
from drivers.registry import find_driver
from drivers.simulators.pty_port import PtyPort
from kiosk.__main__ import main
from tests.links.seca_display import SHOWN, TRUTH, frame_of

LOADS = list(Load)


@pytest.fixture
def seca(tmp_path):
    """A scale that sends its frame often; ``state`` says what lies on it."""
    port = PtyPort(tmp_path / "seca")
    state = {"load": 0, "stop": False}

    def send():
        while not state["stop"]:
            if port.is_open():
                port.write(frame_of(LOADS[min(state["load"], 4)]))
            time.sleep(0.02)

    thread = threading.Thread(target=send)
    thread.start()
    yield state, tmp_path / "seca"
    state["stop"] = True
    thread.join()
    port.close()


def answers(monkeypatch, state, typed, final="ja"):
    """Answer as a person: put the next load on, type the display, agree at the end."""
    given = iter(typed)

    def answer(question):
        if "ja/nei" in question:
            return final
        text = next(given)
        state["load"] = min(typed.index(text), 4)
        time.sleep(0.1)
        return text

    monkeypatch.setattr("builtins.input", answer)


def calibrate(port, out):
    return main(["calibrate", "--port", str(port), "--out", str(out), "--model", "seca 757"])


def test_five_loads_make_a_profile_that_the_driver_takes(seca, tmp_path, monkeypatch, capsys):
    state, port = seca
    answers(monkeypatch, state, [f"{SHOWN[load][0].replace('.', ',')} kg" for load in LOADS])
    assert calibrate(port, tmp_path / "profile.toml") == 0
    profile = read_profile(tmp_path / "profile.toml")
    assert profile.settings == TRUTH
    assert profile.learned["model"] == "seca 757"
    assert problems(find_driver(profile.driver), profile.settings) == ()
    assert "3=kg/3" in capsys.readouterr().out


def test_a_mistyped_display_ends_with_a_sentence_and_no_file(seca, tmp_path, monkeypatch, capsys):
    state, port = seca
    answers(monkeypatch, state, ["0,000 kg", "4,263 kg"])
    assert calibrate(port, tmp_path / "profile.toml") == 1
    assert not (tmp_path / "profile.toml").exists()
    assert "ikke det vekten sendte" in capsys.readouterr().err


def test_a_no_at_the_end_writes_nothing(seca, tmp_path, monkeypatch):
    state, port = seca
    typed = [f"{SHOWN[load][0].replace('.', ',')} kg" for load in LOADS]
    answers(monkeypatch, state, typed, final="nei")
    assert calibrate(port, tmp_path / "profile.toml") == 1
    assert not (tmp_path / "profile.toml").exists()


def test_a_profile_is_never_written_over_another(seca, tmp_path, capsys):
    out = tmp_path / "profile.toml"
    out.write_text("mine")
    assert calibrate(seca[1], out) == 2
    assert out.read_text() == "mine"
    assert "finnes fra før" in capsys.readouterr().err


def test_a_port_that_is_not_there_is_named(tmp_path, capsys):
    assert calibrate(tmp_path / "none", tmp_path / "profile.toml") == 1
    assert "Porten kan ikke åpnes" in capsys.readouterr().err


def test_a_profile_comes_back_as_it_was_written(tmp_path):
    profile = Profile("seca-rs232", TRUTH, {"model": 'seca "757" æøå\n'})
    write_profile(tmp_path / "p.toml", profile)
    assert read_profile(tmp_path / "p.toml") == profile


@pytest.mark.parametrize(
    "text",
    ["", "driver = 3", 'driver = "x"\nname = "y"', 'driver = "x"\n[settings]\na = 3', "driver ="],
)
def test_a_file_that_is_no_profile_is_refused_by_name(tmp_path, text):
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(ProfileError, match=r"p\.toml"):
        read_profile(tmp_path / "p.toml")
