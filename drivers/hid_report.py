"""Finding the scale data report in a USB HID report descriptor.

Source: USB-IF *HID Usage Tables for Weighing Devices* 1.0 (usage page 8Dh), *Device Class
Definition for HID* 1.11, section 6.2.2 (items).
Only what a weight needs is read: which report carries the scale data, whether reports begin with
an id, and where status, unit, exponent and weight lie in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

DESCRIPTOR_SETTING: Final = "report-descriptor"
"""The setting a transport fills in with the device's report descriptor, in hexadecimal."""

SCALE_PAGE: Final = 0x8D
DATA_REPORT: Final = 0x32
SCALING, WEIGHT = 0x41, 0x40
UNITS: Final = range(0x50, 0x5D)
STATUSES: Final = range(0x70, 0x79)
_MAIN_INPUT, _COLLECTION, _END = 0x80, 0xA0, 0xC0
_USAGE, _USAGE_MINIMUM = 0x08, 0x18


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a data report lie, in bytes from its start, the id included.

    ``report_id`` is ``None`` where the device's reports have none. ``length`` is the whole report.
    """

    report_id: int | None
    status: int
    unit: int
    exponent: int
    weight: int
    length: int


COMMON: Final = Layout(3, 1, 2, 3, 4, 6)
"""The report of the usual scales, as open programs for them read it."""


@dataclass(frozen=True, slots=True)
class _State:
    """The items in force: page, bits and number of fields, report id, and usages so far."""

    page: int = 0
    size: int = 0
    count: int = 0
    report_id: int | None = None
    usages: tuple[tuple[int, int], ...] = ()


def layout_of(descriptor: bytes) -> Layout | None:
    """Return the data report's layout, or ``None`` for a device that has none we can read."""
    fields: dict[int | None, list[tuple[int, int, int]]] = {}
    state = _State()
    for tag, value in _items(descriptor):
        if tag == _MAIN_INPUT:
            row = fields.setdefault(state.report_id, [])
            start = row[-1][1] + row[-1][2] if row else (0 if state.report_id is None else 8)
            row += _placed(state, start)
        state = _next(state, tag, value)
    layouts = (_layout(report_id, row) for report_id, row in fields.items())
    return next((layout for layout in layouts if layout), None)


def _items(descriptor: bytes) -> Iterator[tuple[int, int]]:
    """Yield (tag and type, value) of each short item; ends at a cut one."""
    at = 0
    while at < len(descriptor):
        prefix = descriptor[at]
        size = (0, 1, 2, 4)[prefix & 3]
        data = descriptor[at + 1 : at + 1 + size]
        if len(data) < size:
            return
        yield prefix & 0xFC, int.from_bytes(data, "little")
        at += 1 + size


def _next(state: _State, tag: int, value: int) -> _State:
    if tag in {_MAIN_INPUT, _COLLECTION, _END}:
        return replace(state, usages=())
    if tag in {_USAGE, _USAGE_MINIMUM}:
        page, usage = (value >> 16, value & 0xFFFF) if value > 0xFFFF else (state.page, value)
        return replace(state, usages=(*state.usages, (page, usage)))
    match tag:
        case 0x04:  # usage page
            return replace(state, page=value)
        case 0x74:  # report size, in bits
            return replace(state, size=value)
        case 0x84:  # report id
            return replace(state, report_id=value)
        case 0x94:  # report count
            return replace(state, count=value)
        case _:
            return state


def _placed(state: _State, start: int) -> list[tuple[int, int, int]]:
    """Return (usage, first bit, bits) of the fields of one input item; usage 0 is foreign."""
    placed = []
    for number in range(min(state.count, 64)):
        known = state.usages[min(number, len(state.usages) - 1)] if state.usages else (0, 0)
        usage = known[1] if known[0] == SCALE_PAGE else 0
        placed.append((usage, start + number * state.size, state.size))
    return placed


def _layout(report_id: int | None, row: list[tuple[int, int, int]]) -> Layout | None:
    """Read the layout from one report's fields; all of them lie on whole bytes."""
    found: dict[str, int] = {}
    for usage, bit, bits in row:
        name = _part(usage)
        if name and name not in found:
            if bit % 8 or bits != (16 if name == "weight" else 8):
                return None
            found[name] = bit // 8
    if set(found) != {"status", "unit", "exponent", "weight"}:
        return None
    length = (row[-1][1] + row[-1][2]) // 8
    return Layout(report_id, length=length, **found)


def _part(usage: int) -> str:
    if usage in STATUSES:
        return "status"
    if usage in UNITS:
        return "unit"
    return {SCALING: "exponent", WEIGHT: "weight"}.get(usage, "")
