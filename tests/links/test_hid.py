"""A USB HID scale: found, described by its own descriptor, read, unplugged and found again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drivers.driver import Line
from drivers.events import LinkState, LinkStatus, Reading, Stamped
from drivers.link import Link
from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_scale import REPORT_DESCRIPTOR, HidScalePort
from drivers.simulators.usbip_socket import UsbSocket
from drivers.transports.base import AddressError, LinkLost, LossCause
from drivers.transports.hid_rule import find_node, read_rule
from drivers.transports.hidraw import HidrawPort
from drivers.transports.opening import check_address, file_behind, open_transport, tcp_address
from drivers.usbip.backend import UsbipBackend
from tests.patience import PATIENCE

HID = find_driver("usb-hid")


@pytest.fixture
def socket():
    socket = UsbSocket(HidScalePort)
    yield socket
    socket.stop()


@pytest.fixture
def scale(socket):
    scale = SimulatedScale(HID, socket.plug)
    scale.start()
    yield scale
    scale.stop()


def until(seen, right) -> object:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for item in list(seen):
            if right(item):
                return item
        time.sleep(0.01)
    raise AssertionError(seen[-5:])


def is_value(text):
    return lambda item: (
        isinstance(item, Stamped)
        and isinstance(item.event, Reading)
        and f"{item.event.value} {item.event.unit}" == text
    )


def is_state(state):
    return lambda item: isinstance(item, LinkStatus) and item.state is state


def test_a_link_reads_a_hid_scale_by_its_descriptor_and_finds_it_again(socket, scale):
    seen: list[Stamped | LinkStatus] = []
    link = Link("scale", HID, socket.url, seen.append)
    link.start()
    try:
        scale.put(4236)
        until(seen, is_value("4.236 kg"))
        scale.unplug()
        until(seen, is_state(LinkState.LOST))
        seen.clear()
        scale.put(8420)
        scale.replug()
        until(seen, is_value("8.420 kg"))
    finally:
        link.stop()


def test_the_transport_tells_the_descriptor_it_read(socket, scale):
    port = open_transport(socket.url, Line())
    try:
        assert port.settings == {"report-descriptor": REPORT_DESCRIPTOR.hex()}
        end = time.monotonic() + PATIENCE
        report = b""
        while not report and time.monotonic() < end:
            report = port.read(0.2)
        assert len(report) == 6
    finally:
        port.close()


def test_nothing_plugged_in_is_absent_and_in_use_is_no_second_one(socket):
    with pytest.raises(LinkLost) as caught:
        open_transport(socket.url, Line())
    assert caught.value.cause is LossCause.ABSENT


def test_two_scales_on_one_bus_are_never_guessed_between(socket):
    ports = [socket.plug(), socket.plug()]
    with pytest.raises(LinkLost) as caught:
        open_transport(socket.url, Line())
    assert caught.value.cause is LossCause.AMBIGUOUS
    ports[0].close()
    open_transport(socket.url, Line()).close()


def sysfs(folder: Path, *devices: tuple[str, str, str]) -> Path:
    for name, identity, serial in devices:
        device = folder / name / "device"
        device.mkdir(parents=True)
        (device / "uevent").write_text(
            f"DRIVER=hid-generic\nHID_ID={identity}\nHID_UNIQ={serial}\n"
        )
    return folder


def test_the_kernels_node_is_found_by_identity_and_serial_number(tmp_path):
    nodes = sysfs(
        tmp_path,
        ("hidraw0", "0003:0000046D:0000C31C", ""),
        ("hidraw1", "0003:00000922:00008003", "A1"),
        ("hidraw2", "0003:00000922:00008003", "B2"),
        ("hidraw3", "0005:00000B67:0000555E", ""),
    )
    assert find_node(read_rule("hid:0922:8003:B2"), nodes) == "/dev/hidraw2"
    assert find_node(read_rule("hid:046d:c31c"), nodes) == "/dev/hidraw0"
    assert find_node(read_rule("hid:0b67:555e"), nodes) is None
    with pytest.raises(LinkLost) as caught:
        find_node(read_rule("hid:0922:8003"), nodes)
    assert caught.value.cause is LossCause.AMBIGUOUS


@pytest.mark.parametrize("address", ["hid:0922", "hid:0922:zzzz", "hid+usbip://", "hid:"])
def test_an_address_that_means_nothing_is_refused(address):
    with pytest.raises(AddressError):
        check_address(address)


@pytest.mark.parametrize("address", ["hid:0922:8003", "hid:0922:8003:S 1", "hid+usbip://host:3240"])
def test_an_address_that_means_something_is_taken(address):
    check_address(address)
    assert file_behind(address) is None


def test_a_node_that_is_not_there_is_absent():
    with pytest.raises(LinkLost) as caught:
        HidrawPort("/dev/hidraw99")
    assert caught.value.cause is LossCause.ABSENT


@pytest.mark.parametrize("kernel_has_nodes", [True, False])
def test_a_scale_that_the_kernel_has_just_taken_is_left_to_it(
    socket, scale, tmp_path, monkeypatch, kernel_has_nodes
):
    """Its node comes a moment after the device: a link that looks in between must not take it."""
    detached = []
    nodes = tmp_path / "hidraw"
    if kernel_has_nodes:
        nodes.mkdir()
    backend = UsbipBackend(tcp_address(socket.url.replace("hid+usbip", "tcp")))
    monkeypatch.setattr(backend, "is_kernel_driver_active", lambda *_: True)
    monkeypatch.setattr(backend, "detach_kernel_driver", lambda *_: detached.append(True))
    monkeypatch.setattr(backend, "attach_kernel_driver", lambda *_: None)
    monkeypatch.setattr("drivers.libusb.fresh_backend", lambda: backend)
    monkeypatch.setattr("drivers.transports.opening.NODES", nodes, raising=False)
    if kernel_has_nodes:
        with pytest.raises(LinkLost) as lost:
            open_transport("hid:0922:8003", Line())
        assert lost.value.cause is LossCause.ABSENT
    else:
        open_transport("hid:0922:8003", Line()).close()
    assert bool(detached) is not kernel_has_nodes
