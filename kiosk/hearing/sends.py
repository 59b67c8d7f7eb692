"""Which records an audiometer sent together: at one press of *send*, and no others.

A group has a size and no name. So records are taken for one send only if they are of a group of one
size, none of them fills a place that is filled, and they came within seconds of each other.
Everything else may be another test, or another child's, and is never joined unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from drivers.hearing import ToneRecord

SEND_TIME = timedelta(seconds=10)
"""A record of 60 characters takes two seconds at 300 baud; no ear is tested in ten."""


@dataclass(frozen=True, slots=True)
class Send:
    """The records of one press of *send* so far. ``at`` is when the last one came, UTC.

    What waits in the store has no other time than the wall clock's; where that was put right
    meanwhile, records look as if they came apart, and a person is asked.
    """

    records: tuple[ToneRecord, ...]
    at: datetime


def belongs(send: Send, record: ToneRecord, at: datetime) -> bool:
    """Whether a record is of this send. One that the line said twice is."""
    if abs(at - send.at) > SEND_TIME or send.records[0].count != record.count:
        return False
    placed = next((one for one in send.records if one.number == record.number), None)
    return placed is None or placed == record


def grown(send: Send, record: ToneRecord, at: datetime) -> Send:
    """The send with one more record of it."""
    known = record in send.records
    return Send(send.records if known else (*send.records, record), at)
