"""Reading a frozen message again: what it holds and under which identifiers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from kiosk.journal.contract import Identifier


@dataclass(frozen=True, slots=True)
class Frozen:
    """The entries of a frozen transaction.

    ``kinds`` are the resource types in order, ``observations`` the identifiers by which the
    journal can be asked whether it has them.
    """

    kinds: tuple[str, ...]
    observations: tuple[Identifier, ...]


def read_frozen(body: bytes) -> Frozen:
    """Read a body made by :func:`kiosk.journal.fhir.mapping.visit_bundle`.

    Raises :class:`ValueError` if it is not one; frozen bytes are this station's own, so that
    means a damaged row.
    """
    try:
        entries = json.loads(body)["entry"]
        requests = [entry["request"] for entry in entries]
        kinds = tuple(str(request["url"]) for request in requests)
        wanted = [r["ifNoneExist"] for r in requests if r["url"] == "Observation"]
    except (KeyError, TypeError, ValueError):
        raise ValueError("not a frozen transaction") from None
    return Frozen(kinds, tuple(_identifier(query) for query in wanted))


@dataclass(frozen=True, slots=True)
class Target:
    """One Observation as it should be: by which identifier it is known, and how it is created.

    ``create`` are the entries of a creation, its device first, and ``kinds`` their types.
    """

    identifier: Identifier
    resource: Mapping[str, Any]
    create: tuple[Mapping[str, Any], ...]
    kinds: tuple[str, ...]


def read_targets(body: bytes) -> tuple[Target, ...]:
    """Read the Observations of a frozen change. Raises :class:`ValueError` for damaged bytes."""
    try:
        entries = json.loads(body, parse_float=Decimal)["entry"]
        devices = {}
        for one in entries:
            if one["request"]["url"] == "Device":
                devices[one["fullUrl"]] = one
                devices[_identifier(one["request"]["ifNoneExist"]).value] = one
        return tuple(
            _target(entry, devices) for entry in entries if entry["request"]["url"] == "Observation"
        )
    except (KeyError, TypeError, ValueError):
        raise ValueError("not a frozen change") from None


def _target(entry: dict[str, Any], devices: Mapping[str, dict[str, Any]]) -> Target:
    resource = entry["resource"]
    device = resource.get("device")
    # Inside a transaction a device is named by its address, elsewhere by its identifier.
    name = device and (device.get("reference") or device["identifier"]["value"])
    needed = [devices[name]] if name else []
    create = (*needed, entry)
    kinds = tuple(one["request"]["url"] for one in create)
    return Target(_identifier(entry["request"]["ifNoneExist"]), resource, create, kinds)


def _identifier(query: str) -> Identifier:
    (token,) = parse_qs(query)["identifier"]
    system, _, value = token.rpartition("|")
    return Identifier(system, value)
