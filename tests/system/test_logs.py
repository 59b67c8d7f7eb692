import logging
import sys

import pytest

from kiosk.system.logs import MaskingFormatter, mask


@pytest.mark.parametrize("text", ["10915596784", "109155 96784", "109155-96784", "x10915596784y"])
def test_identity_numbers_are_masked(text):
    assert "96784" not in mask(f"before {text} after")


def test_shorter_and_longer_numbers_stay():
    assert mask("weight id 123456789012345 of 4236") == "weight id 123456789012345 of 4236"


def test_a_number_in_an_exceptions_text_is_masked_too():
    try:
        raise ValueError("no such patient 10915596784")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), None)
        record.exc_info = sys.exc_info()
    assert "10915596784" not in MaskingFormatter("%(message)s").format(record)
