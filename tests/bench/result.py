"""One line of the benchmark report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What an anchor gave. ``ours`` and ``peer`` are in the unit named in ``what``.

    ``peer`` and ``ratio`` (ours / peer) are ``None`` where nothing can be compared; ``bar``
    is the requirement in words, ``passed`` whether it was met.
    """

    anchor: str
    what: str
    ours: float
    peer: float | None
    ratio: float | None
    bar: str
    passed: bool
    note: str = ""
