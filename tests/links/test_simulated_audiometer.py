"""A simulated audiometer over a real pty: a person presses send, a link reads records."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from decimal import Decimal
from queue import Empty, SimpleQueue

import pytest

from drivers.events import Garbage, LinkStatus, NoReading
from drivers.hearing import Ear, Response, ToneRecord, Transducer
from drivers.link import Link
from drivers.registry import find_driver
from drivers.simulators.audiometer import Fault, SimulatedAudiometer
from drivers.simulators.audiometer_script import DEFAULT, obey, play
from drivers.simulators.script import ScriptError
from tests.patience import PATIENCE, until

KEYS = pytest.mark.parametrize("key", ["gsi-38", "rion-aa79s"])


@pytest.fixture
def bench(tmp_path):
    made = []

    def make(key):
        driver = find_driver(key)
        device = SimulatedAudiometer(driver, tmp_path / "audiometer")
        device.start()
        heard: SimpleQueue = SimpleQueue()
        link = Link("audiometer", driver, str(tmp_path / "audiometer"), heard.put)
        link.start()
        made.extend([link, device])
        settled(heard)
        return device, heard

    yield make
    for one in made:
        one.stop()


def settled(heard):
    """Wait until the port is open and what an adapter may hand over from before is passed."""

    def opened():
        said = heard.get(timeout=PATIENCE)
        return isinstance(said, LinkStatus) and said.state.value == "open"

    until(opened)
    time.sleep(0.5)


def events(heard, wanted, seconds=8.0):
    """Return what was heard until ``wanted`` of a record, or nothing more comes."""
    found, end = [], time.monotonic() + seconds
    while len(found) < wanted and time.monotonic() < end:
        try:
            said = heard.get(timeout=max(0.01, end - time.monotonic()))
        except Empty:
            break
        if not isinstance(said, LinkStatus):
            found.append(said.event)
    return found


def work(device):
    device.set(Ear.RIGHT, Transducer.HEADPHONE, 1000, "20")
    device.set(Ear.LEFT, Transducer.HEADPHONE, 1000, "35")


def thresholds(records):
    return {
        (tone.ear, tone.hz): tone.threshold
        for record in records
        for tone in record.tones
        if tone.response is Response.THRESHOLD
    }


EXPECTED = {(Ear.RIGHT, 1000): Decimal(20), (Ear.LEFT, 1000): Decimal(35)}


@KEYS
def test_what_stands_on_the_device_arrives_as_it_stands(bench, key):
    device, heard = bench(key)
    work(device)
    device.send()
    got = events(heard, 2 if key == "gsi-38" else 1)
    assert thresholds(got) == EXPECTED
    assert {one.count for one in got} == {len(got)}


@KEYS
def test_two_frames_in_one_piece_are_two_records(bench, key):
    device, heard = bench(key)
    work(device)
    device.faults |= {Fault.JOINED, Fault.REPEAT}
    device.send()
    got = events(heard, 4 if key == "gsi-38" else 2)
    assert all(isinstance(one, ToneRecord) for one in got)
    assert thresholds(got) == EXPECTED


@KEYS
@pytest.mark.parametrize("fault", [Fault.CHECKSUM, Fault.ABORT])
def test_a_damaged_transfer_is_no_record_and_the_next_one_is(bench, key, fault):
    device, heard = bench(key)
    work(device)
    device.faults.add(fault)
    device.send()
    # The silence after a broken transfer is what ends it.
    time.sleep(2.5)
    device.faults.clear()
    device.send()
    got = events(heard, 99, seconds=4.0)
    assert any(isinstance(one, Garbage | NoReading) for one in got)
    assert thresholds([one for one in got if isinstance(one, ToneRecord)]) == EXPECTED


def test_a_pause_in_the_middle_of_a_record_gives_it_up(bench):
    device, heard = bench("gsi-38")
    device.set(Ear.RIGHT, Transducer.HEADPHONE, 1000, "20")
    device.faults.add(Fault.PAUSE)
    device.send()
    assert not [one for one in events(heard, 99, seconds=3.0) if isinstance(one, ToneRecord)]


def test_a_script_works_it_and_a_wrong_line_is_named(tmp_path):
    device = SimulatedAudiometer(find_driver("gsi-38"), tmp_path / "a")
    for line in ("right 1000", "right 440=20", "left 1000=loud", "fault fire", "sing", "bone"):
        with pytest.raises(ScriptError, match=line.split()[0]):
            obey(line, device, threading.Event())
    obey("# a comment", device, threading.Event())
    play(DEFAULT.replace("wait 4", "wait 0"), device, threading.Event())


def test_the_command_sends_what_it_is_told(tmp_path):
    link = tmp_path / "audiometer"
    command = [sys.executable, "-m", "kiosk", "simulate", "gsi-38", "--link", str(link)]
    with subprocess.Popen(
        [*command, "--control"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert str(link) in process.stdout.readline()
        heard: SimpleQueue = SimpleQueue()
        reader = Link("a", find_driver("gsi-38"), str(link), heard.put)
        reader.start()
        settled(heard)
        process.stdin.write("right 1000=20 8000=>?\nsend\n")
        process.stdin.flush()
        (record,) = events(heard, 1)
        reader.stop()
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
    said = {tone.hz: tone.response for tone in record.tones}
    assert said[8000] is Response.NO_RESPONSE_LEVEL_UNKNOWN
