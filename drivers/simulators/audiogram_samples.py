"""Files as an audiometer's program would drop them, for a made-up child.

Written by hand after the formats' descriptions, with no use of the readers. The values: right
1000 Hz 5 dB HL and 4000 Hz 20, left 1000 Hz 10 and 4000 Hz not heard at 90.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class SampleChild:
    """A person who does not exist. ``born`` is an ISO 8601 date."""

    id: str = "4711"
    first: str = "Kari"
    last: str = "Prøve"
    born: str = "2021-04-17"


POINTS: Final = (
    ("Right", 1000, 5, True),
    ("Right", 4000, 20, True),
    ("Left", 1000, 10, True),
    ("Left", 4000, 90, False),
)
"""Ear, hertz, dB HL and whether it was heard there."""

_ZONED: Final = "2026-03-14T09:10:00+01:00"


def sadata(child: SampleChild) -> bytes:
    """Interacoustics ``SaData``."""
    curves = "".join(_sadata_curve(ear) for ear in ("Right", "Left"))
    return (
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n'
        '<SaData Version="2" xmlns="uuid:ee2fbfd9-47a5-4dc8-a9eb-42d9995802ab">'
        f"<ClientInfo><FirstName>{escape(child.first)}</FirstName>"
        f"<LastName>{escape(child.last)}</LastName><BirthDate>{child.born}</BirthDate>"
        f"<PersonNumber>{escape(child.id)}</PersonNumber></ClientInfo><Session>"
        "<Created>2026-03-14T09:10:00</Created><Module>AUD</Module>"
        "<Test><TestName>Tone</TestName><Data><RecordedData>"
        f"{curves}</RecordedData></Data></Test></Session></SaData>\n"
    ).encode()


def _sadata_curve(ear: str) -> str:
    points = "".join(
        f"<TonePoint><Frequency>{hz}</Frequency><IntensityMT>-2147483648</IntensityMT>"
        "<IntensityMTMasked>-2147483648</IntensityMTMasked><StatusMT>Undefined</StatusMT>"
        f"<IntensityUT>{level}</IntensityUT><StatusUT>{'Heard' if heard else 'NotHeard'}"
        "</StatusUT><Transducer>TDH39</Transducer></TonePoint>"
        for side, hz, level, heard in POINTS
        if side == ear
    )
    return (
        f"<Measured><Tone><Earside>{ear}</Earside><THCondidtion>Unaided</THCondidtion>"
        "<ConductionTypes>AC</ConductionTypes><Measurementtype>HL</Measurementtype>"
        f"<SignalType>Tone</SignalType>{points}</Tone></Measured>"
    )


def noah(child: SampleChild) -> bytes:
    """A Noah patient export with one audiogram in format 500."""
    curves = "".join(_noah_curve(ear) for ear in ("Right", "Left"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<pt:NOAH_Patients_Export xmlns:pt="http://www.himsa.com/Measurement/PatientExport.xsd">'
        f"<pt:Patient><pt:Patient><pt:NOAHPatientNumber>{escape(child.id)}"
        f"</pt:NOAHPatientNumber><pt:FirstName>{escape(child.first)}</pt:FirstName>"
        f"<pt:LastName>{escape(child.last)}</pt:LastName>"
        f"<pt:DateofBirth>{child.born}</pt:DateofBirth><pt:Actions><pt:Action>"
        f"<pt:ActionDate>{_ZONED}</pt:ActionDate><pt:PublicData>"
        '<HIMSAAudiometricStandard xmlns="http://www.himsa.com/Measurement/Audiogram" '
        f'Version="500">{curves}</HIMSAAudiometricStandard></pt:PublicData></pt:Action>'
        "</pt:Actions></pt:Patient></pt:Patient></pt:NOAH_Patients_Export>\n"
    ).encode()


def _noah_curve(ear: str) -> str:
    points = "".join(
        f"<TonePoints><StimulusFrequency>{hz}</StimulusFrequency>"
        f"<StimulusLevel>{level}.0</StimulusLevel>"
        f"<TonePointStatus>{'Normal' if heard else 'NoResponse'}</TonePointStatus></TonePoints>"
        for side, hz, level, heard in POINTS
        if side == ear
    )
    return (
        "<ToneThresholdAudiogram><AudMeasurementConditions>"
        "<StimulusSignalType>PureTone</StimulusSignalType>"
        "<MaskingSignalType>NoSignalApplied</MaskingSignalType>"
        f"<StimulusSignalOutput>AirConductor{ear}</StimulusSignalOutput>"
        "<MaskingSignalOutput>NoSignalOutput</MaskingSignalOutput>"
        "<StimulusdBWeighting>HL</StimulusdBWeighting>"
        "<MaskingdBWeighting>NodBWeighting</MaskingdBWeighting></AudMeasurementConditions>"
        f"{points}</ToneThresholdAudiogram>"
    )


def gdt(child: SampleChild) -> bytes:
    """GDT 2.1 in ISO 8859-1, with the test ids of the sample profile."""
    day, month, year = child.born[8:], child.born[5:7], child.born[:4]
    fields = [("8315", "STASJON"), ("8316", "AUDIOM"), ("9206", "3"), ("9218", "02.10")]
    fields += [("3000", child.id), ("3101", child.last), ("3102", child.first)]
    fields += [("3103", day + month + year), ("8402", "AUDI00"), ("6200", "14032026")]
    for ear, hz, level, heard in POINTS:
        fields += [("8410", f"{ear[0]}AC{hz}"), ("8420", f"{'' if heard else '>'}{level}")]
        fields += [("8421", "dB")]
    rest = b"".join(_gdt_line(field, text) for field, text in fields)
    head = _gdt_line("8000", "6310")
    total = len(head) + len(_gdt_line("8100", "00000")) + len(rest)
    return head + _gdt_line("8100", f"{total:05}") + rest


def _gdt_line(field: str, text: str) -> bytes:
    content = text.encode("iso-8859-1")
    return f"{len(content) + 9:03}{field}".encode() + content + b"\r\n"


def table(child: SampleChild) -> bytes:
    """A table with a row for each point, as the long sample profile has it."""
    rows = ["pid;time;ear;path;hz;level;status;masked"]
    rows += [
        f"{child.id};{_ZONED};{ear[0]};AC;{hz};{level};{'T' if heard else 'NR'};0"
        for ear, hz, level, heard in POINTS
    ]
    return "".join(f"{row}\r\n" for row in rows).encode()


SAMPLES: Final[dict[str, Callable[[SampleChild], bytes]]] = {
    "export.xml": sadata,
    "noah.xml": noah,
    "result.gdt": gdt,
    "table.csv": table,
}
"""What is dropped, by the name a program would give it."""
