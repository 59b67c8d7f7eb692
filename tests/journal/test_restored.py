"""A copy that was brought back: nothing is called delivered, or sent again, without being known."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from kiosk.__main__ import main
from kiosk.journal.files import file_interface
from kiosk.model.interfaces import BY_FILES, CLINIC, FINDS_OUT
from kiosk.model.outbox import BY_HAND, FINISHED, Failure, MessageKind
from kiosk.model.visit import ChangeKind, Delivery, NewValue
from kiosk.station.interfaces import FHIR_KEYS
from kiosk.store import tables
from kiosk.store.outbox.doubting import doubt_all
from kiosk.store.outbox.rows import UNSETTLED
from tests.journal.every_way import EveryWay
from tests.journal.journal_samples import NURSE, whole_visit
from tests.journal.test_hl7 import changed

pytestmark = pytest.mark.fhir
DONE = (Delivery.DONE, None)
DELIVERED = (Delivery.DELIVERED, None)
PERSON = (Delivery.REJECTED, Failure.MAY_HAVE_ARRIVED)
ONCE = {"fhir": 1, "hl7v2": 1, "gdt": 1, "csv": 1}


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=50))


@pytest.fixture
def make(tmp_path, own_url, key):
    made = []

    def made_of(shape="transaction"):
        made.append(EveryWay(tmp_path, own_url, key, shape))
        return made[-1]

    yield made_of
    for one in made:
        one.close()


NOW = datetime.now(UTC)


@pytest.mark.parametrize("shape", ["transaction", "batch", "single"])
@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("sent", [False, True])
def test_what_waited_in_the_copy_is_asked_about_or_goes_to_a_person(
    make, fhir_children, shape, by_hand, sent
):
    if by_hand and shape != "transaction":
        pytest.skip("tried with one shape")
    station = make(shape)
    visit = station.save(fhir_children[0])
    copy = station.backup()
    if sent:
        # The station worked on after the copy was made, and everything arrived.
        station.start()
        station.wait(station.settled(visit), fetch=True)
        assert station.holds(visit) == ONCE
    station.bring_back(copy, NOW, by_hand=by_hand)
    assert "restored" in [row.kind for row in station.store.audit_rows()]
    station.start()
    station.wait(station.settled(visit), fetch=True)
    csv = DELIVERED if sent else PERSON
    assert station.said(visit) == {"fhir": DONE, "hl7v2": PERSON, "gdt": PERSON, "csv": csv}
    assert station.holds(visit) == (ONCE if sent else {**ONCE, "hl7v2": 0, "gdt": 0, "csv": 0})
    if sent:
        return
    # A person has looked into the journal and sends them.
    for way in ("hl7v2", "gdt", "csv"):
        station.store.retry(station.item(visit, way).id, NURSE)
    for sender in station.senders:
        sender.wake()
    station.wait(station.settled(visit), fetch=True)
    assert set(station.said(visit).values()) == {DONE, DELIVERED}
    assert station.holds(visit) == ONCE


def test_a_copy_of_a_station_that_has_not_run_since_goes_on_as_if_nothing_had_happened(
    make, fhir_children
):
    station = make()
    visit = station.save(fhir_children[1])
    copy = station.backup()
    station.bring_back(copy, NOW, sent_since=False)
    station.start()
    station.wait(station.settled(visit), fetch=True)
    assert set(station.said(visit).values()) == {DONE, DELIVERED}
    assert station.holds(visit) == ONCE


def test_a_store_that_was_never_away_is_never_doubted(make, fhir_children):
    station = make()
    visit = station.save(fhir_children[2])
    station.backup()
    station.store.close()
    station.store = type(station.store).open(station.data, station.key)
    assert {state for state, _ in station.said(visit).values()} == {Delivery.QUEUED}


def test_what_stopped_in_the_copy_is_asked_about_when_it_is_tried_again(make, fhir_children):
    """It may have been tried again, and have arrived, after the copy was made."""
    station = make()
    visit = station.save(fhir_children[3])
    for way in ("fhir", "hl7v2", "gdt"):
        station.store.hold(station.item(visit, way).id, NURSE)
    copy = station.backup()
    for way in ("fhir", "hl7v2", "gdt"):
        station.store.retry(station.item(visit, way).id, NURSE)
    station.start()
    station.wait(station.settled(visit), fetch=True)
    station.bring_back(copy, NOW)
    station.start()
    assert station.said(visit)["hl7v2"] == PERSON
    for way in ("fhir", "gdt"):
        station.store.retry(station.item(visit, way).id, NURSE)
    for sender in station.senders:
        sender.wake()
    station.wait(station.settled(visit), fetch=True)
    told = station.said(visit)
    assert (told["fhir"], told["gdt"]) == (DONE, PERSON)
    assert station.holds(visit) == ONCE


def test_a_correction_of_what_may_have_arrived_is_a_correction(make, fhir_children):
    station = make()
    visit = station.save(fhir_children[4])
    copy = station.backup()
    station.bring_back(copy, NOW)
    value = NewValue(visit.measurements[0].id, 4326, "4,326", "kg")
    change = changed(visit, ChangeKind.CORRECTED, [value])
    station.store.save_change(change, station.composer.compose(visit), None)
    newest = {item.adapter: item.kind for item in station.store.delivery_of(visit.id)}
    assert set(newest.values()) == {MessageKind.CORRECT}


def test_a_file_of_which_the_copy_knows_that_it_was_written_is_found_by_its_trace(
    make, fhir_children
):
    station = make()
    visit = station.save(fhir_children[5])
    station.start()
    waits = (Delivery.AMBIGUOUS, Failure.NOT_COLLECTED)
    station.wait(lambda: station.said(visit)["gdt"] == waits)
    copy = station.backup()
    station.rest()
    station.fetch()
    station.bring_back(copy, NOW)
    station.start()
    station.wait(lambda: station.said(visit)["gdt"] == DELIVERED)


def test_the_command_says_what_becomes_of_what_waited(tmp_path, make, fhir_children, capsys):
    station = make()
    visit = station.save(fhir_children[0])
    copy = station.backup()
    station.store.close()
    key = tmp_path / "key"
    key.write_text(station.key.hex())
    key.chmod(0o600)
    for number, more in enumerate(([], ["--not-run-since"])):
        config = tmp_path / f"{number}.toml"
        config.write_text(
            f'[station]\nclinic = "S"\ndata_dir = "{tmp_path / str(number)}"\n'
            f'[database]\nkey_file = "{key}"\n'
        )
        assert main(["restore", str(copy), "--config", str(config), *more]) == 0
        told = capsys.readouterr().out
        assert ("venter på et menneske" in told) is not bool(more)
        store = type(station.store).open(tmp_path / str(number), station.key)
        states = {item.adapter: item.state for item in store.delivery_of(visit.id)}
        store.close()
        expected = Delivery.QUEUED if more else Delivery.REJECTED
        assert states["hl7v2-mllp"] is expected
    station.store = type(station.store).open(station.data, station.key)


# --- the rule itself, on both databases -------------------------------------------------


def test_no_state_of_a_copy_is_taken_for_never_sent(store, key):
    assert {*FHIR_KEYS, *BY_FILES, CLINIC} == FINDS_OUT
    visit = whole_visit()
    visit = replace(visit, measurements=(replace(visit.measurements[0], visit_id=visit.id),))
    store.save_visit(visit, [], NURSE)
    adapters = [*sorted(FINDS_OUT), "hl7v2-mllp", "not-known"]
    failures = [None, Failure.REFUSED, *BY_HAND]
    rows = []
    for adapter, state, attempts, failure in itertools.product(
        adapters, Delivery, (0, 2), failures
    ):
        if failure in BY_HAND and state is not Delivery.REJECTED:
            continue
        rows.append(
            {
                "id": f"{len(rows):036d}",
                "visit_id": str(visit.id),
                "kind": "new",
                "adapter": adapter,
                "body_sha256": "",
                "state": state.value,
                "attempts": attempts,
                "due": 0,
                "created": 0,
                "failure": failure.value if failure else None,
                "detail": "",
                "remote": "",
            }
        )
    store._write(lambda c: c.execute(insert(tables.outbox), rows))
    store._write(lambda c: doubt_all(c, NOW))
    after = {r.id: r for r in store._read(lambda c: c.execute(select(tables.outbox)).all())}
    ended = {state.value for state in (*FINISHED, Delivery.HANDED_OVER)}
    for row in rows:
        now = after[row["id"]]
        if row["state"] in ended:
            assert (now.state, now.attempts) == (row["state"], row["attempts"])
        elif row["adapter"] in FINDS_OUT:
            waits = row["state"] in UNSETTLED
            assert now.state == (Delivery.AMBIGUOUS.value if waits else row["state"])
            assert now.attempts >= 1
        elif row["failure"] in BY_HAND:
            assert (now.state, now.failure) == (row["state"], row["failure"])
        else:
            assert (now.state, now.failure) == ("rejected", "may-have-arrived")
            assert now.attempts >= 1
