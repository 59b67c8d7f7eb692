"""Simulated scales answer every command of their command set, as a stranger's program sends it."""

from __future__ import annotations

import re

import pytest

from drivers.contract_samples import read
from drivers.events import Garbage, Reading
from drivers.profile import poll_of, sample_settings
from drivers.registry import find_driver
from drivers.simulators.body import Body
from drivers.simulators.motion import Load
from drivers.simulators.speeches import SICS_COMMANDS, speech_of
from drivers.simulators.talk import STABLE_SECONDS, Dialogue


class Told:
    """A simulated scale without a cable: 8.420 kg, settled unless it is told otherwise."""

    def __init__(self, key, **settings):
        self.driver = find_driver(key)
        self.settings = {**sample_settings(self.driver), **settings}
        poll = poll_of(self.driver, self.settings)
        self.dialogue = Dialogue(speech_of(self.driver, self.settings, poll))
        self.body = Body()
        self.put(8420)

    def put(self, grams, wriggle=0.0):
        self.body.load = Load(grams, self.body.now, wriggle, 0)

    def ask(self, request: bytes) -> bytes:
        return self._bytes(self.dialogue.heard(request, self.body, self.body.now))

    def wait(self, seconds: float) -> bytes:
        self.body.now += seconds
        return self._bytes(self.dialogue.due(self.body, self.body.now))

    def _bytes(self, words) -> bytes:
        return b"".join(
            word if isinstance(word, bytes) else self.driver.render(word, self.settings)
            for word in words
        )


def test_mt_sics_answers_all_of_level_0_and_1():
    scale = Told("mt-sics")
    assert scale.ask(b"SI\r\n") == b"S S      8.420 kg\r\n"
    assert scale.ask(b"S\r\n") == b"S S      8.420 kg\r\n"
    assert scale.ask(b"T\r\n") == b"T S      8.420 kg\r\n"
    assert scale.ask(b"SI\r\n") == b"S S      0.000 kg\r\n"
    assert scale.ask(b"TA\r\n") == b"TA A      8.420 kg\r\n"
    assert scale.ask(b"TAC\r\n") == b"TAC A\r\n"
    assert scale.ask(b"TA 0.5 kg\r\n") == b"TA A      0.500 kg\r\n"
    assert scale.ask(b"SI\r\n") == b"S S      7.920 kg\r\n"
    assert scale.ask(b"Z\r\n") == b"Z +\r\n"
    scale.put(20)
    assert scale.ask(b"Z\r\n") == b"Z A\r\n"
    assert scale.ask(b"ZI\r\n") == b"ZI S\r\n"
    assert scale.ask(b"TI\r\n") == b"TI S      0.000 kg\r\n"
    assert scale.ask(b'D "hei"\r\n') == b"D A\r\n"
    assert scale.ask(b"DW\r\n") == b"DW A\r\n"
    assert re.fullmatch(rb'I4 A "\d+"\r\n', scale.ask(b"@\r\n"))
    listed = re.findall(rb'"([^"]+)"', scale.ask(b"I0\r\n"))
    assert [name.decode() for name in listed] == list(SICS_COMMANDS)
    for name in ("I1", "I2", "I3", "I4", "I5"):
        assert scale.ask(f"{name}\r\n".encode()).startswith(f'{name} A "'.encode())
    assert scale.ask(b"XX\r\n") == b"ES\r\n"


def test_a_stable_value_is_waited_for_and_refused_in_the_end():
    scale = Told("mt-sics")
    scale.put(8420, wriggle=1.0)
    assert scale.ask(b"S\r\n") == b""
    assert scale.wait(0.5) == b""
    assert scale.wait(0.6) == b"S S      8.420 kg\r\n"
    scale.put(4000, wriggle=60.0)
    assert scale.ask(b"S\r\n") == b""
    assert scale.wait(STABLE_SECONDS + 0.1) == b"S I\r\n"
    assert scale.ask(b"SIR\r\n") == b""
    assert scale.wait(0.2).startswith(b"S D")
    assert scale.ask(b"@\r\n").startswith(b"I4 A")
    assert scale.wait(1.0) == b""


def test_8217_answers_its_commands_with_a_status():
    scale = Told("toledo-8217")
    assert scale.ask(b"W") == b"\x0208.420\r"
    assert scale.ask(b"T") == b"\x02?p\r"
    assert scale.ask(b"C") == b"\x02?@\r"
    scale.put(20)
    assert scale.ask(b"Z") == b"\x02?P\r"
    assert scale.ask(b"A") == b"\x02\r"
    assert scale.ask(b"B").startswith(b"\x02?")
    scale.put(8420, wriggle=5.0)
    scale.body.now += 0.1
    assert scale.ask(b"W") == b"\x02?A\r"


def test_sartorius_knows_its_escape_commands_and_both_lengths():
    for characters, wanted in (("16", b"+    8.420 kg \r\n"), ("22", b"G     +    8.420 kg \r\n")):
        scale = Told("sartorius", characters=characters)
        assert scale.ask(b"\x1bP\r\n") == wanted
        assert scale.ask(b"\x1bx1_\r\n") == b"SIMULATED     \r\n"
        assert scale.ask(b"\x1bK\x1bO\x1bR") == b""
        assert scale.ask(b"\x1bT") == b""
        assert b"0.000 kg" in scale.ask(b"\x1bkP_")


@pytest.mark.parametrize(
    ("key", "settings", "asked", "told"),
    [
        ("radwag", {}, b"OT\r\n", b"OT     0.000 kg \r\n"),
        ("radwag", {}, b"UT 0.5\r\n", b"UT OK\r\n"),
        ("radwag", {}, b"Z\r\n", b"Z A\r\nZ ^\r\n"),
        ("radwag", {}, b"XX\r\n", b"ES\r\n"),
        ("nci", {}, b"S\r", b"\n0p1\r\x03"),
        ("nci", {}, b"T\r", b"\n2p5\r\x03"),
        ("nci", {}, b"Q\r", b"\n?\r\x03"),
        ("sma", {}, b"\x05", b"\n 1G       8.420kg \r"),
        ("sma", {}, b"\nM\r", b"\n 1T       0.000kg \r"),
        ("sma", {}, b"\nQ\r", b"\n?\r"),
        ("kern", {"request": "w"}, b"w", b"       8.420 kg \r\n"),
        ("kern", {"request": "w-crlf"}, b"s\r\n", b"       8.420 kg \r\n"),
        ("kern", {"request": "kcp"}, b"I4\r\n", b'I4 A "0123456789"\r\n'),
        ("ohaus", {}, b"P\r\n", b"    8.420 kg    G  \r\n"),
        ("ohaus", {}, b"500T\r\nIP\r\n", b"    7.920 kg    NET\r\n"),
        ("ohaus", {}, b"T\r\nSP\r\n", b"    0.000 kg    NET\r\n"),
        ("ohaus", {}, b"XX\r\n", b"ES\r\n"),
        ("st-us", {"request": "q"}, b"SI\r\n", b"ST,GS,+  8.420kg\r\n"),
        ("st-us", {"request": "q"}, b"T\r\n?PT\r\n", b"PT,+00008420  g\r\n"),
        ("st-us", {"request": "q"}, b"PT:500g\r\nQ\r\n", b"ST,NT,+  7.920kg\r\n"),
        ("st-us", {"request": "q"}, b"XX\r\n", b"EC,E01\r\n"),
        ("axis", {}, b"ST\r\nSI\r\n", b"     0.000 kg \r\n"),
        ("cas", {"request": "enq-dc1"}, b"\x05\x11", b"\x06\x01\x02S  8.420kg"),
        ("cas", {"request": "dc1"}, b"\x11", b"\x01\x02S  8.420kg"),
    ],
)
def test_other_command_sets(key, settings, asked, told):
    assert Told(key, **settings).ask(asked).startswith(told)


def test_a_scale_with_a_print_command_goes_on_printing_until_it_is_asked_something_else():
    for key, settings, start in (("ohaus", {}, b"CP\r\n"), ("st-us", {"request": "q"}, b"SIR\r\n")):
        scale = Told(key, **settings)
        assert scale.ask(start) == b""
        assert [b"8.420" in scale.wait(0.2) for _ in range(3)] == [True] * 3
        scale.put(4000, wriggle=60.0)
        assert scale.ask({"ohaus": b"SP\r\n", "st-us": b"S\r\n"}[key]) == b""
        assert scale.wait(STABLE_SECONDS + 0.1)[:2] in {b"ES", b"EC"}


@pytest.mark.parametrize("key", ["mt-sics", "radwag", "nci", "sma", "toledo-8217"])
def test_what_a_simulator_says_is_never_garbage_nor_another_weight_to_its_own_driver(key):
    scale = Told(key)
    commands = {
        "mt-sics": [f"{name}\r\n" for name in SICS_COMMANDS if name != "D"],
        "radwag": ["S\r\n", "SI\r\n", "Z\r\n", "T\r\n", "C0\r\n", "K1\r\n"],
        "nci": ["W\r", "S\r", "Z\r", "T\r"],
        "sma": ["\nW\r", "\nZ\r", "\nT\r", "\nM\r"],
        "toledo-8217": list("WZTCA"),
    }[key]
    for command in commands:
        events = read(scale.driver, scale.settings, scale.ask(command.encode()))
        known = command != "DW\r\n"
        assert not any(isinstance(event, Garbage) for event in events if known), command
        told = {f"{event.value:f}" for event in events if isinstance(event, Reading)}
        assert told <= {"8.420", "0.000"}, command
