"""What a station does by itself once a day, and at its start."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.config.schema import Config, Csv, Database, Journal
from kiosk.config.schema import SignIn as SignInTable
from kiosk.config.schema import Station as StationTable
from kiosk.desk.notices import Notice
from kiosk.features.status import Trouble
from kiosk.journal.fhir.self_test import Honours, SelfTest
from kiosk.model.outbox import DiscardReason, Done, Failure, Parked
from kiosk.station import chores, journal_side
from kiosk.station.chores import Chores
from kiosk.station.doctor.examination import examine
from kiosk.store.database.key import create_key_file, new_key, read_key_file
from kiosk.store.store import Store
from kiosk.ui.words.notices import notice_text
from tests.store.samples import ANNE, message, visit


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path, new_key())
    yield opened
    opened.close()


def config_of(**journal) -> Config:
    table = Journal("https://journal.example/fhir", **journal)
    station = StationTable("Solbakken")
    return Config(station=station, journal=table, database=Database(keep_days=1))


def key_that_ends(days: int) -> Config:
    end = datetime.now(UTC).date() + timedelta(days=days)
    sign_in = SignInTable("helseid", "client", "k.pem", "scope", key_expires=end)
    return config_of(sign_in=sign_in)


def delivered(store, outcome=None):
    saved = visit()
    queued = message(saved)
    store.save_visit(saved, [queued], ANNE)
    moment = datetime.now(UTC) + timedelta(seconds=1)
    store.claim(moment)
    store.mark_in_flight(queued.id)
    store.settle(queued.id, outcome or Done("Observation/1"), moment - timedelta(days=2))
    return saved, queued


@pytest.mark.parametrize(("days", "told"), [(29, 29), (1, 1), (0, 0), (-5, 0)])
def test_a_key_that_ends_soon_is_said_in_time(store, days, told):
    said = []
    Chores(key_that_ends(days), store, None, said.append).warn()
    assert said == [Trouble(Notice.ACCESS_ENDS, told)]
    words = notice_text(Notice.ACCESS_ENDS, told)
    assert (str(told) in words) is (told > 0)


def test_a_key_that_lasts_is_not_worth_a_word(store):
    said = []
    Chores(key_that_ends(30), store, None, said.append).warn()
    Chores(config_of(), store, None, said.append).warn()
    assert said == []


def test_what_was_delivered_long_ago_is_forgotten_while_the_station_runs(store):
    running = Chores(config_of(), store, None, lambda _: None, every=0.05)
    running.start()
    try:
        saved, _ = delivered(store)
        waiting = visit()
        store.save_visit(waiting, [message(waiting)], ANNE)
        end = time.monotonic() + 10
        while store.delivery_of(saved.id):
            assert time.monotonic() < end
            time.sleep(0.02)
        assert store.visit(waiting.id) == waiting
    finally:
        running.stop()


def test_what_was_given_up_is_kept_as_long_as_what_was_delivered(store):
    saved, queued = delivered(store, Parked(Failure.REFUSED))
    forget = Chores(config_of(), store, None, lambda _: None).forget
    forget()
    assert store.visit(saved.id) == saved
    store.discard(queued.id, DiscardReason.WRONG, ANNE)
    forget()
    assert store.visit(saved.id) == saved
    assert store.purge(datetime.now(UTC) + timedelta(days=2), 1) == 1


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Honours.ONCE, []),
        (Honours.REFUSED, []),
        (Honours.TWICE, [Trouble(Notice.JOURNAL_DOUBLES)]),
        (Honours.NOT_FOUND, [Trouble(Notice.JOURNAL_DOUBLES)]),
    ],
)
def test_a_journal_that_keeps_the_same_twice_is_named_at_the_start(store, monkeypatch, found, said):
    monkeypatch.setattr(journal_side, "tried_twice", lambda _: SelfTest(found))
    posted = []
    Chores(config_of(test_patient="Patient/t"), store, None, posted.append).try_the_journal()
    assert posted == said
    assert [(row.kind, row.subject) for row in store.audit_rows()] == [("self-test", found.value)]


def test_without_a_test_patient_nothing_is_sent(store):
    Chores(config_of(), store, None, lambda _: None).try_the_journal()
    assert store.audit_rows() == []


def test_a_chore_that_fails_stops_no_other(store, monkeypatch, caplog):
    def broken(_):
        raise RuntimeError("no journal")

    monkeypatch.setattr(journal_side, "tried_twice", broken)
    said = []
    running = Chores(key_that_ends(3), store, None, said.append, every=0.05)
    running.start()
    end = time.monotonic() + 10
    while not said:
        assert time.monotonic() < end
        time.sleep(0.02)
    running.stop()
    assert "try_the_journal: RuntimeError" in caplog.text
    assert chores.A_DAY == 24 * 3600


def test_the_doctor_names_what_waits_for_a_way_that_is_gone(tmp_path):
    key = tmp_path / "key"
    create_key_file(key)
    opened = Store.open(tmp_path / "data", read_key_file(key))
    saved = visit()
    opened.save_visit(saved, [message(saved)], ANNE)
    opened.close()
    station = StationTable("Solbakken", data_dir=str(tmp_path / "data"))
    (tmp_path / "csv").mkdir()
    config = Config(
        station=station, database=Database(key_file=str(key)), csv=Csv(str(tmp_path / "csv"))
    )
    told = [f.text for f in examine(config) if f.check == "outbox"]
    assert told[-1] == (
        "1 meldinger venter på fhir-transaction, som ikke er satt opp. Ingen sender dem."
    )
