"""How much of a long walk is done: a sample in ``make test``, all of it in ``make prove``."""

import os

PROVING = bool(os.environ.get("PROVE"))
"""True under ``make prove``."""


def full(all_of_it: int, sample: int) -> int:
    """The number for this run: ``all_of_it`` where something is proved, else the ``sample``."""
    return all_of_it if PROVING else sample
