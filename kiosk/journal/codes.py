"""The codes and identifier systems of the journal that belong to no quantity.

Those that do stand in :mod:`kiosk.model.quantities`. Sources: SNOMED CT codes, and the extensions
of clothing and position, from HL7 Norway ``no-domain`` VitalSigns 0.9 (CC0, ballot); the
other position extension from FHIR R4 core; Norwegian identifier systems from HL7 Norway
``no-basis`` (OIDs below 2.16.578.1.12.4.1.4).
"""

from __future__ import annotations

from kiosk.model.quantities import SNOMED, Code
from kiosk.model.visit import Dress, IdKind, Position, Rule, Source

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


POSITIONS: dict[Position, Code] = {
    Position.LYING: Code(SNOMED, "4801000202104", "Liggende"),
    Position.STANDING: Code(SNOMED, "10904000", "Stående"),
}

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
