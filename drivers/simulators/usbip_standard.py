"""The USB standard requests a simulated device answers (USB 2.0, chapter 9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

GET_STATUS, CLEAR_FEATURE, SET_FEATURE = 0, 1, 3
GET_DESCRIPTOR, GET_CONFIGURATION, SET_CONFIGURATION = 6, 8, 9
GET_INTERFACE, SET_INTERFACE = 10, 11
DEVICE, CONFIGURATION, STRING = 1, 2, 3
ENGLISH = b"\x04\x03\x09\x04"


@dataclass(frozen=True, slots=True)
class Setup:
    """The eight bytes that begin a control transfer."""

    request_type: int
    request: int
    value: int
    index: int
    length: int

    @property
    def kind(self) -> int:
        """0 standard, 1 class, 2 vendor."""
        return self.request_type >> 5 & 3

    @property
    def recipient(self) -> int:
        """0 the device, 1 an interface, 2 an endpoint."""
        return self.request_type & 0x1F


class Described(Protocol):
    """What the standard requests need to know of a device."""

    device_descriptor: bytes
    configuration: bytes
    strings: tuple[str, ...]


def standard_request(device: Described, setup: Setup) -> bytes | None:
    """Answer a standard request, with nothing where nothing is to say; ``None`` stalls."""
    if setup.request == GET_DESCRIPTOR:
        return _descriptor(device, setup.value >> 8, setup.value & 0xFF)
    if setup.request == GET_CONFIGURATION:
        return device.configuration[5:6]
    if setup.request in {GET_STATUS, GET_INTERFACE}:
        return bytes(2 if setup.request == GET_STATUS else 1)
    known = {SET_CONFIGURATION, SET_INTERFACE, CLEAR_FEATURE, SET_FEATURE}
    return b"" if setup.request in known else None


def _descriptor(device: Described, kind: int, index: int) -> bytes | None:
    if kind == DEVICE:
        return device.device_descriptor
    if kind == CONFIGURATION and index == 0:
        return device.configuration
    if kind == STRING and index == 0:
        return ENGLISH
    if kind == STRING and index <= len(device.strings):
        text = device.strings[index - 1].encode("utf-16-le")
        return bytes((len(text) + 2, STRING)) + text
    return None
