"""What kind of receipt printer is simulated, and where it is less than honest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrinterOptions:
    """What kind of printer is simulated.

    ``rows_per_second`` is the head's speed (1200 is 150 mm/s), 0 prints at once.
    ``answers`` off is a printer that says nothing at all; ``process_ids``, ``clearing``,
    ``soft_reset`` and ``port_status`` off are features it lacks. ``answer_delay`` in seconds
    holds back what it says; ``mangle`` changes it on its way. ``model`` is the name it answers,
    none if empty; ``dots`` is how wide its paper is. ``on_arrival`` makes it answer in-order
    questions and process ids when they arrive, with the paper still to come; ``reports`` and
    ``real_time`` off are automatic status and ``DLE EOT`` it lacks.
    """

    rows_per_second: float = 0
    buffer_bytes: int = 4096
    answers: bool = True
    process_ids: bool = True
    clearing: bool = True
    soft_reset: bool = True
    port_status: bool = True
    answer_delay: float = 0
    mangle: Callable[[bytes], bytes] = bytes
    model: str = "80-V-UL"
    dots: int = 576
    on_arrival: bool = False
    reports: bool = True
    real_time: bool = True
