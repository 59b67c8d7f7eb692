"""Turns a row of a vector file into bytes and into what must come of them."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from drivers.audiogram_files.profiles import SAMPLES, Profiles, load_profiles
from drivers.hearing import Ear, Masking, Response, Tone, Transducer

FOLDER = Path(__file__).with_name("vectors")
PROFILES = load_profiles(SAMPLES)
CHILD = ({"4711", "17042099999"}, date(2021, 4, 17))

EARS = {Ear.RIGHT: "R", Ear.LEFT: "L", Ear.BOTH: "B"}
PATHS = {
    Transducer.HEADPHONE: "AC",
    Transducer.INSERT: "IN",
    Transducer.BONE: "BC",
    Transducer.FREE_FIELD: "FF",
    Transducer.UNKNOWN: "??",
}
ANSWERS = {
    Response.THRESHOLD: "{}",
    Response.HEARD: "≤{}",
    Response.NO_RESPONSE: ">{}",
    Response.NO_RESPONSE_LEVEL_UNKNOWN: ">?",
    Response.NOT_TESTED: "–",
    Response.COULD_NOT_BE_TESTED: "×",
}


@dataclass(frozen=True)
class Row:
    id: str
    shows: str
    data: bytes
    profiles: Profiles
    tones: list[str] = field(default_factory=list)
    remarks: list[str] | None = None
    concerns: list[str] | None = None
    refused: str = ""
    detail: str = ""
    patient: str | None = None
    name: str | None = None
    person: str = ""


def rows(file: str) -> list[Row]:
    table = tomllib.loads((FOLDER / file).read_text("utf-8"))
    assert set(table) == {"quality", "vector"}
    return [_row(dict(vector)) for vector in table["vector"]]


def _row(vector: dict) -> Row:
    profiles = PROFILES
    if vector.pop("profile", "") == "wide-undeclared":
        profiles = Profiles(csv=tuple(undeclared(p) for p in PROFILES.csv))
    if "file" in vector:
        data = gdt_or_text(vector.pop("file"))
    elif "curves" in vector:
        data = noah(audiogram(vector.pop("curves"), vector.pop("version", "500")))
    else:
        keys = ("body", "test", "born", "settings")
        data = sadata(**{key: vector.pop(key) for key in keys if key in vector})
    return Row(data=data, profiles=profiles, **vector)


def undeclared(profile):
    fields = {name: getattr(profile, name) for name in profile.__struct_fields__}
    return type(profile)(**(fields | {"no_response_codes": ()}))


def written(tone: Tone) -> str:
    """The tone in the notation of the vector files."""
    answer = ANSWERS[tone.response].format(tone.level_db)
    noise = "" if tone.masking_db is None else str(tone.masking_db)
    mask = {Masking.NONE: "", Masking.MASKED: f" m{noise}", Masking.UNKNOWN: " ?"}[tone.masking]
    return f"{EARS[tone.ear]} {PATHS[tone.transducer]} {tone.hz} {answer}{mask}"


def gdt_or_text(text: str) -> bytes:
    if not re.match(r"\d{3}8000", text):
        return text.encode("utf-8")
    raw = text.replace("|", "\r\n").encode("iso-8859-1")
    return re.sub(rb"\{([0-9A-F]{2})\}", lambda m: bytes.fromhex(m[1].decode()), raw)


SETTINGS = "<Settings><Picture>" + "iVBORw0KGgoA" * 1400 + "</Picture></Settings>"


def sadata(body: str, test: str = "Tone", born: str = "2021-04-17", *, settings=False) -> bytes:
    return (
        "\ufeff"
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<SaData Version="2" xmlns="uuid:ee2fbfd9-47a5-4dc8-a9eb-42d9995802ab">'
        "<ClientInfo><FirstName>Kari</FirstName><LastName>\n </LastName>"
        f"<BirthDate>{born}</BirthDate><Gender>Unknown</Gender>"
        "<PersonNumber>\n </PersonNumber>"
        "<Guid>00000000-0000-0000-0000-000000000000</Guid></ClientInfo>"
        "<Session><Created>2026-03-14T09:10:00</Created><Module>AUD</Module>"
        f"{SETTINGS * 12 if settings else ''}"
        f"<Test><TestName>{test}</TestName><Data><RecordedData><Measured>{body}</Measured>"
        "</RecordedData></Data></Test></Session></SaData>\n"
    ).encode()


NAMESPACES = {"502": "http://www.himsa.com/Measurement/Audiogram/502"}


def audiogram(curves: list[dict], version: str = "500") -> str:
    namespace = NAMESPACES.get(version, "http://www.himsa.com/Measurement/Audiogram")
    inner = "".join(_curve(**curve) for curve in curves)
    return (
        f'<HIMSAAudiometricStandard xmlns="{namespace}" Version="{version}">'
        f"{inner}</HIMSAAudiometricStandard>"
    )


def _curve(
    output, points, weighting="HL", masking="NoSignalApplied", condition="", additional=""
) -> str:
    conditions = (
        "<AudMeasurementConditions><StimulusSignalType>PureTone</StimulusSignalType>"
        f"<MaskingSignalType>{masking}</MaskingSignalType>"
        f"<StimulusSignalOutput>{output}</StimulusSignalOutput>"
        "<MaskingSignalOutput>NoSignalOutput</MaskingSignalOutput>"
        f"<StimulusdBWeighting>{weighting}</StimulusdBWeighting>"
        f"<MaskingdBWeighting>NodBWeighting</MaskingdBWeighting>{condition}"
        "</AudMeasurementConditions>"
    )
    inner = "".join(_point(point, additional) for point in points)
    return f"<ToneThresholdAudiogram>{conditions}{inner}</ToneThresholdAudiogram>"


def _point(point: str, additional: str) -> str:
    hz, level, status, *mask = point.split()
    names = ("MaskingFrequency", "MaskingLevel")
    pair = "".join(f"<{n}>{v}</{n}>" for n, v in zip(names, mask, strict=False) if v != "-")
    more = ""
    if additional:
        level2, noise, status2 = additional.split()
        more = (
            f"<AdditionalMaskingPoint><AdditionalStimulusLevel>{level2}</AdditionalStimulusLevel>"
            f"<AdditionalMaskingLevel>{noise}</AdditionalMaskingLevel>"
            f"<AdditionalMaskingPointStatus>{status2}</AdditionalMaskingPointStatus>"
            "</AdditionalMaskingPoint>"
        )
    return (
        f"<TonePoints><StimulusFrequency>{hz}</StimulusFrequency>"
        f"<StimulusLevel>{'' if level == '-' else level}</StimulusLevel>{pair}"
        f"<TonePointStatus>{status}</TonePointStatus>{more}</TonePoints>"
    )


def noah(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def action(body: str, day: str = "2026-03-14T09:10:00+01:00", prefix: str = "pt:") -> str:
    return (
        f"<{prefix}Action><{prefix}TypeOfData>Audiogram</{prefix}TypeOfData>"
        f"<{prefix}ActionDate>{day}</{prefix}ActionDate>"
        f"<{prefix}PublicData>{body}</{prefix}PublicData></{prefix}Action>"
    )


def export(*actions: str) -> bytes:
    """The wrapper of a patient export: Patient inside Patient, DateofBirth."""
    return noah(
        '<pt:NOAH_Patients_Export xmlns:pt="http://www.himsa.com/Measurement/PatientExport.xsd">'
        "<pt:Patient><pt:Patient><pt:NOAHPatientNumber>4711</pt:NOAHPatientNumber>"
        "<pt:FirstName>Kari</pt:FirstName><pt:LastName>Prøve</pt:LastName>"
        "<pt:DateofBirth>2021-04-17</pt:DateofBirth>"
        f"<pt:Actions>{''.join(actions)}</pt:Actions></pt:Patient></pt:Patient>"
        "</pt:NOAH_Patients_Export>"
    )


def exchange(*actions: str) -> bytes:
    """The wrapper of the web service: PatientNo, BirthDate."""
    return noah(
        "<NOAHDataExchange><NoahDataExchangeProtocol><Patients><Patient>"
        "<PatientNo>4711</PatientNo><FirstName>Kari</FirstName><LastName>Prøve</LastName>"
        f"<BirthDate>2021-04-17</BirthDate><Actions>{''.join(actions)}</Actions>"
        "</Patient></Patients></NoahDataExchangeProtocol></NOAHDataExchange>"
    )
