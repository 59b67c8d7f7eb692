"""How the printer stands, for the status strip. Codes only; the words belong to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from drivers.printers.facts import Cover, Facts, Online, Paper
from drivers.printers.jobs import Cause
from drivers.printers.line import hindrance


class PrinterState(StrEnum):
    """What the person at the desk may need to do something about.

    ``READY`` means that nothing is known to be wrong; paper and cover may still be unknown.
    ``NEEDS_POWER_CYCLE`` means that only switching off and on makes it safe to print.
    """

    ABSENT = "absent"
    PREPARING = "preparing"
    READY = "ready"
    PRINTING = "printing"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    FAULT = "fault"
    NEEDS_POWER_CYCLE = "needs-power-cycle"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One view of the printer. ``hint`` is a cause code such as ``unplugged`` or ``cutter``."""

    state: PrinterState
    paper: Paper = Paper.UNKNOWN
    cover: Cover = Cover.UNKNOWN
    online: Online = Online.UNKNOWN
    hint: str = ""


_STATES = {
    Cause.NONE: PrinterState.READY,
    Cause.PAPER_OUT: PrinterState.PAPER_OUT,
    Cause.COVER_OPEN: PrinterState.COVER_OPEN,
}


def status_of(facts: Facts, state: PrinterState | None = None, hint: str = "") -> PrinterStatus:
    """The view that ``facts`` give; a hindrance comes before ``state``."""
    cause = hindrance(facts)
    hindered = _STATES.get(cause, PrinterState.FAULT)
    shown = hindered if cause is not Cause.NONE or state is None else state
    if shown is PrinterState.FAULT and not hint:
        hint = facts.fault.value
    return PrinterStatus(shown, facts.paper, facts.cover, facts.online, hint)
