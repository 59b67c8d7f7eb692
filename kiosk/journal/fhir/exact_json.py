"""JSON text with exact decimals: what the standard encoder would only do through a float.

FHIR keeps the written precision of a decimal (``4.230`` is not ``4.23``; FHIR R4, "Decimals
in JSON"), so a number is written digit by digit from a ``Decimal``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

Json = Mapping[str, "Json"] | Sequence["Json"] | str | bool | int | Decimal | None


def to_bytes(value: Json) -> bytes:
    """Write ``value`` as compact UTF-8 JSON, keys in the order given, the same bytes each time.

    Raises ``TypeError`` for anything else than the types of ``Json``, floats included.
    """
    return _text(value).encode("utf-8")


def _text(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, int | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(k)}:{_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    raise TypeError(f"cannot be written as exact JSON: {type(value).__name__}")


def _number(value: int | Decimal) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        raise TypeError("cannot be written as exact JSON: not a finite number")
    return format(value, "f") if isinstance(value, Decimal) else str(value)
