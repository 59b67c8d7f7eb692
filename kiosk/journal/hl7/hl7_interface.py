"""The way in over HL7 v2: ORU^R01 over MLLP, one message in the air at a time.

HL7 v2 knows no question whether a message has arrived. A doubtful one is sent again, the same bytes
under the same control id (MSH-10), by which the receiver must tell a repetition; that is what the
standard gives (HL7 v2.5, 2.9.2.2), and what has to be agreed with the receiver. What is answered in
vain too often goes to a person (:mod:`kiosk.journal.patience`).
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kiosk.journal.answers import Circumstances, Verdict, classify
from kiosk.journal.attempt import Hands, parked, personal_words
from kiosk.journal.changed_rows import is_wrong_child, touched, visit_of
from kiosk.journal.contract import NoAnswer, Site
from kiosk.journal.hl7.hl7_message import Addresses, Status, header_of, oru
from kiosk.journal.hl7.hl7_reply import Hearing, judge, not_understood
from kiosk.journal.hl7.mllp import NOT_READ, MllpLine
from kiosk.journal.interface import damaged, fixed
from kiosk.journal.mapping_error import MappingError
from kiosk.journal.patience import OF_HL7, Patience
from kiosk.journal.sender_news import line_failure
from kiosk.model.outbox import Failure, MessageKind, OutboxItem
from kiosk.model.visit import Delivery, Visit


class Hl7Interface:
    """See :class:`kiosk.journal.interface.Interface`. ``takes_changes``: OBX-11 is agreed on;
    ``files``: AA means that the values stand in the journal; ``repetitions``: the receiver keeps
    what it is sent twice once."""

    flies = True

    def __init__(
        self,
        line: MllpLine,
        addresses: Addresses,
        site: Site,
        *,
        takes_changes: bool,
        files: bool = False,
        repetitions: bool = True,
    ) -> None:
        self._line = line
        self._addresses = addresses
        self._site = site
        self._takes_changes = takes_changes
        self._files = files
        self._repetitions = repetitions
        self._patience = Patience(OF_HL7)

    def deliver(self, item: OutboxItem, hands: Hands) -> Verdict | None:
        """Send one message and judge its acknowledgement."""
        if item.kind is not MessageKind.NEW and not self._takes_changes:
            return parked(Failure.BY_HAND)
        if item.state is Delivery.AMBIGUOUS and not self._repetitions:
            return parked(Failure.MAY_HAVE_ARRIVED, item.detail)
        body = fixed(item, hands, lambda item: self._made(item, hands))
        if isinstance(body, Verdict):
            return body
        try:
            header = header_of(body)
        except ValueError:
            return damaged()
        if item.state is not Delivery.IN_FLIGHT and not hands.store.mark_in_flight(item.id):
            return None
        hands.in_flight(item)
        hearing = Hearing(header.control_id, header.accept, header.application)
        trouble = self._line.exchange(body, hearing)
        verdict = self._judged(item, hearing, trouble, hands)
        unread = trouble is not None and trouble.detail in NOT_READ
        stray = not hearing.is_answered and (unread or bool(hearing.stray))
        return self._patience.bounded(item.id, verdict, stray=stray)

    def _made(self, item: OutboxItem, hands: Hands) -> bytes | Verdict:
        visit = visit_of(item, hands)
        if not visit.child.number:
            return parked(Failure.NO_NUMBER)
        status = Status.FINAL
        if item.kind is MessageKind.CORRECT:
            status = Status.CORRECTED
        elif item.kind is MessageKind.WITHDRAW:
            status = Status.WRONG if is_wrong_child(visit) else Status.DELETED
        try:
            only = touched(item, visit)
            return oru(visit, item.id, self._addresses, self._site, status=status, only=only)
        except MappingError as error:
            return parked(Failure.REFUSED, error.code)

    def _judged(
        self, item: OutboxItem, hearing: Hearing, trouble: NoAnswer | None, hands: Hands
    ) -> Verdict:
        around = Circumstances((), item.attempts + 1, hands.now(), hands.chance())
        if trouble is not None and not hearing.stray and hearing.answer is None:
            return classify(trouble, around)
        around = replace(around, personal=personal_words(item, hands))
        if hearing.answer is None:
            return not_understood(hearing.stray, around)
        looked = item.failure is Failure.MAY_HAVE_ARRIVED
        doubtful = item.state is Delivery.AMBIGUOUS
        again = looked or doubtful or item.attempts > 0
        told = {"again": again, "doubtful": doubtful, "files": self._files}
        return judge(hearing.answer, around, **told)

    def probe(self) -> Failure | None:
        """Open the line."""
        trouble = self._line.reach()
        return line_failure(trouble) if trouble is not None else None

    def abort(self) -> None:
        """Cut the exchange that is running."""
        self._line.abort()

    def close(self) -> None:
        """Close the line."""
        self._line.close()


def hl7_body(visit: Visit, message: UUID, addresses: Addresses, site: Site) -> bytes | None:
    """The frozen message of a saved visit; ``None`` where a person has to look at it first."""
    if not visit.child.number:
        return None
    try:
        return oru(visit, message, addresses, site)
    except MappingError:
        return None
