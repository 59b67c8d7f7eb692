"""Fixtures of the journal tests: the FHIR server."""

import pytest

from kiosk.demo.fhir_server import DemoJournal
from kiosk.store.database.key import new_key
from tests.conftest_fhir import fhir_children, fhir_server, fhir_url
from tests.conftest_postgres import beside, opens, place, postgres, store

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
