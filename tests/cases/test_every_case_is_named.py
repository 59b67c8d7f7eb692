"""Forty things that went wrong in the field with other programs; each has a test that names it."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_each_of_the_forty_field_cases_has_a_test_that_names_it():
    text = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    named = {int(n) for n in re.findall(r"^def test_f(\d+)_", text, re.MULTILINE)}
    assert set(range(1, 41)) - named == set()
