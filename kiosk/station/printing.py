"""Slips: from a saved visit to a print job, and from the printer's news to the desk's."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from uuid6 import uuid7

from drivers.printers.document import WIDTH
from drivers.printers.jobs import Job, JobChange, JobState
from drivers.printers.status import PrinterState, PrinterStatus
from kiosk.desk.drafts import SavedVisit
from kiosk.features.slip import SlipChanged
from kiosk.features.status import PrinterChanged
from kiosk.language.texts import SLIP_DOMAIN, speaking
from kiosk.model.slip import Paper, SlipName, SlipPicture, SlipState
from kiosk.receipts.age import age_words
from kiosk.receipts.content import CopyMark, SlipContent, initials, lines_of

if TYPE_CHECKING:
    from PIL import Image

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
        languages: Sequence[str] = ("nb",),
        audiogram: bool = False,
        width: Callable[[], int] = lambda: WIDTH,
    ) -> None:
        """``audiogram``: the clinic lets parents have the drawing of a hearing test.

        ``width`` tells the dots across the paper of the printer there is now.
        """
        self._submit = submit
        self._clinic = clinic
        self._expire_after = expire_after
        self._training = training
        self._languages = languages
        self._audiogram = audiogram
        self._width = width

    def print_ticket(self, number: int) -> None:
        """Queue a queue ticket: a number and the time, nothing of a child."""
        from kiosk.receipts.ticket import Ticket, draw_ticket

        now = datetime.now().astimezone()
        ticket = Ticket(number, now.time(), self._clinic, self._training)
        document = draw_ticket(ticket, self._languages, self._width())
        self._submit(Job(str(uuid7()), document, 1, self._expire_after))

    def preview(self, saved: SavedVisit, copy: int) -> SlipPicture:
        """The slip as it would be printed."""
        from kiosk.receipts.raster import picture_of

        now = datetime.now().astimezone()
        with speaking(saved.slip_language, domain=SLIP_DOMAIN):
            return grey(picture_of(self._content(saved, copy, now), self._width()))

    def print_slip(self, saved: SavedVisit, copy: int) -> None:
        """Queue a slip; ``copy`` is 0 for the first, then it is marked KOPI 1, 2, …"""
        from kiosk.receipts.raster import draw_slip

        now = datetime.now().astimezone()
        with speaking(saved.slip_language, domain=SLIP_DOMAIN):
            document = draw_slip(self._content(saved, copy, now), self._width())
        self._submit(Job(str(saved.id), document, copy + 1, self._expire_after))

    def _content(self, saved: SavedVisit, copy: int, now: datetime) -> SlipContent:
        taken = [draft.measured_at for draft in saved.drafts]
        taken += [test.tested_at for test in saved.hearing]
        measured_on = max(taken).astimezone().date()
        return SlipContent(
            name=_shown_name(saved),
            age=age_words(saved.child.birth_date, measured_on),
            measured_on=measured_on,
            lines=lines_of(saved.drafts),
            hearing_done=bool(saved.hearing) and not saved.hearing[-1].unfinished,
            hearing_unfinished=bool(saved.hearing) and saved.hearing[-1].unfinished,
            audiogram=saved.hearing[-1].tones if saved.hearing and self._audiogram else (),
            code="".join(secrets.choice(CODE_LETTERS) for _ in range(5)),
            clinic=None if saved.child.protected else self._clinic,
            corrected=saved.replaces,
            copy=CopyMark(copy, now.time()) if copy and not saved.replaces else None,
            training=self._training,
            language=saved.slip_language,
        )


def grey(dots: Image.Image) -> SlipPicture:
    """A 1-bit picture for the screen: on paper 1 is black, here 255 is white."""
    shown = dots.convert("L").point(lambda dot: 255 - dot)
    return SlipPicture(shown.width, shown.height, shown.tobytes())


def _shown_name(saved: SavedVisit) -> str:
    if saved.slip_name is SlipName.NONE:
        return ""
    name = saved.child.given_name
    return initials(name) if saved.slip_name is SlipName.INITIALS else name


def job_news(change: JobChange) -> SlipChanged:
    """What a step of a print job means at the desk."""
    return SlipChanged(UUID(change.job_id), SLIP_STATES[change.state])


def printer_news(status: PrinterStatus) -> PrinterChanged:
    """What the printer's state means at the desk."""
    return PrinterChanged(PAPERS[status.state], status.hint)
