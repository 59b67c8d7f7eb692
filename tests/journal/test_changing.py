"""Ways back: corrections and withdrawals through the real store, sender and a real FHIR server."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import requests
from sqlalchemy import update
from uuid6 import uuid7

from kiosk.journal.contract import Endpoint, PatientRef
from kiosk.journal.fhir.client import FhirClient
from kiosk.journal.fhir.fhir_interface import FhirInterface
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.sender import Pace, Sender
from kiosk.model.changes import moved
from kiosk.model.outbox import Failure, MessageKind, NewMessage
from kiosk.model.visit import (
    Change,
    ChangeKind,
    ChangeReason,
    Child,
    Delivery,
    IdKind,
    NewValue,
    Quantity,
)
from kiosk.store import tables as t
from tests.journal.faulty_gate import Gate
from tests.journal.journal_samples import NURSE, SITE, as_child, whole_visit
from tests.patience import until

pytestmark = pytest.mark.fhir
LATER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clinic:
    """A store, a journal and the sender between them, which runs while messages are asked for."""

    def __init__(self, store, url, children, **endpoint):
        self.store, self.url = store, url
        self.endpoint = Endpoint(url, **endpoint)
        self.children = children

    def save(self, child=0, known=True, one_scale=False):
        visit = whole_visit(as_child(self.children[child]))
        measured = [replace(m, visit_id=visit.id) for m in visit.measurements]
        if one_scale:
            measured = [replace(m, device=weight_of(visit).device) for m in measured]
        visit = replace(visit, measurements=tuple(measured))
        body = self.body(visit) if known else None
        self.store.save_visit(visit, [self.message(visit, body)], NURSE)
        return visit

    def body(self, visit):
        number = visit.child.number
        hits = requests.get(f"{self.url}/Patient?identifier={number}", timeout=5).json()["entry"]
        return visit_bundle(visit, PatientRef(f"Patient/{hits[0]['resource']['id']}"), SITE)

    @staticmethod
    def message(visit, body):
        return NewMessage(uuid7(), visit.id, MessageKind.NEW, "fhir-transaction", body)

    def deliver(self, *visits):
        """Let the sender run until nothing of these visits waits any more."""
        sender = Sender(
            self.store,
            lambda: FhirInterface(FhirClient(self.endpoint), SITE),
            lambda news: None,
            pace=Pace(idle_probe=0.2, stopped=0.2),
        )
        sender.start()
        try:
            ended = (Delivery.DONE, Delivery.REJECTED, Delivery.CANCELLED)
            until(
                lambda: all(i.state in ended for v in visits for i in self.store.delivery_of(v.id))
            )
        finally:
            assert sender.stop()

    def states(self, visit):
        return [(i.kind.value, i.state.value, i.failure) for i in self.store.delivery_of(visit.id)]

    def stored(self, one):
        """The versions of a measurement in the journal, newest last."""
        token = f"{SITE.system}|{one.id}"
        query = {"identifier": token, "_count": "5"}
        found = requests.get(f"{self.url}/Observation", params=query, timeout=5).json()
        hits = [entry["resource"] for entry in found.get("entry", [])]
        assert len(hits) <= 1, "a way back must never make a second Observation"
        return hits[0] if hits else None


@pytest.fixture
def clinic(store, own_url, fhir_children):
    return Clinic(store, own_url, fhir_children)


def change(visit, kind=ChangeKind.CORRECTED, reason=ChangeReason.MISTYPED, values=()):
    return Change(uuid4(), visit.id, kind, reason, LATER, 60, NURSE, tuple(values))


def weight_of(visit):
    return next(m for m in visit.measurements if m.quantity is Quantity.WEIGHT)


def new_weight(visit, grams=4326, text="4,326"):
    return NewValue(weight_of(visit).id, grams, text, "kg")


def test_a_corrected_value_is_the_same_observation_amended(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    before = clinic.stored(weight_of(visit))
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    after = clinic.stored(weight_of(visit))
    assert (after["id"], after["status"]) == (before["id"], "amended")
    assert after["valueQuantity"]["value"] == 4.326
    assert after["effectiveDateTime"] == before["effectiveDateTime"]
    assert after["meta"]["versionId"] != before["meta"]["versionId"]
    others = [clinic.stored(m) for m in visit.measurements if m is not weight_of(visit)]
    assert {one["status"] for one in others} == {"final"}
    assert clinic.states(visit) == [("new", "done", None), ("correct", "done", None)]


def test_what_the_journal_added_to_the_observation_stays(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    stored = clinic.stored(weight_of(visit))
    stored["interpretation"] = [{"text": "vurdert av helsesykepleier"}]
    url = f"{clinic.url}/Observation/{stored['id']}"
    headers = {"Content-Type": "application/fhir+json"}
    assert requests.put(url, json=stored, headers=headers, timeout=5).ok
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    after = clinic.stored(weight_of(visit))
    assert after["interpretation"] == [{"text": "vurdert av helsesykepleier"}]
    assert after["valueQuantity"]["value"] == 4.326


def test_a_value_that_the_journal_has_changed_since_is_left_and_told(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    stored = clinic.stored(weight_of(visit))
    stored["valueQuantity"]["value"] = 4.4
    url = f"{clinic.url}/Observation/{stored['id']}"
    headers = {"Content-Type": "application/fhir+json"}
    assert requests.put(url, json=stored, headers=headers, timeout=5).ok
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    assert clinic.stored(weight_of(visit))["valueQuantity"]["value"] == 4.4
    assert clinic.states(visit)[-1] == ("correct", "rejected", Failure.CHANGED_THERE)


def test_a_second_correction_builds_on_the_first(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    for grams, text in ((4326, "4,326"), (4300, "4,30")):
        one = change(visit, values=[new_weight(visit, grams, text)])
        clinic.store.save_change(one, (), None)
        clinic.deliver(visit)
    assert clinic.stored(weight_of(visit))["valueQuantity"]["value"] == 4.3


@pytest.mark.parametrize("kind", [ChangeKind.WITHDRAWN, ChangeKind.WRONG_CHILD])
def test_a_withdrawn_visit_is_entered_in_error_value_for_value(clinic, kind):
    visit = clinic.save()
    clinic.deliver(visit)
    clinic.store.save_change(change(visit, kind, ChangeReason.OTHER), (), None)
    clinic.deliver(visit)
    assert {clinic.stored(m)["status"] for m in visit.measurements} == {"entered-in-error"}
    assert clinic.states(visit) == [("new", "done", None), ("withdraw", "done", None)]


def test_a_correction_before_anything_left_replaces_the_message(clinic):
    visit = clinic.save()
    corrected = change(visit, values=[new_weight(visit)])
    anew = replace(visit, changes=(corrected,))
    from kiosk.model.changes import current

    message = clinic.message(visit, clinic.body(current(anew)))
    clinic.store.save_change(corrected, [message], None)
    clinic.deliver(visit)
    stored = clinic.stored(weight_of(visit))
    assert (stored["status"], stored["valueQuantity"]["value"]) == ("final", 4.326)
    assert clinic.states(visit) == [("new", "cancelled", None), ("new", "done", None)]


def test_a_withdrawal_before_anything_left_is_silence(clinic):
    visit = clinic.save()
    clinic.store.save_change(change(visit, ChangeKind.WITHDRAWN), (), None)
    clinic.deliver(visit)
    assert all(clinic.stored(m) is None for m in visit.measurements)
    assert clinic.states(visit) == [("new", "cancelled", None)]


def test_the_wrong_childs_values_reach_the_right_child_with_the_original_times(clinic):
    visit = clinic.save(0)
    clinic.deliver(visit)
    right = moved(visit, uuid7(), as_child(clinic.children[1]), LATER, uuid7)
    message = clinic.message(right, None)
    wrong = change(visit, ChangeKind.WRONG_CHILD, ChangeReason.WRONG_CHILD)
    clinic.store.save_change(wrong, (), (right, [message]))
    clinic.deliver(visit, right)
    old, new = clinic.stored(weight_of(visit)), clinic.stored(weight_of(right))
    assert (old["status"], new["status"]) == ("entered-in-error", "final")
    assert old["subject"] != new["subject"]
    assert old["effectiveDateTime"] == new["effectiveDateTime"]
    assert {m.id for m in visit.measurements}.isdisjoint(m.id for m in right.measurements)


def test_a_refused_message_does_not_hold_up_the_withdrawal(clinic):
    visit = clinic.save(known=False)
    item = clinic.store.claim(datetime.now(UTC))
    clinic.store.freeze(item.id, b"{}")
    clinic.deliver(visit)
    assert clinic.states(visit) == [("new", "rejected", Failure.REFUSED)]
    clinic.store.save_change(change(visit, ChangeKind.WITHDRAWN), (), None)
    clinic.deliver(visit)
    assert clinic.states(visit)[0][1] == "cancelled"


def test_a_child_without_a_number_is_never_asked_for_and_waits_for_a_person(clinic):
    visit = whole_visit(Child("", IdKind.UNKNOWN, clinic.children[0].birth_date, "Nora"))
    measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
    visit = replace(visit, measurements=measured)
    clinic.store.save_visit(visit, [clinic.message(visit, None)], NURSE)
    clinic.deliver(visit)
    assert clinic.states(visit) == [("new", "rejected", Failure.NO_NUMBER)]
    right = moved(visit, uuid7(), as_child(clinic.children[0]), LATER, uuid7)
    numbered = change(visit, ChangeKind.NUMBERED, ChangeReason.NUMBERED)
    clinic.store.save_change(numbered, (), (right, [clinic.message(right, None)]))
    clinic.deliver(visit, right)
    assert clinic.stored(weight_of(visit)) is None
    assert clinic.stored(weight_of(right))["status"] == "final"


def test_a_journal_that_takes_no_changes_leaves_them_to_a_person(store, own_url, fhir_children):
    clinic = Clinic(store, own_url, fhir_children, takes_changes=False)
    visit = clinic.save()
    clinic.deliver(visit)
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    assert clinic.states(visit)[-1] == ("correct", "rejected", Failure.BY_HAND)
    assert clinic.stored(weight_of(visit))["status"] == "final"
    clinic.store.made_by_hand(clinic.store.delivery_of(visit.id)[-1].id, NURSE)
    assert clinic.states(visit)[-1][:2] == ("correct", "done")


def test_a_message_taken_back_while_the_sender_holds_it_never_leaves(clinic):
    visit = clinic.save()
    item = clinic.store.claim(datetime.now(UTC))
    clinic.store.save_change(change(visit, ChangeKind.WITHDRAWN), (), None)
    assert clinic.store.mark_in_flight(item.id) is False
    clinic.deliver(visit)
    assert all(clinic.stored(m) is None for m in visit.measurements)


def test_a_lost_answer_to_a_correction_is_asked_about_and_not_sent_twice(clinic):
    visit = clinic.save()
    clinic.deliver(visit)
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    version = clinic.stored(weight_of(visit))["meta"]["versionId"]
    correct = clinic.store.delivery_of(visit.id)[-1]
    # As after a crash between the journal's commit and ours.
    clinic.store.submit(_ambiguous(correct.id)).result()
    clinic.deliver(visit)
    assert clinic.stored(weight_of(visit))["meta"]["versionId"] == version


def test_a_correction_of_values_that_never_arrived_names_their_scale_once(clinic, monkeypatch):
    sent, send = [], FhirClient.send
    monkeypatch.setattr(FhirClient, "send", lambda c, body: sent.append(body) or send(c, body))
    visit = clinic.save(one_scale=True)
    length = next(m for m in visit.measurements if m.quantity is Quantity.LENGTH)
    assert length.device == weight_of(visit).device
    # Sent for all the station knows, but the journal has nothing of it.
    (item,) = clinic.store.delivery_of(visit.id)
    clinic.store.submit(_row(item.id, state="done", attempts=1)).result()
    clinic.store.save_change(change(visit, values=[new_weight(visit)]), (), None)
    clinic.deliver(visit)
    assert clinic.states(visit)[-1] == ("correct", "done", None)
    assert clinic.stored(weight_of(visit))["valueQuantity"]["value"] == 4.326
    assert clinic.stored(length)["status"] == "final"
    (bundle,) = sent
    kinds = [entry["request"]["url"] for entry in json.loads(bundle)["entry"]]
    assert sorted(kinds) == ["Device", "Observation", "Observation", "Observation"]


def _ambiguous(item_id: UUID):
    return _row(item_id, state="ambiguous", settled=None, due=0)


def _row(item_id: UUID, **values):
    rows = update(t.outbox).where(t.outbox.c.id == str(item_id))
    return lambda c: c.execute(rows.values(**values))


@pytest.mark.parametrize("kind", [ChangeKind.CORRECTED, ChangeKind.WITHDRAWN])
def test_a_value_that_is_not_found_at_first_is_asked_about_again_before_a_change_is_made(
    clinic, own_url, kind
):
    """A journal may still be working on what it was sent, or find it a moment later only."""
    visit = clinic.save()
    clinic.deliver(visit)
    gate = Gate(own_url)
    try:
        gate.arm("ask", finds_nothing, len(visit.measurements))
        values = [new_weight(visit)] if kind is ChangeKind.CORRECTED else []
        clinic.store.save_change(change(visit, kind, values=values), (), None)
        clinic.endpoint = Endpoint(gate.server.url)
        clinic.deliver(visit)
        assert gate.struck.is_set()
    finally:
        gate.server.close()
    stored = clinic.stored(weight_of(visit))
    wanted = "amended" if kind is ChangeKind.CORRECTED else "entered-in-error"
    assert stored["status"] == wanted


def finds_nothing(talk, gate):
    del gate
    bundle = b'{"resourceType":"Bundle","type":"searchset","total":0}'
    talk.answer(200, bundle, "Content-Type: application/fhir+json")
