import threading
from pathlib import Path

import pytest

from drivers.simulators.script import (
    DEFAULT,
    ScriptError,
    Step,
    load,
    parse,
    parse_line,
    play,
    shipped,
)


class Diary:
    """Writes down what a script does."""

    def __init__(self, stop_after: int = 100) -> None:
        self.done: list[object] = []
        self.stopping = threading.Event()
        self._stop_after = stop_after

    def _note(self, *what: object) -> None:
        self.done.append(what if len(what) > 1 else what[0])
        if len(self.done) >= self._stop_after:
            self.stopping.set()

    def put(self, grams: int, wriggle: float = 0.0) -> None:
        self._note("put", grams, wriggle)

    def lift(self) -> None:
        self._note("lift")

    def unplug(self) -> None:
        self._note("unplug")

    def replug(self) -> None:
        self._note("replug")

    def fault(self, name: str) -> None:
        self._note("fault", name)

    def press(self, name: str) -> None:
        self._note("press", name)

    def measure(self, millimetres: int) -> None:
        self._note("measure", millimetres)

    def step(self, grams: int) -> None:
        self._note("step", grams)

    def rate(self, per_second: float) -> None:
        self._note("rate", per_second)

    def clear_faults(self) -> None:
        self._note("clear")


def test_every_command_reaches_the_scale_in_order():
    diary = Diary()
    text = (
        "# a comment\n\nput 8.420 wriggle 3\nput 0.5\nlift\nunplug\nreplug\nfault echo\nclear\n"
        "wait 0.01\n"
    )
    play(parse(text), diary, diary.stopping)
    assert diary.done == [
        ("put", 8420, 3.0),
        ("put", 500, 0.0),
        "lift",
        "unplug",
        "replug",
        ("fault", "echo"),
        "clear",
    ]


def test_the_keys_the_step_and_the_rate_reach_the_scale():
    diary = Diary()
    text = "press hold\nmeasure 72.4\nstep 5\nrate 1\n"
    play(parse(text), diary, diary.stopping)
    assert diary.done == [("press", "hold"), ("measure", 724), ("step", 5), ("rate", 1.0)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("press hodl", "did you mean 'hold'"),
        ("measure tall", "a length in cm"),
        ("step 0", "a step in grams"),
        ("rate 1000", "up to 100"),
    ],
)
def test_a_wrong_key_or_number_is_named(line, says):
    with pytest.raises(ScriptError, match=says):
        parse_line(line)


def test_repeat_starts_again_until_stopped():
    diary = Diary(stop_after=6)
    play(parse("put 1\nlift\nwait 0.001\nrepeat\nunplug"), diary, diary.stopping)
    assert diary.done == [("put", 1000, 0.0), "lift"] * 3


def test_a_wait_ends_when_the_simulator_is_stopped():
    diary = Diary()
    diary.stopping.set()
    play(parse("wait 3600\nlift"), diary, diary.stopping)
    assert diary.done == []


def test_the_default_script_is_a_weighing_in_a_loop():
    verbs = [step.verb for step in parse(DEFAULT)]
    assert verbs == ["wait", "put", "wait", "lift", "repeat"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("putt 8", "did you mean 'put'"),
        ("put", "not used like this"),
        ("put heavy", "no weight"),
        ("put NaN", "whole grams"),
        ("put Infinity", "whole grams"),
        ("put 1E999999", "no weight"),
        ("put 8.4205", "whole grams"),
        ("put -1", "0 to 300"),
        ("put 8 wiggle 3", "not used like this"),
        ("wait long", "no number of seconds"),
        ("wait -1", "0 to 86400"),
        ("wait nan", "0 to 86400"),
        ("fault eco", "did you mean 'echo'"),
        ("lift now", "not used like this"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(line, says):
    with pytest.raises(ScriptError, match=says):
        parse_line(line)


def test_a_script_names_the_wrong_line():
    with pytest.raises(ScriptError, match="line 2"):
        parse("wait 1\nfall\n")


def test_a_script_that_would_never_rest_is_refused():
    with pytest.raises(ScriptError, match="needs a wait"):
        parse("put 8\nlift\nrepeat\n")


def test_comments_and_blank_lines_are_nothing():
    assert parse_line("  # wait") is None
    assert parse_line("   ") is None
    assert parse_line(" wait 0.5 ") == Step("wait", seconds=0.5)


@pytest.mark.parametrize("name", shipped())
def test_a_ready_script_is_found_by_its_name_and_ends_with_an_empty_scale(name):
    steps = parse(load(Path(name)))
    put = [step.grams for step in steps if step.verb == "put"]
    assert put
    assert [step.verb for step in steps][-2:] == ["lift", "wait"]


def test_the_ready_scripts_are_those_of_the_clinic():
    assert shipped() == ("baby", "mother-and-child", "twins")


def test_a_file_of_that_name_goes_before_the_ready_script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "twins").write_text("wait 1\n")
    assert load(Path("twins")) == "wait 1\n"
