"""Noah audiograms on their own, in a patient export, or in an exchange of the web service.

Sources: as :mod:`drivers.audiogram_files.noah_curves`; HIMSA's pages on carrying earlier points
forward. The elements of both wrappers are found by local name, because only the prefix and the
tag of the birth date differ. Older audiograms (100, 200) are binary structures and are refused.

Programs are told to put a whole assessment into one action and to copy earlier points into it,
so an action of today may hold last week's points. Only the newest action is offered; its points
that an earlier one has as well are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final

from drivers.audiogram_files.imported import (
    Concern,
    FileFormat,
    FilePatient,
    FileRefused,
    FileRemark,
    Imported,
    Refusal,
    Remember,
    once,
)
from drivers.audiogram_files.noah_curves import lacks_masking_frequency, read_curve
from drivers.audiogram_files.points import distinct, remarks_on
from drivers.audiogram_files.times import birth_date, on_time, test_time, unless_filler
from drivers.audiogram_files.xml_tree import below, find_text, local, named, namespace, text_of
from drivers.hearing import Remark, Tone, ToneRecord

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

AUDIOGRAM: Final = "HIMSAAudiometricStandard"
ROOTS: Final = frozenset({AUDIOGRAM, "NOAH_Patients_Export", "NOAHDataExchange"})
VERSIONS: Final = frozenset(
    {
        ("500", "http://www.himsa.com/Measurement/Audiogram"),
        ("502", "http://www.himsa.com/Measurement/Audiogram/502"),
    }
)


@dataclass(frozen=True, slots=True)
class _Action:
    """An audiogram and the dates that the wrapper gives it."""

    audiogram: Element
    tested_at: datetime | None = None
    changed: str = ""


def read_noah(root: Element) -> Imported:
    """Read a parsed file; raises :class:`FileRefused`."""
    patient = _patient(root)
    actions = list(_actions(root))
    if not actions:
        raise FileRefused(Refusal.NO_TONE_TEST)
    remarks: list[FileRemark] = []
    newest, earlier = _newest(actions)
    # What an earlier action could not tell is no question about the newest one.
    before = [(a, _record(a, patient, _forget).tones) for a in earlier]
    records = tuple(_record(action, patient, remarks.append) for action in newest)
    if len(records) > 1:
        remarks.append(FileRemark(Concern.SEVERAL_TESTS, str(len(records))))
    else:
        records = (_with_carried(records[0], before, remarks.append),)
    return Imported(FileFormat.NOAH, patient, records, once(remarks))


def _forget(remark: FileRemark) -> None:
    del remark


def _patient(root: Element) -> FilePatient:
    """Return the one person of the file; raises :class:`FileRefused` for more than one."""
    # A patient export has Patient inside Patient: the inner one holds the person.
    persons = [p for p in below(root, "Patient") if not any(named(p, "Patient"))]
    if len(persons) > 1:
        raise FileRefused(Refusal.SEVERAL_PATIENTS, str(len(persons)))
    if not persons:
        return FilePatient()
    ids = (
        unless_filler(text_of(persons[0], name))
        for name in ("SSNumber", "PatientNo", "NOAHPatientNumber")
    )
    names = (unless_filler(text_of(persons[0], part)) for part in ("FirstName", "LastName"))
    born = text_of(persons[0], "DateofBirth") or text_of(persons[0], "BirthDate")
    return FilePatient(next(filter(None, ids), ""), " ".join(filter(None, names)), birth_date(born))


def _actions(root: Element) -> Iterator[_Action]:
    if local(root) == AUDIOGRAM:
        yield _Action(_checked(root))
        return
    for action in below(root, "Action"):
        for public in named(action, "PublicData"):
            for audiogram in below(public, AUDIOGRAM):
                yield _Action(
                    _checked(audiogram),
                    test_time(text_of(action, "ActionDate")),
                    text_of(action, "LastModifiedDate"),
                )


def _checked(audiogram: Element) -> Element:
    version = audiogram.get("Version", "")
    if (version, namespace(audiogram)) not in VERSIONS:
        raise FileRefused(Refusal.UNSUPPORTED_VERSION, version)
    return audiogram


def _newest(actions: Sequence[_Action]) -> tuple[Sequence[_Action], Sequence[_Action]]:
    """Return the newest actions and the earlier ones; all are newest if no order is certain."""
    times = [action.tested_at for action in actions]
    dated = [time for time in times if time is not None]
    zones = {time.utcoffset() is None for time in dated}
    if len(dated) < len(times) or len(zones) > 1:
        return actions, ()
    last = max(dated)
    return (
        [action for action in actions if action.tested_at == last],
        [action for action in actions if action.tested_at != last],
    )


def _record(action: _Action, patient: FilePatient, remember: Remember) -> ToneRecord:
    curves = list(named(action.audiogram, "ToneThresholdAudiogram"))
    if not curves:
        raise FileRefused(Refusal.NO_TONE_TEST)
    tones = distinct(chain.from_iterable(read_curve(curve, remember) for curve in curves))
    remarks = remarks_on(tones)
    if any(lacks_masking_frequency(curve) for curve in curves):
        remarks = (*remarks, Remark.MASKED_WITHOUT_FREQUENCY)
    if action.changed:
        remember(FileRemark(Concern.LAST_CHANGED, action.changed))
    for remark in on_time(action.tested_at):
        remember(remark)
    return ToneRecord(
        tones,
        patient=patient.id,
        tested_at=action.tested_at,
        device=find_text(action.audiogram, "AudiometerMakeModel"),
        serial=find_text(action.audiogram, "AudiometerSerialNumber"),
        calibrated=find_text(action.audiogram, "AudiometerLastCalibration"),
        remarks=remarks,
    )


def _with_carried(
    record: ToneRecord,
    before: Iterable[tuple[_Action, tuple[Tone, ...]]],
    remember: Remember,
) -> ToneRecord:
    """Name the tones that an earlier action of the file has as well."""
    carried = False
    for action, tones in before:
        when = action.tested_at.isoformat() if action.tested_at else ""
        remember(FileRemark(Concern.EARLIER_TEST, when))
        if same := tuple(tone for tone in record.tones if tone in tones):
            carried = True
            remember(FileRemark(Concern.CARRIED_FORWARD, when, same))
    if not carried:
        return record
    return replace(record, remarks=(*record.remarks, Remark.CARRIED_FORWARD))
