"""What has come from the audiometer and waits for a child: by cable, or as a file in the inbox."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from drivers.audiogram_files.imported import Concern, Refusal
from drivers.audiogram_files.person import Match
from drivers.inbox_events import FolderState, Held
from kiosk.hearing.receiving import Received, match_of, of_file
from kiosk.hearing.sends import Send, belongs
from kiosk.hearing.waiting_files import WaitingFile
from kiosk.model.identity import check_number
from kiosk.model.visit import Child

FULL_NUMBER = 11
"""Digits of an identity number."""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record that came by cable. ``id`` is that of its row in the store; ``at`` is UTC."""

    id: UUID
    at: datetime
    received: Received = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A test in a waiting file; one file may hold several tests, told apart by ``number``."""

    digest: str
    number: int
    at: datetime
    received: Received = field(repr=False)
    name: str = field(default="", repr=False)


Arrival = HeldRecord | FileOffer


@dataclass(frozen=True, slots=True)
class InboxState:
    """How the inbox stands: its folder, and why the last file was put aside, if one was."""

    folder: FolderState = FolderState.READY
    held: Refusal | Held | None = None
    held_name: str = field(default="", repr=False)


AN_INBOX = InboxState()


def offers_of(files: tuple[WaitingFile, ...]) -> tuple[FileOffer, ...]:
    """A line for each test that waits. A file that cannot be put together is left out."""
    return tuple(offer for file in files for offer in _offers(file))


def _offers(file: WaitingFile) -> list[FileOffer]:
    imported = file.imported
    several = any(remark.code is Concern.SEVERAL_TESTS for remark in imported.remarks)
    parts = (
        [replace(imported, records=(record,)) for record in imported.records]
        if several
        else [imported]
    )
    try:
        joined = [of_file(part) for part in parts]
    except ValueError:
        return []
    return [
        FileOffer(file.digest, number, file.changed_at, one, file.name)
        for number, one in enumerate(joined)
    ]


def match(received: Received, child: Child) -> Match:
    """Whether what came is of this child: by number and birth date, never by name.

    An audiometer's own field for a number holds ten signs or fewer: what is no identity number
    there says nothing about the child, while one of another child stops.
    """
    if received.file is None:
        told = {record.patient.strip() for record in received.records} - {""}
        if not any(check_number(one).fault is None and len(one) == FULL_NUMBER for one in told):
            return Match.CANNOT_TELL
    return match_of(received, frozenset({child.number} - {""}), child.birth_date)


def key_of(arrival: Arrival) -> str:
    """What tells one line from another."""
    if isinstance(arrival, FileOffer):
        return f"file-{arrival.digest[:12]}-{arrival.number}"
    return f"record-{arrival.id}"


def send_of(records: tuple[HeldRecord, ...]) -> Send:
    """What was sent together, at one press of *send*."""
    sent = tuple(one for held in records for one in held.received.records)
    return Send(sent, records[-1].at)


def is_of_send(send: Send | None, held: HeldRecord) -> bool:
    """Whether a record belongs to what was sent together."""
    return send is not None and all(
        belongs(send, record, held.at) for record in held.received.records
    )
