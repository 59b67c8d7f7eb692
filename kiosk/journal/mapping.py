"""A visit as a FHIR R4 transaction: pure, deterministic, exact to the digit.

One transaction a visit: each device once (conditional create) and one Observation a value.
The measurement's id is the Observation's identifier and its conditional-create key, so a
resend of the same bytes cannot store a value twice. There is no Provenance: R4 gives it no
identifier, so a resent transaction could double it; device, performer, method and software
version stand in the Observation and its Device instead.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from kiosk.core.model import Device, Measurement, Performer, Quantity, Visit
from kiosk.journal import codes
from kiosk.journal.contract import Identifier, PatientRef, Site
from kiosk.journal.fhirjson import Json, to_bytes

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._\-]+")


class MappingError(Exception):
    """A visit that cannot be sent as it is. ``code`` is a word without personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def visit_bundle(visit: Visit, patient: PatientRef, site: Site) -> bytes:
    """Return the transaction for a visit's values as frozen UTF-8 JSON.

    Raises :class:`MappingError` for an empty visit, one with too many entries, or a value
    whose digits and number disagree.
    """
    devices = {device_identifier(m.device, site): m.device for m in visit.measurements if m.device}
    if not visit.measurements:
        raise MappingError("visit-is-empty")
    if len(devices) + len(visit.measurements) > codes.MAX_ENTRIES:
        raise MappingError("too-many-entries")
    entries: list[Json] = [_device_entry(key, device) for key, device in devices.items()]
    entries += [_observation_entry(m, patient, site) for m in visit.measurements]
    return to_bytes({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def withdrawal_bundle(visit: Visit, site: Site) -> bytes:
    """Return which Observations of a visit must no longer be used, as frozen UTF-8 JSON.

    It holds no value and no patient: what stands in the journal is marked, not written anew.
    """
    entries: list[Json] = []
    for one in visit.measurements:
        identifier = Identifier(site.system, str(one.id))
        resource: dict[str, Json] = {
            "resourceType": "Observation",
            "identifier": [{"system": identifier.system, "value": identifier.value}],
            "status": "entered-in-error",
        }
        entries.append(_entry(f"urn:uuid:{one.id}", resource, identifier))
    return to_bytes({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def _entry(full_url: str, resource: dict[str, Json], identifier: Identifier) -> Json:
    return {
        "fullUrl": full_url,
        "resource": resource,
        "request": {
            "method": "POST",
            "url": resource["resourceType"],
            "ifNoneExist": f"identifier={quote(identifier.token, safe=':/|')}",
        },
    }


def device_identifier(device: Device, site: Site) -> Identifier:
    """Return what tells one device with one version of its driver from another.

    The version is part of it because a conditional create never updates: values read by a new
    version point at a Device of their own.
    """
    parts = (device.link_id, device.driver, device.driver_version, device.serial)
    return Identifier(f"{site.system}:device", ":".join(_NOT_PLAIN.sub("-", p) for p in parts))


def _device_url(identifier: Identifier) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, identifier.token)}"


def _device_entry(identifier: Identifier, device: Device) -> Json:
    resource: dict[str, Json] = {
        "resourceType": "Device",
        "identifier": [{"system": identifier.system, "value": identifier.value}],
        "status": "active",
        "deviceName": [{"name": device.name or device.driver, "type": "user-friendly-name"}],
        "version": [{"type": {"text": f"driver {device.driver}"}, "value": device.driver_version}],
    }
    if device.serial:
        resource["serialNumber"] = device.serial
    return _entry(_device_url(identifier), resource, identifier)


def _observation_entry(measurement: Measurement, patient: PatientRef, site: Site) -> Json:
    identifier = Identifier(site.system, str(measurement.id))
    resource = _observation(measurement, patient, site, identifier)
    return _entry(f"urn:uuid:{measurement.id}", resource, identifier)


def _observation(
    measurement: Measurement, patient: PatientRef, site: Site, identifier: Identifier
) -> dict[str, Json]:
    table = codes.CODES[measurement.quantity]
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
        "code": {"coding": [_coding(code) for code in _codes(measurement)]},
        "subject": {"reference": patient.reference},
        "effectiveDateTime": _local(measurement.measured_at, measurement.offset_minutes),
        "issued": _local(measurement.entered_at, measurement.offset_minutes),
        "performer": _performers(measurement.performer, site),
        "valueQuantity": {
            "value": exact_value(measurement),
            "unit": table.unit,
            "system": codes.UCUM,
            "code": table.unit,
        },
    }
    if measurement.odd_reason is not None:
        resource["note"] = [{"text": codes.ODD_NOTES[measurement.odd_reason]}]
    resource["method"] = {"text": _method(measurement)}
    if measurement.device is not None:
        resource["device"] = {"reference": _device_url(device_identifier(measurement.device, site))}
    return resource


def _method(measurement: Measurement) -> str:
    return codes.RULE_METHODS.get(measurement.rule) or codes.METHODS[measurement.source]


def _coding(code: codes.Code) -> Json:
    return {"system": code.system, "code": code.code, "display": code.display}


def _codes(measurement: Measurement) -> list[codes.Code]:
    found = list(codes.CODES[measurement.quantity].codes)
    exact = None
    if measurement.quantity is Quantity.LENGTH and measurement.position is not None:
        exact = codes.POSITION_CODES[measurement.position]
    elif measurement.quantity is Quantity.WEIGHT and measurement.dress is not None:
        exact = codes.DRESS_CODES.get(measurement.dress)
    return [*found, exact] if exact else found


def _extensions(measurement: Measurement) -> list[Json]:
    if measurement.quantity is Quantity.LENGTH and measurement.position is not None:
        position = codes.POSITIONS[measurement.position]
        concept: Json = {"coding": [_coding(position)]}
        return [{"url": codes.POSITION_EXTENSION, "valueCodeableConcept": concept}]
    clothing = codes.CLOTHING.get(measurement.dress) if measurement.dress else None
    if measurement.quantity is Quantity.WEIGHT and clothing is not None:
        return [{"url": codes.CLOTHING_EXTENSION, "valueCoding": _coding(clothing)}]
    return []


def _performers(performer: Performer, site: Site) -> list[Json]:
    role = codes.ROLES.get(performer.role, performer.role)
    if performer.hpr_number:
        identifier = Identifier(codes.HPR_SYSTEM, performer.hpr_number)
    else:
        identifier = Identifier(f"{site.system}:user", performer.user_id)
    found: list[Json] = [
        _by_identifier("Practitioner", identifier, f"{performer.display}, {role}"),
    ]
    if site.organisation_number:
        organisation = Identifier(codes.ORGANISATION_SYSTEM, site.organisation_number)
        found.append(_by_identifier("Organization", organisation, site.organisation_name))
    return found


def _by_identifier(kind: str, identifier: Identifier, display: str) -> Json:
    reference: dict[str, Json] = {
        "type": kind,
        "identifier": {"system": identifier.system, "value": identifier.value},
    }
    return reference | {"display": display} if display else reference


def _local(moment: datetime, offset_minutes: int) -> str:
    zone = timezone(timedelta(minutes=offset_minutes))
    return moment.astimezone(zone).isoformat(timespec="seconds")


def exact_value(measurement: Measurement) -> Decimal:
    """Return the value in the journal's unit, with the decimals the device or person gave.

    4230 g sent as ``4.230`` is 4.230 kg, sent as ``4.23`` it is 4.23 kg. Raises
    :class:`MappingError` where the stored digits and the stored number say different things.
    """
    table = codes.CODES[measurement.quantity]
    places = codes.DEVICE_UNITS[measurement.quantity].get(measurement.unit)
    if places is None:
        raise MappingError("unit-not-known")
    sent = _digits(measurement.text)
    # The store holds whole grams or millimetres, so at most half of one may be rounded away.
    if abs(sent.scaleb(places) - measurement.value) > Decimal("0.5"):
        raise MappingError("digits-and-number-differ")
    exponent = sent.as_tuple().exponent
    given = -int(exponent) + table.scale - places
    value = Decimal(measurement.value).scaleb(-table.scale)
    needed = max(0, -int(value.normalize().as_tuple().exponent))
    decimals = min(table.scale, max(given, needed))
    return value.quantize(Decimal(1).scaleb(-decimals))


def _digits(text: str) -> Decimal:
    try:
        sent = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise MappingError("digits-not-a-number") from None
    if not sent.is_finite() or int(sent.as_tuple().exponent) > 0:
        raise MappingError("digits-not-a-number")
    return sent
