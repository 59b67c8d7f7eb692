"""Reading what the journal has of a child from last time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kiosk.journal.codes import UCUM
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Position, Quantity
from kiosk.weighing.earlier import Earlier

STANDING = frozenset({"final", "amended", "corrected"})
"""States of an Observation whose value holds (FHIR R4, observation-status)."""


def newest(resources: Iterable[Mapping[str, Any]], patient: str) -> Sequence[Earlier]:
    """The newest value of each quantity. What is not whole, not this patient's or not in a
    unit that is known is left out: a wrong help is worse than none."""
    found: dict[Quantity, Earlier] = {}
    for resource in resources:
        if not _is_of(resource, patient) or resource.get("status") not in STANDING:
            continue
        one = read_earlier(resource)
        if one is None:
            continue
        before = found.get(one.quantity)
        if before is None or one.measured_on > before.measured_on:
            found[one.quantity] = one
    return tuple(found.values())


def _is_of(resource: Mapping[str, Any], patient: str) -> bool:
    # A server that does not know the parameter may answer with anybody at all.
    subject = resource.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    return isinstance(reference, str) and reference.endswith(patient)


def read_earlier(resource: Mapping[str, Any]) -> Earlier | None:
    """One Observation as a value of the station; ``None`` where it is none."""
    codes = set(_loinc_codes(resource))
    quantity = next((q for q, table in MEASURED.items() if table.codes[0].code in codes), None)
    when = resource.get("effectiveDateTime")
    value = resource.get("valueQuantity")
    if quantity is None or not isinstance(when, str) or not isinstance(value, dict):
        return None
    whole = _whole(quantity, value)
    try:
        # The day as it is written: the offset in it is that of the clinic.
        measured_on = date.fromisoformat(when[:10])
    except ValueError:
        return None
    if whole is None:
        return None
    return Earlier(quantity, whole, measured_on, _position(quantity, codes))


def _position(quantity: Quantity, codes: set[str]) -> Position | None:
    table = MEASURED[quantity]
    return next((p for p in table.taken if p in table.exact and table.exact[p].code in codes), None)


def _loinc_codes(resource: Mapping[str, Any]) -> Iterator[str]:
    code = resource.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    for coding in codings if isinstance(codings, list) else []:
        if isinstance(coding, dict) and isinstance(coding.get("code"), str):
            yield coding["code"]


def _whole(quantity: Quantity, value: Mapping[str, Any]) -> int | None:
    """Grams or millimetres; exact, half a gram and finer rounded."""
    places = MEASURED[quantity].units.get(str(value.get("code")))
    number = value.get("value")
    if value.get("system") != UCUM or places is None or value.get("comparator"):
        return None
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    return int(Decimal(number).scaleb(places).to_integral_value())
