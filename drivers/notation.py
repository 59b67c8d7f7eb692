"""An event as plain data: what ``kiosk decode`` prints and what vector files expect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from drivers import tones
from drivers.events import (
    DeviceEvent,
    Event,
    Flag,
    Garbage,
    NoReading,
    Quantity,
    Reading,
    Reason,
    Stability,
)
from drivers.hearing import Tone, ToneRecord

Record = dict[str, str | list[str] | int | float | bool | None]
"""One event, or one tone of an audiogram: ``event`` is ``reading``, ``no-reading``, ``garbage`` or
``threshold``."""

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_KEYS = {
    "reading": ({"quantity", "value", "unit", "stability", "flags"}, {"finer"}),
    "no-reading": ({"reason"}, {"code"}),
    "garbage": ({"bytes"}, set[str]()),
    "threshold": (set(tones.NEEDED), set(tones.OPTIONAL)),
}
"""Needed and optional keys of each kind of event."""


def to_records(event: DeviceEvent) -> list[Record]:
    """Write an event as what ``kiosk decode`` prints: one record, or one for each tone."""
    if isinstance(event, ToneRecord):
        return [tones.to_record(tone) for tone in event.tones]
    return [to_record(event)]


def to_record(event: Event) -> Record:
    """Write ``event`` without its raw bytes; ``value`` has the digits as sent, no exponent."""
    match event:
        case Reading():
            record: Record = {
                "event": "reading",
                "quantity": event.quantity.value,
                "value": f"{event.value:f}",
                "unit": event.unit,
                "stability": event.stability.value,
                "flags": sorted(flag.value for flag in event.flags),
            }
            return record | {"finer": event.finer} if event.finer else record
        case NoReading(reason=reason, code=code):
            record = {"event": "no-reading", "reason": reason.value}
            return record | {"code": code} if code else record
        case Garbage(raw=raw):
            return {"event": "garbage", "bytes": raw.hex()}


def from_record(record: Mapping[str, object]) -> Event | Tone:
    """Read what :func:`to_record` wrote, or one tone; raises ``ValueError`` with a sentence.

    Unknown and missing keys are errors. The event has no raw bytes but for garbage.
    """
    kind = str(record.get("event", ""))
    if kind not in _KEYS:
        raise ValueError(f"unknown event {kind!r}")
    needed, optional = _KEYS[kind]
    given = set(record) - {"event"}
    if missing := needed - given:
        raise ValueError(f"{kind} lacks {', '.join(sorted(missing))}")
    if unknown := given - needed - optional:
        raise ValueError(f"{kind} does not know {', '.join(sorted(unknown))}")
    return _event(kind, record)


def _event(kind: str, record: Mapping[str, object]) -> Event | Tone:
    if kind == "reading":
        return _reading(record)
    if kind == "threshold":
        return tones.from_record(record)
    if kind == "no-reading":
        return NoReading(Reason(_text(record["reason"])), _text(record.get("code", "")))
    return Garbage(bytes.fromhex(_text(record["bytes"])))


def _reading(record: Mapping[str, object]) -> Reading:
    digits, flags = _text(record["value"]), record["flags"]
    if _NUMBER.fullmatch(digits) is None:
        raise ValueError(f"{digits!r} is no number")
    if not isinstance(flags, list):
        raise ValueError("flags is no list")  # noqa: TRY004 - one error type for wrong content
    return Reading(
        Quantity(_text(record["quantity"])),
        Decimal(digits),
        _text(record["unit"]),
        Stability(_text(record["stability"])),
        frozenset(Flag(_text(flag)) for flag in flags),
        finer=_text(record.get("finer", "")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004 - one error type, see above
    return value
