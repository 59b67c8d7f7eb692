"""Asks the journal for the desk, on the workers' threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.desk.child_form import LookUp
from kiosk.desk.messages import News
from kiosk.desk.registering import Carrier, carries_out
from kiosk.features.find import AskJournal, LookUpAnswered
from kiosk.features.measure import AskEarlier, EarlierAnswered
from kiosk.features.today import (
    AskBooked,
    BookedListed,
)
from kiosk.journal.contract import (
    LookUpFailed,
    PatientAnswer,
    PatientDiffers,
    PatientFound,
    PatientMissing,
    PatientRef,
    PatientSeveral,
)

if TYPE_CHECKING:
    from kiosk.journal.look_up import Looker


class JournalEffects:
    """Look-ups. ``looker`` may wait for what is just being started; ``None``: no journal."""

    def __init__(self, looker: Callable[[], Looker | None], post: Callable[[News], None]) -> None:
        self._looker = looker
        self._post = post
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(AskJournal, self._ask_journal),
            carries_out(AskEarlier, self._ask_earlier),
            carries_out(AskBooked, self._ask_booked),
        )

    def _ask_journal(self, effect: AskJournal) -> None:
        looker = self._looker()
        if looker is None:
            self._post(LookUpAnswered(effect.request, LookUp.OFFLINE.value))
            return
        answer = looker.ask(effect.number, effect.kind, effect.birth_date).result()
        self._post(_looked_up(effect.request, answer))

    def _ask_earlier(self, effect: AskEarlier) -> None:
        looker, patient = self._looker(), PatientRef(effect.patient)
        values = looker.ask_earlier(patient).result() if looker is not None else ()
        self._post(EarlierAnswered(effect.visit_id, tuple(values)))

    def _ask_booked(self, effect: AskBooked) -> None:
        looker = self._looker()
        booked = looker.ask_booked(effect.since, effect.until).result() if looker else ()
        self._post(BookedListed(tuple(booked)))


def _looked_up(request: int, answer: PatientAnswer) -> LookUpAnswered:
    match answer:
        case PatientFound(reference=reference, given_name=name, protected=protected):
            return LookUpAnswered(request, LookUp.FOUND.value, reference, name, protected)
        case PatientMissing():
            return LookUpAnswered(request, LookUp.MISSING.value)
        case PatientSeveral():
            return LookUpAnswered(request, LookUp.SEVERAL.value)
        case PatientDiffers():
            return LookUpAnswered(request, "differs")
        case LookUpFailed():
            return LookUpAnswered(request, LookUp.OFFLINE.value)
