"""The way in through a folder: a GDT or CSV file for each message.

Where the receiver removes what it has read, a message is delivered when its file stood there and
is gone, and a file that stays is told. Where files are kept, it is delivered when the file stands
there. Delivered is not received: what the journal made of a file nobody can tell from here. A file
of which there is no trace is never taken for fetched: a person has to look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from kiosk.journal.answers import Line, Verdict
from kiosk.journal.attempt import Hands, parked
from kiosk.journal.changed_rows import touched, visit_of
from kiosk.journal.contract import Site
from kiosk.journal.files.csv_message import csv_file
from kiosk.journal.files.csv_template import DEFAULT, Template
from kiosk.journal.files.file_drop import FileDrop, Lies
from kiosk.journal.files.folder_mark import FolderGoneError, Gone
from kiosk.journal.files.gdt_message import GdtAddresses, gdt_record
from kiosk.journal.files.gdt_requests import NO_REQUEST, SEVERAL_REQUESTS, Requests
from kiosk.journal.interface import fixed
from kiosk.journal.mapping_error import MappingError
from kiosk.model.outbox import Delivered, Failure, Later, MessageKind, OutboxItem, Released
from kiosk.model.visit import Delivery, Visit

LOOK_AGAIN = timedelta(seconds=10)
"""How often it is looked whether a file was fetched."""

STATUSES = {
    MessageKind.NEW: "final",
    MessageKind.CORRECT: "amended",
    MessageKind.WITHDRAW: "entered-in-error",
}

FAILURES = {
    Gone.UNMARKED: Failure.FOLDER_UNMARKED,
    Gone.OTHER_FOLDER: Failure.OTHER_FOLDER,
}
"""What is told of a folder that cannot be used; whatever else it is, it cannot be reached."""

NOT_MADE = {
    NO_REQUEST: Failure.PATIENT_NOT_FOUND,
    SEVERAL_REQUESTS: Failure.PATIENT_NOT_UNIQUE,
}
"""What is told of a file that could not be made; whatever else it is, the receiver would refuse."""

Make = Callable[[Visit, OutboxItem], bytes]


@dataclass(frozen=True, slots=True)
class FileKind:
    """What is written and when it counts. ``make`` raises :class:`MappingError`; ``placed`` is told
    what lies in the folder now.
    """

    make: Make
    takes_changes: bool
    until_fetched: bool
    placed: Callable[[bytes], None] = lambda _: None


def gdt_kind(addresses: GdtAddresses, site: Site, requests: Requests | None = None) -> FileKind:
    """GDT records: fetched and removed by the receiver, never corrected. ``requests`` are those of
    a journal that asks first.
    """

    def make(visit: Visit, item: OutboxItem) -> bytes:
        person = requests.of(visit.child) if requests is not None else None
        return gdt_record(visit, item.id, addresses, site, person)

    placed = requests.answered if requests is not None else lambda _: None
    return FileKind(make, takes_changes=False, until_fetched=True, placed=placed)


def csv_kind(site: Site, *, until_fetched: bool, template: Template = DEFAULT) -> FileKind:
    """CSV files: kept or fetched, corrected by a further file."""

    def make(visit: Visit, item: OutboxItem) -> bytes:
        only = touched(item, visit)
        return csv_file(visit, item.id, site, STATUSES[item.kind], only, template=template)

    return FileKind(make, takes_changes=True, until_fetched=until_fetched)


class FileInterface:
    """See :class:`kiosk.journal.interface.Interface`."""

    flies = False

    def __init__(self, drop: FileDrop, kind: FileKind) -> None:
        self._drop = drop
        self._kind = kind
        self._settled: list[UUID] = []

    def deliver(self, item: OutboxItem, hands: Hands) -> Verdict | None:
        """Put the file of a message into the folder, or see what became of it."""
        self._forget_settled(but=item.id)
        if item.kind is not MessageKind.NEW and not self._kind.takes_changes:
            return parked(Failure.BY_HAND)
        if item.state is Delivery.AMBIGUOUS:
            return self._found(item, hands)
        try:
            return self._placed(item, hands)
        except FolderGoneError as error:
            failure = _failure(error)
            released = Released(hands.now() + LOOK_AGAIN, failure, str(error))
            return Verdict(released, _line(failure))

    def _placed(self, item: OutboxItem, hands: Hands) -> Verdict | None:
        body = fixed(item, hands, lambda item: self._made(item, hands))
        if isinstance(body, Verdict):
            return body
        self._drop.reach()
        if not self._drop.has_room(item.id):
            # The file of another message lies under the agreed name until it is fetched.
            return Verdict(Released(hands.now() + LOOK_AGAIN, Failure.NOT_COLLECTED), Line.UP)
        self._drop.write(item.id, body)
        if not hands.store.mark_in_flight(item.id):
            self._drop.take_back(item.id)
            return None
        hands.in_flight(item)
        # From here on the file may have been seen, whatever goes wrong.
        verdict = self._found(item, hands, publish=True)
        self._kind.placed(body)
        return verdict

    def _made(self, item: OutboxItem, hands: Hands) -> bytes | Verdict:
        visit = visit_of(item, hands)
        if not visit.child.number:
            return parked(Failure.NO_NUMBER)
        try:
            return self._kind.make(visit, item)
        except MappingError as error:
            return parked(NOT_MADE.get(error.code, Failure.REFUSED), error.code)

    def _found(self, item: OutboxItem, hands: Hands, *, publish: bool = False) -> Verdict:
        try:
            if publish:
                self._drop.publish(item.id)
            return self._seen(item, hands)
        except FolderGoneError as error:
            failure, due = _failure(error), hands.now() + LOOK_AGAIN
            return Verdict(Later(due, failure, str(error), ambiguous=True), _line(failure))

    def _seen(self, item: OutboxItem, hands: Hands) -> Verdict:
        lies = self._drop.where(item.id)
        if lies is Lies.NOWHERE:
            return parked(Failure.MAY_HAVE_ARRIVED, "no-trace-of-the-file")
        if lies is Lies.UNFINISHED:
            # It never had its real name, so nobody can have fetched it: it is written anew.
            return Verdict(Later(hands.now(), Failure.UNKNOWN_OUTCOME, "unfinished"), Line.UP)
        if lies is Lies.FETCHED or not self._kind.until_fetched:
            self._settled.append(item.id)
            return Verdict(Delivered(self._drop.name_of(item.id).name), Line.UP)
        waits = Later(hands.now() + LOOK_AGAIN, Failure.NOT_COLLECTED, ambiguous=True)
        return Verdict(waits, Line.UP)

    def _forget_settled(self, *, but: UUID | None = None) -> None:
        """Clear the traces of messages whose outcome is durable by now."""
        for message in self._settled:
            if message != but:
                self._drop.forget(message)
        self._settled = [message for message in self._settled if message == but]

    def probe(self) -> Failure | None:
        """Whether files can be put into the folder."""
        try:
            self._drop.reach()
        except FolderGoneError as error:
            return _failure(error)
        return None

    def abort(self) -> None:
        """Nothing runs for longer than a file takes."""

    def close(self) -> None:
        """Nothing is held open."""
        self._forget_settled()


def _failure(error: FolderGoneError) -> Failure:
    return FAILURES.get(error.why, Failure.UNREACHABLE) if error.why else Failure.UNREACHABLE


def _line(failure: Failure) -> Line:
    """A share may come back by itself; a folder that was never marked waits for a person."""
    return Line.STOPPED if failure is Failure.FOLDER_UNMARKED else Line.DOWN
