"""A cable in the running station: links look at once, and only a device nobody uses is told of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.attached import Attached
from drivers.registry import all_drivers
from drivers.watching import Change
from kiosk.station import plugging as module
from kiosk.station.plugging import Plugging
from tests.desk.every import messages as m

ADAPTER = Attached(
    "serial",
    "FT232R",
    "/dev/ttyUSB0",
    0x0403,
    0x6001,
    "A1",
    "1-1.4",
    address="usb-serial:0403:6001:A1",
)
MOUSE = Attached("usb", "Mouse", "", 0x046D, 0xC077, "", "1-1.2", (3,), "hid:046d:c077")
POSTAL = replace(MOUSE, name="M10", vendor=0x0922, product=0x8003, address="hid:0922:8003")


class Desk:
    def __init__(self, *configured: str) -> None:
        self.news: list[object] = []
        self.woken = 0
        drivers = tuple(all_drivers().values())
        self.plugging = Plugging([self.wake], self.news.append, drivers, configured)

    def wake(self) -> None:
        self.woken += 1


def test_a_new_adapter_wakes_the_links_and_is_told_with_its_address():
    desk = Desk("usb-port:1-1.3")
    desk.plugging.changed(Change(ADAPTER, here=True))
    assert desk.woken == 1
    assert desk.news == [m.DevicePlugged("FT232R", "usb-serial:0403:6001:A1", here=True)]
    desk.plugging.changed(Change(ADAPTER, here=False))
    assert desk.woken == 1
    assert desk.news[1].here is False


def test_a_configured_device_needs_no_words():
    desk = Desk("usb-serial:0403:6001:A1")
    desk.plugging.changed(Change(ADAPTER, here=True))
    assert (desk.woken, desk.news) == (1, [])


def test_a_configured_device_under_another_name_needs_no_words_either(tmp_path):
    node = tmp_path / "ttyUSB0"
    node.touch()
    link = tmp_path / "by-path"
    link.symlink_to(node)
    desk = Desk(str(link))
    desk.plugging.changed(Change(replace(ADAPTER, node=str(node)), here=True))
    assert desk.news == []


@pytest.mark.parametrize(("device", "told"), [(MOUSE, False), (POSTAL, True)])
def test_a_mouse_is_nobodys_business_and_a_scale_is(device, told):
    desk = Desk()
    desk.plugging.changed(Change(device, here=True))
    assert bool(desk.news) is told


def test_no_name_means_its_node():
    desk = Desk()
    desk.plugging.changed(Change(replace(ADAPTER, name=""), here=True))
    assert desk.news[0].name == "/dev/ttyUSB0"


def test_nothing_is_opened_or_asked(monkeypatch):
    monkeypatch.setattr(module, "file_behind", lambda address: None)
    desk = Desk("tcp://host:4001")
    desk.plugging.changed(Change(ADAPTER, here=True))
    assert desk.news
