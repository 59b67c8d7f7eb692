"""Finding a child: the typed form, what the journal said, and the child to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.desk.notices import FieldFault
from kiosk.model.identity import NumberFault
from kiosk.model.visit import Child


class Field(StrEnum):
    """The fields of the child form."""

    NUMBER = "number"
    BIRTH_DATE = "birth-date"
    GIVEN_NAME = "given-name"


@dataclass(frozen=True, slots=True)
class ChildForm:
    """The child as typed. ``birth_date`` is digits DDMMYYYY as far as they are typed.

    ``numberless`` says that the child has no identity number yet.
    """

    number: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    numberless: bool = False
    active: Field = Field.NUMBER
    number_fault: NumberFault | None = None
    birth_date_fault: FieldFault | None = None
    given_name_fault: FieldFault | None = None


class LookUp(StrEnum):
    """What the journal says about the typed child."""

    NOT_ASKED = "not-asked"
    WAITING = "waiting"
    FOUND = "found"
    MISSING = "missing"
    SEVERAL = "several"
    OFFLINE = "offline"
    NO_NUMBER = "no-number"


@dataclass(frozen=True, slots=True)
class Identity:
    """The child to be confirmed by a person.

    ``number_fault`` is a warning to compare the number with the card; ``typed_name`` is set
    where what was typed differs from the name in the journal. ``age_days`` is on the day of
    the visit. ``same_day`` says that the child before was born on the same day: twins?
    """

    child: Child
    look_up: LookUp
    age_days: int
    number_fault: NumberFault | None = None
    typed_name: str = field(default="", repr=False)
    same_day: bool = False
