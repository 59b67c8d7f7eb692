"""Interacoustics ``SaData`` XML, version 2: Diagnostic Suite, Equinox, OtoAccess.

Sources: two real exports (NiklasEdvall/XML-audiogram, ``data/aud_001.xml`` and ``aud_002.xml``)
and two open readers of them. The schema is not public, so only what was seen is accepted:
test ``Tone``, measurement ``HL``, unaided, ear ``Right`` or ``Left``, conduction ``AC`` or
``BC``. ``NotHeard`` is inferred from the key command ``StoreNotHeard`` of the same files.

The number −2147483648 stands for *nothing here*. ``Heard`` beside it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
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
from drivers.audiogram_files.points import (
    Place,
    distinct,
    hertz,
    number,
    plausible_level,
    plausible_noise,
    remarks_on,
)
from drivers.audiogram_files.times import birth_date, on_time, test_time, unless_filler
from drivers.audiogram_files.xml_tree import below, named, namespace, text_of
from drivers.hearing import Ear, Masking, Response, Tone, ToneRecord, Transducer

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ROOT: Final = "SaData"
NAMESPACE: Final = "uuid:ee2fbfd9-47a5-4dc8-a9eb-42d9995802ab"
NOTHING: Final = Decimal(-2147483648)

_CURVE: Final = ("Earside", "ConductionTypes", "Measurementtype", "SignalType", "THCondidtion")
"""What tells one curve from another, with the program's own spelling."""

_EARS: Final = {"Right": Ear.RIGHT, "Left": Ear.LEFT}
_HEADPHONES: Final = frozenset(
    {"TDH39", "TDH49", "DT48", "HDA200", "HDA280", "DD45", "DD65", "KossR80"}
)
_INSERTS: Final = frozenset({"EARTONE3A", "EARTONE5A", "ER3A", "ER5A", "ER3C", "IP30"})
_ANSWERS: Final = {
    "Heard": (Response.THRESHOLD, None),
    "NotHeard": (Response.NO_RESPONSE, Response.NO_RESPONSE_LEVEL_UNKNOWN),
}
"""Status: what it means with a level, and without one (``None`` where it needs one)."""

_UNREAD: Final = frozenset({Concern.CURVE_NOT_READ, Concern.UNKNOWN_STATUS})
"""What tells that a test without a tone has something in it."""


def read_sadata(root: Element) -> Imported:
    """Read a parsed file; raises :class:`FileRefused`."""
    if (namespace(root), root.get("Version")) != (NAMESPACE, "2"):
        raise FileRefused(Refusal.UNSUPPORTED_VERSION, root.get("Version", ""))
    remarks: list[FileRemark] = []
    tests = [(s, t) for s in below(root, "Session") for t in _tone_tests(s)]
    if not tests:
        raise FileRefused(Refusal.NO_TONE_TEST, ", ".join(_test_names(root)))
    patient = _patient(root)
    records = tuple(_record(s, t, patient, remarks.append) for s, t in tests)
    if not any(record.tones for record in records) and not _UNREAD & {r.code for r in remarks}:
        # Nothing was found in it, not even a curve of another kind: never an empty test.
        raise FileRefused(Refusal.NO_TONE_TEST, "Tone")
    if len(records) > 1:
        remarks.append(FileRemark(Concern.SEVERAL_TESTS, str(len(records))))
    return Imported(FileFormat.SADATA, patient, records, once(remarks))


def _tone_tests(session: Element) -> Iterator[Element]:
    if text_of(session, "Module") == "AUD":
        yield from (t for t in below(session, "Test") if text_of(t, "TestName") == "Tone")


def _test_names(root: Element) -> list[str]:
    return sorted({text_of(test, "TestName") for test in below(root, "Test")} - {""})


def _patient(root: Element) -> FilePatient:
    client = next(named(root, "ClientInfo"), None)
    if client is None:
        return FilePatient()
    names = (unless_filler(text_of(client, part)) for part in ("FirstName", "LastName"))
    return FilePatient(
        unless_filler(text_of(client, "PersonNumber")),
        " ".join(filter(None, names)),
        birth_date(text_of(client, "BirthDate")),
    )


def _record(
    session: Element, test: Element, patient: FilePatient, remember: Remember
) -> ToneRecord:
    curves = chain.from_iterable(below(m, "Tone") for m in below(test, "Measured"))
    tones = distinct(chain.from_iterable(_curve(curve, remember) for curve in curves))
    # Two exports of different persons have the same second there: it is the time of the export.
    created = test_time(text_of(session, "Created"))
    if created is not None:
        remember(FileRemark(Concern.TIME_MAY_BE_OF_EXPORT, created.isoformat()))
    for remark in on_time(created):
        remember(remark)
    return ToneRecord(
        tones, patient=patient.id, tested_at=created, device="SaData", remarks=remarks_on(tones)
    )


def _curve(curve: Element, remember: Remember) -> Iterator[Tone]:
    """Yield the tones of a curve of hearing levels; another kind of curve is named instead."""
    said = [text_of(curve, name) for name in _CURVE]
    if said[2] == "SPL":
        raise FileRefused(Refusal.NOT_HEARING_LEVEL, "SPL")
    ear = _EARS.get(said[0])
    if ear is None or said[1] not in {"AC", "BC"} or said[2:] != ["HL", "Tone", "Unaided"]:
        remember(FileRemark(Concern.CURVE_NOT_READ, " ".join(said)))
        return
    for point in below(curve, "TonePoint"):
        yield from _point(point, ear, said[1], remember)


def _point(point: Element, ear: Ear, conduction: str, remember: Remember) -> Iterator[Tone]:
    transducer = _transducer(text_of(point, "Transducer"), conduction, remember)
    hz = hertz(text_of(point, "Frequency"))
    if comment := text_of(point, "Comment"):
        remember(FileRemark(Concern.COMMENT, comment))
    unmasked = Place(ear, transducer, hz, Masking.NONE)
    yield from _answer(point, "UT", unmasked, remember)
    noise = number(text_of(point, "IntensityMTMasked") or str(NOTHING), "IntensityMTMasked")
    noise_db = None if noise == NOTHING else plausible_noise(noise, unmasked)
    masked = Place(ear, transducer, hz, Masking.MASKED, noise_db)
    yield from _answer(point, "MT", masked, remember)


def _transducer(name: str, conduction: str, remember: Remember) -> Transducer:
    if conduction == "BC":
        return Transducer.BONE
    if name.replace("-", "").replace(" ", "").upper() in _INSERTS:
        return Transducer.INSERT
    if name in _HEADPHONES:
        return Transducer.HEADPHONE
    remember(FileRemark(Concern.UNKNOWN_TRANSDUCER, name))
    return Transducer.UNKNOWN


def _answer(point: Element, kind: str, place: Place, remember: Remember) -> Iterator[Tone]:
    """Yield the unmasked (``UT``) or the masked (``MT``) answer of a point, if it has one."""
    status = text_of(point, f"Status{kind}") or "Undefined"
    level = number(text_of(point, f"Intensity{kind}") or str(NOTHING), f"Intensity{kind}")
    empty = level == NOTHING
    if status == "Undefined" and empty:
        return
    if status not in _ANSWERS:
        shown = "" if empty else f" {level}"
        remember(FileRemark(Concern.UNKNOWN_STATUS, f"{place}: {status}{shown}"))
        return
    with_level, without = _ANSWERS[status]
    if not empty:
        yield place.tone(with_level, plausible_level(level, place))
    elif without is not None:
        yield place.tone(without)
    else:
        raise FileRefused(Refusal.CONTRADICTION, f"{place}: {status}")
