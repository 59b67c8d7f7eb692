"""What the station says of itself is never shown as the answer of a journal."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from kiosk.journal.files.folder_mark import Gone
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import Failure
from kiosk.model.visit import Delivery
from kiosk.ui.overlays.messages import whole_why, why_text
from kiosk.ui.words.devices import FAILURES
from kiosk.ui.words.not_sent import OWN_REASONS, own_reason, receivers_words

ROOT = Path(__file__).parents[2]
RAISED = {"MappingError": 0, "parked": 1}
"""Calls that give a message one of the station's codes, and the place of the code."""


def codes() -> set[str]:
    found = set()
    for path in (ROOT / "kiosk" / "journal").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = RAISED.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            given = node.args[place]
            if isinstance(given, ast.Constant):
                found.add(given.value)
            elif isinstance(given, ast.Name) and given.id in names:
                found.add(names[given.id])
    return found


def test_every_code_of_the_station_has_words():
    assert codes(), "the search finds nothing any more"
    assert codes() <= set(OWN_REASONS), codes() - set(OWN_REASONS)


def test_a_code_is_no_answer_and_an_answer_is_shown_as_it_came():
    for code, sentence in OWN_REASONS.items():
        assert receivers_words(code) == ""
        assert own_reason(code) == sentence
    assert receivers_words("http-422 minimum required") == "http-422 minimum required"
    assert receivers_words("not-asked: http-403") == "http-403"
    assert own_reason("http-422") == ""


def test_every_word_for_a_folder_that_cannot_be_used_is_the_stations_own():
    assert {gone.value for gone in Gone} <= set(OWN_REASONS)
    assert receivers_words("PermissionError") == ""


def test_what_stands_in_the_way_is_said_beside_what_to_do():
    message = WaitingMessage(
        uuid4(),
        uuid4(),
        "fhir-transaction",
        datetime.now(UTC),
        Delivery.QUEUED,
        3,
        Failure.UNREACHABLE,
        "gaierror",
    )
    told = FAILURES[Failure.UNREACHABLE]
    assert whole_why(message) == f"{told} Årsak: navnet finnes ikke i DNS."
    assert whole_why(replace(message, detail="")) == why_text(message) == told
