"""Reading a frozen message again: what it holds and under which identifiers."""

from __future__ import annotations

import json
from dataclasses import dataclass
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
    """Read a body made by :func:`kiosk.journal.mapping.visit_bundle`.

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


def _identifier(query: str) -> Identifier:
    (token,) = parse_qs(query)["identifier"]
    system, _, value = token.rpartition("|")
    return Identifier(system, value)
