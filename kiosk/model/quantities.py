"""What is measured, in one table: its codes, units, words and rules.

Whatever has to know something of a quantity reads it here: the screen, the typing checks, every
interface to the journal, and the slip. Values are kept in whole grams or millimetres; a person
reads and types kilograms and centimetres. The ranges by age are in ``plausibility.toml``, what is
usual at which age in ``schedule.toml``. ``docs/adding-a-quantity.md`` adds one.

Sources: LOINC codes and UCUM units as the R4 core vital-signs profiles demand them (HL7 FHIR
4.0.1, ``bodyweight``, ``bodyheight``, ``headcircum``); SNOMED CT codes from HL7 Norway
``no-domain`` VitalSigns 0.9. The Norwegian recommendation for the head and the textbooks take the
largest circumference of several readings; lengths and weights take the mean. The differences from
which a further reading is proposed are those between two observers that WHO's growth study allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from kiosk.language.marking import mark, mark_slip
from kiosk.model.visit import Dress, OddReason, Position, Quantity, Rule

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
_PROFILES = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Code:
    """One coded concept."""

    system: str
    code: str
    display: str


class Loss(StrEnum):
    """How much less than last time is asked about, by the limits in ``earlier.toml``."""

    SHARE = "share"
    SHRINKING = "shrinking"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Names:
    """What a quantity is called on the page, in one word in a list, and on the slip."""

    page: str
    short: str
    slip: str
    slip_note: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """All there is to know of a quantity.

    ``codes``: what it is called in the journal, the one that profiles demand first; ``exact`` are
    further ones by how it was taken, which alone do not satisfy the profile. ``unit`` is the UCUM
    unit in which a person reads and types it and the journal gets it; ``units`` are those a value
    may have been sent or typed in, as decimal places down to the whole number that is kept.
    ``difference_in`` is the unit in which a change since last time is told.

    ``taken`` are the names by position, where it matters how it was taken; then the position is
    asked for. ``dressed``: what the child wore belongs to it. ``names_on_pages`` as in
    :class:`Names`; ``typing``, ``correcting`` and ``example`` stand where it is typed, ``device``
    says where the digits are from if not typed. ``slip_as_sent``: the slip shows the digits and
    unit as they were sent, else all decimals of ``unit``.

    ``rule`` is what is reported of several readings and ``differ`` the difference from which they
    differ much; ``loss`` is how a smaller value than last time is looked at. ``gdt`` is its own
    field in a GDT record, empty where there is none.
    """

    names: Names
    typing: str
    correcting: str
    example: str
    codes: tuple[Code, ...]
    profile: str
    unit: str
    units: Mapping[str, int]
    difference_in: str
    rule: Rule
    differ: int
    loss: Loss
    device: str = mark("fra måleutstyret")
    taken: Mapping[Position, Names] = field(default_factory=dict)
    dressed: bool = False
    exact: Mapping[Position | Dress, Code] = field(default_factory=dict)
    slip_as_sent: bool = False
    gdt: str = ""

    @property
    def decimals(self) -> int:
        """The decimals of ``unit`` that reach a whole gram or millimetre."""
        return self.units[self.unit]

    def named(self, position: Position | None) -> Names:
        """What it is called if it was taken like this."""
        return self.names if position is None else self.taken.get(position, self.names)

    def whole(self, written: Decimal) -> int:
        """Grams or millimetres of a number in ``unit``; what is finer than that is cut off."""
        return int(written * 10**self.decimals)

    def written(self, value: int, unit: str = "") -> str:
        """The digits of whole grams or millimetres in ``unit``: ``61.2``."""
        return str(Decimal(value).scaleb(-self.units[unit or self.unit]))


_LENGTHS = {"m": 3, "cm": 1, "mm": 0}

MEASURED: Mapping[Quantity, Measured] = {
    Quantity.WEIGHT: Measured(
        names=Names(page=mark("Vekt"), short=mark("Vekt"), slip=mark_slip("Vekt")),
        typing=mark("Skriv inn vekt"),
        correcting=mark("Skriv riktig vekt"),
        example=mark("Kilogram med komma, for eksempel 4,236."),
        codes=(
            Code(LOINC, "29463-7", "Body weight"),
            Code(LOINC, "3141-9", "Body weight Measured"),
            Code(SNOMED, "27113001", "Body weight"),
        ),
        profile=f"{_PROFILES}bodyweight",
        unit="kg",
        units={"kg": 3, "g": 0},
        difference_in="g",
        rule=Rule.MEAN,
        differ=100,
        loss=Loss.SHARE,
        device=mark("fra vekten"),
        dressed=True,
        # A nappy alone is neither with nor without clothes.
        exact={
            Dress.NAKED: Code(LOINC, "8351-9", "Body weight Measured --without clothes"),
            Dress.LIGHT: Code(LOINC, "8350-1", "Body weight Measured --with clothes"),
            Dress.CLOTHED: Code(LOINC, "8350-1", "Body weight Measured --with clothes"),
        },
        slip_as_sent=True,
        gdt="3623",
    ),
    Quantity.LENGTH: Measured(
        names=Names(page=mark("Lengde"), short=mark("Lengde"), slip=mark_slip("Lengde")),
        typing=mark("Skriv inn lengde eller høyde"),
        correcting=mark("Skriv riktig lengde eller høyde"),
        example=mark("Centimeter med komma, for eksempel 54,3."),
        codes=(
            Code(LOINC, "8302-2", "Body height"),
            Code(SNOMED, "1153637007", "Body height"),
        ),
        profile=f"{_PROFILES}bodyheight",
        unit="cm",
        units=_LENGTHS,
        difference_in="cm",
        rule=Rule.MEAN,
        differ=7,
        loss=Loss.SHRINKING,
        device=mark("fra lengdemåleren"),
        taken={
            Position.LYING: Names(
                page=mark("Lengde (liggende)"),
                short=mark("Lengde"),
                slip=mark_slip("Lengde"),
                slip_note=mark_slip("målt liggende"),
            ),
            Position.STANDING: Names(
                page=mark("Høyde (stående)"),
                short=mark("Høyde"),
                slip=mark_slip("Høyde"),
                slip_note=mark_slip("målt stående"),
            ),
        },
        exact={
            Position.LYING: Code(LOINC, "8306-3", "Body height --lying"),
            Position.STANDING: Code(LOINC, "8308-9", "Body height --standing"),
        },
        gdt="3622",
    ),
    Quantity.HEAD: Measured(
        names=Names(page=mark("Hodeomkrets"), short=mark("Hodemål"), slip=mark_slip("Hodeomkrets")),
        typing=mark("Skriv inn hodeomkrets"),
        correcting=mark("Skriv riktig hodeomkrets"),
        example=mark("Centimeter med komma, for eksempel 38,5."),
        codes=(
            Code(LOINC, "9843-4", "Head Occipital-frontal circumference"),
            Code(LOINC, "8287-5", "Head Occipital-frontal circumference by Tape measure"),
        ),
        profile=f"{_PROFILES}headcircum",
        unit="cm",
        units=_LENGTHS,
        difference_in="cm",
        rule=Rule.LARGEST,
        differ=5,
        loss=Loss.SHRINKING,
    ),
}
"""By quantity, each once; :class:`Quantity` says in which order they stand everywhere."""

POSITIONS: Mapping[Position, str] = {
    Position.LYING: mark("Liggende"),
    Position.STANDING: mark("Stående"),
}

DRESSES: Mapping[Dress, str] = {
    Dress.NAKED: mark("Naken"),
    Dress.NAPPY: mark("Bleie"),
    Dress.LIGHT: mark("Lett kledd"),
    Dress.CLOTHED: mark("Påkledd"),
}

ODD_NOTES: Mapping[OddReason, str] = {
    OddReason.READ_AGAIN: mark("uvanlig tall, lest av på nytt"),
    OddReason.PREMATURE: mark("uvanlig tall, født for tidlig"),
    OddReason.KNOWN_CONDITION: mark("uvanlig tall, kjent årsak"),
    OddReason.OTHER: mark("uvanlig tall, annen grunn"),
}
"""How a confirmed odd value is described beside the value."""

WITH_ADULT = mark("med voksen")
"""How a value taken, dressed and kept like this is described, on the screen and in the journal."""
