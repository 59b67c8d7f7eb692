"""HL7 v2 over MLLP: what is written, what an answer means, and each message once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid6 import uuid7

from drivers.hearing import Response
from kiosk.journal import answers
from kiosk.journal.answers import Line, Verdict
from kiosk.journal.fhir.hearing_mapping import COMPARATORS
from kiosk.journal.hl7 import hl7_reply
from kiosk.journal.hl7.hl7_interface import Hl7Interface
from kiosk.journal.hl7.hl7_message import Addresses, Answers, Status, header_of, oru, short_id
from kiosk.journal.hl7.hl7_reply import read_ack
from kiosk.journal.hl7.mllp import MllpAddress, MllpLine
from kiosk.journal.patience import OF_HL7, Patience
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import Failure, Later, MessageKind, NewMessage
from kiosk.model.visit import Change, ChangeKind, ChangeReason, Delivery, NewValue, Quantity
from tests.journal.journal_samples import NURSE, SITE, measurement, whole_visit
from tests.journal.mllp_receiver import END, START, MllpReceiver, ack, manners
from tests.journal.test_failure_matrix import ITSELF, PERSON, table
from tests.journal.test_hearing_mapping import hearing_test, tone
from tests.patience import PATIENCE, until, within

EVERY_RESPONSE = hearing_test(
    *(
        tone(response, 20 if response in {*COMPARATORS} else None, hz=250 * (number + 1))
        for number, response in enumerate(Response)
    )
)
ADDRESSES = Addresses("KIOSK", "Solbakken", "EPJ", "Kommunen")
LATER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def parsed(visit, **more):
    return hl7.parse(oru(visit, uuid7(), ADDRESSES, SITE, **more).decode("utf-8"))


def observations(message):
    return [
        (str(s[2]), str(s[3]).split("^")[0], str(s[5]), str(s[6]).split("^")[0], str(s[11]))
        for s in message
        if str(s[0]) == "OBX"
    ]


def test_a_visit_is_one_message_with_an_order_for_each_value():
    visit = whole_visit()
    message = parsed(visit)
    assert str(message.segment("MSH")[9]) == "ORU^R01^ORU_R01"
    assert str(message.segment("MSH")[18]) == "UNICODE UTF-8"
    assert str(message.segment("PID")[3]) == ("18912650053^^^&2.16.578.1.12.4.1.4.1&ISO^NNNOR")
    assert str(message.segment("PID")[7]) == "20261118"
    assert [str(s[3]) for s in message if str(s[0]) == "OBR"] == [
        str(m.id)[:22] for m in visit.measurements
    ]
    assert observations(message) == [
        ("NM", "29463-7", "4.236", "kg", "F"),
        ("NM", "8302-2", "54.5", "cm", "F"),
        ("NM", "9843-4", "38.0", "cm", "F"),
    ]


def test_the_time_carries_the_offset_of_the_place():
    message = parsed(whole_visit())
    assert str(message.segment("OBX")[14]) == "20261025023005+0200"


@given(st.integers(0, 200_000))
def test_grams_are_kilograms_with_three_places_whatever_the_weight(grams):
    text = f"{Decimal(grams) / 1000:.3f}"
    visit = replace(whole_visit(), measurements=(measurement(value=grams, text=text),))
    ((kind, _, value, unit, _),) = observations(parsed(visit))
    assert (kind, value, unit) == ("NM", text, "kg")


@given(st.text(max_size=40))
def test_any_name_is_read_back_and_breaks_no_segment(name):
    visit = whole_visit()
    visit = replace(visit, child=replace(visit.child, given_name=name))
    message = parsed(visit)
    assert [str(s[0]) for s in message][:2] == ["MSH", "PID"]
    assert len([s for s in message if str(s[0]) == "OBX"]) == 3
    told = message.unescape(str(message.segment("PID")[5])[1:])
    plain = name.replace("\r", " ").replace("\n", " ")
    assert told == plain or any(not c.isprintable() for c in name)


def test_a_limit_is_a_structured_number_and_what_was_not_tested_has_no_number():
    visit = replace(whole_visit(), measurements=(), hearing=(EVERY_RESPONSE,))
    for kind, _, value, unit, status in observations(parsed(visit)):
        if kind == "NM":
            assert value.lstrip("-").isdigit()
        elif kind == "SN":
            assert value.partition("^")[0] in {"<=", ">"}
        else:
            assert unit == ""
            assert not any(sign.isdigit() for sign in value)
            assert (kind == "ST") is (status == "F")


def test_the_same_visit_and_id_are_the_same_bytes():
    visit, name = whole_visit(), uuid7()
    assert oru(visit, name, ADDRESSES, SITE) == oru(visit, name, ADDRESSES, SITE)
    header = header_of(oru(visit, name, ADDRESSES, SITE))
    assert header.control_id == short_id(name)
    assert len(header.control_id) == 20


def test_a_withdrawn_value_is_named_and_not_repeated():
    message = parsed(whole_visit(), status=Status.WRONG)
    assert {(value, status) for _, _, value, _, status in observations(message)} == {('""', "W")}


@pytest.mark.parametrize("data", [b"", b"MSA|AA|1", b"MSH|^~\\&|\r", b"\xff\xfe", b"<html>"])
def test_what_is_no_acknowledgement_is_not_read_as_one(data):
    with pytest.raises(ValueError, match="not an acknowledgement"):
        read_ack(data)


# --- through the real store and a real line -------------------------------------------


def test_a_message_frozen_by_an_older_release_goes_unchanged_and_its_cut_id_is_known(clinic):
    """Its control id has 36 characters, and it asks for no acknowledgement of its own."""
    name, visit = uuid7(), whole_visit()
    old = oru(visit, name, ADDRESSES, SITE).replace(short_id(name).encode(), str(name).encode())
    message = NewMessage(name, visit.id, MessageKind.NEW, "hl7v2-mllp", old)
    measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
    clinic.store.save_visit(replace(visit, measurements=measured), [message], NURSE)
    receiver = MllpReceiver(lambda n, control: ack(control[:20]))
    clinic.deliver(receiver, visit, deadline=10)
    assert [text.encode() for text in receiver.received] == [old]
    assert clinic.states(visit) == [("new", "delivered", None)]


class Clinic:
    def __init__(self, store):
        self.store = store
        self.addresses = ADDRESSES

    def save(self, child=None):
        visit = whole_visit()
        visit = replace(
            visit,
            child=child or visit.child,
            measurements=tuple(replace(m, visit_id=visit.id) for m in visit.measurements),
        )
        name = uuid7()
        body = oru(visit, name, self.addresses, SITE) if visit.child.number else None
        message = NewMessage(name, visit.id, MessageKind.NEW, "hl7v2-mllp", body)
        self.store.save_visit(visit, [message], NURSE)
        return visit

    def sender(self, receiver, *, changes=True, tls=False, deadline=0.5, repetitions=True, **more):
        address = MllpAddress("127.0.0.1", receiver.port, tls=tls, deadline=deadline, **more)
        agreed = {"takes_changes": changes, "repetitions": repetitions}
        return Sender(
            self.store,
            lambda: Hl7Interface(MllpLine(address), self.addresses, SITE, **agreed),
            lambda news: None,
            pace=Pace(idle_probe=0.1, stopped=0.1),
        )

    def deliver(self, receiver, *visits, **more):
        sender = self.sender(receiver, **more)
        sender.start()
        try:
            ended = (
                Delivery.DONE,
                Delivery.DELIVERED,
                Delivery.REJECTED,
                Delivery.CANCELLED,
            )
            until(
                lambda: all(i.state in ended for v in visits for i in self.store.delivery_of(v.id)),
                lambda: self.states(*visits),
            )
        finally:
            assert sender.stop()

    def states(self, *visits):
        return [
            (i.kind.value, i.state.value, i.failure)
            for v in visits
            for i in self.store.delivery_of(v.id)
        ]


@pytest.fixture
def clinic(store):
    clinic = Clinic(store)
    yield clinic
    clinic.store.close()


def test_messages_go_in_order_over_one_line(clinic):
    receiver = MllpReceiver()
    visits = [clinic.save() for _ in range(20)]
    clinic.deliver(receiver, *visits)
    first = [str(hl7.parse(text).segment("OBR")[3]) for text in receiver.received]
    assert first == [str(v.measurements[0].id)[:22] for v in visits]
    assert receiver.connections == 1


FAULTS = {
    "closes": lambda control: None,
    "silent": lambda control: [5.0],
    "half": lambda control: [ack(control)[:20], 5.0],
    "another": lambda control: ack("somebody-else"),
    "not hl7": lambda control: START + b"<html>login</html>" + END,
    "no frame": lambda control: b"HTTP/1.1 200 OK\r\n\r\n\x1c\r",
    "busy": lambda control: ack(control, "AE", "207", "try later"),
    "locked": lambda control: ack(control, "AR", "206"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_the_same_bytes_go_again_and_count_once(clinic, fault):
    receiver = MllpReceiver(lambda n, control: FAULTS[fault](control) if n == 2 else ack(control))
    visits = [clinic.save() for _ in range(3)]
    clinic.deliver(receiver, *visits, deadline=2)
    assert clinic.states(*visits) == [("new", "delivered", None)] * 3
    assert len(receiver.messages) == 3
    assert len(receiver.received) == 4
    again = [text for text in receiver.received if receiver.received.count(text) == 2]
    assert len(set(again)) == 1, "a repetition is the same bytes"


BOUNDED = "207 each time"
PASSED_BY = {
    "201 to this message only": lambda control: ack(control, "AR", "201"),
    "the line closed at this message only": lambda control: None,
}


def expected() -> dict[str, set[tuple[str, str]]]:
    """What becomes of the message and of the others, by row of the document."""
    rows: dict[str, set[tuple[str, str]]] = {}
    for row, column, cell in table("what an HL7 receiver does", "this message", "the others"):
        rows.setdefault(row, set()).add((column, cell))
    return rows


def test_the_document_says_what_is_tried_here_and_nothing_else():
    others = ("the others", ITSELF)
    alone = {row: {("this message", ITSELF), others} for row in manners()}
    ended = {row: {("this message", PERSON), others} for row in [*STRAYS, BOUNDED, *PASSED_BY]}
    assert expected() == alone | ended


@pytest.mark.parametrize("manner", manners())
def test_whatever_manners_a_receiver_has_each_message_goes_once(clinic, manner):
    answer = manners()[manner]
    receiver = MllpReceiver(lambda n, control: answer(control))
    visits = [clinic.save() for _ in range(3)]
    clinic.deliver(receiver, *visits, deadline=10)
    assert clinic.states(*visits) == [("new", "delivered", None)] * 3
    assert len(receiver.received) == 3


STRAYS = {
    "only answers to others": lambda control: ack("8811", "AA", "", "Ada is stored"),
    "no id in the answer": lambda control: ack("", "AA", "", "Ada is stored"),
    "a word that nobody knows": lambda control: ack(control, "OK", "", "Ada is stored"),
    "text instead of HL7": lambda control: START + b"Ada is stored" + END,
    "bytes without a frame": lambda control: b"HTTP/1.1 400 Ada is stored\r\n\r\n",
    "half an answer": lambda control: ack(control)[:30],
    "MSA-2 cut to 19": lambda control: ack(control[:19], words="Ada is stored"),
    "MSA-2 with a digit more": lambda control: ack(f"{control}0", words="Ada is stored"),
    "the answer to the message before only": lambda control: ack("0" * 20, words="Ada is stored"),
}


@pytest.mark.parametrize("stray", STRAYS)
def test_a_message_whose_answers_nobody_understands_goes_to_a_person(clinic, monkeypatch, stray):
    monkeypatch.setattr(answers, "backoff", lambda attempts, chance: timedelta())
    first = []

    def behave(number, control):
        first.append(control)
        return STRAYS[stray](control) if control == first[0] else ack(control)

    receiver = MllpReceiver(behave)
    visits = [clinic.save() for _ in range(2)]
    clinic.deliver(receiver, *visits, deadline=0.3)
    assert clinic.states(*visits) == [
        ("new", "rejected", Failure.MAY_HAVE_ARRIVED),
        ("new", "delivered", None),
    ]
    # A try that the machine was too slow for is none that was answered.
    assert first.count(first[0]) >= OF_HL7.strays
    detail = clinic.store.delivery_of(visits[0].id)[0].detail
    assert detail
    assert "Ada" not in detail
    assert ("is stored" in detail) is (stray not in {"bytes without a frame", "half an answer"})


def test_a_message_that_is_always_busy_goes_to_a_person_and_holds_up_nobody(clinic, monkeypatch):
    monkeypatch.setattr(hl7_reply, "backoff", lambda attempts, chance: timedelta())
    first = []

    def behave(number, control):
        first.append(control)
        poison = control == first[0]
        return ack(control, "AE", "207", "internal error") if poison else ack(control)

    receiver = MllpReceiver(behave)
    visits = [clinic.save() for _ in range(3)]
    monkeypatch.setitem(OF_HL7.answers, Failure.BUSY, 6)
    clinic.deliver(receiver, *visits)
    assert (
        clinic.states(*visits)
        == [("new", "rejected", Failure.REFUSED)] + [("new", "delivered", None)] * 2
    )
    assert first.count(first[0]) == 6
    assert clinic.store.delivery_of(visits[0].id)[0].detail == "AE 207 internal error"


@pytest.mark.parametrize("poison", PASSED_BY)
def test_a_message_that_stays_behind_while_others_are_taken_goes_to_a_person(
    clinic, monkeypatch, poison
):
    for module in (answers, hl7_reply):
        # Long enough for the others to go by meanwhile.
        monkeypatch.setattr(module, "backoff", lambda *around: timedelta(milliseconds=300))
    first = []

    def behave(number, control):
        first.append(control)
        return PASSED_BY[poison](control) if control == first[0] else ack(control)

    receiver = MllpReceiver(behave)
    lost, sender = clinic.save(), clinic.sender(receiver, deadline=10)
    sender.start()
    try:
        end = time.monotonic() + PATIENCE
        while clinic.states(lost)[0][1] != "rejected":
            assert time.monotonic() < end, clinic.states(lost)
            clinic.save()
            sender.wake()
            time.sleep(0.2)
    finally:
        assert sender.stop(10)
    assert clinic.states(lost)[0][2] in {Failure.REFUSED, Failure.MAY_HAVE_ARRIVED}
    assert len(set(first)) > 3


def test_a_receiver_that_is_busy_for_everybody_is_an_outage_and_parks_nothing():
    patience = Patience(OF_HL7)
    silent = Verdict(Later(LATER, Failure.UNKNOWN_OUTCOME, "", ambiguous=True), Line.DOWN)
    wrong = Verdict(Later(LATER, Failure.CONFIGURATION), Line.STOPPED)
    items = [uuid4() for _ in range(3)]
    for verdict in (silent, wrong):
        for _ in range(100):
            assert {patience.bounded(i, verdict, stray=False) for i in items} == {verdict}


def test_a_refusal_after_a_message_was_kept_is_a_refusal(clinic):
    receiver = MllpReceiver(
        lambda n, control: ack(control, "CA") + ack(control, "AE", "102", "no such code")
    )
    visit = clinic.save()
    clinic.deliver(receiver, visit, deadline=10)
    assert clinic.states(visit) == [("new", "rejected", Failure.REFUSED)]


def test_what_may_have_arrived_stays_so_when_the_receiver_is_busy_afterwards(clinic):
    waits = [lambda c: [1.0], lambda c: ack(c, "AE", "207"), lambda c: [1.0]]
    receiver = MllpReceiver(lambda n, control: waits[n - 1](control) if n < 4 else ack(control))
    visit, sender = clinic.save(), clinic.sender(receiver)
    sender.start()
    try:
        until(lambda: clinic.states(visit)[0][2] is Failure.BUSY)
        assert clinic.states(visit)[0][1] == "ambiguous"
    finally:
        assert sender.stop()


ENHANCED = [
    (Answers.ACCEPT, "AL", "NE", [("CA",)], "delivered"),
    (Answers.ACCEPT, "AL", "NE", [("CE",)], "rejected"),
    (Answers.APPLICATION, "NE", "AL", [("AA",)], "delivered"),
    (Answers.APPLICATION, "NE", "AL", [("AE",)], "rejected"),
    (Answers.BOTH, "AL", "AL", [("CA",), ("AA",)], "delivered"),
    (Answers.BOTH, "AL", "AL", [("CA",), ("AE",)], "rejected"),
    (Answers.BOTH, "AL", "AL", [("CA",)], "rejected"),
]


@pytest.mark.parametrize(("answers_", "accept", "application", "told", "state"), ENHANCED)
def test_a_message_is_done_with_the_acknowledgement_that_it_asks_for(
    clinic, monkeypatch, answers_, accept, application, told, state
):
    monkeypatch.setattr(answers, "backoff", lambda attempts, chance: timedelta())
    clinic.addresses = replace(ADDRESSES, answers=answers_)
    receiver = MllpReceiver(
        lambda n, control: [x for code in told for x in (ack(control, *code), 0.05)]
    )
    visit = clinic.save()
    clinic.deliver(receiver, visit, deadline=1 if told == [("CA",)] else 10)
    assert clinic.states(visit)[0][1] == state
    msh = hl7.parse(receiver.received[0]).segment("MSH")
    assert (str(msh[15]), str(msh[16])) == (accept, application)


def test_a_late_answer_is_never_counted_for_the_next_message(clinic):
    late = {}

    def behave(number, control):
        if number == 1:
            late["of"] = control
            return [0.7, ack(control)]
        return ack(control)

    receiver = MllpReceiver(behave)
    visits = [clinic.save() for _ in range(2)]
    clinic.deliver(receiver, *visits)
    assert len(receiver.messages) == 2
    assert receiver.connections >= 2


def test_an_answer_in_pieces_is_read_whole_and_a_drip_does_not_hold_the_line(clinic):
    def behave(number, control):
        whole = ack(control)
        if number == 1:
            return [piece for at in range(len(whole)) for piece in (whole[at : at + 1], 0.001)]
        if number == 2:
            return [piece for at in range(len(whole)) for piece in (whole[at : at + 1], 0.05)]
        return whole

    receiver = MllpReceiver(behave)
    visits = [clinic.save() for _ in range(2)]
    begun = time.monotonic()
    clinic.deliver(receiver, *visits)
    assert len(receiver.received) == 3
    assert time.monotonic() - begun < within(10)


@pytest.mark.parametrize(
    ("code", "error", "failure"),
    [
        ("AE", "102", Failure.REFUSED),
        ("AR", "204", Failure.PATIENT_NOT_FOUND),
        ("CR", "101", Failure.REFUSED),
        ("AE", "205", Failure.REFUSED),
    ],
)
def test_a_refused_message_is_parked_alone(clinic, code, error, failure):
    receiver = MllpReceiver(
        lambda n, control: ack(control, code, error, "Ada 18912650053") if n == 1 else ack(control)
    )
    visits = [clinic.save() for _ in range(2)]
    clinic.deliver(receiver, *visits)
    assert clinic.states(*visits) == [("new", "rejected", failure), ("new", "delivered", None)]
    detail = clinic.store.delivery_of(visits[0].id)[0].detail
    assert "Ada" not in detail
    assert "18912650053" not in detail


def test_a_repetition_that_the_receiver_knows_already_has_arrived(clinic):
    receiver = MllpReceiver(
        lambda n, control: None if n == 1 else ack(control, "AE", "205", "duplicate")
    )
    visit = clinic.save()
    clinic.deliver(receiver, visit)
    assert clinic.states(visit) == [("new", "delivered", None)]


@pytest.mark.parametrize("stored", [False, True])
def test_where_repetitions_are_not_known_a_person_decides_about_what_may_have_arrived(
    clinic, stored
):
    """It goes out once by itself, and once more only when somebody has looked."""
    receiver = MllpReceiver(lambda n, control: None if n == 1 else ack(control))
    visits = [clinic.save() for _ in range(2)]
    clinic.deliver(receiver, *visits, repetitions=False)
    doubtful = Failure.MAY_HAVE_ARRIVED
    assert clinic.states(*visits) == [("new", "rejected", doubtful), ("new", "delivered", None)]
    assert len(receiver.received) == 2
    if stored:
        return
    (item,) = clinic.store.delivery_of(visits[0].id)
    clinic.store.retry(item.id, NURSE)
    clinic.deliver(receiver, *visits, repetitions=False)
    assert clinic.states(*visits) == [("new", "delivered", None)] * 2
    assert len(receiver.received) == 3


def test_an_unsupported_version_stops_the_line_and_burns_no_message(clinic):
    receiver = MllpReceiver(lambda n, control: ack(control, "AR", "203") if n < 3 else ack(control))
    visits = [clinic.save() for _ in range(2)]
    clinic.deliver(receiver, *visits)
    assert clinic.states(*visits) == [("new", "delivered", None)] * 2


def changed(visit, kind, values=()):
    reason = ChangeReason.MISTYPED
    return Change(uuid4(), visit.id, kind, reason, LATER, 60, NURSE, tuple(values))


def test_a_correction_names_the_order_and_sends_only_what_changed(clinic):
    receiver = MllpReceiver()
    visit = clinic.save()
    clinic.deliver(receiver, visit)
    weight = next(m for m in visit.measurements if m.quantity is Quantity.WEIGHT)
    value = NewValue(weight.id, 4326, "4,326", "kg")
    clinic.store.save_change(changed(visit, ChangeKind.CORRECTED, [value]), (), None)
    clinic.deliver(receiver, visit)
    message = hl7.parse(receiver.received[-1])
    assert observations(message) == [("NM", "29463-7", "4.326", "kg", "C")]
    assert str(message.segment("OBR")[3]) == str(weight.id)[:22]
    assert str(message.segment("OBR")[25]) == "C"


@pytest.mark.parametrize(
    ("kind", "status"), [(ChangeKind.WITHDRAWN, "D"), (ChangeKind.WRONG_CHILD, "W")]
)
def test_a_withdrawal_tells_what_no_longer_stands(clinic, kind, status):
    receiver = MllpReceiver()
    visit = clinic.save()
    clinic.deliver(receiver, visit)
    clinic.store.save_change(changed(visit, kind), (), None)
    clinic.deliver(receiver, visit)
    told = {one[-1] for one in observations(hl7.parse(receiver.received[-1]))}
    assert told == {status}


def test_a_receiver_that_takes_no_changes_is_sent_none(clinic):
    receiver = MllpReceiver()
    visit = clinic.save()
    clinic.deliver(receiver, visit)
    clinic.store.save_change(changed(visit, ChangeKind.WITHDRAWN), (), None)
    clinic.deliver(receiver, visit, changes=False)
    assert clinic.states(visit)[-1] == ("withdraw", "rejected", Failure.BY_HAND)
    assert len(receiver.received) == 1


def test_a_child_without_a_number_waits_for_a_person(clinic):
    receiver = MllpReceiver()
    visit = clinic.save(child=replace(whole_visit().child, number=""))
    clinic.deliver(receiver, visit)
    assert clinic.states(visit) == [("new", "rejected", Failure.NO_NUMBER)]
    assert receiver.received == []


def test_message_ids_are_uuids_of_their_time():
    name = uuid7()
    header = hl7.parse(oru(whole_visit(), name, ADDRESSES, SITE).decode()).segment("MSH")
    made = datetime.strptime(str(header[7]), "%Y%m%d%H%M%S%z")
    assert abs((datetime.now(UTC) - made).total_seconds()) < 5
    assert str(header[10]) == short_id(name)
