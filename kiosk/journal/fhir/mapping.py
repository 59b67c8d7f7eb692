"""A visit as a FHIR R4 transaction: pure, deterministic, exact to the digit.

One transaction a visit: each device once (conditional create) and one Observation a value.
The measurement's id is the Observation's identifier and its conditional-create key, so a
resend of the same bytes cannot store a value twice. There is no Provenance: R4 gives it no
identifier, so a resent transaction could double it; device, performer, method and software
version stand in the Observation and its Device instead.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from kiosk.journal import codes
from kiosk.journal.context import context_words
from kiosk.journal.contract import Identifier, PatientRef, Shape, Site
from kiosk.journal.fhir.exact_json import Json, to_bytes
from kiosk.journal.fhir.hearing_mapping import audiogram_entry
from kiosk.journal.fhir.resources import (
    coding,
    device_entry,
    device_identifier,
    device_reference,
    entry,
    local_time,
    performers,
)
from kiosk.journal.mapping_error import MappingError
from kiosk.model.hearing_test import HearingTest
from kiosk.model.quantities import MEASURED, Code
from kiosk.model.visit import Measurement, Visit

__all__ = [
    "MappingError",
    "codes_of",
    "exact_value",
    "method_of",
    "visit_bundle",
    "withdrawal_bundle",
]


def visit_bundle(
    visit: Visit, patient: PatientRef, site: Site, shape: Shape = Shape.TRANSACTION
) -> bytes:
    """Return the entries for a visit's values and hearing tests as frozen UTF-8 JSON.

    For single requests they stand in a batch, which is taken apart when it is sent.
    Raises :class:`MappingError` for an empty visit, one with too many entries, or a value
    whose digits and number disagree.
    """
    found = _all_of(visit)
    devices = {device_identifier(one.device, site): one.device for one in found if one.device}
    if not found:
        raise MappingError("visit-is-empty")
    if len(devices) + len(found) > codes.MAX_ENTRIES:
        raise MappingError("too-many-entries")
    entries: list[Json] = [device_entry(key, device) for key, device in devices.items()]
    entries += [_observation_entry(m, patient, site, shape) for m in visit.measurements]
    entries += [audiogram_entry(test, patient, site, shape) for test in visit.hearing]
    kind = "transaction" if shape is Shape.TRANSACTION else "batch"
    return to_bytes({"resourceType": "Bundle", "type": kind, "entry": entries})


def withdrawal_bundle(visit: Visit, site: Site) -> bytes:
    """Return which Observations of a visit must no longer be used, as frozen UTF-8 JSON.

    It holds no value and no patient: what stands in the journal is marked, not written anew.
    """
    entries: list[Json] = []
    for one in _all_of(visit):
        identifier = Identifier(site.system, str(one.id))
        resource: dict[str, Json] = {
            "resourceType": "Observation",
            "identifier": [{"system": identifier.system, "value": identifier.value}],
            "status": "entered-in-error",
        }
        entries.append(entry(f"urn:uuid:{one.id}", resource, identifier))
    return to_bytes({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def _all_of(visit: Visit) -> list[Measurement | HearingTest]:
    return [*visit.measurements, *visit.hearing]


def _observation_entry(
    measurement: Measurement, patient: PatientRef, site: Site, shape: Shape
) -> Json:
    identifier = Identifier(site.system, str(measurement.id))
    resource = _observation(measurement, patient, site, identifier)
    if measurement.device is not None:
        resource["device"] = device_reference(measurement.device, site, shape)
    return entry(f"urn:uuid:{measurement.id}", resource, identifier)


def _observation(
    measurement: Measurement, patient: PatientRef, site: Site, identifier: Identifier
) -> dict[str, Json]:
    table = MEASURED[measurement.quantity]
    resource: dict[str, Json] = {
        "resourceType": "Observation",
        "meta": {"profile": [table.profile]},
    }
    if extensions := _extensions(measurement):
        resource["extension"] = extensions
    resource |= {
        "identifier": [{"system": identifier.system, "value": identifier.value}],
        "status": "final",
        "category": [
            {"coding": [{"system": codes.CATEGORY_SYSTEM, "code": codes.CATEGORY}]},
        ],
        "code": {"coding": [coding(code) for code in codes_of(measurement)]},
        "subject": {"reference": patient.reference},
        "effectiveDateTime": local_time(measurement.measured_at, measurement.offset_minutes),
        "issued": local_time(measurement.entered_at, measurement.offset_minutes),
        "performer": performers(measurement.performer, site),
        "valueQuantity": {
            "value": exact_value(measurement),
            "unit": table.unit,
            "system": codes.UCUM,
            "code": table.unit,
        },
    }
    if words := context_words(measurement, site.language, coded=_coded(measurement)):
        resource["note"] = [{"text": text} for text in words]
    resource["method"] = {"text": method_of(measurement)}
    return resource


def method_of(measurement: Measurement) -> str:
    """How the value came about, in words."""
    return codes.RULE_METHODS.get(measurement.rule) or codes.METHODS[measurement.source]


def codes_of(measurement: Measurement) -> list[Code]:
    """Every code that says what was measured, the one that profiles demand first."""
    table = MEASURED[measurement.quantity]
    how = measurement.position if table.taken else measurement.dress
    exact = table.exact.get(how) if how is not None else None
    return [*table.codes, exact] if exact else list(table.codes)


def _extensions(measurement: Measurement) -> list[Json]:
    table = MEASURED[measurement.quantity]
    if table.taken and measurement.position is not None:
        position = codes.POSITIONS[measurement.position]
        concept: Json = {"coding": [coding(position)]}
        return [
            {"url": codes.POSITION_EXTENSION, "valueCodeableConcept": concept},
            {"url": codes.NORWEGIAN_POSITION_EXTENSION, "valueCoding": coding(position)},
        ]
    clothing = codes.CLOTHING.get(measurement.dress) if measurement.dress else None
    if table.dressed and clothing is not None:
        return [{"url": codes.CLOTHING_EXTENSION, "valueCoding": coding(clothing)}]
    return []


def _coded(measurement: Measurement) -> frozenset[str]:
    """What stands in an extension or the method; the rest of how a value was taken is a note."""
    table, coded = MEASURED[measurement.quantity], {"adult"}
    if table.taken:
        coded.add("position")
    if table.dressed and measurement.dress in codes.CLOTHING:
        coded.add("dress")
    return frozenset(coded)


def exact_value(measurement: Measurement) -> Decimal:
    """Return the value in the journal's unit, with the decimals the device or person gave.

    4230 g sent as ``4.230`` is 4.230 kg, sent as ``4.23`` it is 4.23 kg. Raises
    :class:`MappingError` where the stored digits and the stored number say different things.
    """
    table = MEASURED[measurement.quantity]
    places = table.units.get(measurement.unit)
    if places is None:
        raise MappingError("unit-not-known")
    sent = _digits(measurement.text)
    # The store holds whole grams or millimetres, so at most half of one may be rounded away.
    if abs(sent.scaleb(places) - measurement.value) > Decimal("0.5"):
        raise MappingError("digits-and-number-differ")
    exponent = sent.as_tuple().exponent
    given = -int(exponent) + table.decimals - places
    value = Decimal(measurement.value).scaleb(-table.decimals)
    needed = max(0, -int(value.normalize().as_tuple().exponent))
    decimals = min(table.decimals, max(given, needed))
    return value.quantize(Decimal(1).scaleb(-decimals))


def _digits(text: str) -> Decimal:
    try:
        sent = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise MappingError("digits-not-a-number") from None
    if not sent.is_finite() or int(sent.as_tuple().exponent) > 0:
        raise MappingError("digits-not-a-number")
    return sent
