"""What each receiver really holds, against everything the station shows. Nothing is excused."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kiosk.journal.fhir.mapping import exact_value
from kiosk.journal.hl7.hl7_message import short_id
from kiosk.model.changes import current
from kiosk.model.outbox import FINISHED, DeliveryChanged, Failure, MessageKind, OutboxItem
from kiosk.model.visit import Change, ChangeKind, Delivery, Visit
from kiosk.store.store import Store
from tests.journal.oracle_receivers import Engine, Journal, Shares

TAKEN = frozenset({Delivery.DELIVERED, Delivery.DONE})
WAYS = ("fhir", "hl7v2", "gdt", "csv")


@dataclass
class Saved:
    """A visit the station was told to save. ``sure``: it has said that it did."""

    visit: Visit
    sure: bool = False
    change: Change | None = None
    change_sure: bool = False
    corrected_by_hand: bool = False

    @property
    def ids(self) -> list[str]:
        """The identifiers of its values."""
        return [str(one.id) for one in self.visit.measurements]


@dataclass
class Oracle:
    """Judges marks. ``found`` is what was wrong, in words."""

    journal: Journal
    engine: Engine
    shares: Shares
    saved: dict[UUID, Saved] = field(default_factory=dict)
    forgotten: dict[UUID, Saved] = field(default_factory=dict)
    items: dict[UUID, OutboxItem] = field(default_factory=dict)
    by_hand: set[UUID] = field(default_factory=set)
    received: dict[UUID, Delivery] = field(default_factory=dict)
    marks: int = 0
    found: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    # --- one message -----------------------------------------------------------------------

    def judge(self, item: OutboxItem, state: Delivery, at: float, where: str) -> None:
        """Compare one mark, as it stood at the moment ``at``, with what its receiver held."""
        self.marks += 1
        if state in TAKEN and not self.is_so(item, state, at):
            told = f"{where}: {item.adapter} {item.kind} {item.id} is {state.value}"
            self.found.append(f"{told}, and its receiver does not hold it")

    def is_so(self, item: OutboxItem, state: Delivery, at: float) -> bool:
        """Whether what a mark says was true at that moment."""
        if item.id in self.by_hand:
            # A person did it, and has said so.
            return state is Delivery.DONE
        if item.adapter.startswith("fhir"):
            return state is Delivery.DONE and self._in_journal(item, at)
        if state is Delivery.DONE:
            filed = item.adapter.startswith("hl7") and self.engine.filed
            return bool(filed) and filed.get(short_id(item.id), at + 1) <= at
        return self.holds(item, at)

    def holds(self, item: OutboxItem, at: float) -> bool:
        """Whether the receiver's machine has a message, or the journal all of its values."""
        if item.adapter.startswith("fhir"):
            return self._in_journal(item, at)
        if item.adapter.startswith("hl7"):
            return self.engine.taken.get(short_id(item.id), at + 1) <= at
        return self.shares.since(str(item.id), at)

    def has_values(self, item: OutboxItem, at: float) -> bool:
        """Whether somebody who looks at the child there finds these values, by whatever message.

        What was corrected before it was sent went in another message; a copy of the store from
        before knows only the first.
        """
        if self.holds(item, at):
            return True
        ids = self.saved[item.visit_id].ids
        if item.kind is not MessageKind.NEW or item.adapter.startswith("fhir"):
            return False
        if item.adapter.startswith("hl7"):
            return any(ident.startswith(told) for told in self.engine.finals() for ident in ids)
        rows = [row for ident in ids for row in tuple(self.shares.rows.get(ident, ()))]
        return any(row.endswith(" final") for row in rows)

    def _in_journal(self, item: OutboxItem, at: float) -> bool:
        known = self.saved.get(item.visit_id) or self.forgotten[item.visit_id]
        if item.kind is MessageKind.NEW:
            return self.journal.holds(known.ids, at)
        now = {ident: self.journal.now.get(ident) for ident in known.ids}
        if item.kind is MessageKind.WITHDRAW:
            stored = [one for one in now.values() if one is not None]
            return all(one["status"] == "entered-in-error" for one in stored)
        return self._is_corrected(known)

    def _is_corrected(self, known: Saved) -> bool:
        if known.change is None or not known.change.values:
            return False
        changed = [str(value.measurement_id) for value in known.change.values]
        wanted = current(_with(known.visit, known.change))
        values = {str(one.id): exact_value(one) for one in wanted.measurements}
        return all(self._says(ident, str(values[ident])) for ident in changed)

    def _says(self, ident: str, value: str) -> bool:
        stored = self.journal.now.get(ident)
        told = stored and stored["valueQuantity"]["value"]
        return told is not None and float(told) == float(value)

    def news(self, store: Store, one: DeliveryChanged, at: float) -> None:
        """The sender has told of a change."""
        if one.item_id not in self.items:
            self.items.update({item.id: item for item in store.delivery_of(one.visit_id)})
        if one.item_id in self.items:
            item = self.items[one.item_id]
            self.judge(item, one.state, at, "news")
            if item.adapter.startswith("fhir"):
                self.received[item.visit_id] = one.state

    # --- a visit ---------------------------------------------------------------------------

    def look(self, store: Store, some: list[UUID], *, listed: bool) -> bool:
        """Everything a station shows of these visits. Tells whether all of them have ended."""
        lines = {}
        if listed:
            oldest = min(store.items(1), key=lambda item: item.created, default=None)
            since = oldest.created.replace(year=2020) if oldest else None
            lines = {v.id: v.delivery for v in store.visits_since(since)} if since else {}
        standing, ended = store.standing(some), True
        for ident in some:
            items = store.delivery_of(ident)
            self.items.update({item.id: item for item in items})
            at = time.monotonic()
            for item in items:
                self.judge(item, item.state, at, "page")
                ended &= item.state in FINISHED
            if ident in standing:
                self._whole(items, standing[ident].state, at, "command")
            if ident in lines:
                self._whole(items, lines[ident], at, "list")
        return ended

    def _whole(self, items: list[OutboxItem], said: Delivery, at: float, where: str) -> None:
        self.marks += 1
        if said not in TAKEN:
            return
        for way in WAYS:
            new = [i for i in items if i.adapter.startswith(way) and i.kind is MessageKind.NEW]
            gone = {Delivery.CANCELLED, Delivery.DISCARDED}
            if all(item.state in gone for item in new) or any(self.holds(i, at) for i in new):
                continue
            visit = items[0].visit_id
            self.found.append(f"{where}: visit {visit} is {said.value}, and {way} has nothing")

    # --- the end ---------------------------------------------------------------------------

    def finish(self, store: Store, stored: dict[str, int]) -> dict[str, int]:
        """What was lost, doubled without a word and out of order; ``stored`` is what the real
        server has of each identifier.
        """
        told = dict.fromkeys(("lost", "doubled", "doubled and told", "out of order", "wrong"), 0)
        for known in self.saved.values():
            items = store.delivery_of(known.visit.id)
            if not items:
                # The kill came before its commit.
                told["lost"] += known.sure
                continue
            told["lost"] += self._lost(items)
            for ident in known.ids:
                if stored.get(ident, 0) > 1:
                    self._explain("doubled", known, items)
                    told["doubled and told" if _was_told(items) else "doubled"] += 1
            told["out of order"] += self._out_of_order(items)
            differs = self._differs(known, items)
            if differs:
                self._explain("wrong", known, items)
            told["wrong"] += differs
        for known in self.forgotten.values():
            received = self.received.get(known.visit.id) is Delivery.DONE
            if received and any(stored.get(ident, 0) > 1 for ident in known.ids):
                self._explain("doubled, and lost with the disk", known, ())
                told["doubled"] += 1
        told["doubled"] += sum(len(controls) > 1 for controls in self.engine.finals().values())
        told["doubled"] += len(self.engine.twice)
        told["doubled"] += sum(len(times) > 1 for times in self.shares.fetched.values())
        told["doubled"] += sum(
            sum(row.endswith(" final") for row in rows) > 1 for rows in self.shares.rows.values()
        )
        return told

    def _explain(self, what: str, known: Saved, items: Sequence[OutboxItem]) -> None:
        """Keep what is needed to see how it came about."""
        self.why += [f"{what} {known.visit.id} {known.change} sure {known.change_sure}"]
        self.why += [
            f"  {i.sequence} {i.adapter} {i.kind} {i.state} {i.failure} {i.detail} {i.attempts}"
            for i in items
            if i.adapter.startswith("fhir")
        ]
        for ident in known.ids:
            self.why += [f"  {ident}", *(f"    {one}" for one in self.journal.story[ident])]

    def _lost(self, items: list[OutboxItem]) -> int:
        lost, now = 0, time.monotonic()
        for way in WAYS:
            new = [i for i in items if i.adapter.startswith(way) and i.kind is MessageKind.NEW]
            never = all(item.state is Delivery.CANCELLED for item in new)
            lost += not never and not any(self.has_values(item, now) for item in new)
        return lost

    def _out_of_order(self, items: list[OutboxItem]) -> int:
        wrong = 0
        for way in ("hl7v2", "csv"):
            first = [self._first(item) for item in items if item.adapter.startswith(way)]
            seen = [moment for moment in first if moment is not None]
            wrong += seen != sorted(seen)
        return wrong

    def _first(self, item: OutboxItem) -> float | None:
        if item.adapter.startswith("hl7"):
            return self.engine.taken.get(short_id(item.id))
        return self.shares.first.get(str(item.id))

    def _differs(self, known: Saved, items: list[OutboxItem]) -> int:
        """Whether the journal says another value than the station, and nobody was told."""
        if _was_told(items) or known.corrected_by_hand:
            return 0
        change = known.change if known.change_sure else None
        if known.change is not None and change is None:
            return 0
        if change is not None and change.kind is not ChangeKind.CORRECTED:
            stored = [self.journal.now.get(ident) for ident in known.ids]
            return any(one is not None and one["status"] != "entered-in-error" for one in stored)
        visit = current(_with(known.visit, change)) if change else known.visit
        return any(not self._says(str(m.id), str(exact_value(m))) for m in visit.measurements)


def _with(visit: Visit, change: Change) -> Visit:
    from dataclasses import replace

    return replace(visit, changes=(*visit.changes, change))


def _was_told(items: list[OutboxItem]) -> bool:
    """Whether a message of the journal stopped before a person as one that may be there twice."""
    doubts = {Failure.CONFLICT, Failure.MAY_HAVE_ARRIVED}
    return any(
        item.adapter.startswith("fhir")
        and item.failure in doubts
        and item.state in {Delivery.REJECTED, Delivery.DISCARDED}
        for item in items
    )
