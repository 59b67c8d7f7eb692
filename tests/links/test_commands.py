import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drivers.capture import Chunk, Direction, read_capture, write_capture
from drivers.events import LinkState
from drivers.simulators.scale import SimulatedScale
from kiosk.__main__ import main
from tests.links.line_bench import FAST
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: str, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", "simulate", *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_simulate_says_when_it_is_ready_and_leaves_nothing_behind(tmp_path, driver, number):
    place = tmp_path / "scale"
    with start(driver.key, "--link", str(place)) as process:
        assert str(place) in process.stdout.readline()
        assert place.is_symlink()
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""
    assert not place.is_symlink()


def test_simulate_obeys_standard_input_and_ends_with_it(tmp_path, driver, listener):
    place = tmp_path / "scale"
    with start(driver.key, "--link", str(place), "--control", stdin=subprocess.PIPE) as process:
        process.stdout.readline()
        link = listener.link(driver, str(place))
        link.start()
        listener.weight("0.000")
        process.stdin.write("put 4.236 wriggle 0.2\nnonsense\n")
        process.stdin.flush()
        listener.weight("4.236")
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        assert "nonsense" in process.stderr.read()
        link.stop()
    assert not place.is_symlink()


def test_simulate_plays_a_script_with_faults(tmp_path, driver, listener):
    script = tmp_path / "script"
    script.write_text("put 5.000\nwait 0.1\n")
    place = tmp_path / "scale"
    with start(
        driver.key, "--link", str(place), "--script", str(script), "--fault", "echo"
    ) as process:
        process.stdout.readline()
        link = listener.link(driver, str(place), timing=FAST)
        link.start()
        listener.state(LinkState.SILENT)
        link.stop()
        process.terminate()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["radwagg"], "Mente du «radwag»?"),
        (["radwag", "--fault", "eco"], "Ukjent feil «eco»"),
        (["radwag", "--script", "/none/such"], "Skriptet"),
    ],
)
def test_simulate_refuses_with_a_sentence(tmp_path, capsys, arguments, says):
    assert main(["simulate", *arguments, "--link", str(tmp_path / "x")]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_simulate_never_replaces_a_file(tmp_path, capsys):
    (tmp_path / "precious").write_text("kept")
    assert main(["simulate", "radwag", "--link", str(tmp_path / "precious")]) == 1
    assert (tmp_path / "precious").read_text() == "kept"
    assert "porten" in capsys.readouterr().err


def test_simulate_replaces_the_link_of_a_killed_simulator(tmp_path, driver):
    place = tmp_path / "scale"
    place.symlink_to("/dev/pts/none")
    scale = SimulatedScale(driver, place)
    scale.start()
    assert place.exists()
    scale.stop()


def test_capture_records_both_directions_until_the_time_is_up(tmp_path, scale, driver, capsys):
    out = tmp_path / "c.jsonl"
    arguments = ["capture", str(tmp_path / "scale"), "--out", str(out), "--seconds", "0.4"]
    assert main([*arguments, "--driver", driver.key]) == 0
    capture = read_capture(out)
    assert capture.driver == driver.key
    if driver.poll:
        assert capture.chunks[0].data == driver.poll.command
    assert b"0.000 kg" in capture.received()
    assert str(len(capture.received())) in capsys.readouterr().out


def test_capture_keeps_what_a_person_types_meanwhile(tmp_path, scale, driver, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("0,000 kg\n\nhold\n"))
    out = tmp_path / "c.jsonl"
    arguments = ["capture", str(tmp_path / "scale"), "--out", str(out), "--seconds", "0.4"]
    assert main([*arguments, "--notes", "--driver", driver.key]) == 0
    assert [note.text for note in read_capture(out).notes] == ["0,000 kg", "hold"]


def test_capture_without_a_driver_sends_nothing(tmp_path, scale):
    out = tmp_path / "c.jsonl"
    assert main(["capture", str(tmp_path / "scale"), "--out", str(out), "--seconds", "0.2"]) == 0
    assert read_capture(out).chunks == ()
    assert scale.requests == 0


def test_capture_keeps_what_came_before_the_cable_was_pulled(tmp_path, scale, driver, capsys):
    threading.Timer(0.4, scale.unplug).start()
    out = tmp_path / "c.jsonl"
    port = str(tmp_path / "scale")
    assert main(["capture", port, "--out", str(out), "--driver", driver.key]) == 0
    assert b"0.000 kg" in read_capture(out).received()
    assert "unplugged" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["/none/such", "--out", "x"], 1),
        (["ttyUSB0", "--out", "x"], 2),
        (["/none", "--out", "x", "--driver", "y"], 2),
    ],
)
def test_capture_refuses_with_a_sentence(tmp_path, monkeypatch, capsys, arguments, code):
    monkeypatch.chdir(tmp_path)
    assert main(["capture", *arguments]) == code
    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_vectors_prints_a_file_to_fill_in(tmp_path, capsys):
    path = tmp_path / "c.jsonl"
    write_capture(path, [Chunk(0.1, Direction.IN, b"S S      4.236 kg\r\n")])
    assert main(["vectors", str(path)]) == 0
    out = capsys.readouterr().out
    assert "S S      4.236 kg<CR><LF>" in out
    assert 'events = "?"' in out
    assert "stable" not in out


def test_vectors_refuses_what_is_no_capture_or_empty(tmp_path, capsys):
    path = tmp_path / "c.jsonl"
    path.write_text("x")
    assert main(["vectors", str(path)]) == 1
    write_capture(path, [Chunk(0.1, Direction.OUT, b"SI\r\n")])
    assert main(["vectors", str(path)]) == 1
    assert main(["vectors", str(tmp_path / "none")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_simulator_that_was_killed_leaves_only_a_dangling_link(tmp_path, driver):
    place = tmp_path / "scale"
    with start(driver.key, "--link", str(place)) as process:
        process.stdout.readline()
        process.kill()
        process.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while place.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not place.exists()
    assert os.path.lexists(place)
