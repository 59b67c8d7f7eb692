"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A machine that is busy with something else is slow, and no property fails for it.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")

LONGEST_FIRST = (
    "tests/ui/test_layout.py",
    "tests/e2e/test_touch.py",
    "tests/journal/test_hl7.py",
    "tests/journal/test_failure_matrix.py",
    "tests/e2e/test_alive.py",
    "tests/journal/test_kill.py",
    "tests/e2e/test_commands.py",
    "tests/links/test_link_over_pty.py",
    "tests/ui/test_second_touch.py",
    "tests/links/test_trial.py",
    "tests/ui/test_touch.py",
    "tests/e2e/test_kill.py",
    "tests/e2e/test_message_touch.py",
    "tests/links/test_simulated_audiometer.py",
    "tests/links/test_trying.py",
    "tests/station/test_every_driver.py",
    "tests/ui/test_hearing_touch.py",
)
"""Files that take more than half a minute. A file goes to one worker as a whole: one that begins
last leaves the other cores idle until it ends."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; everything else in its own order."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::", 1)[0], len(place)))
