"""The codes of pure-tone audiometry, as one table.

LOINC names 22 thresholds of air conduction, one for each ear and frequency (panel 89015-2, as used
by HL7's SPLASCH and PACIO guides). The numbers follow no order, and a published guide once sent the
right ear's values under codes of the left; so a test holds the table one-to-one. There is no code
for 125 Hz, for bone, for an unknown transducer, for masking or for both ears at once: those get a
code of this station's own.
UCUM has no unit for hearing level either; ``dB`` is sent, and the method says what it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from drivers.hearing import Ear, Masking, Tone, Transducer
from kiosk.journal.contract import Site
from kiosk.model.hearing_test import End, Place, Result, Why
from kiosk.model.quantities import LOINC, Code

PANEL = Code(LOINC, "89015-2", "Pure tone threshold audiometry panel")
CATEGORY = "exam"
UNIT, UNIT_CODE = "dB HL", "dB"
METHOD = "Rentoneaudiometri. Nivå i dB HL (hearing level, ISO 389)"
ABSENT_SYSTEM = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

THRESHOLDS: dict[tuple[Ear, int], str] = {
    (Ear.LEFT, 250): "91375-6",
    (Ear.RIGHT, 250): "91374-9",
    (Ear.LEFT, 500): "89024-4",
    (Ear.RIGHT, 500): "89025-1",
    (Ear.LEFT, 750): "91379-8",
    (Ear.RIGHT, 750): "91378-0",
    (Ear.LEFT, 1000): "89016-0",
    (Ear.RIGHT, 1000): "89017-8",
    (Ear.LEFT, 1500): "91373-1",
    (Ear.RIGHT, 1500): "91372-3",
    (Ear.LEFT, 2000): "89018-6",
    (Ear.RIGHT, 2000): "89019-4",
    (Ear.LEFT, 3000): "89020-2",
    (Ear.RIGHT, 3000): "89021-0",
    (Ear.LEFT, 4000): "89022-8",
    (Ear.RIGHT, 4000): "89023-6",
    (Ear.LEFT, 5000): "91377-2",
    (Ear.RIGHT, 5000): "91376-4",
    (Ear.LEFT, 6000): "89026-9",
    (Ear.RIGHT, 6000): "89027-7",
    (Ear.LEFT, 8000): "89028-5",
    (Ear.RIGHT, 8000): "89029-3",
}

EARS = {Ear.RIGHT: "høyre øre", Ear.LEFT: "venstre øre", Ear.BOTH: "begge ører"}
PATHS = {
    Transducer.HEADPHONE: "luftledning",
    Transducer.INSERT: "luftledning, innstikk",
    Transducer.BONE: "benledning",
    Transducer.FREE_FIELD: "fritt felt",
    Transducer.UNKNOWN: "ukjent lydgiver",
}
ENDS = {
    End.TIRED: "Testen ble avbrutt: barnet var slitent",
    End.REFUSED: "Testen ble avbrutt: barnet ville ikke",
    End.NOISE: "Testen ble avbrutt: støy i rommet",
    End.DEVICE: "Testen ble avbrutt: feil på utstyret",
}
RESULTS = {
    Result.NORMAL: "Normalt",
    Result.RETEST: "Ny test",
    Result.REFER: "Henvisning",
    Result.NOT_TESTABLE: "Lot seg ikke teste",
    Result.NOT_COMPLETED: "Ikke fullført",
    Result.ALREADY_KNOWN: "Kjent hørselstap, følges opp fra før",
}
WHYS = {
    Why.GAPS: "Ikke vurdert: protokollen er ikke fylt ut og godkjent",
    Why.UNKNOWN_LEVELS: "Ikke avgjort: nivåene er ikke kjent godt nok",
    Why.UNKNOWN_TRANSDUCER: "Ikke avgjort: lydgiveren er ukjent for noen toner",
    Why.NO_RULE: "Ikke avgjort: protokollen sier ikke noe om dette resultatet",
}
MAY_REFER = "henvisning er ikke avgjort"
MISSING = "Toner uten svar"
AIR = frozenset({Transducer.HEADPHONE, Transducer.INSERT})


def code_of(tone: Tone, site: Site) -> Code:
    """The LOINC code where there is one for exactly this; else a code of this station's own."""
    plain = tone.transducer in AIR and tone.masking is not Masking.MASKED
    loinc = THRESHOLDS.get((tone.ear, tone.hz)) if plain else None
    text = words_of(tone)
    if loinc is not None:
        return Code(LOINC, loinc, text)
    return Code(f"{site.system}:hearing", local_key(tone), text)


def local_key(tone: Tone) -> str:
    """Ear, path and frequency as one word, the same in every interface."""
    parts = [tone.ear.value, tone.transducer.value, str(tone.hz)]
    masked = ["masked"] if tone.masking is Masking.MASKED else []
    return "-".join([*parts, *masked])


def missing_words(missing: Iterable[Place]) -> str:
    """Which tones have no answer, ear by ear."""
    of_ear: dict[Ear, list[str]] = {}
    for ear, hz in missing:
        of_ear.setdefault(ear, []).append(str(hz))
    told = "; ".join(f"{EARS[ear]} {', '.join(some)} Hz" for ear, some in of_ear.items())
    return f"{MISSING}: {told}" if told else ""


def words_of(tone: Tone) -> str:
    """Which tone it was, in words a nurse reads."""
    parts = [EARS[tone.ear], PATHS[tone.transducer], f"{tone.hz} Hz"]
    if tone.masking is Masking.MASKED:
        noise = f" {tone.masking_db} dB" if tone.masking_db is not None else ""
        parts.append(f"maskert{noise}")
    return ", ".join(parts)
