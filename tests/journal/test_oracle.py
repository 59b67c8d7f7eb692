"""What the receivers really hold against what the station shows, through everything at once.

Random faults over FHIR (transactions, batches, single requests), HL7 over MLLP, GDT and CSV, copies
of the store that are brought back, shares that go away, and kills at any step. Nothing is lost,
nothing doubled unless a person is told, nothing out of order; no mark ever says more than is so.
"""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from kiosk.store.store import Store
from tests.full import PROVING, full
from tests.journal.oracle_run import Run
from tests.journal.oracle_station import MISTAKES
from tests.journal.test_kill import stored_values

pytestmark = [pytest.mark.fhir, pytest.mark.prove, pytest.mark.timeout(full(7200, 300))]
KILLS, VISITS = full(55, 3), full(1050, 36)
"""At least so many of both in each run; all of it is two runs, with two ways of naming files."""
LIVES, ROUNDS = 6, 8
"""In so many lives, looked at to the end so many times, a mistake is found."""


@pytest.fixture
def make(tmp_path, key, own_url, fhir_children):
    made = []

    def of(**more):
        seed = random.randrange(2**32)
        made.append(Run(tmp_path, key, own_url, fhir_children, seed, **more))
        return made[-1]

    yield of
    for one in made:
        one.close()


def lived(run):
    """One life; then perhaps the disk is lost."""
    run.live(run.chance.randint(10, 2 * VISITS // KILLS))
    if run.chance.random() < 0.15:
        run.restore()


def end_of(run, own_url):
    """With everything well again: what was lost, doubled and out of order in the end."""
    run.finish()
    store = Store.open(run.setup.data, run.key)
    try:
        return run.oracle.finish(store, Counter(stored_values(own_url)))
    finally:
        store.close()


@pytest.mark.parametrize("agreed_names", [False, True] if PROVING else [False])
def test_no_mark_says_more_than_is_so_and_nothing_is_lost_or_doubled(make, own_url, agreed_names):
    run, begun = make(agreed_names=agreed_names), time.monotonic()
    oracle = run.oracle
    while run.kills < KILLS or len(oracle.saved) + len(oracle.forgotten) < VISITS:
        lived(run)
        assert oracle.found == [], f"seed {run.seed}"
    run.restore()
    run.live(5)
    told = end_of(run, own_url)
    print(f"{run.figures()}, {told}, {time.monotonic() - begun:.0f} s")
    assert oracle.found == [], f"seed {run.seed}"
    assert oracle.shares.torn == []
    # A journal that ignores the condition of a creation may keep something twice: that is told.
    told.pop("doubled and told")
    assert not any(told.values()), "\n".join([f"seed {run.seed}: {told}", *oracle.why])


@pytest.mark.skipif(not PROVING, reason="shows that the oracle can fail, under make prove")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_that_the_station_once_made_is_found(make, own_url, monkeypatch, mistake):
    run = make(mistake=mistake)
    run.make_mistake(monkeypatch.setattr)
    found = set()
    for _ in range(ROUNDS):
        found |= set(found_in(run, own_url)) - {"doubled and told"}
        if found:
            break
    print(f"{mistake}: {run.kills} kills, {sorted(found)[:2]}")
    assert found


def found_in(run, own_url):
    """What the oracle finds in a few lives and at their end, in words."""
    oracle = run.oracle
    try:
        for _ in range(LIVES):
            run.live(8)
            if run.chance.random() < 0.4:
                run.restore()
            if oracle.found:
                return oracle.found
        return [word for word, number in end_of(run, own_url).items() if number]
    except AssertionError as error:
        # The folder that was not there, or an end that does not come.
        return [str(error).splitlines()[0]]
