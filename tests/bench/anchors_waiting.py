"""A13: what runs at a start, at a touch and in a loop, beside 1,000, 10,000 and 100,000 messages.

A second interface has as many waiting, so that each question has a queue of others to pass by. The
same calls on the same encrypted store, interleaved after each growth; the median of many counts.
Then the drain of A6 once more, from a store without anything else and from one in which a second
interface has 100,000 waiting.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.model.outbox import Released
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.store.visits import saved
from kiosk.system.clock import now_utc
from tests.bench import anchors_journal as drains
from tests.bench.result import Result
from tests.store import samples
from tests.store.long_queue import fill

SIZES = (1_000, 10_000, 100_000)
WAYS = ("fhir-transaction", "gdt-file")
REPEATS = 41
BAR = 1.5
ROUNDS = 3
NOTHING_DUE = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
Call = Callable[[Store], object]


def _claim(adapters: tuple[str, ...]) -> Call:
    def claim(store: Store) -> None:
        item = store.claim(now_utc(), adapters)
        if item is not None:
            store.settle(item.id, Released(item.due), NOTHING_DUE, adapters)

    return claim


def _save(store: Store) -> None:
    of = samples.visit()
    store.save_visit(of, [], samples.ANNE)


CALLS: dict[str, Call] = {
    "start: what a crash left is put right": lambda store: store.recover(now_utc(), WAYS[:1]),
    "counts": lambda store: store.counts(),
    "today's list": lambda store: store.visits_since(now_utc() - timedelta(hours=12)),
    "messages page": lambda store: store.to_look_at(100),
    "next due": lambda store: store.next_due(WAYS[:1]),
    "claim and put back": _claim(WAYS[:1]),
    "claim beside another interface's queue": _claim(("hl7v2-mllp",)),
    "idle purge": lambda store: store.purge(now_utc()),
    "save beside it": _save,
}


def run() -> list[Result]:
    """Measure A13."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_calls(Path(folder) / "calls"), _drained(Path(folder))]


def _calls(folder: Path) -> list[Result]:
    store, since, before = Store.open(folder, new_key()), now_utc() - timedelta(days=300), 0
    took: dict[str, list[float]] = {name: [] for name in CALLS}
    for _ in range(saved.MOST_LISTED):
        # Today's list is as long as it gets before anything is measured.
        _save(store)
    for size in SIZES:
        while before < size:
            some = min(size - before, 5_000)
            fill(store, some, since + timedelta(minutes=before), WAYS)
            before += some
        for name, seconds in _medians(store).items():
            took[name].append(seconds)
    store.close()
    return [_result(name, seconds) for name, seconds in took.items()]


def _medians(store: Store) -> dict[str, float]:
    took: dict[str, list[float]] = {name: [] for name in CALLS}
    for number in range(REPEATS):
        for name, call in CALLS.items():
            start = time.perf_counter()
            call(store)
            if number:
                took[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def _result(name: str, seconds: list[float]) -> Result:
    few, some, many = (1000 * one for one in seconds)
    ratio = many / few
    return Result(
        anchor="A13",
        what=f"{name}, beside {SIZES[-1]:,} waiting for each of two interfaces, ms",
        ours=many,
        peer=few,
        ratio=ratio,
        bar=f"<= {BAR} x beside {SIZES[0]:,}",
        passed=ratio <= BAR,
        note=f"beside {SIZES[1]:,}: {some:.2f} ms",
    )


def _drained(folder: Path) -> Result:
    alone, beside = [], []
    with drains._server() as url:
        for number in range(ROUNDS):
            of = [drains._visit() for _ in range(drains.MESSAGES)]
            bodies = [drains.visit_bundle(v, drains.PATIENT, drains.SITE) for v in of]
            alone.append(drains._drain(url, folder / f"alone-{number}", of, bodies))
            queue = SIZES[-1] if number == ROUNDS - 1 else SIZES[0]
            beside.append(drains._drain(url, folder / f"beside-{number}", of, bodies, beside=queue))
    ratio = beside[-1] / max(alone)
    return Result(
        anchor="A13",
        what=f"the drain of A6 while {SIZES[-1]:,} wait for a second interface, messages/s",
        ours=beside[-1],
        peer=max(alone),
        ratio=ratio,
        bar=">= 0.67 x the same drain with nothing else in the store",
        passed=ratio >= 1 / BAR,
        note=f"beside {SIZES[0]:,}: {max(beside[:-1]):.0f}/s",
    )
