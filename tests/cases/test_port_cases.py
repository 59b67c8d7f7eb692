"""Ports and cables: what went wrong in the field with other programs, by its number."""

import os
import threading
import time
import tty
from collections import deque
from decimal import Decimal
from pathlib import Path

import pytest
import serial

from drivers.conversation import Timing
from drivers.driver import Line, Poll
from drivers.events import LinkState, LinkStatus, Reading, Stamped
from drivers.hints import Hint
from drivers.host import Rival
from drivers.registry import all_drivers
from drivers.simulators.scale import SimulatedScale
from drivers.transports import usb_rule
from drivers.transports.base import LinkLost, LossCause
from drivers.transports.serial_port import SerialPort
from drivers.transports.usb_rule import find_port
from kiosk.station.checking.scale_setup import ScaleSetup
from kiosk.station.doctor import port_words
from kiosk.station.probe import answers
from tests.links.line_bench import FAST, SETTLED, Listener, MadeUp, opener_of, tiny_driver
from tests.patience import within

RADWAG = all_drivers()["radwag"]
ASK = Poll(b"SI\r\n", interval=0.02, timeout=0.1)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def scale(tmp_path):
    one = SimulatedScale(RADWAG, tmp_path / "scale")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def link(scale, tmp_path, listener):
    one = listener.link(RADWAG, str(tmp_path / "scale"))
    one.start()
    yield one
    one.stop()


class Answering:
    """A device on a port that answers whatever it is sent with the same bytes."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._waiting: deque[bytes] = deque()

    def read(self, timeout: float) -> bytes:
        if not self._waiting:
            time.sleep(min(timeout, 0.01))
            return b""
        return self._waiting.popleft()

    def write(self, data: bytes) -> None:
        self._waiting.append(self._answer)

    def close(self) -> None:
        return


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SI\r\n",
        b"\r\nERROR\r\n",
        b"AT\r\r\nOK\r\n",
        b"\x12\x16\x12",
        b"\x02/H1/ 1000 +010 +010\r\x03",
    ],
    ids=["silent", "echo", "modem", "modem-ok", "printer", "audiometer"],
)
@pytest.mark.parametrize("key", ["radwag", "mt-sics"])
def test_f1_a_port_that_takes_bytes_is_no_scale_before_it_answers_like_one(answer, key):
    driver = all_drivers()[key]
    setup = ScaleSetup(driver, {}, driver.line)
    assert answers(setup, Answering(answer), 0.3) is not None


def test_f1_the_link_does_not_call_an_open_port_a_scale(listener):
    link = listener.link(tiny_driver(ASK), opener=opener_of(MadeUp()), timing=FAST)
    link.start()
    listener.state(LinkState.SILENT, "silent")
    link.stop()
    opened = [s.hint for s in listener.news if getattr(s, "state", None) is LinkState.OPEN]
    assert opened == [Hint.UNANSWERED]


def test_f2_two_hundred_stale_bytes_before_the_answer_are_no_value(tmp_path, listener):
    scale = SimulatedScale(RADWAG, tmp_path / "scale")
    scale.fault("stale-buffer")
    scale.start()
    link = listener.link(RADWAG, str(tmp_path / "scale"))
    link.start()
    listener.weight("0.000")
    link.stop()
    scale.stop()
    assert {e.value for e in listener.events if isinstance(e, Reading)} == {Decimal("0.000")}


def test_f7_an_unplug_in_the_middle_of_a_frame_is_told_and_reading_goes_on(link, scale, listener):
    listener.weight("0.000")
    scale.fault("slow-bytes")
    time.sleep(0.1)
    before = len(listener.news)
    scale.unplug()
    listener.state(LinkState.LOST, "unplugged", before)
    scale.clear_faults()
    scale.replug()
    listener.weight("0.000", before)


def test_f7_a_second_program_on_the_port_is_named(monkeypatch, tmp_path):
    (tmp_path / "port").touch()
    monkeypatch.setattr(port_words, "holders", lambda node: ("minicom",))
    assert "minicom" in port_words.loss_words(LossCause.BUSY, str(tmp_path / "port"))


def test_f8_the_old_handle_is_closed_before_the_port_is_looked_for_again(listener):
    events: list[str] = []

    class Watched(MadeUp):
        def close(self) -> None:
            events.append("closed")

    ports = deque([[SETTLED, LinkLost(LossCause.UNPLUGGED)], [SETTLED, b"1.000\r\n"]])

    def opener(address: str, line: Line) -> MadeUp:
        events.append("opened")
        return Watched(ports.popleft())

    link = listener.link(tiny_driver(), opener=opener, timing=FAST)
    link.start()
    listener.weight("1.000")
    link.stop()
    assert events[:3] == ["opened", "closed", "opened"]


def adapter(root: Path, node: str, place: str, serial_number: str = "") -> None:
    """A USB serial adapter as sysfs shows it, in the socket ``place``."""
    device = root / "devices" / "usb1" / place
    port = device / f"{place}:1.0" / node
    port.mkdir(parents=True)
    for name, text in {"idVendor": "1a86", "idProduct": "7523", "serial": serial_number}.items():
        if text:
            (device / name).write_text(text + "\n")
    entry = root / "tty" / node
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(port)


def test_f8_a_new_node_number_after_replugging_is_of_no_consequence(tmp_path):
    adapter(tmp_path, "ttyUSB7", "1-1.4")
    assert find_port("usb-port:1-1.4", tmp_path / "tty") == "/dev/ttyUSB7"


def test_f9_two_identical_adapters_never_swap(tmp_path):
    for nodes in (("ttyUSB0", "ttyUSB1"), ("ttyUSB1", "ttyUSB0")):
        root = tmp_path / nodes[0]
        adapter(root, nodes[0], "1-1.3")
        adapter(root, nodes[1], "1-1.4")
        assert find_port("usb-port:1-1.3", root / "tty") == f"/dev/{nodes[0]}"
        assert find_port("usb-port:1-1.4", root / "tty") == f"/dev/{nodes[1]}"


def test_f9_the_other_adapter_alone_is_not_taken_for_the_missing_one(tmp_path):
    adapter(tmp_path, "ttyUSB0", "1-1.4")
    with pytest.raises(LinkLost) as caught:
        find_port("usb-port:1-1.3", tmp_path / "tty")
    assert caught.value.cause is LossCause.ABSENT
    with pytest.raises(usb_rule.AddressError):
        find_port("usb-serial:1a86:7523", tmp_path / "tty")


def test_f9_two_adapters_with_one_serial_number_are_refused_by_name(tmp_path):
    adapter(tmp_path, "ttyUSB0", "1-1.3", "0001")
    adapter(tmp_path, "ttyUSB1", "1-1.4", "0001")
    with pytest.raises(LinkLost) as caught:
        find_port("usb-serial:1a86:7523:0001", tmp_path / "tty")
    assert caught.value.cause is LossCause.AMBIGUOUS


@pytest.mark.parametrize(("there", "hint"), [({Rival.BRLTTY}, "taken"), (set(), "unplugged")])
def test_f10_a_port_that_vanishes_within_two_seconds_names_brltty(listener, there, hint):
    port = MadeUp([SETTLED, LinkLost(LossCause.UNPLUGGED)])
    link = listener.link(
        tiny_driver(), opener=opener_of(port), timing=FAST, grabbers=lambda: frozenset(there)
    )
    link.start()
    assert listener.state(LinkState.LOST).hint == hint
    assert listener.state(LinkState.ABSENT).hint == ("taken" if there else "absent")
    link.stop()


def test_f10_the_doctor_names_brltty_when_the_port_is_gone(monkeypatch):
    monkeypatch.setattr(port_words, "rivals", lambda: frozenset({Rival.BRLTTY}))
    assert "brltty" in port_words.loss_words(LossCause.ABSENT, "/dev/ttyUSB0")


def test_f11_foreign_modem_commands_are_no_value_and_are_named(listener):
    noise = [item for _ in range(25) for item in (b"AT\r\nAT+GCAP\r\n", 0.02)]
    port = MadeUp([SETTLED, *noise, b"1.000\r\n"])
    link = listener.link(tiny_driver(), opener=opener_of(port), timing=FAST)
    link.start()
    listener.state(LinkState.SILENT, "foreign-commands")
    listener.weight("1.000")
    link.stop()
    assert len([e for e in listener.events if isinstance(e, Reading)]) == 1


def test_f12_a_missing_group_is_named_and_there_is_no_storm_of_retries(listener, tmp_path):
    tries: list[float] = []

    def opener(address: str, line: Line) -> MadeUp:
        tries.append(time.monotonic())
        raise LinkLost(LossCause.PERMISSION)

    link = listener.link(tiny_driver(), opener=opener)
    link.start()
    listener.state(LinkState.REFUSED, "permission")
    time.sleep(1.0)
    link.stop()
    assert len(tries) <= 5
    (tmp_path / "port").touch()
    assert "gruppen" in port_words.loss_words(LossCause.PERMISSION, str(tmp_path / "port"))


class WatchedSerial(serial.Serial):
    """pyserial's port, noting how the lines stood when it was opened."""

    at_opening: tuple[object, ...] = ()

    def open(self) -> None:
        type(self).at_opening = (self.dtr, self.rts, self.rtscts, self.exclusive, self.parity)
        super().open()


@pytest.fixture
def opened(monkeypatch):
    device, port = os.openpty()
    tty.setraw(port)
    monkeypatch.setattr(serial, "Serial", WatchedSerial)
    yield os.ttyname(port)
    os.close(port)
    os.close(device)


def test_f13_modem_lines_and_lock_are_set_before_the_port_opens(opened):
    SerialPort(opened, Line()).close()
    assert WatchedSerial.at_opening == (True, True, False, True, "N")


def test_f14_seven_bits_with_parity_read_as_eight_is_a_hint(tmp_path, listener):
    scale = SimulatedScale(RADWAG, tmp_path / "scale")
    scale.fault("parity")
    scale.start()
    link = listener.link(RADWAG, str(tmp_path / "scale"), timing=FAST)
    link.start()
    listener.state(LinkState.SILENT, "wrong-parity")
    link.stop()
    scale.stop()


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (b"ES\r\n", Hint.NOT_UNDERSTOOD),
        (b"", Hint.SILENT),
        (b"Date 23.11.2026\r\nNetto   8.420 kg\r\n----------------\r\n", Hint.PRINTOUT),
    ],
    ids=["es", "silence", "printout"],
)
def test_f15_each_way_of_not_answering_has_a_hint_of_its_own(answer, hint):
    setup = ScaleSetup(RADWAG, {}, RADWAG.line)
    assert answers(setup, Answering(answer), 1.5) is hint


def test_f16_a_scale_that_waits_for_the_lines_sees_them_from_the_start(opened):
    SerialPort(opened, Line(handshake="none")).close()
    assert WatchedSerial.at_opening[:2] == (True, True)


def test_reading_goes_on_within_half_a_second_after_a_nudge(listener):
    ready = threading.Event()

    def opener(address: str, line: Line) -> MadeUp:
        if not ready.is_set():
            raise LinkLost(LossCause.ABSENT)
        return MadeUp([SETTLED, b"1.000\r\n"])

    # What the nudge saves: a minute until it would be tried again by itself.
    timing = Timing(first_retry=60.0, longest_retry=60.0)
    link = listener.link(tiny_driver(), opener=opener, timing=timing)
    link.start()
    listener.state(LinkState.ABSENT)
    ready.set()
    start = time.monotonic()
    link.wake()
    item = listener.weight("1.000")
    link.stop()
    assert isinstance(item, Stamped | LinkStatus)
    assert item.monotonic - start <= within(0.5)
