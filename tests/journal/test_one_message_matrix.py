"""What else can happen to one message, over every interface: the document's third table."""

from __future__ import annotations

import errno
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from uuid6 import uuid7

from drivers.folder import Folder
from kiosk.journal import backoff, line
from kiosk.journal.files import file_interface
from kiosk.journal.patience import OF_FHIR, OF_HL7
from kiosk.model.changes import moved
from kiosk.model.outbox import DiscardReason, Failure
from kiosk.model.visit import ChangeKind, ChangeReason, Child, Delivery, IdKind
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.journal.every_way import EveryWay
from tests.journal.faulty_gate import Gate, reset_after, status
from tests.journal.journal_samples import NURSE, as_child, whole_visit
from tests.journal.mllp_receiver import ack
from tests.journal.test_changing import change, new_weight
from tests.journal.test_every_way_matrix import WAITS, WAYS, come_back, lose
from tests.journal.test_failure_matrix import ITSELF, PERSON, STOPS, table

pytestmark = pytest.mark.fhir
CELLS = table("what happens to a message", *WAYS)
ROWS = {
    row: {column: cell for _, column, cell in cells}
    for row, cells in itertools.groupby(CELLS, key=lambda cell: cell[0])
}
OFTEN = 3
"""After so many refusals for the time being a person is told, in these tests."""


class OneMessage(EveryWay):
    """Each receiver with a way to go wrong. That of HL7 knows a repetition by its control id."""

    strikes, strike = 0, None

    def __init__(self, folder, upstream, key, patch):
        self.gate, self.patch = Gate(upstream), patch
        super().__init__(folder, self.gate.server.url, key)
        self.url = upstream

    def _answer(self, number, control):
        del number
        if self.strikes > 0:
            self.strikes -= 1
            return self.strike(control)
        return self.taken_once(control)

    def taken_once(self, control):
        if control not in self.taken:
            self.taken.append(control)
        return ack(control)

    def go_wrong(self, fhir, phase, hl7, times=1):
        """The next ``times`` messages fail in this way at the two receivers that answer."""
        self.gate.arm(phase, fhir, times)
        self.strike, self.strikes = hl7, times

    def agree(self, **more):
        """What is agreed with the HL7 receiver."""
        hl7 = structs.replace(self.config.hl7, **more)
        self.config = structs.replace(self.config, hl7=hl7)

    def close(self):
        super().close()
        self.gate.server.close()


def once_for_each(patch, name, before):
    """A call of the store fails once for each message, before or after it was made durable."""
    struck, real = set(), getattr(Store, name)

    def failing(self, *args, **more):
        item = None if before else real(self, *args, **more)
        one = args[0] if before else item and item.id
        if one is not None and one not in struck:
            struck.add(one)
            raise RuntimeError
        return real(self, *args, **more) if before else item

    patch.setattr(Store, name, failing)
    return struck


def dies_before(station, child):
    struck = once_for_each(station.patch, "claim", before=False)
    visit = station.save(child)
    station.start()
    station.wait(lambda: len(struck) == len(WAYS))
    return visit


def dies_after(station, child):
    struck = once_for_each(station.patch, "settle", before=True)
    station.start()
    visit = station.save(child)
    station.wait(lambda: len(struck) == len(WAYS))
    return visit


def away(station, child):
    station.go_wrong(status(503), "any", lambda control: None, times=OFTEN)
    gone = lose(station)
    station.start()
    visit = station.save(child)
    station.wait(lambda: station.gate.left == station.strikes == 0)
    come_back(gone)
    return visit


def silent_about_itself(station, child):
    station.gate.arm("probe", status(503), 10_000)
    station.start()
    assert station.gate.struck.wait(20)
    return station.save(child)


def struck(station, child, *how, **more):
    station.go_wrong(*how, **more)
    station.start()
    return station.save(child)


def answer_lost(station, child):
    def kept(control):
        station.taken_once(control)

    return struck(station, child, reset_after, "send", kept)


def refused(station, child):
    return struck(station, child, status(422), "send", lambda control: ack(control, "AE", "102"))


def put_off(station, child):
    for bounds in (OF_FHIR, OF_HL7):
        station.patch.setitem(bounds.answers, Failure.BUSY, OFTEN)
    busy = status(500)
    return struck(
        station, child, busy, "send", lambda control: ack(control, "AE", "207"), times=OFTEN
    )


def not_found_out(station, child):
    def lost(talk, gate):
        gate.forward(talk)
        gate.arm("ask", status(400), 10_000)
        talk.reset()

    def kept(control):
        station.taken_once(control)

    station.agree(repetitions=False)
    visit = struck(station, child, lost, "send", kept)
    station.wait(lambda: station.said(visit)["gdt"] == WAITS)
    station.fetch()
    for path in station.gdt.glob(f"*{station.item(visit, 'gdt').id}"):
        path.unlink()
    station.wait(lambda: station.said(visit)["fhir"][0] is Delivery.REJECTED)
    station.gate.calm()
    return visit


def no_room(station, child):
    real, left = Folder.write_new, [6]

    def full(self, *args, **more):
        left[0] -= 1
        if left[0] >= 0:
            raise OSError(errno.ENOSPC, "full")
        real(self, *args, **more)

    station.patch.setattr(Folder, "write_new", full)
    station.start()
    visit = station.save(child)
    station.wait(lambda: left[0] < 0)
    return visit


def without_number(station, child):
    visit = saved(station, Child("", IdKind.UNKNOWN, child.birth_date, "Nora"))
    station.start()
    unknown = (Delivery.REJECTED, Failure.NO_NUMBER)
    station.wait(lambda: set(station.said(visit).values()) == {unknown})
    right = moved(visit, uuid7(), as_child(child), now_utc(), uuid7)
    numbered = change(visit, ChangeKind.NUMBERED, ChangeReason.NUMBERED)
    station.store.save_change(numbered, (), (right, station.composer.compose(right)))
    return right


def other_letters(station, child):
    station.start()
    return saved(station, replace(as_child(child), given_name="明"))


def saved(station, child):
    visit = whole_visit(child)
    measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
    visit = replace(visit, measurements=measured)
    station.store.save_visit(visit, station.composer.compose(visit), NURSE)
    for sender in station.senders:
        sender.wake()
    return visit


def changed(station, child, kind, values=lambda visit: ()):
    station.agree(changes=True)
    station.start()
    visit = station.save(child)
    station.wait(station.settled(visit), fetch=True)
    station.store.save_change(change(visit, kind, values=values(visit)), (), None)
    return visit


HAPPENS = {
    "the station dies before a byte left": dies_before,
    "the station dies after the receiver took it": dies_after,
    "the receiver is away": away,
    "the receiver tells nothing of itself": silent_about_itself,
    "the answer is lost": answer_lost,
    "it is refused": refused,
    "it is put off each time": put_off,
    "what became of it cannot be found out": not_found_out,
    "there is no room for a file": no_room,
    "the child has no number": without_number,
    "a name in letters that the file does not have": other_letters,
    "a correction": lambda station, child: changed(
        station, child, ChangeKind.CORRECTED, lambda visit: [new_weight(visit)]
    ),
    "a withdrawal": lambda station, child: changed(station, child, ChangeKind.WITHDRAWN),
}
ENDED = {Delivery.DONE, Delivery.DELIVERED, Delivery.DISCARDED, Delivery.CANCELLED}


def test_the_document_has_everything_that_happens_to_a_message_here_and_nothing_else():
    assert ROWS.keys() == HAPPENS.keys()


def decided(station, visit, parked, by_hand):
    """Whether it has ended. A person looks at the receiver and decides what was stopped."""
    items = station.store.delivery_of(visit.id)
    for item in items:
        if item.state is Delivery.REJECTED:
            way = item.adapter.split("-")[0]
            parked.add(way)
            decide(station, visit, item, way, by_hand)
    for sender in station.senders:
        sender.wake()
    return all(item.state in ENDED for item in items)


def decide(station, visit, item, way, by_hand):
    if item.failure is Failure.BY_HAND:
        by_hand.add(way)
        station.store.made_by_hand(item.id, NURSE)
    elif item.detail == "name-not-in-character-set":
        by_hand.add(way)
        station.store.discard(item.id, DiscardReason.ALREADY_THERE, NURSE)
    elif station.holds(visit)[way]:
        station.store.discard(item.id, DiscardReason.ALREADY_THERE, NURSE)
    else:
        station.store.retry(item.id, NURSE)


@pytest.mark.parametrize("row", ROWS)
def test_row(tmp_path, own_url, key, fhir_children, monkeypatch, row):
    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=50))
    monkeypatch.setattr(backoff, "BASE", timedelta(milliseconds=4))
    monkeypatch.setattr(line, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(line, "LONGEST_PAUSE", 0.05)
    station, parked, by_hand = OneMessage(tmp_path, own_url, key, monkeypatch), set(), set()
    try:
        visit = HAPPENS[row](station, fhir_children[0])
        station.wait(lambda: decided(station, visit, parked, by_hand), fetch=True)
        station.gate.calm()
        assert station.holds(visit) == {way: int(way not in by_hand) for way in WAYS.values()}
    finally:
        station.close()
    if row == "the child has no number":
        # Each of them waited for the number that a person gave.
        parked = set(WAYS.values())
    for column, way in WAYS.items():
        expected = ROWS[row][column] if ROWS[row][column] in {PERSON, STOPS} else ITSELF
        assert (PERSON if way in parked else ITSELF) == expected, column
