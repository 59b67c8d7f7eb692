"""The records that come for one child, by cable or from a file, as one audiogram to look at.

An audiometer may send an ear at a time, send a record again, or break off in the middle; a file may
hold several tests. Everything that came is kept with its bytes. Nothing is computed: tones are put
side by side (:mod:`kiosk.hearing.merging`), and what a person must know or decide is named.

Source of the groups and of the sequence that a repeated record keeps: Welch Allyn TM 262 manual
1738-0101, page 5-5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from drivers.audiogram_files.imported import Imported
from drivers.audiogram_files.person import Match
from drivers.audiogram_files.points import ANSWERED, lacks_air, remarks_on
from drivers.hearing import Remark, Response, Tone, ToneRecord, Transducer
from kiosk.hearing.merging import Conflict, Joined, Place, decide, join
from kiosk.hearing.patient_match import are_of_one_person, identity_of, person_match

MOST_RECORDS = 99
"""Records of a group. The one protocol that has groups allows 8."""


class Notice(StrEnum):
    """What a person must know about what came, the most urgent first.

    ``PARTIAL``: records of a group have not come. ``CONFLICT``: a point has several answers and
    nobody has picked one. ``OTHER_PATIENT``: the records name different persons.
    ``SEVERAL_DEVICES``: they name different devices, serial numbers or calibrations. ``EMPTY``:
    nothing was answered at all; ``EMPTY_RECORD``: nothing was tested in one of the records.
    ``INCOMPLETE``: a record says so, or an ear lacks a frequency by air that the other has.
    """

    PARTIAL = "partial"
    CONFLICT = "conflict"
    OTHER_PATIENT = "other-patient"
    SEVERAL_DEVICES = "several-devices"
    EMPTY = "empty"
    EMPTY_RECORD = "empty-record"
    INCOMPLETE = "incomplete"
    UNKNOWN_TRANSDUCER = "unknown-transducer"
    CARRIED_FORWARD = "may-be-carried-forward"
    BONE_WORSE_THAN_AIR = "bone-worse-than-air"
    MASKED_WITHOUT_FREQUENCY = "masked-without-frequency"


CARRIED_OVER = {
    Remark.INCOMPLETE: Notice.INCOMPLETE,
    Remark.CARRIED_FORWARD: Notice.CARRIED_FORWARD,
    Remark.BONE_WORSE_THAN_AIR: Notice.BONE_WORSE_THAN_AIR,
    Remark.MASKED_WITHOUT_FREQUENCY: Notice.MASKED_WITHOUT_FREQUENCY,
}
"""Remarks that hold for the whole when they hold for a record.

Whether it is empty or in conflict is seen in the joined tones instead.
"""


@dataclass(frozen=True, slots=True)
class Received:
    """What came for one child. Made by :func:`begin`, :func:`add`, :func:`of_file`, :func:`choose`.

    ``records`` are as they came, each with its bytes, without those that were sent again.
    ``tones`` are dB HL and hertz as sent, without points that are in an undecided conflict.
    ``missing`` are the records that have not come, as number and count of their group; ``complete``
    says that something came and nothing is missing. The times are what the device or the file says,
    ``None`` where none does, or where some are with a time zone and some without: those have no
    order. ``device``, ``serial`` and ``calibrated`` are empty unless all that say it agree.
    ``file`` is the file it was read from, with its person and remarks, and without the records.
    """

    records: tuple[ToneRecord, ...] = ()
    tones: tuple[Tone, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    remarks: tuple[Notice, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    complete: bool = False
    first_tested_at: datetime | None = None
    last_tested_at: datetime | None = None
    device: str = ""
    serial: str = ""
    calibrated: str = ""
    file: Imported | None = None

    @property
    def undecided(self) -> tuple[Place, ...]:
        """The points of which a person has to pick an answer."""
        return tuple(c.place for c in self.conflicts if c.chosen is None)


def begin() -> Received:
    """Return what is there before anything came."""
    return Received()


def add(received: Received, record: ToneRecord) -> Received:
    """Take a record in. One that says what an earlier one said was sent again and changes nothing.

    Raises :class:`ValueError` for a number outside 1 to ``count``, a count above
    :data:`MOST_RECORDS`, a level that is no finite number, and for a record that comes to a file:
    those are two tests.
    """
    if received.file is not None:
        raise ValueError("a file takes no more records")
    return _add(received, record)


def _add(received: Received, record: ToneRecord) -> Received:
    _check(record)
    if any(_is_repeated(record, earlier) for earlier in received.records):
        return received
    return _put_together((*received.records, record), received.conflicts, received.file)


def of_file(imported: Imported) -> Received:
    """Put the records of a file together; raises :class:`ValueError` as :func:`add` does.

    For one of several tests, hand over the file with that record alone.
    """
    received = Received(file=replace(imported, records=()))
    for record in imported.records:
        received = _add(received, record)
    return received


def choose(received: Received, place: Place, index: int | None) -> Received:
    """Note which of the alternatives at a place a person picked; ``None`` opens it again.

    Raises :class:`ValueError` if there is no conflict at ``place``, or no such alternative.
    """
    conflicts = decide(Joined(received.tones, received.conflicts), place, index)
    return _put_together(received.records, conflicts, received.file)


def _check(record: ToneRecord) -> None:
    if not 1 <= record.number <= record.count <= MOST_RECORDS:
        raise ValueError("a record outside its group")
    levels = (level for tone in record.tones for level in (tone.level_db, tone.masking_db))
    if not all(level is None or level.is_finite() for level in levels):
        raise ValueError("a level that is no number")


def _is_repeated(record: ToneRecord, earlier: ToneRecord) -> bool:
    """Whether a record says the same.

    Bytes alone do not decide: all records of a file share them. A sequence alone does not either:
    it begins anew after ten records, and at another press of *send*.
    """
    return replace(record, sequence="", raw=b"") == replace(earlier, sequence="", raw=b"")


def _put_together(
    records: tuple[ToneRecord, ...], before: Iterable[Conflict], file: Imported | None
) -> Received:
    # An empty record counts in its group, and has nothing to say about any point.
    said = (tone for record in records if not _is_empty(record) for tone in record.tones)
    joined = join(said, before)
    missing = tuple(_missing(records))
    times = [record.tested_at for record in records if record.tested_at is not None]
    if len({time.utcoffset() is None for time in times}) > 1:
        times = []
    found = {*_notices_of_records(records), *_notices_of_tones(joined)}
    if missing:
        found.add(Notice.PARTIAL)
    return Received(
        records,
        joined.tones,
        joined.conflicts,
        tuple(notice for notice in Notice if notice in found),
        missing,
        bool(records) and not missing,
        min(times, default=None),
        max(times, default=None),
        _agreed(record.device for record in records),
        _agreed(record.serial for record in records),
        _agreed(record.calibrated for record in records),
        file,
    )


def _missing(records: Iterable[ToneRecord]) -> Iterator[tuple[int, int]]:
    """Yield number and count of what has not come.

    Groups have no name, only a size. So a group that is sent again with one record changed is
    whole: what it has in common with the first one is not kept twice.
    """
    came = {(record.count, record.number) for record in records}
    for count in sorted({count for count, _ in came}):
        for number in range(1, count + 1):
            if (count, number) not in came:
                yield number, count


def _notices_of_records(records: tuple[ToneRecord, ...]) -> Iterator[Notice]:
    for record in records:
        yield from (CARRIED_OVER[remark] for remark in record.remarks if remark in CARRIED_OVER)
    if not any(tone.response in ANSWERED for record in records for tone in record.tones):
        yield Notice.EMPTY
    elif any(_is_empty(record) for record in records):
        yield Notice.EMPTY_RECORD
    if not are_of_one_person(record.patient for record in records):
        yield Notice.OTHER_PATIENT
    for texts in zip(*((r.device, r.serial, r.calibrated) for r in records), strict=True):
        if len(set(texts) - {""}) > 1:
            yield Notice.SEVERAL_DEVICES


def _notices_of_tones(joined: Joined) -> Iterator[Notice]:
    if any(conflict.chosen is None for conflict in joined.conflicts):
        yield Notice.CONFLICT
    if Remark.BONE_WORSE_THAN_AIR in remarks_on(joined.tones):
        # Air and bone may have come in records of their own, neither of which can show it.
        yield Notice.BONE_WORSE_THAN_AIR
    everything = [*joined.tones, *(t for c in joined.conflicts for t in c.alternatives)]
    # Others than in a file, points that were not tested are no gap: an audiometer lists all of its
    # frequencies, and a screening uses a few.
    if lacks_air(everything):
        yield Notice.INCOMPLETE
    if any(tone.transducer is Transducer.UNKNOWN for tone in everything):
        yield Notice.UNKNOWN_TRANSDUCER


def _is_empty(record: ToneRecord) -> bool:
    return all(tone.response is Response.NOT_TESTED for tone in record.tones)


def _agreed(texts: Iterable[str]) -> str:
    """Return the one text that all say who say something; empty if there is none."""
    said = set(texts) - {""}
    return said.pop() if len(said) == 1 else ""


def match_of(received: Received, numbers: frozenset[str], birth_date: date | None) -> Match:
    """Whether everything that came is of the child who has these numbers and this birth date.

    ``OTHER`` if the file or a single record names somebody else; ``SAME`` only if the file, or each
    record from a cable, names the child.
    """
    records = [identity_of(record, numbers, birth_date) for record in received.records]
    if received.file is not None:
        # A record of a file may leave the person to the file, and may still say another one.
        of_the_file = person_match(received.file.patient, numbers, birth_date)
        records = [of_the_file, *(match for match in records if match is not Match.CANNOT_TELL)]
    if Match.OTHER in records:
        return Match.OTHER
    return Match.SAME if set(records) == {Match.SAME} else Match.CANNOT_TELL
