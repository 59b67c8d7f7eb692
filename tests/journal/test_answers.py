"""One row for each answer a journal may give, and what becomes of the message."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journal import line as lines
from kiosk.journal.answers import Circumstances, Line, classify
from kiosk.journal.backoff import CAP, LONGEST_WISH, backoff, retry_after
from kiosk.journal.contract import Answer, NoAnswer, Trouble
from kiosk.journal.masking import MASK, masked, server_words
from kiosk.model.outbox import Done, Failure, Later, Parked

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KINDS = ("Device", "Observation")
AROUND = Circumstances(KINDS, attempts=3, now=NOW, chance=0.5)
HTML = b"<html><body>Log in to the guest network</body></html>"
OUTCOME = json.dumps(
    {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "code-invalid",
                "expression": ["Observation.code"],
                "diagnostics": "Unknown code 29463-7 for 18912650053 'Ada Testesen'",
            }
        ],
    }
).encode()


def bundle(*entries: tuple[str, str], kind: str = "transaction-response") -> bytes:
    rows = [{"response": {"status": status, "location": where}} for status, where in entries]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": rows}).encode()


GOOD = bundle(
    ("200 OK", "http://x/fhir/Device/1/_history/1"), ("201 Created", "Observation/o-1/_history/1")
)


def judge(status: int, body: bytes = b"", complete: bool = True, **headers: str):
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return classify(Answer(status, named, body, complete), AROUND)


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        bundle(("201", ""), ("200", "")),
        bundle(("200 OK", "Device/1"), ("200 OK", "Observation/o-1"), kind="batch-response"),
    ],
)
def test_every_entry_stored_is_done(body):
    verdict = judge(200, body)
    assert isinstance(verdict.outcome, Done)
    assert verdict.line is Line.UP


def test_done_names_what_the_value_was_stored_as():
    assert judge(200, GOOD).outcome == Done("Observation/o-1")


@pytest.mark.parametrize(
    ("status", "body", "complete"),
    [
        (200, HTML, True),
        (200, b"", True),
        (200, GOOD[:-10], True),
        (200, GOOD, False),
        (200, OUTCOME, True),
        (200, b"[]", True),
        (202, b"", True),
        (200, bundle(("201", "Observation/1")), True),
        (200, bundle(("201", ""), ("", "")), True),
        (200, bundle(("201", "Observation/1"), ("201", "Device/2")), True),
        (200, b'{"resourceType":"Bundle","type":"searchset","entry":[{},{}]}', True),
        (200, b'{"resourceType":"Bundle","type":"transaction-response","entry":[1,2]}', True),
    ],
)
def test_success_that_cannot_be_believed_is_asked_about(status, body, complete):
    verdict = judge(status, body, complete)
    assert isinstance(verdict.outcome, Later)
    assert verdict.outcome.ambiguous
    assert verdict.outcome.failure is Failure.UNKNOWN_OUTCOME
    assert verdict.line is Line.DOWN


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 507])
@pytest.mark.parametrize("body", [b"", HTML, OUTCOME, b"\xff\xfe"])
def test_busy_is_tried_again_whatever_the_body_says(status, body):
    verdict = judge(status, body)
    assert isinstance(verdict.outcome, Later)
    assert verdict.outcome.failure is Failure.BUSY
    # A gateway cannot tell whether the journal behind it has stored what it was given.
    assert verdict.outcome.ambiguous is (status in {502, 504})
    assert verdict.outcome.due == NOW + timedelta(seconds=4)
    assert verdict.line is Line.DOWN


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("999999999999999999", 900),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 900),
        ("soon", 4),
        ("-5", 4),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_patience_is_given_as_asked_up_to_a_quarter_of_an_hour(status, header, seconds):
    verdict = judge(status, HTML, retry_after=header)
    assert verdict.outcome.due == NOW + timedelta(seconds=seconds)
    wished = header not in {"soon", "-5"}
    assert verdict.line is (Line.HOLD if wished or status == 429 else Line.DOWN)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, Failure.SIGN_IN),
        (403, Failure.CONFIGURATION),
        (404, Failure.CONFIGURATION),
        (405, Failure.CONFIGURATION),
        (406, Failure.CONFIGURATION),
        (410, Failure.CONFIGURATION),
        (415, Failure.CONFIGURATION),
        (501, Failure.CONFIGURATION),
        (301, Failure.CONFIGURATION),
        (302, Failure.CONFIGURATION),
        (307, Failure.CONFIGURATION),
    ],
)
def test_our_own_fault_stops_everything_and_keeps_the_message(status, failure):
    verdict = judge(status, OUTCOME)
    assert isinstance(verdict.outcome, Later)
    assert verdict.outcome.failure is failure
    assert not verdict.outcome.ambiguous
    assert verdict.line is Line.STOPPED


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Failure.REFUSED),
        (413, Failure.REFUSED),
        (422, Failure.REFUSED),
        (418, Failure.REFUSED),
        (409, Failure.CONFLICT),
        (412, Failure.CONFLICT),
    ],
)
def test_a_refused_message_is_parked_and_the_others_go_on(status, failure):
    verdict = judge(status, OUTCOME)
    assert isinstance(verdict.outcome, Parked)
    assert verdict.outcome.failure is failure
    assert verdict.line is Line.UP


@pytest.mark.parametrize(
    ("entry", "outcome", "failure"),
    [
        ("422 Unprocessable", Parked, Failure.REFUSED),
        ("404 Not Found", Parked, Failure.REFUSED),
        ("412 Precondition Failed", Parked, Failure.CONFLICT),
        ("503 Later", Later, Failure.BUSY),
    ],
)
def test_an_entry_that_failed_in_a_batch_decides_for_the_message(entry, outcome, failure):
    verdict = judge(200, bundle(("201 Created", "Device/1"), (entry, "")))
    assert isinstance(verdict.outcome, outcome)
    assert verdict.outcome.failure is failure


@pytest.mark.parametrize(
    ("trouble", "failure", "ambiguous", "line"),
    [
        (Trouble.NOT_CONNECTED, Failure.UNREACHABLE, False, Line.DOWN),
        (Trouble.NO_ANSWER, Failure.UNKNOWN_OUTCOME, True, Line.DOWN),
        (Trouble.CERTIFICATE, Failure.CERTIFICATE, False, Line.STOPPED),
        (Trouble.SIGN_IN, Failure.SIGN_IN, False, Line.STOPPED),
        (Trouble.CONFIGURATION, Failure.CONFIGURATION, False, Line.STOPPED),
    ],
)
def test_no_answer_is_ambiguous_only_if_bytes_may_have_left(trouble, failure, ambiguous, line):
    verdict = classify(NoAnswer(trouble, "word"), AROUND)
    assert isinstance(verdict.outcome, Later)
    assert (verdict.outcome.failure, verdict.outcome.ambiguous) == (failure, ambiguous)
    assert verdict.line is line


@given(st.integers(min_value=100, max_value=599), st.binary(max_size=60))
def test_no_answer_makes_it_fall_over(status, body):
    verdict = judge(status, body)
    assert not isinstance(verdict.outcome, Done)


@given(st.integers(min_value=-1, max_value=10_000), st.floats(min_value=0, max_value=1))
def test_back_off_never_exceeds_its_cap(attempts, chance):
    assert timedelta(0) <= backoff(attempts, chance) <= CAP


@given(st.text(max_size=40))
def test_any_retry_after_is_read_or_ignored(value):
    wish = retry_after(value, NOW)
    assert wish is None or timedelta(0) <= wish <= LONGEST_WISH


def test_servers_words_keep_the_code_and_lose_the_child():
    words = server_words(OUTCOME, ("Ada",))
    assert words == f"code-invalid: Observation.code: Unknown code 29463-7 for {MASK} {MASK}"


@pytest.mark.parametrize(
    "text",
    [
        "189126 50053",
        "18.91.26 50053",
        "nr 189126-50053!",
        "born 2026-11-18",
        "born 18.11.2026",
        'name "Ada"',
        "name «Ada Testesen»",
        "ADA is not here",
        "duf 202612345678",
    ],
)
def test_nothing_personal_survives_the_mask(text):
    shown = masked(text, ("Ada", "18912650053"))
    for canary in ("Ada", "ADA", "50053", "2026-11-18", "18.11.2026", "202612345678"):
        assert canary not in shown
    assert MASK in shown


@given(st.text(max_size=400), st.integers(min_value=10**10, max_value=10**11 - 1))
def test_an_identity_number_is_masked_anywhere_and_text_stays_short(text, number):
    shown = masked(f"{text} {number} {text}")
    assert str(number) not in shown
    assert len(shown) <= 200
    assert "\n" not in shown


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", HTML, b'{"resourceType":"OperationOutcome"}'])
def test_what_is_no_outcome_says_nothing(body):
    assert server_words(body) == ""


def test_a_returning_journal_is_noticed_within_three_seconds_for_ever():
    line = lines.LineState()
    for _ in range(100):
        line = lines.silent(line, Failure.UNREACHABLE)
        assert lines.pause(line) <= 3.0
    line = lines.answered(line)
    assert (line.state.value, lines.pause(line)) == ("reachable", 0.0)


def test_failing_sends_to_an_answering_journal_become_an_outage_with_one_end():
    line = lines.delivered(lines.LineState())
    states = []
    for _ in range(8):
        line = lines.answered(lines.failed(line, Failure.BUSY))
        states.append(line.state.value)
    assert states == ["reachable"] * 4 + ["unreachable"] * 4
    assert lines.delivered(line).state.value == "reachable"


def test_a_good_probe_ends_a_certificate_stop_but_no_other():
    for failure, state in ((Failure.CERTIFICATE, "reachable"), (Failure.SIGN_IN, "stopped")):
        line = lines.stopped(lines.LineState(), failure)
        assert lines.answered(line).state.value == state
