"""USB descriptors as pyusb wants them: objects with the field names of the standard.

Universal Serial Bus Specification 2.0, chapter 9.6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from types import SimpleNamespace

from drivers.usbip.wire import DeviceRecord

DEVICE, CONFIGURATION, INTERFACE, ENDPOINT = 1, 2, 4, 5

_DEVICE = (
    struct.Struct("<BBHBBBBHHHBBBB"),
    (
        "bLength bDescriptorType bcdUSB bDeviceClass bDeviceSubClass bDeviceProtocol "
        "bMaxPacketSize0 idVendor idProduct bcdDevice iManufacturer iProduct iSerialNumber "
        "bNumConfigurations"
    ),
)
_CONFIGURATION = (
    struct.Struct("<BBHBBBBB"),
    (
        "bLength bDescriptorType wTotalLength bNumInterfaces bConfigurationValue "
        "iConfiguration bmAttributes bMaxPower"
    ),
)
_INTERFACE = (
    struct.Struct("<BBBBBBBBB"),
    (
        "bLength bDescriptorType bInterfaceNumber bAlternateSetting bNumEndpoints "
        "bInterfaceClass bInterfaceSubClass bInterfaceProtocol iInterface"
    ),
)
_ENDPOINT = (
    struct.Struct("<BBBBHB"),
    "bLength bDescriptorType bEndpointAddress bmAttributes wMaxPacketSize bInterval",
)


@dataclass(slots=True)
class InterfaceTree:
    """One alternate setting and its endpoints."""

    fields: SimpleNamespace
    endpoints: list[SimpleNamespace] = field(default_factory=list)


@dataclass(slots=True)
class ConfigurationTree:
    """One configuration: interfaces by index, each a list of alternate settings."""

    fields: SimpleNamespace
    interfaces: list[list[InterfaceTree]] = field(default_factory=list)


@dataclass(slots=True)
class DeviceDescriptors:
    """All a device says about itself."""

    bus_id: str
    device: SimpleNamespace
    configurations: tuple[ConfigurationTree, ...]


def parse_device(raw: bytes, record: DeviceRecord) -> SimpleNamespace:
    """Read the 18 bytes of a device descriptor. Raises :class:`ValueError`."""
    fields = _fields(_DEVICE, raw)
    fields.bus, fields.address, fields.speed = record.bus, record.number, record.speed
    fields.port_number, fields.port_numbers = None, None
    return fields


def parse_configuration(raw: bytes) -> ConfigurationTree:
    """Read a configuration with all below it. Raises :class:`ValueError`."""
    tree = ConfigurationTree(_extended(_CONFIGURATION, raw))
    position = raw[0]
    while position + 2 <= len(raw):
        length, kind = raw[position], raw[position + 1]
        if length < 2:
            raise ValueError("a descriptor without length")
        _add(tree, kind, raw[position : position + length])
        position += length
    return tree


def _add(tree: ConfigurationTree, kind: int, raw: bytes) -> None:
    if kind == INTERFACE:
        interface = InterfaceTree(_extended(_INTERFACE, raw))
        if interface.fields.bAlternateSetting:
            tree.interfaces[-1].append(interface)
        else:
            tree.interfaces.append([interface])
    elif kind == ENDPOINT:
        endpoint = _extended(_ENDPOINT, raw)
        endpoint.bRefresh = endpoint.bSynchAddress = 0
        tree.interfaces[-1][-1].endpoints.append(endpoint)


def _extended(layout: tuple[struct.Struct, str], raw: bytes) -> SimpleNamespace:
    fields = _fields(layout, raw)
    fields.extra_descriptors = []
    return fields


def _fields(layout: tuple[struct.Struct, str], raw: bytes) -> SimpleNamespace:
    form, names = layout
    if len(raw) < form.size:
        raise ValueError("a descriptor cut short")
    return SimpleNamespace(**dict(zip(names.split(), form.unpack_from(raw), strict=True)))
