import pytest

from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from tests.conftest_postgres import beside, opens, place, postgres, store

__all__ = ["beside", "opens", "place", "postgres", "store"]


@pytest.fixture
def key():
    return new_key()


@pytest.fixture
def file_store(tmp_path, key):
    """A station's own file, for what only a file has."""
    opened = Store.open(tmp_path / "data", key)
    yield opened
    opened.close()
