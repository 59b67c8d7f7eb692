import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from line_bench import tiny_driver

from drivers.attached import Attached, Rule, usb_devices, with_addresses
from drivers.capture import Chunk, Direction, read_capture, write_capture
from drivers.claiming import Verdict, Why, claims_on
from drivers.driver import UsbClaim
from drivers.simulators.scale import SimulatedScale
from kiosk.__main__ import main
from kiosk.cli import devices

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
        assert process.wait(5) == 0
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
        assert process.wait(5) == 0
        assert "nonsense" in process.stderr.read()
        link.stop()
    assert not place.is_symlink()


def test_simulate_plays_a_script_with_faults(tmp_path, driver, listener):
    script = tmp_path / "script"
    script.write_text("put 5.000\nwait 0.1\n")
    place = tmp_path / "scale"
    with start(
        driver.key, "--link", str(place), "--script", str(script), "--fault", "overload"
    ) as process:
        process.stdout.readline()
        link = listener.link(driver, str(place))
        link.start()
        from drivers.events import Reason

        listener.reason(Reason.OVERLOAD)
        link.stop()
        process.terminate()
        assert process.wait(5) == 0


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
    assert capture.chunks[0].data == driver.poll.command
    assert b"0.000 kg" in capture.received()
    assert str(len(capture.received())) in capsys.readouterr().out


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


def test_devices_lists_as_text_and_as_json(capsys):
    assert main(["devices", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert isinstance(listed, list)
    assert main(["devices"]) == 0
    text = capsys.readouterr().out
    assert text.strip()
    assert all(entry["address"] in text for entry in listed)


ADAPTER = Attached("serial", "CH340", "/dev/ttyUSB0", 0x1A86, 0x7523, "", "1-1.4")


def links(tmp_path: Path, folder: str, name: str, node: Path) -> None:
    place = tmp_path / "links" / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / name).symlink_to(node)


@pytest.fixture
def nodes(tmp_path):
    made = []
    for number in (0, 1):
        node = tmp_path / f"ttyUSB{number}"
        node.touch()
        links(tmp_path, "by-path", f"usb-port-{number}", node)
        made.append(node)
    return made


def adapter(node: Path, serial: str) -> Attached:
    return Attached("serial", "adapter", str(node), 0x0403, 0x6001, serial)


def test_a_serial_number_gives_the_surest_address(tmp_path, nodes):
    links(tmp_path, "by-id", "usb-FTDI_A1", nodes[0])
    found = with_addresses([adapter(nodes[0], "A1")], tmp_path / "links")[0]
    assert (found.rule, Path(found.address).name) == (Rule.SERIAL_NUMBER, "usb-FTDI_A1")


@pytest.mark.parametrize("serial", ["", "0001"])
def test_two_alike_adapters_are_told_apart_by_their_socket(tmp_path, nodes, serial):
    links(tmp_path, "by-id", "usb-shared", nodes[1])
    found = with_addresses([adapter(node, serial) for node in nodes], tmp_path / "links")
    assert [device.rule for device in found] == [Rule.USB_PATH] * 2
    assert [Path(d.address).name for d in found] == ["usb-port-0", "usb-port-1"]


def test_a_port_without_any_link_is_named_as_not_lasting(tmp_path):
    found = with_addresses([adapter(tmp_path / "ttyS0", "")], tmp_path / "none")[0]
    assert (found.rule, found.address) == (Rule.NODE, str(tmp_path / "ttyS0"))


def test_usb_devices_are_read_from_sysfs_without_hubs(tmp_path):
    for name, facts in {
        "usb1": {"idVendor": "1d6b", "idProduct": "0002", "bDeviceClass": "09"},
        "1-1": {
            "idVendor": "04b8",
            "idProduct": "0202",
            "bDeviceClass": "00",
            "serial": "J7",
            "manufacturer": "EPSON",
            "product": "TM-T20",
            "busnum": "1",
            "devnum": "4",
        },
        "1-1:1.0": {"bInterfaceClass": "07"},
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        for key, value in facts.items():
            (folder / key).write_text(value + "\n")
    (tmp_path / "1-1" / "1-1:1.0").mkdir()
    (tmp_path / "1-1" / "1-1:1.0" / "bInterfaceClass").write_text("07\n")
    (printer,) = with_addresses(usb_devices(tmp_path))
    assert (printer.name, printer.node) == ("EPSON TM-T20", "/dev/bus/usb/001/004")
    assert (printer.vendor, printer.product, printer.interface_classes) == (0x04B8, 0x0202, (7,))
    assert (printer.address, printer.rule) == ("usb:04b8:0202:J7", Rule.SERIAL_NUMBER)


def claiming(*claims: UsbClaim, key: str = "tiny"):
    from dataclasses import replace

    return replace(tiny_driver(), key=key, claims=claims)


@pytest.mark.parametrize(
    ("device", "claims", "verdict", "why"),
    [
        (ADAPTER, (UsbClaim(0x1A86, 0x7523),), Verdict.CLAIMS, Why.USB_IDENTITY),
        (ADAPTER, (), Verdict.POSSIBLE, Why.ANY_SERIAL_PORT),
        (ADAPTER, (UsbClaim(0x0403),), Verdict.POSSIBLE, Why.ANY_SERIAL_PORT),
        (Attached("usb", "x", vendor=1, product=2), (), Verdict.NO, Why.NOT_A_SERIAL_PORT),
        (
            Attached("usb", "x", vendor=1, product=2),
            (UsbClaim(1, 3),),
            Verdict.NO,
            Why.OTHER_USB_IDENTITY,
        ),
        (
            Attached("usb", "x", vendor=1, product=2, interface_classes=(7,)),
            (UsbClaim(1, None, 3),),
            Verdict.NO,
            Why.OTHER_INTERFACE,
        ),
        (
            Attached("usb", "x", vendor=1, product=2, interface_classes=(3,)),
            (UsbClaim(1, None, 3),),
            Verdict.CLAIMS,
            Why.USB_IDENTITY,
        ),
    ],
)
def test_each_driver_says_whether_and_why(device, claims, verdict, why):
    (claim,) = claims_on(device, [claiming(*claims)])
    assert (claim.verdict, claim.why) == (verdict, why)


def test_the_driver_that_knows_the_device_comes_first():
    found = claims_on(ADAPTER, [claiming(key="a"), claiming(UsbClaim(0x1A86), key="b")])
    assert [claim.driver for claim in found] == ["b", "a"]


def test_every_verdict_and_rule_has_words():
    for why in Why:
        from drivers.claiming import Claim

        for rule in Rule:
            from dataclasses import replace

            text = devices.as_text(
                replace(ADAPTER, rule=rule, accessible=False),
                (Claim("tiny", Verdict.NO, why),),
            )
            assert re.search("1a86:7523", text)
            assert "dialout" in text


def test_a_simulator_that_was_killed_leaves_only_a_dangling_link(tmp_path, driver):
    place = tmp_path / "scale"
    with start(driver.key, "--link", str(place)) as process:
        process.stdout.readline()
        process.kill()
        process.wait(5)
    deadline = time.monotonic() + 2
    while place.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not place.exists()
    assert os.path.lexists(place)
