import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from kiosk.store.key import new_key
from kiosk.store.store import Store


@pytest.fixture
def key():
    return new_key()


@pytest.fixture
def store(tmp_path, key):
    opened = Store.open(tmp_path / "data", key)
    yield opened
    opened.close()
