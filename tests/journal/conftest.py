"""Fixtures of the journal tests: the FHIR server."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import pytest
from conftest_fhir import fhir_children, fhir_server, fhir_url
from conftest_postgres import beside, opens, place, postgres, store

from kiosk.demo.fhir_server import DemoJournal
from kiosk.store.key import new_key

__all__ = [
    "beside",
    "fhir_children",
    "fhir_server",
    "fhir_url",
    "opens",
    "place",
    "postgres",
    "store",
]


@pytest.fixture
def key():
    return new_key()


@pytest.fixture(scope="module")
def own_url(tmp_path_factory, fhir_children):
    """A server for one file alone: others leave devices there that match ours twice."""
    journal = DemoJournal(tmp_path_factory.mktemp("own"), fhir_children)
    yield journal.start()
    journal.stop()
