import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest_postgres import beside, opens, place, postgres, store

from kiosk.store.key import new_key
from kiosk.store.store import Store

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
