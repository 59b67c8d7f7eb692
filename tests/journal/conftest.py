"""Fixtures of the journal tests: the FHIR server."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import pytest
from conftest_fhir import fhir_children, fhir_server, fhir_url

from kiosk.demo.fhir_server import DemoJournal

__all__ = ["fhir_children", "fhir_server", "fhir_url"]


@pytest.fixture(scope="module")
def own_url(tmp_path_factory, fhir_children):
    """A server for one file alone: others leave devices there that match ours twice."""
    journal = DemoJournal(tmp_path_factory.mktemp("own"), fhir_children)
    yield journal.start()
    journal.stop()
