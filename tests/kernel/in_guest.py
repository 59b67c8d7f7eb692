"""What a real kernel makes of the station's cables. Run inside the machine by ``make test-kernel``.

The links, transports, printer and rules here are the shipped ones, unchanged.
"""

from __future__ import annotations

import grp
import re
import subprocess
import time
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.attached import Rule, attached
from drivers.driver import Line
from drivers.events import LinkState, LinkStatus, Reading
from drivers.libusb import fresh_backend
from drivers.link import Link
from drivers.printers.kernel_node import KernelNode
from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_acm import AcmScalePort
from drivers.simulators.usbip_printer import SimulatedPrinter
from drivers.simulators.usbip_scale import REPORT_DESCRIPTOR, HidScalePort
from drivers.simulators.usbip_socket import UsbSocket
from drivers.transports.base import LinkLost, LossCause
from drivers.transports.hid_rule import find_node, read_rule
from drivers.transports.hid_usb import HidUsbPort
from drivers.transports.opening import file_behind, open_transport
from drivers.watching import Change, Watcher

WAIT = 30.0
CONTROL = Path("/dev/virtio-ports/control")
FTDI = "0403:6001"


class Host:
    """The machine outside: it plugs cables in and pulls them."""

    def __init__(self) -> None:
        self._channel = CONTROL.open("r+b", buffering=0)

    def say(self, *words: object) -> None:
        self._channel.write((" ".join(map(str, words)) + "\n").encode())
        assert self._channel.readline().strip() == b"done"


@pytest.fixture(scope="module")
def host():
    return Host()


@pytest.fixture
def cables(host):
    """Plug in QEMU's USB serial adapters; what is still in at the end is pulled."""
    plugged: dict[str, str] = {}

    def plug(name: str, place: str, serial: str) -> None:
        host.say("plug", name, place, serial)
        plugged[name] = place

    def pull(name: str) -> None:
        host.say("pull", name)
        del plugged[name]

    plug.pull = pull
    yield plug
    for name in list(plugged):
        pull(name)
    until(lambda: not list(Path("/dev").glob("ttyUSB*")))


class Heard:
    """What a link has published."""

    def __init__(self, key: str, address: str) -> None:
        self.seen: list[object] = []
        self.link = Link("scale", find_driver(key), address, self.seen.append)
        self.link.start()

    def value(self, text: str) -> object:
        return until(lambda: Decimal(text) in self.values()[-3:])

    def values(self) -> list[Decimal]:
        events = [getattr(item, "event", None) for item in list(self.seen)]
        return [event.value for event in events if isinstance(event, Reading)]

    def state(self, state: LinkState) -> LinkStatus:
        def last() -> LinkStatus | None:
            told = [item for item in list(self.seen) if isinstance(item, LinkStatus)]
            return told[-1] if told and told[-1].state is state else None

        return until(last)


@pytest.fixture
def listen():
    links = []

    def start(key: str, address: str) -> Heard:
        heard = Heard(key, address)
        links.append(heard.link)
        return heard

    yield start
    for link in links:
        link.stop()


@pytest.fixture
def usb_scale():
    """Plug a simulated scale into the machine's virtual USB host, over USB/IP."""
    scales = []

    def plug(key: str, make) -> tuple[SimulatedScale, UsbSocket]:
        socket = UsbSocket(make)
        scale = SimulatedScale(find_driver(key), socket.plug)
        scale.start()
        scales.append((scale, socket))
        attach(socket)
        return scale, socket

    yield plug
    for scale, socket in scales:
        scale.stop()
        socket.stop()


def attach(socket: UsbSocket | SimulatedPrinter) -> None:
    """Import the newest device of a server into this kernel."""
    host, port = socket.address
    listed = subprocess.run(
        ["usbip", "--tcp-port", str(port), "list", "-r", host],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    bus_id = re.findall(r"^\s+(\d+-\d+):", listed, re.MULTILINE)[-1]
    subprocess.run(
        ["usbip", "--tcp-port", str(port), "attach", "-r", host, "-b", bus_id], check=True
    )


def until(condition):
    end = time.monotonic() + WAIT
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    return found


def node(pattern: str) -> Path:
    return until(lambda: next(iter(sorted(Path("/dev").glob(pattern))), None))


def settled() -> None:
    subprocess.run(["udevadm", "settle", "--timeout=20"], check=True)


def properties(path: Path) -> dict[str, str]:
    shown = subprocess.run(
        ["udevadm", "info", "--query=property", f"--name={path}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return dict(line.partition("=")[::2] for line in shown.splitlines())


# --- ttyUSB: QEMU's FTDI adapter -----------------------------------------------------------


def test_an_adapter_is_named_by_its_serial_number_and_read(cables, listen):
    cables("a", "1", "A9XK21QD")
    tty = node("ttyUSB*")
    settled()
    (device,) = [d for d in attached() if d.node == str(tty)]
    assert device.address == f"usb-serial:{FTDI}:A9XK21QD"
    assert device.rule is Rule.SERIAL_NUMBER
    by_id = [link for link in Path("/dev/serial/by-id").iterdir() if link.resolve() == tty]
    assert "A9XK21QD" in by_id[0].name
    assert str(file_behind(device.address)) == str(tty)
    heard = listen("radwag", device.address)
    heard.value("4.236")


def test_the_rules_give_the_port_to_its_group_and_keep_the_modem_manager_off(cables):
    cables("a", "1", "A9XK21QD")
    tty = node("ttyUSB*")
    settled()
    assert grp.getgrgid(tty.stat().st_gid).gr_name == "dialout"
    assert tty.stat().st_mode & 0o777 == 0o660
    known = properties(tty)
    assert known["ID_MM_DEVICE_IGNORE"] == known["ID_MM_PORT_IGNORE"] == "1"


def test_a_pulled_cable_is_lost_and_comes_back_by_itself(cables, listen):
    cables("a", "1", "A9XK21QD")
    node("ttyUSB*")
    settled()
    heard = listen("radwag", f"usb-serial:{FTDI}:A9XK21QD")
    heard.value("4.236")
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(3):
        cables.pull("a")
        until(lambda: not list(Path("/dev").glob("ttyUSB*")))
        heard.state(LinkState.ABSENT)
        heard.seen.clear()
        cables("a", "1", "A9XK21QD")
        back = until(lambda: next(iter(Path("/dev").glob("ttyUSB*")), None)) and time.monotonic()
        heard.value("4.236")
        print(f"reading again {time.monotonic() - back:.2f} s after the node")
    assert len([*Path("/proc/self/fd").iterdir()]) <= before


def test_two_adapters_with_one_serial_number_never_swap(cables, listen):
    cables("a", "1", "SAME")
    first = node("ttyUSB*")
    cables("b", "2", "SAME")
    until(lambda: len(list(Path("/dev").glob("ttyUSB*"))) == 2)
    settled()
    places = {d.node: d.address for d in attached() if d.kind == "serial" and d.vendor == 0x0403}
    assert all(address.startswith("usb-port:") for address in places.values())
    address = places[str(first)]
    heard = listen("radwag", address)
    heard.value("4.236")
    with pytest.raises(LinkLost) as caught:
        open_transport(f"usb-serial:{FTDI}:SAME", Line())
    assert caught.value.cause is LossCause.AMBIGUOUS
    cables.pull("a")
    cables.pull("b")
    until(lambda: not list(Path("/dev").glob("ttyUSB*")))
    heard.seen.clear()
    cables("b", "2", "SAME")
    assert node("ttyUSB*") == first, "the other adapter has taken the number"
    settled()
    time.sleep(1.5)
    assert not heard.values(), "the other scale is in the other socket"
    cables("a", "1", "SAME")
    heard.value("4.236")
    assert Decimal("8.420") not in heard.values()


def test_parity_and_modem_lines_are_set_on_a_real_port(cables):
    cables("a", "1", "A9XK21QD")
    tty = node("ttyUSB*")
    settled()
    for line in (Line(baud=4800, bits=7, parity="E"), Line(baud=19200, parity="O", stop=2)):
        port = open_transport(str(tty), line)
        try:
            shown = subprocess.run(
                ["stty", "-F", str(tty), "-a"], check=True, capture_output=True, text=True
            ).stdout
        finally:
            port.close()
        words = shown.replace(";", " ").split()
        assert f"speed {line.baud} baud" in shown
        assert f"cs{line.bits}" in words
        assert "parenb" in words
        assert ("parodd" in words) is (line.parity == "O")
        assert ("cstopb" in words) is (line.stop == 2)


def test_a_port_is_held_by_one_program_alone(cables):
    cables("a", "1", "A9XK21QD")
    tty = node("ttyUSB*")
    settled()
    first = open_transport(str(tty), Line())
    try:
        with pytest.raises(LinkLost) as caught:
            open_transport(str(tty), Line())
        assert caught.value.cause is LossCause.BUSY
    finally:
        first.close()
    open_transport(str(tty), Line()).close()


def test_the_watcher_hears_of_a_cable_from_udev(cables):
    told: list[Change] = []
    watcher = Watcher(told.append, rescan=3600.0)
    watcher.start()
    try:
        time.sleep(1.0)
        cables("a", "1", "A9XK21QD")
        until(lambda: any(c.here and c.device.kind == "serial" for c in told))
        cables.pull("a")
        until(lambda: any(not c.here and c.device.kind == "serial" for c in told))
    finally:
        watcher.stop()


# --- ttyACM: a scale with its own USB port -----------------------------------------------------


def test_a_scale_with_its_own_port_is_read_and_found_again(usb_scale, listen):
    scale, socket = usb_scale("mt-sics", AcmScalePort)
    scale.put(4236)
    tty = node("ttyACM*")
    settled()
    (device,) = [d for d in attached() if d.node == str(tty)]
    assert device.address == "usb-serial:1209:0001:SIM-ACM-1"
    heard = listen("mt-sics", device.address)
    heard.value("4.236")
    scale.unplug()
    heard.state(LinkState.ABSENT)
    scale.put(8420)
    scale.replug()
    attach(socket)
    heard.value("8.420")


# --- hidraw, and the same scale through libusb --------------------------------------------------


def test_a_hid_scale_is_read_through_the_kernels_node(usb_scale, listen):
    scale, socket = usb_scale("usb-hid", HidScalePort)
    scale.put(4236)
    raw = node("hidraw*")
    settled()
    assert find_node(read_rule("hid:0922:8003:SIM-HID-1")) == str(raw)
    port = open_transport("hid:0922:8003", Line())
    assert port.settings["report-descriptor"] == REPORT_DESCRIPTOR.hex()
    port.close()
    assert [d.address for d in attached() if d.vendor == 0x0922] == ["hid:0922:8003:SIM-HID-1"]
    assert grp.getgrgid(raw.stat().st_gid).gr_name == "plugdev"
    heard = listen("usb-hid", "hid:0922:8003:SIM-HID-1")
    heard.value("4.236")
    scale.unplug()
    heard.state(LinkState.ABSENT)
    scale.put(8420)
    scale.replug()
    attach(socket)
    heard.value("8.420")


def test_the_same_scale_through_libusb_takes_it_from_the_kernel_and_gives_it_back(usb_scale):
    scale, _ = usb_scale("usb-hid", HidScalePort)
    scale.put(4236)
    node("hidraw*")
    settled()
    port = HidUsbPort(fresh_backend(), read_rule("hid:0922:8003"))
    try:
        assert port.settings["report-descriptor"] == REPORT_DESCRIPTOR.hex()
        assert len(until(lambda: port.read(0.5))) == 6
        assert not list(Path("/dev").glob("hidraw*"))
    finally:
        port.close()
    node("hidraw*")


# --- usblp ------------------------------------------------------------------------------------


def test_a_slip_goes_through_the_kernels_printer_node():
    with SimulatedPrinter() as printer:
        attach(printer)
        lp = node("usb/lp*")
        settled()
        assert grp.getgrgid(lp.stat().st_gid).gr_name == "lp"
        line = KernelNode(str(lp))
        try:
            assert line.device_id().startswith("MFG:EPSON")
            assert line.port_status().paper_empty is False
            data = b"\x1b@" + b"Hei\n" * 20 + b"\x1dV\x42\x00"
            sent = 0
            while sent < len(data):
                sent += line.write(data[sent:], time.monotonic() + 5)
            assert sent == len(data)
            until(lambda: printer.slips)
        finally:
            line.close()
