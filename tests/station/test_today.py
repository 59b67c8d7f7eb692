"""Today's list through the real store: what was saved is listed and opened with its slips."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from queue import SimpleQueue
from uuid import uuid4

import pytest

from drivers.printers.jobs import JobChange, JobState
from kiosk.desk.notices import Notice
from kiosk.model.performer import Performer
from kiosk.model.slip import SlipState
from kiosk.model.visit import Child, IdKind, Measurement, Quantity, Source, Visit
from kiosk.runtime.effects_runner import Performing
from kiosk.station.decisions import Decisions
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from tests.desk.every import effects as e
from tests.desk.every import messages as m
from tests.patience import PATIENCE

ANNE = Performer("anne", "Anne")


def visit() -> Visit:
    visit_id, now = uuid4(), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    weight = Measurement(
        uuid4(), visit_id, Quantity.WEIGHT, 8420, "8.420", "kg", Source.TYPED, now, now, 60, ANNE
    )
    child = Child("10915596784", IdKind.NATIONAL, date(2026, 1, 10), "Kanarinora")
    return Visit(visit_id, child, (weight,))


@pytest.fixture
def hands(tmp_path):
    """A store, the hands on it, and what they post."""
    store, posted = Store.open(tmp_path, new_key()), SimpleQueue()
    performing = Performing(
        store=store,
        decide=Decisions(store, None).decide,
        looker=lambda: None,
        press=lambda: None,
        compose=None,
        send_now=lambda: None,
        post=posted.put,
        trouble_of=lambda error: Notice.STORE_BROKEN,
        teach=lambda settings: None,
        listen=lambda task: None,
        devices=(),
        failed=lambda effect: None,
        users=tuple,
        shelve=lambda protocol, text: (),
        accept_file=lambda digest: None,
        reject_file=lambda digest, code: None,
    )
    yield store, performing, posted
    performing.close()
    store.close()


def test_a_saved_visit_is_listed_and_opened_as_it_was(hands):
    store, performing, posted = hands
    saved = visit()
    store.save_visit(saved, [], ANNE)
    performing.perform(e.ListToday(now_utc() - timedelta(hours=1)))
    (line,) = posted.get(timeout=PATIENCE).visits
    assert (line.id, line.given_name, line.measured) == (
        saved.id,
        "Kanarinora",
        ((Quantity.WEIGHT, None),),
    )
    performing.perform(e.ReadVisit(saved.id))
    shown = posted.get(timeout=PATIENCE).saved
    assert (shown.child, shown.age_days, shown.copies) == (saved.child, 317, 0)
    assert shown.slip is SlipState.NOT_ASKED
    assert [(d.id, d.value, d.text) for d in shown.drafts] == [
        (one.id, one.value, one.text) for one in saved.measurements
    ]


def test_a_slip_that_was_printed_before_is_known_when_the_visit_is_opened(hands):
    store, performing, posted = hands
    saved = visit()
    store.save_visit(saved, [], ANNE)
    store.record(JobChange(str(saved.id), JobState.CONFIRMED, 1, ""))
    performing.perform(e.ReadVisit(saved.id))
    shown = posted.get(timeout=PATIENCE).saved
    assert (shown.copies, shown.slip) == (1, SlipState.PRINTED)


def test_a_visit_that_is_gone_is_a_sentence_and_no_dead_worker(hands):
    _store, performing, posted = hands
    performing.perform(e.ReadVisit(uuid4()))
    assert isinstance(posted.get(timeout=PATIENCE), m.Trouble)
