"""One tone of an audiogram as plain data, a line of ``kiosk decode``.

``response`` says *heard*, *no-response* or *not-tested*. The level of a tone nobody heard at a
level nobody wrote down is ``null``, never a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from drivers.hearing import Ear, Masking, Response, Tone, Transducer

K = TypeVar("K")

NEEDED = ("ear", "transducer", "hz", "response")
OPTIONAL = ("level_db", "masked")
SIDES = {
    Transducer.HEADPHONE: "air",
    Transducer.BONE: "bone",
    Transducer.INSERT: "insert",
    Transducer.FREE_FIELD: "free-field",
    Transducer.UNKNOWN: "unknown",
}
RESPONSES = {
    Response.THRESHOLD: "heard",
    Response.HEARD: "heard-at-most",
    Response.NO_RESPONSE: "no-response",
    Response.NO_RESPONSE_LEVEL_UNKNOWN: "no-response",
    Response.NOT_TESTED: "not-tested",
    Response.COULD_NOT_BE_TESTED: "could-not-be-tested",
}
MASKED = {Masking.NONE: False, Masking.MASKED: True, Masking.UNKNOWN: None}


def to_record(tone: Tone) -> dict[str, str | list[str] | int | float | bool | None]:
    """Write a tone; ``masked`` is ``null`` where the device cannot tell."""
    return {
        "event": "threshold",
        "ear": tone.ear.value,
        "transducer": SIDES[tone.transducer],
        "hz": tone.hz,
        "level_db": _level(tone.level_db),
        "response": RESPONSES[tone.response],
        "masked": MASKED[tone.masking],
    }


def _level(level: Decimal | None) -> int | float | None:
    if level is None:
        return None
    # JSON knows no decimals. Audiometers step in whole or half decibels, and a half is exact.
    return int(level) if level == level.to_integral_value() else float(level)


def from_record(record: Mapping[str, object]) -> Tone:
    """Read what :func:`to_record` wrote; raises ``ValueError`` for what no tone can be.

    What is ``null`` may be left out: TOML has no way to say it.
    """
    hz, level = record["hz"], record.get("level_db")
    if not isinstance(hz, int) or not isinstance(level, int | float | None):
        raise ValueError("hz and level_db are numbers")  # noqa: TRY004 - one error type
    return Tone(
        Ear(str(record["ear"])),
        _key(SIDES, record["transducer"]),
        hz,
        _response(str(record["response"]), level),
        None if level is None else Decimal(str(level)),
        _key(MASKED, record.get("masked")),
    )


def _response(text: str, level: object) -> Response:
    if text == "no-response" and level is None:
        return Response.NO_RESPONSE_LEVEL_UNKNOWN
    return _key(RESPONSES, text)


def _key(table: Mapping[K, object], value: object) -> K:
    for key, said in table.items():
        if said == value and type(said) is type(value):
            return key
    raise ValueError(f"{value!r} is not known here")
