import pytest


@pytest.fixture
def clinic(tmp_path):
    from tests.e2e.clinic import Clinic

    opened = Clinic(tmp_path)
    yield opened
    opened.close()
