import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def clinic(tmp_path):
    from clinic import Clinic

    opened = Clinic(tmp_path)
    yield opened
    opened.close()
