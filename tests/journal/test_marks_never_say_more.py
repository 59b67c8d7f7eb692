"""Random runs over every interface at once: shares that go, copies that come back, refusals.

The oracle is what the receivers hold. At every moment, whatever is shown as accepted stands at
every receiver, and in the end nothing is lost and nothing doubled.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.desk.drafts import SavedVisit
from kiosk.features.today import saved_again
from kiosk.journal.files import file_interface
from kiosk.model.delivery import Part, moved, overall
from kiosk.model.outbox import DeliveryChanged, DiscardReason, Failure
from kiosk.model.visit import Delivery
from kiosk.store.visits import saved as visits
from tests.journal.every_way import EveryWay
from tests.journal.journal_samples import NURSE

pytestmark = pytest.mark.fhir
RUNS, STEPS = range(int(os.environ.get("MARK_RUNS", "3"))), 25
TAKEN = {Delivery.DELIVERED, Delivery.DONE}
"""Both say that each receiver has it; only the second that it stands in the journal."""


@dataclass
class Run:
    """One station through one random sequence of misfortunes."""

    station: EveryWay
    children: tuple
    chance: random.Random
    saved: list = field(default_factory=list)
    shown: dict = field(default_factory=dict)
    copies: list = field(default_factory=list)
    away: dict = field(default_factory=dict)
    again: set = field(default_factory=set)

    # --- what happens ---------------------------------------------------------------------

    def save(self):
        visit = self.station.save(self.chance.choice(self.children))
        self.saved.append(visit)
        items = self.station.store.delivery_of(visit.id)
        parts = tuple(Part(item.id) for item in items)
        self.shown[visit.id] = saved_again(visit).standing(parts)

    def lose_share(self):
        for folder in (self.station.gdt, self.station.csv):
            if folder not in self.away and self.chance.random() < 0.5:
                away = folder.with_name(f"{folder.name}-away")
                folder.rename(away)
                folder.mkdir()
                self.away[folder] = away

    def share_is_back(self):
        for folder, away in self.away.items():
            assert list(folder.iterdir()) == []
            folder.rmdir()
            away.rename(folder)
        self.away.clear()

    def refuse(self):
        self.station.refuses = not self.station.refuses

    def copy(self):
        copy = self.station.backup(f"copy-{len(self.copies)}.db")
        self.copies.append((copy, list(self.saved)))

    def bring_back(self):
        """What was saved after the copy was made is unknown from now on; the receivers keep it."""
        if not self.copies:
            return
        copy, known = self.copies[-1]
        self.station.bring_back(copy, datetime.now(UTC), by_hand=self.chance.random() < 0.5)
        self.station.news.clear()
        self.saved = list(known)
        self.shown = {visit.id: self.read(visit) for visit in known}
        self.station.start()

    def restart(self):
        self.station.rest()
        self.station.start()

    def fetch(self):
        if self.station.gdt not in self.away:
            self.station.fetch()

    def a_person_decides(self):
        """Somebody looks at the receiver, and sends what is not there."""
        for visit in self.saved:
            for item in self.station.store.delivery_of(visit.id):
                way = item.adapter.split("-")[0]
                if item.state is not Delivery.REJECTED or self.away:
                    continue
                if not self.station.holds(visit)[way]:
                    self.station.store.retry(item.id, NURSE)
                elif item.failure is Failure.MAY_HAVE_ARRIVED:
                    self.station.store.discard(item.id, DiscardReason.ALREADY_THERE, NURSE)

    # --- what is shown --------------------------------------------------------------------

    def read(self, visit) -> SavedVisit:
        items = self.station.store.delivery_of(visit.id)
        parts = tuple(Part(item.id, item.state, item.failure) for item in items)
        return saved_again(visit).standing(parts)

    def take_news(self):
        news, self.station.news[:] = list(self.station.news), []
        for one in news:
            saved = self.shown.get(one.visit_id) if isinstance(one, DeliveryChanged) else None
            if saved is not None:
                self.shown[one.visit_id] = saved.standing(moved(saved.parts, one))

    def look(self):
        """Every way of showing a visit, taken before the receivers are asked."""
        self.take_news()
        listed = {
            one.id: one.delivery
            for one in self.station.store.visits_since(datetime(2020, 1, 1, tzinfo=UTC))
        }
        stand = self.station.store.standing([visit.id for visit in self.saved])
        for visit in self.saved:
            said = {
                "page, from the news": self.shown[visit.id].delivery,
                "page, read again": self.read(visit).delivery,
                "today's list": listed[visit.id],
                "command": stand[visit.id].state,
            }
            # Of three of the four ways nobody can say that the values stand in the journal.
            assert Delivery.DONE not in said.values()
            if TAKEN & set(said.values()):
                assert self.holds_with_shares(visit) == dict.fromkeys(WAYS, 1), said
            self.compare_each_way(visit)

    def compare_each_way(self, visit):
        """A message is received where the journal holds it, delivered where its machine took it."""
        items = self.station.store.delivery_of(visit.id)
        for item in items:
            if item.state is Delivery.DONE:
                assert item.adapter.startswith("fhir")
            if item.state is Delivery.DELIVERED and item.adapter == "gdt-file":
                assert self.station.fetched.count(str(item.id)) == 1

    def holds_with_shares(self, visit):
        held = self.station.holds(visit)
        for folder, away in self.away.items():
            way = folder.name
            ids = [
                i.id for i in self.station.store.delivery_of(visit.id) if i.adapter.startswith(way)
            ]
            held[way] += len(list(away.glob(f"{ids[0]}.{way}")))
        return held


WAYS = ("fhir", "hl7v2", "gdt", "csv")


@pytest.mark.parametrize("seed", RUNS)
def test_no_mark_ever_says_more_than_the_receivers_hold(
    tmp_path, own_url, key, fhir_children, monkeypatch, seed
):
    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=30))
    monkeypatch.setattr(visits, "MOST_LISTED", 10_000)
    station = EveryWay(tmp_path, own_url, key)
    run = Run(station, fhir_children, random.Random(seed))
    steps = [run.save] * 3 + [run.fetch] * 2 + [run.lose_share, run.share_is_back, run.refuse]
    steps += [run.copy, run.bring_back, run.restart, run.a_person_decides]
    station.start()
    try:
        for _ in range(STEPS):
            run.chance.choice(steps)()
            time.sleep(run.chance.choice((0, 0.02, 0.2)))
            run.look()
        run.share_is_back()
        station.refuses = False
        finish(run)
    finally:
        station.close()


def finish(run: Run) -> None:
    """With everything well again, and a person who looks, each visit is everywhere, once."""
    station = run.station

    def ended():
        run.look()
        run.fetch()
        run.a_person_decides()
        for sender in station.senders:
            sender.wake()
        done = TAKEN | {Delivery.DISCARDED}
        return all({state for state, _ in station.said(v).values()} <= done for v in run.saved)

    station.wait(ended)
    run.take_news()
    for visit in run.saved:
        assert station.holds(visit) == dict.fromkeys(WAYS, 1)
        states = [state for state, _ in station.said(visit).values()]
        assert run.read(visit).delivery is overall(states)
