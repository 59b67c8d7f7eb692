"""Every code, unit, profile and identifier system the journal interface uses, as one table.

Sources: LOINC codes and UCUM units as the R4 core vital-signs profiles demand them (HL7 FHIR
4.0.1, ``bodyweight``, ``bodyheight``, ``headcircum``); SNOMED CT codes, and the
extensions of clothing and position, from HL7 Norway ``no-domain`` VitalSigns 0.9 (CC0, ballot); the
other position extension from FHIR R4 core; Norwegian identifier systems from HL7 Norway
``no-basis`` (OIDs below 2.16.578.1.12.4.1.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.model.visit import Dress, IdKind, Position, Quantity, Rule, Source

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
CATEGORY_SYSTEM = "http://terminology.hl7.org/CodeSystem/observation-category"
CATEGORY = "vital-signs"

POSITION_EXTENSION = "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition"
_NO_DOMAIN = "http://hl7.no/fhir/no-domain/vitalsigns/StructureDefinition/"
CLOTHING_EXTENSION = f"{_NO_DOMAIN}NoDomainVitalSignsClothingStateExtension"
NORWEGIAN_POSITION_EXTENSION = f"{_NO_DOMAIN}NoDomainVitalSignsBodyHeightBodyPositionExtension"
"""A coding, where HL7's own position extension has a concept. A journal may know only one of them,
and 8302-2 is the same code for lying and standing."""

MAX_ENTRIES = 8
"""Entries a transaction may hold: at least one server refuses nine conditional creates."""


@dataclass(frozen=True, slots=True)
class Code:
    """One coded concept."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class QuantityCodes:
    """How one quantity is named in the journal.

    ``scale`` is the number of decimal places between the station's integer (grams, millimetres)
    and ``unit``: 4235 g with scale 3 is 4.235 kg.
    """

    codes: tuple[Code, ...]
    profile: str
    unit: str
    scale: int


CODES: dict[Quantity, QuantityCodes] = {
    Quantity.WEIGHT: QuantityCodes(
        codes=(
            Code(LOINC, "29463-7", "Body weight"),
            Code(LOINC, "3141-9", "Body weight Measured"),
            Code(SNOMED, "27113001", "Body weight"),
        ),
        profile="http://hl7.org/fhir/StructureDefinition/bodyweight",
        unit="kg",
        scale=3,
    ),
    Quantity.LENGTH: QuantityCodes(
        codes=(
            Code(LOINC, "8302-2", "Body height"),
            Code(SNOMED, "1153637007", "Body height"),
        ),
        profile="http://hl7.org/fhir/StructureDefinition/bodyheight",
        unit="cm",
        scale=1,
    ),
    Quantity.HEAD: QuantityCodes(
        codes=(
            Code(LOINC, "9843-4", "Head Occipital-frontal circumference"),
            Code(LOINC, "8287-5", "Head Occipital-frontal circumference by Tape measure"),
        ),
        profile="http://hl7.org/fhir/StructureDefinition/headcircum",
        unit="cm",
        scale=1,
    ),
}

DEVICE_UNITS: dict[Quantity, dict[str, int]] = {
    Quantity.WEIGHT: {"kg": 3, "g": 0},
    Quantity.LENGTH: {"m": 3, "cm": 1, "mm": 0},
    Quantity.HEAD: {"m": 3, "cm": 1, "mm": 0},
}
"""Units a value may have been sent or typed in, as decimal places down to grams or millimetres."""

POSITION_CODES: dict[Position, Code] = {
    Position.LYING: Code(LOINC, "8306-3", "Body height --lying"),
    Position.STANDING: Code(LOINC, "8308-9", "Body height --standing"),
}
"""More exact codes beside 8302-2; alone they do not satisfy the bodyheight profile."""

POSITIONS: dict[Position, Code] = {
    Position.LYING: Code(SNOMED, "4801000202104", "Liggende"),
    Position.STANDING: Code(SNOMED, "10904000", "Stående"),
}

DRESS_CODES: dict[Dress, Code] = {
    Dress.NAKED: Code(LOINC, "8351-9", "Body weight Measured --without clothes"),
    Dress.LIGHT: Code(LOINC, "8350-1", "Body weight Measured --with clothes"),
    Dress.CLOTHED: Code(LOINC, "8350-1", "Body weight Measured --with clothes"),
}
"""More exact codes beside 29463-7. A nappy alone is neither with nor without clothes."""

CLOTHING: dict[Dress, Code] = {
    Dress.NAKED: Code(SNOMED, "8101000202100", "Naken"),
    Dress.NAPPY: Code(SNOMED, "8121000202106", "Bleie"),
    Dress.LIGHT: Code(SNOMED, "8111000202103", "Lette klær / undertøy"),
}
"""``clothed`` has no entry: the value set tells shoes on from shoes off, the station does not."""

METHODS: dict[Source, str] = {
    Source.DEVICE: "Lest av direkte fra måleutstyret",
    Source.TYPED: "Avlest og tastet to ganger",
}

RULE_METHODS: dict[Rule, str] = {
    Rule.DIFFERENCE: "Differanse: voksen med barn minus voksen alene, begge lest av direkte",
    Rule.MEAN: "Gjennomsnitt av flere avlesninger",
    Rule.LARGEST: "Største av flere avlesninger",
}
"""Where a value is more than one reading. The adult's own weight stays in the station: it is
another person's, and has no place in the child's record."""

ROLES: dict[str, str] = {
    "health-secretary": "helsesekretær",
    "public-health-nurse": "helsesykepleier",
    "doctor": "lege",
}

ID_SYSTEMS: dict[IdKind, str] = {
    IdKind.NATIONAL: "urn:oid:2.16.578.1.12.4.1.4.1",
    IdKind.D_NUMBER: "urn:oid:2.16.578.1.12.4.1.4.2",
    IdKind.FH_NUMBER: "urn:oid:2.16.578.1.12.4.1.4.3",
    IdKind.DUF: "urn:oid:2.16.578.1.12.4.1.4.5",
}
"""H-numbers are given out by each hospital and unknown numbers by nobody known: no system."""

HPR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.4"
ORGANISATION_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.101"


def search_token(number: str, kind: IdKind) -> str:
    """Return the FHIR token ``system|number`` to search a patient by.

    Without a known system the number stands alone, which matches it under any system.
    """
    system = ID_SYSTEMS.get(kind)
    return f"{system}|{number}" if system else number
