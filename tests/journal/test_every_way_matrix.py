"""Shares that go and copies that come back, over every interface: the document's second table."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.journal.files import file_interface
from kiosk.journal.files.folder_mark import PREFIX
from kiosk.model.outbox import DeliveryChanged, DiscardReason, Failure
from kiosk.model.visit import Delivery
from kiosk.station.checking.folders import KEPT
from tests.journal.every_way import EveryWay
from tests.journal.journal_samples import NURSE
from tests.journal.test_failure_matrix import ITSELF, PERSON, STOPS, table

pytestmark = pytest.mark.fhir
WAYS = {"FHIR": "fhir", "HL7": "hl7v2", "GDT": "gdt", "CSV": "csv"}
CELLS = table("what happens", *WAYS)
ROWS = {
    row: {column: cell for _, column, cell in cells}
    for row, cells in itertools.groupby(CELLS, key=lambda cell: cell[0])
}
WAITS = (Delivery.AMBIGUOUS, Failure.NOT_COLLECTED)


def lose(station):
    gone = {}
    for folder in (station.gdt, station.csv):
        gone[folder] = folder.rename(folder.with_name(f"{folder.name}-away"))
        folder.mkdir()
    return gone


def come_back(gone):
    for folder, away in gone.items():
        assert list(folder.iterdir()) == []
        folder.rmdir()
        away.rename(folder)


def tells(station, failure):
    trouble = failure.value
    station.wait(lambda: trouble in station.board.troubles().values())


def share_away_before(station, child):
    gone = lose(station)
    station.start()
    visit = station.save(child)
    tells(station, Failure.OTHER_FOLDER)
    come_back(gone)
    return visit


def share_away_while_waiting(station, child):
    station.start()
    visit = station.save(child)
    station.wait(lambda: station.said(visit)["gdt"] == WAITS)
    gone = lose(station)
    tells(station, Failure.OTHER_FOLDER)
    assert station.said(visit)["gdt"][0] is Delivery.AMBIGUOUS
    come_back(gone)
    return visit


def never_marked(station, child):
    for kept in (station.data / KEPT).iterdir():
        kept.unlink()
    for folder in (station.gdt, station.csv):
        # As older releases left it, by themselves.
        for mark in folder.iterdir():
            mark.write_bytes(b"")
    station.start()
    visit = station.save(child)
    unmarked = (Delivery.QUEUED, Failure.FOLDER_UNMARKED)
    station.wait(lambda: list(station.said(visit).values()).count(unmarked) == 2)
    assert list(station.board.troubles().values()).count("folder-unmarked") == 2
    for folder in (station.gdt, station.csv):
        assert [path.name.startswith(PREFIX) for path in folder.iterdir()] == [True]
    station.mark()
    return visit


def emptied(station, child):
    station.start()
    visit = station.save(child)
    station.wait(lambda: station.said(visit)["gdt"] == WAITS)
    for path in station.gdt.iterdir():
        path.unlink()
    tells(station, Failure.OTHER_FOLDER)
    station.mark(again=True)
    return visit


def older_share(station, child):
    before = {path.name: path.read_bytes() for path in station.gdt.iterdir()}
    station.start()
    visit = station.save(child)
    station.wait(lambda: station.said(visit)["gdt"] == WAITS)
    station.rest()
    for path in station.gdt.iterdir():
        path.unlink()
    for name, content in before.items():
        (station.gdt / name).write_bytes(content)
    station.start()
    return visit


def brought_back(station, child, *, sent, sent_since=True):
    visit = station.save(child)
    copy: Path = station.backup()
    if sent:
        station.start()
        station.wait(station.settled(visit), fetch=True)
    station.bring_back(copy, datetime.now(UTC), sent_since=sent_since)
    station.news.clear()
    station.start()
    return visit


HAPPENS = {
    "the share is away when a visit is saved": share_away_before,
    "the share goes away while a file waits": share_away_while_waiting,
    "the folder was never marked": never_marked,
    "the folder was emptied while a file waited": emptied,
    "an older copy of the share is put in its place": older_share,
    "a copy of the store is brought back, all was sent since": (
        lambda station, child: brought_back(station, child, sent=True)
    ),
    "a copy of the store is brought back, nothing was sent since": (
        lambda station, child: brought_back(station, child, sent=False)
    ),
    "the station has not run since the copy was made, and that is said": (
        lambda station, child: brought_back(station, child, sent=False, sent_since=False)
    ),
}


def test_the_document_has_everything_that_happens_here_and_nothing_else():
    assert ROWS.keys() == HAPPENS.keys()


def decided(station, visit, seen):
    """Whether it has ended. A person looks at the receiver and decides what was stopped."""
    ended = True
    for item in station.store.delivery_of(visit.id):
        way = item.adapter.split("-")[0]
        if item.state is Delivery.REJECTED:
            seen.add(way)
            if station.holds(visit)[way]:
                station.store.discard(item.id, DiscardReason.ALREADY_THERE, NURSE)
            else:
                station.store.retry(item.id, NURSE)
        ended &= item.state in {Delivery.DONE, Delivery.DELIVERED, Delivery.DISCARDED}
    for sender in station.senders:
        sender.wake()
    return ended


@pytest.mark.parametrize("row", ROWS)
def test_row(tmp_path, own_url, key, fhir_children, monkeypatch, row):
    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=50))
    station, parked = EveryWay(tmp_path, own_url, key), set()
    try:
        visit = HAPPENS[row](station, fhir_children[0])
        station.wait(lambda: decided(station, visit, parked), fetch=True)
        assert station.holds(visit) == dict.fromkeys(WAYS.values(), 1)
        stopped = stops(station)
    finally:
        station.close()
    for column, way in WAYS.items():
        told = PERSON if way in parked else STOPS if way in stopped else ITSELF
        assert told == ROWS[row][column], column


def stops(station) -> set[str]:
    """The interfaces whose messages were held up by something a person had to put right."""
    return {
        item.adapter.split("-")[0]
        for item in station.store.items()
        for news in station.news
        if isinstance(news, DeliveryChanged)
        and news.item_id == item.id
        and news.failure is Failure.FOLDER_UNMARKED
    }
