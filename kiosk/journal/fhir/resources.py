"""The pieces that every resource of the station is made of: entries, devices, performers, times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from kiosk.journal import codes
from kiosk.journal.contract import Identifier, Shape, Site
from kiosk.journal.fhir.exact_json import Json
from kiosk.model.performer import Device, Performer
from kiosk.model.quantities import Code

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._\-]+")


def entry(full_url: str, resource: dict[str, Json], identifier: Identifier) -> dict[str, Json]:
    """An entry that creates the resource unless one with its identifier is there."""
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
    version point at a Device of their own. Without a serial number the station it stands at tells
    two of a kind apart.
    """
    parts = [device.link_id, device.driver, device.driver_version, device.serial]
    if not device.serial and site.station:
        parts.append(site.station)
    return Identifier(f"{site.system}:device", ":".join(_NOT_PLAIN.sub("-", p) for p in parts))


def device_url(identifier: Identifier) -> str:
    """The address of a device inside its transaction."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, identifier.token)}"


def device_reference(device: Device, site: Site, shape: Shape) -> dict[str, Json]:
    """How an Observation points at the device it was read from.

    Only a transaction resolves addresses between its entries (FHIR R4, 3.1.0.11.2); elsewhere the
    device is named by its identifier.
    """
    identifier = device_identifier(device, site)
    if shape is Shape.TRANSACTION:
        return {"reference": device_url(identifier)}
    return by_identifier("Device", identifier, device.name or device.driver)


def device_entry(identifier: Identifier, device: Device) -> Json:
    """An entry that creates a device unless it is known."""
    resource: dict[str, Json] = {
        "resourceType": "Device",
        "identifier": [{"system": identifier.system, "value": identifier.value}],
        "status": "active",
        "deviceName": [{"name": device.name or device.driver, "type": "user-friendly-name"}],
        "version": [{"type": {"text": f"driver {device.driver}"}, "value": device.driver_version}],
    }
    if device.serial:
        resource["serialNumber"] = device.serial
    return entry(device_url(identifier), resource, identifier)


def coding(code: Code) -> Json:
    """A coded concept as FHIR writes it."""
    return {"system": code.system, "code": code.code, "display": code.display}


def performers(performer: Performer, site: Site) -> list[Json]:
    """Who measured, and for whom."""
    role = codes.ROLES.get(performer.role, performer.role)
    if performer.hpr_number:
        identifier = Identifier(codes.HPR_SYSTEM, performer.hpr_number)
    else:
        identifier = Identifier(f"{site.system}:user", performer.user_id)
    found: list[Json] = [
        by_identifier("Practitioner", identifier, f"{performer.display}, {role}"),
    ]
    if site.organisation_number:
        organisation = Identifier(codes.ORGANISATION_SYSTEM, site.organisation_number)
        found.append(by_identifier("Organization", organisation, site.organisation_name))
    return found


def by_identifier(kind: str, identifier: Identifier, display: str) -> dict[str, Json]:
    """A reference by identifier, to what need not be stored in the journal."""
    reference: dict[str, Json] = {
        "type": kind,
        "identifier": {"system": identifier.system, "value": identifier.value},
    }
    return reference | {"display": display} if display else reference


def local_time(moment: datetime, offset_minutes: int) -> str:
    """A moment to the second with the local offset it had."""
    zone = timezone(timedelta(minutes=offset_minutes))
    return moment.astimezone(zone).isoformat(timespec="seconds")
