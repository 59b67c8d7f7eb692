"""Every line of the slip: what may stand on it, and nothing else.

There is no field for a surname, an identity number or an address, and the fields there are
refuse what looks like one: names hold no digits, values are a number with a unit, other
texts hold no long number. Control and formatting characters are taken out of every text,
so that none of it can become a printer command or turn the reading order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Protocol

from drivers.hearing import Tone
from kiosk.language.texts import kg_text, tr
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Dress, Position, Quantity, Rule
from kiosk.receipts.languages import SLIP_LANGUAGES

NAME_LIMIT = 40
TEXT_LIMIT = 80
_VALUE = re.compile(r"\d{1,5}(,\d{1,4})?[ \u00a0](kg|g|cm)")
_LONG_NUMBER = re.compile(r"\d[\d .\-]{4,}\d")
_CODE = re.compile(r"[A-Z0-9]{4,6}")


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One measured value as printed, such as ``6,482 kg``. Raises ValueError otherwise."""

    quantity: Quantity
    value: str
    position: Position | None = None
    dress: Dress | None = None
    with_adult: bool = False

    def __post_init__(self) -> None:
        if not _VALUE.fullmatch(self.value):
            raise ValueError("a value is a number with a decimal comma, a space and a unit")


@dataclass(frozen=True, slots=True)
class CopyMark:
    """That this is another copy: its number, from 1, and the local time of printing."""

    number: int
    printed: time

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 99:
            raise ValueError("a copy has a number from 1 to 99")


@dataclass(frozen=True, slots=True)
class SlipContent:
    """A slip. ``name`` is the first name or initials, as the parent chose.

    ``clinic`` is ``None`` for a child whose whereabouts are protected. ``code`` is a short
    random code that tells slips apart at the desk. ``corrected`` marks a slip that replaces
    an earlier one, ``hearing_unfinished`` says that the test was tried and not carried through,
    ``audiogram`` is drawn where the clinic allows it,
    ``training`` marks one of a child that does not exist. ``language`` is the one the
    slip is written in, of :data:`kiosk.receipts.languages.SLIP_LANGUAGES`. Raises
    :class:`ValueError`, without the text, for what may not be printed.
    """

    name: str = field(repr=False)
    age: str = field(repr=False)
    measured_on: date
    lines: tuple[SlipLine, ...] = field(repr=False)
    code: str
    clinic: str | None = None
    hearing_done: bool = False
    hearing_unfinished: bool = False
    audiogram: tuple[Tone, ...] = field(default=(), repr=False)
    corrected: bool = False
    copy: CopyMark | None = None
    training: bool = False
    language: str = "nb"

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _name(self.name))
        object.__setattr__(self, "age", _text(self.age))
        if self.clinic is not None:
            object.__setattr__(self, "clinic", _text(self.clinic) or None)
        if self.language not in SLIP_LANGUAGES:
            raise ValueError("no slip is written in this language")
        if not _CODE.fullmatch(self.code):
            raise ValueError("a slip code is 4 to 6 capital letters or digits")
        if not (self.lines or self.hearing_done or self.hearing_unfinished):
            raise ValueError("a slip without a result is not printed")


class Measured(Protocol):
    """What the slip needs of a value, whether it stands on the screen or in the store."""

    @property
    def quantity(self) -> Quantity:
        """What was measured."""

    @property
    def value(self) -> int:
        """Grams or millimetres."""

    @property
    def text(self) -> str:
        """The digits as sent or typed."""

    @property
    def unit(self) -> str:
        """The unit of the digits."""

    @property
    def rule(self) -> Rule:
        """How the value follows from what was read."""

    @property
    def dress(self) -> Dress | None:
        """What the child wore."""

    @property
    def position(self) -> Position | None:
        """How a length was taken."""


def lines_of(values: Iterable[Measured]) -> tuple[SlipLine, ...]:
    """The slip's lines for confirmed values, in the order they are read to parents."""
    order = list(Quantity)
    return tuple(map(_line, sorted(values, key=lambda one: order.index(one.quantity))))


def initials(given_names: str) -> str:
    """The first letters of a child's given names: ``Anne Marie`` becomes ``A.M.``."""
    words = re.split(r"[\s\-]+", clean(given_names))
    return "".join(f"{word[0].upper()}." for word in words if word)


def label(line: SlipLine) -> str:
    """What the value is called."""
    return tr(MEASURED[line.quantity].named(line.position).slip)


def note(line: SlipLine) -> str:
    """How it was measured, or nothing."""
    table = MEASURED[line.quantity]
    if taken := table.named(line.position).slip_note:
        return tr(taken)
    if line.with_adult:
        return tr("veid på armen til en voksen")
    if table.dressed and line.dress is not None:
        return {
            Dress.NAKED: tr("veid uten klær"),
            Dress.NAPPY: tr("veid med bleie"),
            Dress.LIGHT: tr("veid i lette klær"),
            Dress.CLOTHED: tr("veid med klær"),
        }[line.dress]
    return ""


def clean(text: str) -> str:
    """Take out control, formatting and unassigned characters; single spaces; composed letters.

    Unicode categories Cc, Cf, Cs, Co and Cn go; among them ESC, GS, DLE and direction marks.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if each.isspace() else each for each in composed)
    return " ".join(
        "".join(each for each in kept if not unicodedata.category(each).startswith("C")).split()
    )


def _line(one: Measured) -> SlipLine:
    table = MEASURED[one.quantity]
    sent = (one.text, one.unit) if table.slip_as_sent else (table.written(one.value), table.unit)
    with_adult = one.rule is Rule.DIFFERENCE
    return SlipLine(one.quantity, kg_text(*sent), one.position, one.dress, with_adult)


def _name(text: str) -> str:
    """A first name, initials or nothing: letters, hyphen, apostrophe, dot, single spaces."""
    name = clean(text)
    legal = all(each.isalpha() or unicodedata.combining(each) or each in " -'’." for each in name)
    if len(name) > NAME_LIMIT or not legal:
        raise ValueError("a name on a slip is letters only")
    return name


def _text(text: str) -> str:
    """A short text without anything that could be a telephone or identity number."""
    cleaned = clean(text)
    if len(cleaned) > TEXT_LIMIT or _LONG_NUMBER.search(cleaned):
        raise ValueError("a text on a slip is short and holds no long number")
    return cleaned
