"""A real FHIR server for any test that asks for one: import the fixtures from here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.demo.children import DemoChild, demo_children
from kiosk.demo.fhir_server import DemoJournal
from kiosk.system.clock import now_utc


@pytest.fixture(scope="session")
def fhir_children() -> tuple[DemoChild, ...]:
    """The children the server knows."""
    return demo_children(now_utc().date())


@pytest.fixture(scope="session")
def fhir_url(
    tmp_path_factory: pytest.TempPathFactory, fhir_children: tuple[DemoChild, ...]
) -> Iterator[str]:
    """The base address of a server shared by the tests of one process."""
    journal = DemoJournal(tmp_path_factory.mktemp("fhir"), fhir_children)
    yield journal.start()
    journal.stop()


@pytest.fixture
def fhir_server(tmp_path: Path, fhir_children: tuple[DemoChild, ...]) -> Iterator[DemoJournal]:
    """A started server of one's own, for tests that stop it."""
    journal = DemoJournal(tmp_path / "fhir", fhir_children)
    journal.start()
    yield journal
    journal.stop()
