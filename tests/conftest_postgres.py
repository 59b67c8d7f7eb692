"""The same store twice: in a station's own encrypted file, and on a clinic's PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.store.database.server import ServerPlace, join, read_url
from kiosk.store.store import Store
from tests.postgres import PostgresServer, running

PLACES = ("file", "server")
Opens = Callable[..., Store]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running() as server:
        yield server


def opener(place: str, folder: Path, key: bytes, server: PostgresServer | None) -> Opens:
    """What opens the store of one test, and opens it again after it was closed."""
    url = server.database() if server is not None else ""

    def opens(monotonic: Callable[[], float] = time.monotonic) -> Store:
        if place == "file":
            return Store.open(folder, key, monotonic=monotonic)
        return Store(ServerPlace(read_url(url), key, "one", None, demo=False), key, monotonic)

    return opens


@pytest.fixture(params=PLACES)
def place(request) -> str:
    return request.param


@pytest.fixture
def opens(place, request, tmp_path, key) -> Opens:
    """Opens the test's store, again and again the same one."""
    server = request.getfixturevalue("postgres") if place == "server" else None
    return opener(place, tmp_path / "data", key, server)


@pytest.fixture
def store(opens) -> Iterator[Store]:
    opened = opens()
    yield opened
    opened.close()


@pytest.fixture
def beside(place, request, tmp_path, key) -> Iterator[tuple[Store, Store]]:
    """One store opened by two processes: station and command, or two stations."""
    if place == "file":
        both = Store.open(tmp_path, key), Store.open(tmp_path, key, alone=False)
    else:
        url = request.getfixturevalue("postgres").database()
        both = join(url, key, "one"), join(url, key, "two")
    yield both
    for store in both:
        store.close()
