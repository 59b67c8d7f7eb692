"""A clinic of several stations: own outboxes, one database, one journal; each value once."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
import requests

from kiosk.config.schema import Config, Csv, Database, Hl7, Journal
from kiosk.config.schema import Station as StationTable
from kiosk.journal.sender import Pace
from kiosk.model.elsewhere import merged, together
from kiosk.model.outbox import DiscardReason, Failure, JournalState
from kiosk.model.visit import Change, ChangeKind, ChangeReason, Delivery
from kiosk.station.checking.folders import folders_of
from kiosk.station.clinic.clinic import check_clinic, clinic_of
from kiosk.station.decisions import Decisions
from kiosk.station.doctor.examination import examine
from kiosk.station.interfaces import composer_of
from kiosk.station.journal_side import site_of
from kiosk.station.senders import clinic_senders
from kiosk.station.status_board import StatusBoard
from kiosk.store.database.key import create_key_file, new_key
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from tests.journal.hostile_server import free_port
from tests.journal.journal_samples import NURSE, as_child, whole_visit
from tests.journal.mllp_receiver import MllpReceiver, ack
from tests.patience import until

pytestmark = pytest.mark.fhir
QUICK = Pace(idle_probe=0.2, stopped=0.2, after_crash=0.1)
LATER = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


class AtAStation:
    """One station of the clinic, with everything but devices and screen."""

    def __init__(self, name, folder, journal, database, key_file):
        self.config = Config(
            station=StationTable("Solbakken", id=name, data_dir=str(folder)),
            journal=Journal(journal, doubt=0),
            database=Database(url=database, clinic_id="solbakken", shared_key_file=str(key_file)),
        )
        check_clinic(self.config)
        self.store = Store.open(folder, new_key())
        self.clinic = clinic_of(self.config)
        self.decide = Decisions(self.store, self.clinic).decide
        self.news = []
        self.board = StatusBoard(self.news.append)
        self.renew()

    def renew(self):
        """New threads on the same files, as after a start."""
        self.echo, self.senders = clinic_senders(
            self.config, self.store, self.clinic, self.board, self.news.append, pace=QUICK
        )
        return self

    def start(self):
        for part in (*self.senders, self.echo):
            part.start()
        return self

    def rest(self):
        for part in (*self.senders, self.echo):
            if part._thread.ident is not None:
                part.stop()

    def stop(self):
        self.rest()
        self.clinic.close()
        self.store.close()

    def save(self, child):
        visit = whole_visit(child if not hasattr(child, "number_kind") else as_child(child))
        measured = tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
        visit = replace(visit, measurements=measured)
        self.store.save_visit(visit, composer_of(self.config).compose(visit), NURSE)
        self.senders[0].wake()
        return visit

    def withdraw(self, visit):
        change = Change(
            uuid4(), visit.id, ChangeKind.WITHDRAWN, ChangeReason.OTHER, LATER, 60, NURSE
        )
        self.store.save_change(change, [], None)
        self.senders[0].wake()

    def state(self, visit):
        return [item.state for item in self.store.delivery_of(visit.id)]

    def there(self, visit):
        return [item.state for item in self.clinic.store().delivery_of(visit.id)]

    def there_eventually(self, visit):
        """The connections of before are broken after the database was put back."""
        try:
            return self.there(visit)
        except StoreError:
            return self.there(visit)

    def wait(self, reached):
        until(reached, lambda: [(i.state, i.failure, i.detail) for i in self.store.items()])


def arrived(url, config, visit):
    """How many Observations the journal has of each value of a visit."""
    counts = []
    for one in visit.measurements:
        query = {"identifier": f"{site_of(config).system}|{one.id}"}
        found = requests.get(f"{url}/Observation", params=query, timeout=5).json()
        counts.append(len(found.get("entry", [])))
    return counts


@pytest.fixture
def stations(tmp_path, postgres, own_url):
    """Makes stations of one clinic; all of them are stopped at the end."""
    made, database, key_file = [], postgres.database(), tmp_path / "clinic.key"
    create_key_file(key_file)

    def make(name, journal=own_url):
        station = AtAStation(name, tmp_path / name, journal, database, key_file)
        made.append(station)
        return station

    yield make
    for station in made:
        station.stop()


def give_up(station, item, reason):
    station.decide(item.id, lambda there, message: there.discard(message, reason, NURSE))


def done(station, visits):
    ended = {Delivery.DONE, Delivery.DELIVERED}
    return lambda: all(
        {*station.state(visit)} <= ended and station.state(visit) for visit in visits
    )


def test_what_is_measured_at_any_station_reaches_the_journal_once(stations, own_url, fhir_children):
    one, two = stations("one").start(), stations("two").start()
    mine = [one.save(child) for child in fhir_children[:4]]
    theirs = [two.save(child) for child in fhir_children[4:8]]
    one.wait(done(one, mine))
    two.wait(done(two, theirs))
    for visit in (*mine, *theirs):
        assert arrived(own_url, one.config, visit) == [1, 1, 1]
    assert one.store.counts().waiting == 0
    assert one.board.lines() == {
        "clinic-database": "reachable",
        "fhir-transaction": "reachable",
    }


def test_measuring_goes_on_while_the_server_is_away_and_nothing_is_doubled(
    stations, own_url, fhir_children, postgres
):
    one, two = stations("one").start(), stations("two").start()
    before = [one.save(child) for child in fhir_children[:3]]
    try:
        # As pulling the server's plug: nothing is said, connections break.
        postgres.stop(signal.SIGQUIT)
        while_away = [one.save(child) for child in fhir_children[3:6]]
        theirs = [two.save(child) for child in fhir_children[6:8]]
        one.wait(lambda: one.board.lines()["clinic-database"] == "unreachable")
        assert Delivery.DONE not in {s for visit in while_away for s in one.state(visit)}
        assert one.store.counts().waiting >= 3
    finally:
        postgres.start()
    one.wait(done(one, [*before, *while_away]))
    two.wait(done(two, theirs))
    for visit in (*before, *while_away, *theirs):
        assert arrived(own_url, one.config, visit) == [1, 1, 1]
    one.wait(lambda: one.board.lines()["clinic-database"] == "reachable")


def test_another_station_sends_what_one_that_was_switched_off_had_handed_over(
    stations, own_url, fhir_children
):
    one = stations("one", f"http://127.0.0.1:{free_port()}/fhir").start()
    visit = one.save(fhir_children[0])
    one.wait(lambda: one.state(visit) == [Delivery.HANDED_OVER])
    one.rest()
    two = stations("two").start()
    two.wait(lambda: two.there(visit) == [Delivery.DONE])
    assert arrived(own_url, one.config, visit) == [1, 1, 1]
    assert one.state(visit) == [Delivery.HANDED_OVER]
    assert one.echo.follow()
    assert one.state(visit) == [Delivery.DONE]
    assert not one.echo.follow()


def test_any_station_lists_what_waits_for_all_and_decides_about_it(
    stations, own_url, fhir_children, capsys
):
    stranger = replace(as_child(fhir_children[0]), number="18912650053", given_name="Ny")
    one, two = stations("one").start(), stations("two")
    visit = one.save(stranger)
    one.wait(lambda: one.there(visit) == [Delivery.REJECTED])
    one.wait(lambda: one.store.counts().parked == 1)
    assert (two.store.counts().parked, two.clinic.elsewhere) == (0, ())
    two.echo.follow()
    (item,) = two.clinic.elsewhere
    assert (item.visit_id, item.failure) == (visit.id, Failure.PATIENT_NOT_FOUND)
    assert together(two.store.counts(), two.clinic.elsewhere).parked == 1
    # Whoever has the visit lists it as its own, not once more.
    one.echo.follow()
    assert one.clinic.elsewhere == ()
    assert [i.visit_id for i in merged(one.store.to_look_at(9), (), 9)] == [visit.id]
    own = two.save(fhir_children[1])
    listed = merged(two.store.to_look_at(9), two.clinic.elsewhere, 9)
    assert [i.visit_id for i in listed] == [visit.id, own.id]
    two.decide(item.id, lambda there, it: there.discard(it, DiscardReason.WRONG, NURSE))
    assert two.clinic.elsewhere == ()
    one.wait(lambda: one.state(visit) == [Delivery.DISCARDED])
    with pytest.raises(LookupError):
        two.decide(uuid4(), lambda there, it: there.retry(it, NURSE))


def test_a_withdrawal_stops_what_lies_in_the_clinics_database(stations, own_url, fhir_children):
    one = stations("one", f"http://127.0.0.1:{free_port()}/fhir").start()
    visit = one.save(fhir_children[0])
    one.wait(lambda: one.state(visit) == [Delivery.HANDED_OVER])
    one.withdraw(visit)
    one.wait(lambda: one.there(visit) == [Delivery.CANCELLED])
    two = stations("two").start()
    one.wait(lambda: one.store.counts().waiting == 0)
    two.wait(lambda: two.board.lines().get("fhir-transaction") == "reachable")
    assert arrived(own_url, one.config, visit) == [0, 0, 0]


def test_a_refusal_comes_back_to_the_station_and_is_decided_there(stations, own_url, fhir_children):
    one = stations("one").start()
    stranger = replace(as_child(fhir_children[0]), number="18912650053", given_name="Ny")
    visit, other = one.save(stranger), one.save(stranger)
    one.wait(lambda: one.state(visit) == one.state(other) == [Delivery.REJECTED])
    (item,) = one.store.delivery_of(visit.id)
    assert (item.failure, item.remote) == (Failure.PATIENT_NOT_FOUND, "fhir-transaction")
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": stranger.number}],
        "birthDate": stranger.birth_date.isoformat(),
        "name": [{"given": ["Ny"]}],
    }
    requests.post(f"{own_url}/Patient", json=patient, timeout=5).raise_for_status()
    one.decide(item.id, lambda there, message: there.retry(message, NURSE))
    one.wait(done(one, [visit]))
    assert arrived(own_url, one.config, visit) == [1, 1, 1]
    (left,) = one.store.delivery_of(other.id)
    give_up(one, left, DiscardReason.MEASURED_AGAIN)
    assert one.state(other) == one.there(other) == [Delivery.DISCARDED]
    assert one.store.item(left.id).remote == "measured-again"
    told = [row.subject for row in one.clinic.store().audit_rows() if row.kind == "discarded"]
    assert [subject.split(" ")[1] for subject in told] == ["measured-again"]


def test_without_the_server_nothing_is_decided_and_that_is_said(stations, fhir_children, postgres):
    one = stations("one").start()
    stranger = replace(as_child(fhir_children[0]), number="18912650053", given_name="Ny")
    visit = one.save(replace(stranger, birth_date=stranger.birth_date + timedelta(days=1)))
    one.wait(lambda: one.state(visit) == [Delivery.REJECTED])
    (item,) = one.store.delivery_of(visit.id)
    try:
        postgres.stop()
        with pytest.raises(StoreError) as caught:
            give_up(one, item, DiscardReason.WRONG)
        assert caught.value.fault is StoreFault.UNREACHABLE
    finally:
        postgres.start()
    assert one.state(visit) == [Delivery.REJECTED]


def test_a_visit_that_a_restored_database_has_lost_is_handed_over_again_in_doubt(
    stations, own_url, fhir_children
):
    one = stations("one").start()
    visit = one.save(fhir_children[0])
    one.wait(lambda: one.there(visit) == [Delivery.DONE] if one.state(visit) else False)
    one.wait(done(one, [visit]))
    one.rest()
    there = one.clinic.store()
    there.purge(datetime.now(UTC) + timedelta(days=400))
    assert there.delivery_of(visit.id) == []
    # As if the journal had taken it, and the database were the copy of the night before.
    one.store._write(
        lambda c: c.exec_driver_sql("UPDATE outbox SET state = 'handed-over', settled = NULL")
    )
    one.echo.follow()
    assert one.state(visit) == [Delivery.AMBIGUOUS]
    one.renew().start()
    one.wait(done(one, [visit]))
    assert arrived(own_url, one.config, visit) == [1, 1, 1]


def by_hl7(station, receiver):
    hl7 = Hl7("127.0.0.1", receiver.port, tls=False, deadline=2)
    station.config = msgspec.structs.replace(station.config, journal=None, hl7=hl7)
    return station.renew()


@pytest.fixture
def receiver():
    receiver = MllpReceiver()
    yield receiver
    receiver.stop()


def test_what_cannot_be_asked_goes_to_a_person_where_the_database_has_lost_it(
    stations, fhir_children, receiver
):
    one = by_hl7(stations("one"), receiver).start()
    visit = one.save(fhir_children[0])
    one.wait(done(one, [visit]))
    one.rest()
    one.clinic.store().purge(datetime.now(UTC) + timedelta(days=400))
    one.store._write(
        lambda c: c.exec_driver_sql("UPDATE outbox SET state = 'handed-over', settled = NULL")
    )
    one.echo.follow()
    one.renew().start()
    one.wait(lambda: one.state(visit) == [Delivery.REJECTED])
    (item,) = one.store.delivery_of(visit.id)
    assert (item.failure, item.remote) == (Failure.MAY_HAVE_ARRIVED, "hl7v2-mllp")
    assert len(receiver.received) == 1
    give_up(one, item, DiscardReason.ALREADY_THERE)
    assert one.state(visit) == [Delivery.DISCARDED]
    assert len(receiver.received) == 1


@pytest.mark.parametrize("way", ["fhir", "hl7"])
def test_a_database_that_was_played_back_from_a_dump_sends_nothing_again(
    stations, own_url, fhir_children, receiver, postgres, way
):
    one = stations("one", f"http://127.0.0.1:{free_port()}/fhir")
    if way == "hl7":
        receiver.behave = lambda number, control: None
        by_hl7(one, receiver)
    visit = one.start().save(replace(as_child(fhir_children[0]), patient=None))
    one.wait(lambda: one.state(visit) == [Delivery.HANDED_OVER])
    address = one.config.database.url
    one.rest()
    # The copy is of a moment at which nothing had left yet.
    one.clinic.store()._write(
        lambda c: c.exec_driver_sql("UPDATE outbox SET state = 'queued', attempts = 0")
    )
    copy = postgres.dump(address)
    if way == "fhir":
        one.config = msgspec.structs.replace(one.config, journal=Journal(own_url, doubt=0))
    receiver.received.clear()
    receiver.behave = lambda number, control: ack(control)
    one.renew().start()
    one.wait(done(one, [visit]))
    one.rest()
    one.store._write(
        lambda c: c.exec_driver_sql("UPDATE outbox SET state = 'handed-over', settled = NULL")
    )
    postgres.play_back(address, copy)
    assert one.there_eventually(visit) == [Delivery.QUEUED]
    one.renew().start()
    if way == "fhir":
        one.wait(done(one, [visit]))
        assert arrived(own_url, one.config, visit) == [1, 1, 1]
    else:
        one.wait(lambda: one.state(visit) == [Delivery.REJECTED])
        assert one.store.delivery_of(visit.id)[0].failure is Failure.MAY_HAVE_ARRIVED
        assert len(receiver.received) == 1
    assert [row.kind for row in one.clinic.store().audit_rows()].count("restored") == 1


def test_a_withdrawal_of_what_the_database_has_lost_still_reaches_the_journal(
    stations, own_url, fhir_children
):
    one = stations("one").start()
    visit = one.save(fhir_children[0])
    one.wait(done(one, [visit]))
    one.rest()
    one.clinic.store().purge(datetime.now(UTC) + timedelta(days=400))
    one.store._write(
        lambda c: c.exec_driver_sql("UPDATE outbox SET state = 'handed-over', settled = NULL")
    )
    one.withdraw(visit)
    one.echo.follow()
    one.renew().start()
    one.wait(lambda: set(one.state(visit)) == {Delivery.DONE})
    query = {"identifier": f"{site_of(one.config).system}|{visit.measurements[0].id}"}
    found = requests.get(f"{own_url}/Observation", params=query, timeout=5).json()
    assert [e["resource"]["status"] for e in found["entry"]] == ["entered-in-error"]


def test_a_server_that_is_away_leaves_no_handover_in_doubt(stations, fhir_children, postgres):
    one = stations("one").start()
    one.wait(lambda: one.board.lines().get("clinic-database") == "reachable")
    try:
        postgres.stop(signal.SIGQUIT)
        visit = one.save(fhir_children[0])
        one.wait(lambda: one.board.lines()["clinic-database"] == "unreachable")
        assert one.state(visit)[0] in {Delivery.QUEUED, Delivery.CLAIMED}
    finally:
        postgres.start()
    one.wait(done(one, [visit]))


def test_what_was_saved_before_there_was_a_common_database_is_still_sent_and_corrected(
    stations, own_url, fhir_children
):
    one = stations("one")
    clinic = one.config
    alone = msgspec.structs.replace(clinic.database, url="")
    one.config = msgspec.structs.replace(clinic, database=alone)
    visit = one.save(fhir_children[0])
    one.config = clinic
    one.renew().start()
    one.wait(done(one, [visit]))
    before = msgspec.structs.replace(clinic, database=alone)
    assert arrived(own_url, before, visit) == [1, 1, 1]
    one.withdraw(visit)
    for sender in one.senders:
        sender.wake()
    one.wait(lambda: one.state(visit) == [Delivery.DONE, Delivery.DONE])
    query = {"identifier": f"{site_of(before).system}|{visit.measurements[0].id}"}
    found = requests.get(f"{own_url}/Observation", params=query, timeout=5).json()
    assert [e["resource"]["status"] for e in found["entry"]] == ["entered-in-error"]


def test_one_station_corrects_what_another_has_sent(stations, own_url, fhir_children):
    one = stations("one", f"http://127.0.0.1:{free_port()}/fhir").start()
    visit = one.save(fhir_children[0])
    one.wait(lambda: one.state(visit) == [Delivery.HANDED_OVER])
    two = stations("two").start()
    # The first station has the message in hand, for a line that is broken.
    two.clinic.store()._write(lambda c: c.exec_driver_sql("UPDATE outbox SET leased_until = 1"))
    two.wait(lambda: two.there(visit) == [Delivery.DONE])
    one.withdraw(visit)
    one.wait(lambda: one.there(visit) == [Delivery.DONE, Delivery.DONE])
    query = {"identifier": f"{site_of(one.config).system}|{visit.measurements[0].id}"}
    found = requests.get(f"{own_url}/Observation", params=query, timeout=5).json()
    assert [e["resource"]["status"] for e in found["entry"]] == ["entered-in-error"]


def test_what_was_withdrawn_before_it_was_handed_over_is_settled_and_stays_so(
    stations, fhir_children
):
    one = stations("one")
    visit = one.save(fhir_children[0])
    item = one.store.claim(datetime.now(UTC), ("clinic-database",))
    # The station ended in the middle of handing over, and nobody knows how far it came.
    assert one.store.mark_in_flight(item.id)
    one.withdraw(visit)
    one.renew().start()
    one.wait(lambda: one.store.counts().waiting == 0)
    assert one.there(visit) == []
    for _ in range(3):
        one.echo.follow()
        assert one.store.counts().waiting == 0


def test_files_are_written_by_the_station_that_measured(stations, fhir_children, tmp_path):
    one, two = stations("one"), stations("two")
    for station in (one, two):
        folder = tmp_path / f"{station.config.station.id}-csv"
        folder.mkdir()
        station.config = msgspec.structs.replace(station.config, csv=Csv(str(folder)))
        for marked in folders_of(station.config):
            marked.mark.make(marked.path, again=False)
        station.renew().start()
    visits = [one.save(child) for child in fhir_children[:2]]
    one.wait(done(one, visits))
    assert all(len(one.state(visit)) == 2 for visit in visits)
    assert len(list((tmp_path / "one-csv").glob("*.csv"))) == 2
    assert not list((tmp_path / "two-csv").glob("*.csv"))


def test_what_is_only_handed_over_is_never_forgotten(stations, fhir_children):
    one = stations("one", f"http://127.0.0.1:{free_port()}/fhir").start()
    visit = one.save(fhir_children[0])
    one.wait(lambda: one.state(visit) == [Delivery.HANDED_OVER])
    assert one.store.purge(datetime.now(UTC) + timedelta(days=4000)) == 0
    assert one.store.visit(visit.id).measurements == visit.measurements
    assert one.store.counts().waiting == 1


def test_a_database_that_turns_the_station_away_is_told_once_and_stops_nothing_else(
    stations, fhir_children, tmp_path
):
    other_key = tmp_path / "other.key"
    create_key_file(other_key)
    stations("one").clinic.store()
    two = stations("two")
    table = msgspec.structs.replace(two.config.database, shared_key_file=str(other_key))
    two.config = msgspec.structs.replace(two.config, database=table)
    two.clinic = clinic_of(two.config)
    two.renew().start()
    visit = two.save(fhir_children[0])
    two.wait(lambda: two.board.lines().get("clinic-database") == "stopped")
    assert two.store.visit(visit.id).id == visit.id
    stopped = [n for n in two.news if getattr(n, "journal", None) is JournalState.STOPPED]
    assert {n.failure for n in stopped} == {Failure.CLINIC_REFUSES}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (Database(url="postgresql://a:b@db/x", shared_key_file="k"), "password_file"),
        (Database(url="sqlite:///x.db", shared_key_file="k"), "postgresql"),
        (Database(url="postgresql://a@db/x"), "shared_key_file"),
    ],
)
def test_a_setup_that_cannot_work_is_refused_with_what_to_do(table, words):
    with pytest.raises(ValueError, match=words):
        check_clinic(Config(station=StationTable("Solbakken"), database=table))


def test_common_sending_needs_a_name_and_a_way_that_every_station_can_go():
    table = Database(url="postgresql://a@db/x", shared_key_file="k")
    config = Config(station=StationTable("Solbakken"), database=table)
    with pytest.raises(ValueError, match=r"\[hl7\]"):
        check_clinic(config)
    with pytest.raises(ValueError, match="clinic_id"):
        check_clinic(msgspec.structs.replace(config, journal=Journal("http://localhost/fhir")))


def test_the_doctor_says_how_the_clinics_database_stands(stations, postgres):
    one = stations("one")

    def told():
        found = [f for f in examine(one.config) if f.check == "clinic"]
        return [(f.level.value, f.text) for f in found]

    one.config = msgspec.structs.replace(
        one.config, journal=None, hl7=Hl7("127.0.0.1", free_port())
    )
    assert told() == [("fine", "Klinikkens database svarer.")]
    try:
        postgres.stop()
        ((level, text),) = told()
    finally:
        postgres.start()
    assert level == "sick"
    assert "svarer ikke" in text
