"""Getting to know a printer when it is connected, so that no slip waits to find out."""

from __future__ import annotations

import time
from dataclasses import dataclass

from drivers.printers.command_bytes import ASK_IN_ORDER, ASK_NAME, PROBE_ID, ask_done
from drivers.printers.evidence import Evidence
from drivers.printers.line import Line, Timing
from drivers.printers.models import is_unsupported, model_of, width_of
from drivers.printers.transports import LostCause, PrinterLost, Transport

GRACE = 0.3
"""Seconds a process id may come after the in-order answer to a question sent behind it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a printer was found to be. ``process_ids`` is ``None`` if it could not be asked."""

    model: str = ""
    process_ids: bool | None = None

    @property
    def width(self) -> int | None:
        """Dots across its paper, if the model is a known one."""
        return width_of(self.model)


def check_supported(transport: Transport) -> str:
    """The printer's IEEE 1284 identity. Raises PrinterLost for one that takes no ESC/POS."""
    identity = transport.device_id()
    if is_unsupported(identity):
        transport.close()
        raise PrinterLost(LostCause.UNSUPPORTED)
    return identity


def check_answers(transport: Transport) -> None:
    """Raise PrinterLost, and let go, where a printer that must answer says nothing."""
    if not transport.must_answer:
        return
    line = Line(transport, Timing())
    line.check()
    if not line.answers_at_once:
        transport.close()
        raise PrinterLost(LostCause.SILENT)


def get_to_know(line: Line, identity: str, earlier: Known) -> Known:
    """Ask an idle printer its model and, unless ``earlier`` tells, for process ids.

    A printer that answers nothing in order is not asked. Raises PrinterLost, also for a model
    that takes no ESC/POS.
    """
    ask_id = earlier.process_ids is None
    line.process_ids = earlier.process_ids
    if line.answers_in_order and not line.facts.hindered:
        line.evidence = Evidence(PROBE_ID)
        questions = ASK_NAME + (ask_done(PROBE_ID) if ask_id else b"") + ASK_IN_ORDER
        if line.send(questions, line.timing.answer).taken == len(questions):
            line.outstanding += 1
            _listen(line, ask_id=ask_id)
    if is_unsupported(line.model):
        raise PrinterLost(LostCause.UNSUPPORTED)
    return Known(line.model or model_of(identity) or earlier.model, line.process_ids)


def _listen(line: Line, *, ask_id: bool) -> None:
    """Take in the answers; no id after the in-order answer means that there are none."""
    if not line.await_order(line.timing.answer) or not ask_id:
        return
    end = time.monotonic() + GRACE
    while line.evidence.done is None and (left := end - time.monotonic()) > 0:
        line.hear(left)
    line.process_ids = line.evidence.done is not None
