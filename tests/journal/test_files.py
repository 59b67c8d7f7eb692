"""GDT and CSV files: what is written, when it counts as delivered, and what a crash leaves."""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid6 import uuid7

from drivers.audiogram_files.gdt_lines import gdt_lines
from kiosk.journal.files import file_interface
from kiosk.journal.files.csv_message import COLUMNS, csv_file
from kiosk.journal.files.file_drop import FileDrop, Lies
from kiosk.journal.files.file_interface import FileInterface, csv_kind, gdt_kind
from kiosk.journal.files.folder_mark import FolderGoneError, FolderMark
from kiosk.journal.files.gdt_message import GdtAddresses, gdt_record
from kiosk.journal.sender import Pace, Sender
from kiosk.model.outbox import (
    Failure,
    JournalState,
    MessageKind,
    NewMessage,
    OutboxCounts,
    OutboxStatus,
)
from kiosk.model.visit import ChangeKind, Delivery, NewValue
from tests.journal.journal_samples import NURSE, SITE, measurement, whole_visit
from tests.journal.test_hl7 import EVERY_RESPONSE, changed
from tests.patience import until

GDT = GdtAddresses("KIOSK", "JOURNAL", long_numbers=True)


def gdt_values(visit):
    lines = gdt_lines(gdt_record(visit, uuid7(), GDT, SITE))
    return [(line.field, line.text) for line in lines if line.field in {"8410", "8420", "8421"}]


def csv_rows(visit, status="final", only=None):
    body = csv_file(visit, uuid7(), SITE, status, only)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def test_a_gdt_record_obeys_the_rules_that_the_stations_own_reader_checks():
    visit = whole_visit()
    visit = replace(visit, child=replace(visit.child, given_name="Åse Øyvor"))
    fields = {line.field: line.text for line in gdt_lines(gdt_record(visit, uuid7(), GDT, SITE))}
    assert (fields["8000"], fields["3000"], fields["3102"]) == ("6310", "18912650053", "Åse Øyvor")
    assert (fields["3103"], fields["6200"], fields["6201"]) == ("18112026", "25102026", "023005")
    assert gdt_values(visit)[:3] == [("8410", "29463-7"), ("8420", "4.236"), ("8421", "kg")]


@given(st.integers(0, 200_000))
def test_grams_are_kilograms_in_every_file(grams):
    text = f"{Decimal(grams) / 1000:.3f}"
    visit = replace(whole_visit(), measurements=(measurement(value=grams, text=text),))
    assert ("8420", text) in gdt_values(visit)
    assert csv_rows(visit)[0]["value"] == text


def test_a_tone_without_a_level_has_no_number_in_any_file():
    visit = replace(whole_visit(), measurements=(), hearing=(EVERY_RESPONSE,))
    rows = csv_rows(visit)
    assert all(bool(row["value"]) is not bool(row["absent"]) for row in rows)
    levels = [text for field, text in gdt_values(visit) if field == "8420"]
    # GDT has no comparator: what is only a limit is no number there, but words.
    assert levels == [row["value"] for row in rows if row["value"] and not row["comparator"]]


def test_a_csv_file_has_the_columns_the_documents_name_and_no_formulas():
    visit = whole_visit()
    visit = replace(visit, child=replace(visit.child, given_name="=cmd()"))
    rows = csv_rows(visit)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["given_name"] == "'=cmd()"
    assert [row["key"] for row in rows] == ["weight", "length-lying", "head"]


def test_a_withdrawn_value_is_not_told_again():
    assert {row["value"] for row in csv_rows(whole_visit(), "entered-in-error")} == {""}


# --- the folder -----------------------------------------------------------------------


def mark_beside(folder):
    """The mark of a station whose data lies beside the folder."""
    return FolderMark("s1", folder.with_name(f"{folder.name}-mark"))


def marked_drop(folder):
    mark_beside(folder).make(folder, again=False)
    return FileDrop(folder, ".gdt", mark_beside(folder))


def test_a_file_appears_whole_under_its_name_or_not_at_all(tmp_path):
    drop, name = marked_drop(tmp_path), uuid4()
    drop.write(name, b"whole")
    assert not drop.name_of(name).exists()
    assert drop.where(name) is Lies.UNFINISHED
    drop.publish(name)
    assert drop.name_of(name).read_bytes() == b"whole"
    drop.name_of(name).unlink()
    assert drop.where(name) is Lies.FETCHED
    drop.forget(name)
    assert drop.where(name) is Lies.NOWHERE


def test_an_empty_mount_point_is_not_taken_for_an_emptied_folder(tmp_path):
    share, away = tmp_path / "share", tmp_path / "away"
    share.mkdir()
    drop = marked_drop(share)
    share.rename(away)
    with pytest.raises(FolderGoneError, match="no-folder"):
        drop.where(uuid4())
    share.mkdir()
    with pytest.raises(FolderGoneError, match="other-folder"):
        drop.where(uuid4())


class Office:
    """A store, a folder, and a receiver that fetches when it is told to."""

    def __init__(self, folder, adapter, store):
        self.store = store
        self.folder = folder / "drop"
        self.folder.mkdir()
        self.mark = mark_beside(self.folder)
        self.mark.make(self.folder, again=False)
        self.adapter = adapter
        gdt = gdt_kind(GDT, SITE)
        self.kind = gdt if adapter == "gdt-file" else csv_kind(SITE, until_fetched=False)
        self.fetched = []
        self.news = []

    def save(self):
        visit = whole_visit()
        visit = replace(
            visit, measurements=tuple(replace(m, visit_id=visit.id) for m in visit.measurements)
        )
        message = NewMessage(uuid7(), visit.id, MessageKind.NEW, self.adapter, None)
        self.store.save_visit(visit, [message], NURSE)
        return visit

    def interface(self):
        return FileInterface(FileDrop(self.folder, self.kind_suffix, self.mark), self.kind)

    @property
    def kind_suffix(self):
        return "." + self.adapter[:3]

    def fetch(self):
        for path in sorted(self.folder.glob(f"*{self.kind_suffix}")):
            self.fetched.append(path.read_bytes())
            path.unlink()

    def run(self, reached, fetch=False):
        sender = Sender(
            self.store, self.interface, self.news.append, pace=Pace(idle_probe=0.05, stopped=0.05)
        )
        sender.start()
        try:
            until(
                reached,
                lambda: [i.state for i in self.store.items()],
                meanwhile=self.go_on_fetching if fetch else None,
            )
        finally:
            assert sender.stop()

    def go_on_fetching(self):
        self.fetch()
        time.sleep(0.02)

    def states(self):
        return [(i.state, i.failure) for i in reversed(self.store.items())]


@pytest.fixture
def soon(monkeypatch):
    from datetime import timedelta

    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=50))


@pytest.fixture(params=["gdt-file", "csv-file"])
def office(request, tmp_path, soon, store):
    office = Office(tmp_path, request.param, store)
    yield office
    office.store.close()


@pytest.fixture
def gdt_office(tmp_path, soon, store):
    office = Office(tmp_path, "gdt-file", store)
    yield office
    office.store.close()


def done(office):
    return lambda: all(state is Delivery.DELIVERED for state, _ in office.states())


def test_each_message_is_one_file_in_the_order_of_saving(office):
    visits = [office.save() for _ in range(5)]
    office.run(done(office), fetch=True)
    office.fetch()
    assert len(office.fetched) == 5
    for visit, body in zip(visits, office.fetched, strict=True):
        assert (b"29463-7" if office.adapter == "gdt-file" else str(visit.id).encode()[:0]) in body


def test_a_file_that_nobody_fetches_is_told_and_counts_as_waiting(gdt_office):
    gdt_office.save()
    told = (Delivery.AMBIGUOUS, Failure.NOT_COLLECTED)
    gdt_office.run(lambda: told in gdt_office.states())
    assert gdt_office.store.counts().waiting == 1
    gdt_office.fetch()
    gdt_office.run(done(gdt_office))


@pytest.mark.parametrize("step", ["written", "in flight", "published", "fetched"])
def test_a_power_cut_at_any_step_gives_one_file(gdt_office, step):
    """The steps are taken by hand as far as the power cut; then a sender starts anew."""
    gdt_office.save()
    store, interface = gdt_office.store, gdt_office.interface()
    item = store.claim(datetime.now(UTC))
    body = gdt_record(store.visit(item.visit_id), item.id, GDT, SITE)
    store.freeze(item.id, body)
    drop = interface._drop
    drop.write(item.id, body)
    if step != "written":
        assert store.mark_in_flight(item.id)
    if step in {"published", "fetched"}:
        drop.publish(item.id)
    if step == "fetched":
        gdt_office.fetch()
    gdt_office.run(done(gdt_office), fetch=True)
    gdt_office.fetch()
    assert gdt_office.fetched == [body]
    assert not list(gdt_office.folder.glob("*.tmp"))


def replace_oldest(news):
    if not isinstance(news, OutboxStatus):
        return None
    return replace(news, counts=replace(news.counts, oldest_waiting=None))


def test_while_the_folder_is_away_everything_waits(office):
    away = office.folder.with_name("away")
    office.folder.rename(away)
    office.save()
    told = OutboxStatus(JournalState.UNREACHABLE, OutboxCounts(1, 0, 0), Failure.UNREACHABLE)
    office.run(lambda: told in [replace_oldest(news) for news in office.news])
    assert office.store.counts().done == 0
    away.rename(office.folder)
    office.run(done(office), fetch=True)


def test_gdt_cannot_correct_and_says_so(gdt_office):
    visit = gdt_office.save()
    gdt_office.run(done(gdt_office), fetch=True)
    gdt_office.store.save_change(changed(visit, ChangeKind.WITHDRAWN), (), None)
    wanted = (Delivery.REJECTED, Failure.BY_HAND)
    gdt_office.run(lambda: wanted in gdt_office.states())


def test_a_csv_correction_is_a_further_file_with_the_same_id(tmp_path, soon, store):
    office = Office(tmp_path, "csv-file", store)
    visit = office.save()
    office.run(done(office))
    value = NewValue(visit.measurements[0].id, 4326, "4,326", "kg")
    office.store.save_change(changed(visit, ChangeKind.CORRECTED, [value]), (), None)
    office.run(done(office))
    office.fetch()
    last = list(csv.DictReader(io.StringIO(office.fetched[-1].decode(), newline="")))
    assert [(row["id"], row["status"], row["value"]) for row in last] == [
        (str(visit.measurements[0].id), "amended", "4.326")
    ]
    office.store.close()


def test_the_documents_name_the_columns():
    page = (Path(__file__).parents[2] / "docs" / "journal.md").read_text("utf-8")
    part = page.partition("The columns of a CSV file")[2].partition("`status` is")[0]
    assert tuple(re.findall(r"`(\w+)`", part)) == COLUMNS
