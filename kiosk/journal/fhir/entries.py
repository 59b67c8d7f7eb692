"""Sending the entries of a message in the shape the journal takes, with one kind of answer.

One request an entry is answered as a batch would be, so that what an answer means is decided in
one place. An answer that is about the whole line (no sign-in, too busy, nobody there) ends the
row of requests and is passed on as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.journal.answers import STOPPING, status_failure
from kiosk.journal.contract import Answer, Journal, Reply, Shape
from kiosk.journal.fhir.exact_json import Json, to_bytes
from kiosk.journal.fhir.searching import read_resource
from kiosk.model.outbox import Failure

CONDITIONS = {"ifNoneExist": "If-None-Exist", "ifMatch": "If-Match"}
"""What a bundle's request says, and the header a single request says it with (FHIR R4, 3.1.0)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back. ``partly``: some entries are stored already, whatever the answer says."""

    reply: Reply
    partly: bool = False


def bundle(entries: Sequence[Json], shape: Shape) -> bytes:
    """The bytes of a request with these entries."""
    kind = "transaction" if shape is Shape.TRANSACTION else "batch"
    return to_bytes({"resourceType": "Bundle", "type": kind, "entry": entries})


def send(entries: Sequence[Mapping[str, Any]], shape: Shape, journal: Journal) -> Sent:
    """Send entries and return the answer, for single requests as if it had been a batch."""
    if shape is not Shape.SINGLE:
        return Sent(journal.send(bundle(entries, shape)))
    told: list[Json] = []
    for entry in entries:
        reply = _asked(entry, journal)
        response = _response(reply, str(entry["resource"]["resourceType"]))
        if response is None:
            return Sent(reply, partly=any(_is_stored(one) for one in told))
        told.append({"response": response})
    body = to_bytes({"resourceType": "Bundle", "type": "batch-response", "entry": told})
    return Sent(Answer(200, {}, body), partly=any(_is_stored(one) for one in told))


def _asked(entry: Mapping[str, Any], journal: Journal) -> Reply:
    request = entry["request"]
    headers = {header: request[key] for key, header in CONDITIONS.items() if key in request}
    return journal.ask(request["method"], request["url"], to_bytes(entry["resource"]), headers)


def _response(reply: Reply, kind: str) -> dict[str, Json] | None:
    """What a batch would say of one entry; ``None`` where the answer is about more than that."""
    if not isinstance(reply, Answer) or not reply.complete:
        return None
    failure = status_failure(reply.status)
    if failure is Failure.BUSY or (failure in STOPPING and reply.status not in {404, 410}):
        return None
    if failure is not None:
        outcome = read_resource(reply.body)
        return {"status": str(reply.status), "outcome": outcome}
    location = reply.headers.get("location", "")
    stored = read_resource(reply.body)
    if not location and stored.get("resourceType") == kind:
        location = f"{kind}/{stored.get('id', '')}"
    # A portal answers 200 with a page of its own: without a word of what was stored, nothing is.
    return {"status": str(reply.status), "location": location} if location else None


def _is_stored(told: Json) -> bool:
    assert isinstance(told, Mapping)
    response = told["response"]
    return isinstance(response, Mapping) and str(response["status"]).startswith("2")


def outcomes_of(body: bytes) -> list[bool]:
    """For each entry of a batch's answer whether it was stored; empty for any other answer."""
    try:
        entries = json.loads(body)["entry"]
        return [str(entry["response"]["status"]).startswith("2") for entry in entries]
    except (KeyError, TypeError, ValueError):
        return []
