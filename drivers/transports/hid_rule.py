"""From an address that names a USB HID device to the kernel's node for it.

* ``hid:VID:PID`` or ``hid:VID:PID:SERIAL``: the kernel's hidraw node of that device where there is
  one, else the device itself through pyusb. More than one that fits is refused.
* ``/dev/hidraw0``, or a link to such a node.
* ``hid+usbip://host:port``: the first HID device of a USB/IP server, such as the simulator's.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.transports.base import AddressError, LinkLost, LossCause

HID: Final = "hid:"
USBIP: Final = "hid+usbip://"
NODES: Final = Path("/sys/class/hidraw")
_RULE: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.+))?")
_NODE: Final = re.compile(r"/dev/hidraw\d+")
USB_BUS: Final = 3
"""The bus number of USB in ``HID_ID`` (``linux/input.h``, BUS_USB)."""


@dataclass(frozen=True, slots=True)
class HidRule:
    """Which device: its USB identity, and its serial number or an empty text for any."""

    vendor: int
    product: int
    serial: str = ""


def is_hid(address: str) -> bool:
    """Whether ``address`` names a HID device in any of the three ways."""
    return address.startswith((HID, USBIP)) or is_node(address)


def is_node(address: str) -> bool:
    """Whether ``address`` is a hidraw node or a link to one."""
    return _NODE.fullmatch(os.path.realpath(address)) is not None


def read_rule(address: str) -> HidRule:
    """Read ``hid:VID:PID[:SERIAL]``; raises :class:`AddressError`."""
    found = _RULE.fullmatch(address.removeprefix(HID))
    if found is None:
        raise AddressError("a USB HID device is written hid:VID:PID or hid:VID:PID:SERIAL")
    return HidRule(int(found[1], 16), int(found[2], 16), found[3] or "")


def find_node(rule: HidRule, nodes: Path = NODES) -> str | None:
    """Return the hidraw node of the device, ``None`` without one.

    Raises ``LinkLost`` with ``AMBIGUOUS`` where several fit.
    """
    found = [f"/dev/{entry.name}" for entry in sorted(nodes.glob("hidraw*")) if _fits(entry, rule)]
    if len(found) > 1:
        raise LinkLost(LossCause.AMBIGUOUS)
    return found[0] if found else None


def report_descriptor(node: str, nodes: Path = NODES) -> bytes:
    """Return the report descriptor of a hidraw node; empty if the device just left."""
    try:
        return (nodes / Path(os.path.realpath(node)).name / "device/report_descriptor").read_bytes()
    except OSError:
        return b""


def _fits(entry: Path, rule: HidRule) -> bool:
    """Compare with the lines ``HID_ID=0003:00000922:00008003`` and ``HID_UNIQ=`` of the kernel."""
    try:
        text = (entry / "device" / "uevent").read_text("utf-8", "replace")
    except OSError:
        return False
    fields = dict(line.partition("=")[::2] for line in text.splitlines())
    numbers = fields.get("HID_ID", "").split(":")
    try:
        bus, vendor, product = (int(number, 16) for number in numbers)
    except ValueError:
        return False
    if (bus, vendor, product) != (USB_BUS, rule.vendor, rule.product):
        return False
    return not rule.serial or fields.get("HID_UNIQ", "") == rule.serial
