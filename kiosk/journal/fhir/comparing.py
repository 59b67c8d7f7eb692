"""What an Observation says, in a form that two of them can be compared by.

A journal may write a resource anew in its own order and with additions; what counts is the value,
or for an audiogram each tone's code with its value, comparator or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

One = tuple[str, str, Decimal | None, str, str, str]
Said = frozenset[One]


def said(resource: Mapping[str, Any]) -> Said:
    """The value and the components of an Observation."""
    parts = resource.get("component")
    listed = parts if isinstance(parts, list) else []
    return frozenset(
        [_one(resource), *(_one(part) for part in listed if isinstance(part, Mapping))]
    )


def _one(part: Mapping[str, Any]) -> One:
    quantity = _mapping(part.get("valueQuantity"))
    value = quantity.get("value")
    reason = _mapping(part.get("dataAbsentReason"))
    absent = _first(reason.get("coding"))
    # The Observation's own code is compared apart from what it says.
    code = _first(_mapping(part.get("code")).get("coding")) if "resourceType" not in part else {}
    return (
        str(code.get("system", "")),
        str(code.get("code", "")),
        Decimal(value) if isinstance(value, int | Decimal) else None,
        str(quantity.get("comparator", "")),
        str(absent.get("code", "")),
        str(reason.get("text", "")),
    )


def _mapping(part: object) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def _first(codings: object) -> Mapping[str, Any]:
    found: Iterable[Any] = codings if isinstance(codings, list) else ()
    return next((one for one in found if isinstance(one, Mapping)), {})
