import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.attached import Attached, Rule, usb_devices, with_addresses
from drivers.claiming import Claim, Verdict, Why, claims_on
from drivers.driver import UsbClaim
from drivers.registry import all_drivers
from kiosk.__main__ import main
from kiosk.cli import devices
from tests.links.line_bench import tiny_driver


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
    assert (found.rule, Path(found.address).name) == (
        Rule.SERIAL_NUMBER,
        "usb-serial:0403:6001:A1",
    )


@pytest.mark.parametrize("serial", ["", "0001"])
def test_two_alike_adapters_are_told_apart_by_their_socket(tmp_path, nodes, serial):
    links(tmp_path, "by-id", "usb-shared", nodes[1])
    found = with_addresses([adapter(node, serial) for node in nodes], tmp_path / "links")
    assert [device.rule for device in found] == [Rule.USB_PATH] * 2
    assert [Path(d.address).name for d in found] == ["usb-port-0", "usb-port-1"]


def test_an_adapter_without_serial_number_is_named_by_its_socket(tmp_path):
    pair = [replace(ADAPTER, location=place) for place in ("1-1.3", "1-1.4")]
    found = with_addresses(pair, tmp_path / "none")
    assert [d.address for d in found] == ["usb-port:1-1.3", "usb-port:1-1.4"]


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
        for rule in Rule:
            text = devices.as_text(
                replace(ADAPTER, rule=rule, accessible=False),
                (Claim("tiny", Verdict.NO, why),),
            )
            assert "1a86:7523" in text
            assert "dialout" in text


def test_the_shipped_rules_open_the_hid_scales_the_driver_knows_and_no_other_hid_device():
    rules = (Path(__file__).parents[2] / "assets" / "60-kiosk.rules").read_text("utf-8")
    (line,) = [line for line in rules.splitlines() if line.startswith('SUBSYSTEM=="hidraw"')]
    opened = set(re.search(r'idVendor}=="([0-9a-f|]+)"', line)[1].split("|"))
    known = {f"{claim.vendor:04x}" for claim in all_drivers()["usb-hid"].claims}
    assert opened == known
