"""Slips: from a saved visit to a print job, and from the printer's news to the desk's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from drivers.printers.jobs import Job, JobChange, JobState
from drivers.printers.status import PrinterState, PrinterStatus
from kiosk.core.desk import messages as m
from kiosk.core.desk.drafts import Draft, SavedVisit
from kiosk.core.desk.slip import Paper, SlipName, SlipState
from kiosk.core.model import Position, Quantity, Rule
from kiosk.i18n import SLIP_DOMAIN, cm_text, kg_text, speaking
from kiosk.receipts.age import age_words
from kiosk.receipts.content import CopyMark, SlipContent, SlipKind, SlipLine, initials

CODE_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ23456789"
"""No letter that is easily read as another or as a digit."""

SLIP_STATES = {
    JobState.QUEUED: SlipState.QUEUED,
    JobState.SENDING: SlipState.PRINTING,
    JobState.SENT: SlipState.PRINTING,
    JobState.CONFIRMED: SlipState.PRINTED,
    JobState.UNCERTAIN: SlipState.UNCERTAIN,
    JobState.EXPIRED: SlipState.EXPIRED,
    JobState.CANCELLED: SlipState.FAILED,
    JobState.FAILED: SlipState.FAILED,
}
PAPERS = {
    PrinterState.ABSENT: Paper.ABSENT,
    PrinterState.PREPARING: Paper.UNKNOWN,
    PrinterState.READY: Paper.READY,
    PrinterState.PRINTING: Paper.READY,
    PrinterState.PAPER_OUT: Paper.PAPER_OUT,
    PrinterState.COVER_OPEN: Paper.COVER_OPEN,
    PrinterState.FAULT: Paper.ERROR,
    PrinterState.NEEDS_POWER_CYCLE: Paper.NEEDS_POWER_CYCLE,
    PrinterState.STOPPED: Paper.ABSENT,
}


class SlipPress:
    """Draws slips and hands them to the printer. ``clinic`` is ``None`` to leave it out."""

    def __init__(
        self,
        submit: Callable[[Job], None],
        *,
        clinic: str | None,
        expire_after: float,
        training: bool,
    ) -> None:
        self._submit = submit
        self._clinic = clinic
        self._expire_after = expire_after
        self._training = training

    def print_slip(self, saved: SavedVisit, copy: int) -> None:
        """Queue a slip; ``copy`` is 0 for the first, then it is marked KOPI 1, 2, …"""
        from kiosk.receipts.raster import draw_slip

        now = datetime.now().astimezone()
        with speaking(saved.slip_language, domain=SLIP_DOMAIN):
            document = draw_slip(self._content(saved, copy, now))
        self._submit(Job(str(saved.id), document, copy + 1, self._expire_after))

    def _content(self, saved: SavedVisit, copy: int, now: datetime) -> SlipContent:
        measured_on = max(d.measured_at for d in saved.drafts).astimezone().date()
        return SlipContent(
            name=_shown_name(saved),
            age=age_words(saved.child.birth_date, measured_on),
            measured_on=measured_on,
            lines=tuple(sorted(map(_line, saved.drafts), key=_place)),
            code="".join(secrets.choice(CODE_LETTERS) for _ in range(5)),
            clinic=None if saved.child.protected else self._clinic,
            corrected=saved.replaces,
            copy=CopyMark(copy, now.time()) if copy and not saved.replaces else None,
            training=self._training,
            language=saved.slip_language,
        )


def _shown_name(saved: SavedVisit) -> str:
    if saved.slip_name is SlipName.NONE:
        return ""
    name = saved.child.given_name
    return initials(name) if saved.slip_name is SlipName.INITIALS else name


def _place(line: SlipLine) -> int:
    return list(SlipKind).index(line.kind)


def _line(draft: Draft) -> SlipLine:
    if draft.quantity is Quantity.WEIGHT:
        with_adult = draft.rule is Rule.DIFFERENCE
        value = kg_text(draft.text, draft.unit)
        return SlipLine(SlipKind.WEIGHT, value, draft.dress, with_adult)
    if draft.quantity is Quantity.HEAD:
        return SlipLine(SlipKind.HEAD, cm_text(draft.value))
    standing = draft.position is Position.STANDING
    return SlipLine(SlipKind.HEIGHT if standing else SlipKind.LENGTH, cm_text(draft.value))


def job_news(change: JobChange) -> m.SlipChanged:
    """What a step of a print job means at the desk."""
    return m.SlipChanged(UUID(change.job_id), SLIP_STATES[change.state])


def printer_news(status: PrinterStatus) -> m.PrinterChanged:
    """What the printer's state means at the desk."""
    return m.PrinterChanged(PAPERS[status.state])
