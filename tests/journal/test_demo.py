"""Training children that cannot exist, and a server that never outlives its station."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.demo.children import demo_children, synthetic_number
from kiosk.model.identity import check_number
from kiosk.model.visit import IdKind
from kiosk.system.clock import now_utc
from tests.conftest_fhir import DemoJournal
from tests.patience import until

STATION = """
import sys, pathlib
from kiosk.demo.fhir_server import DemoJournal
journal = DemoJournal(pathlib.Path(sys.argv[1]))
print(journal.start(), flush=True)
sys.stdin.read()
"""


@given(st.dates(date(2000, 1, 1), date(2039, 12, 31)), st.integers(min_value=1, max_value=100))
def test_every_synthetic_number_is_valid_and_marked_as_a_test_number(born, serial):
    number = synthetic_number(born, serial)
    check = check_number(number)
    assert (check.kind, check.synthetic, check.fault) == (IdKind.NATIONAL, True, None)
    assert int(number[2:4]) == born.month + 80
    assert number != synthetic_number(born, serial + 1)


@pytest.mark.parametrize(
    ("born", "serial"),
    [(date(1999, 12, 31), 1), (date(2040, 1, 1), 1), (date(2026, 1, 1), 5000)],
)
def test_a_number_that_cannot_be_made_is_refused(born, serial):
    with pytest.raises(ValueError, match=r"synthetic|serial"):
        synthetic_number(born, serial)


@given(st.dates(date(2025, 1, 1), date(2035, 1, 1)))
def test_training_children_are_as_old_as_meant_on_any_day(today):
    children = demo_children(today)
    ages = [(today - child.birth_date).days for child in children]
    assert min(ages) < 7
    assert max(ages) > 4 * 365
    assert len({child.number for child in children}) == len(children) == 6
    twins = [c for c in children if [x.birth_date for x in children].count(c.birth_date) == 2]
    assert len(twins) == 2
    assert all(child.birth_date <= today - timedelta(days=1) for child in children)


@pytest.mark.fhir
def test_the_server_ends_with_its_station_however_that_ends(tmp_path):
    station = subprocess.Popen(
        [sys.executable, "-c", STATION, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert station.stdout is not None
    port = int(station.stdout.readline().split(b":")[2].split(b"/")[0])
    station.kill()
    station.communicate()

    def closed() -> bool:
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", port)) != 0

    until(closed)


@pytest.mark.fhir
def test_the_server_listens_on_loopback_only_and_starts_within_its_time(tmp_path):
    journal = DemoJournal(tmp_path, demo_children(now_utc().date()))
    begun = now_utc()
    url = journal.start()
    try:
        assert now_utc() - begun < timedelta(seconds=15)
        assert url.startswith("http://127.0.0.1:")
        # Nothing of the training children is in what the process list shows.
        arguments = " ".join(journal._process.args)
        assert all(child.number not in arguments for child in demo_children(now_utc().date()))
    finally:
        journal.stop()
    journal.stop()
