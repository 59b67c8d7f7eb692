"""Typing a value, twice: half of all swapped digits pass every range check."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kiosk.desk.child_form import LookUp
from kiosk.desk.drafts import Draft, Entry
from kiosk.desk.messages import Moment, Touch
from kiosk.desk.notices import EntryFault
from kiosk.desk.pages import Calibrate, Change, ComparingScale, Find, Measure, SetUp, Typing
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules, proposed_position
from kiosk.desk.state import Desk, Step
from kiosk.features import calibrate, change, equipment, find, measure
from kiosk.model.quantities import MEASURED
from kiosk.model.visit import Position, Quantity, Source
from kiosk.weighing.plausibility import Verdict, judge


@dataclass(frozen=True, slots=True)
class TypeKey(Touch):
    """One key into the active field or the entry: a character, ``back`` or ``clear``."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenEntry(Touch):
    """Type a value."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class SetPosition(Touch):
    """Lying or standing, for the length being typed."""

    position: Position


@dataclass(frozen=True, slots=True)
class SubmitEntry(Touch):
    """The value is typed once, or for the second time."""


LONGEST_ENTRY = 7
_NUMBER = re.compile(r"\d{1,3}(?:,\d*)?")


def type_key(desk: Desk, message: TypeKey, rules: DeskRules) -> Step:
    """One key, into the child form or into the value being typed."""
    match desk.page:
        case Find(look_up=look_up) as page if look_up is not LookUp.WAITING:
            return desk.put(find.typed(page, message.key, rules)).told(None), ()
        case Calibrate(calibrating=state) as page:
            return desk.put(replace(page, calibrating=calibrate.typed(state, message.key))), ()
        case SetUp() | ComparingScale():
            return equipment.typed(desk, message.key), ()
        case Typing(entry=entry) as page:
            return desk.put(replace(page, entry=_typed(entry, message.key))), ()
    return desk, ()


def _typed(entry: Entry, key: str) -> Entry:
    if key == "clear":
        return replace(entry, typed="", fault=None)
    if key == "back":
        return replace(entry, typed=entry.typed[:-1], fault=None)
    if len(key) != 1 or len(entry.typed) >= LONGEST_ENTRY:
        return entry
    typed = entry.typed + ("," if key in ".," else key)
    fault = None if re.fullmatch(r"[\d,]+", typed) else EntryFault.NOT_A_NUMBER
    if fault is not None:
        # A letter is shown as a fault and not kept, so that the next key goes on.
        return replace(entry, fault=fault)
    return replace(entry, typed=typed, fault=None)


def open_entry(desk: Desk, message: OpenEntry) -> Step:
    """Begin to type a value."""
    page = desk.page
    if not isinstance(page, Measure) or page.visit.saving:
        return desk, ()
    asked = MEASURED[message.quantity].taken
    position = proposed_position(page.visit.age_days) if asked else None
    return desk.turned(Typing(Entry(message.quantity, position=position), page)), ()


def set_position(desk: Desk, message: SetPosition) -> Step:
    """Lying or standing, for the length being typed or already typed."""
    page, visit = desk.page, desk.visit
    if isinstance(page, Typing):
        entry = replace(page.entry, position=message.position)
        return desk.put(replace(page, entry=entry)), ()
    if visit is None or visit.saving:
        return desk, ()
    drafts = tuple(
        replace(d, position=message.position) if MEASURED[d.quantity].taken else d
        for d in visit.drafts
    )
    return desk.with_visit(replace(visit, drafts=drafts)), ()


def submit_entry(desk: Desk, moment: Moment) -> Step:
    """Take the first reading, or compare the second with it."""
    page = desk.page
    if not isinstance(page, Typing):
        return desk, ()
    entry = page.entry
    value, fault = read_entry(entry.typed, entry.quantity)
    if fault is None and MEASURED[entry.quantity].taken and entry.position is None:
        fault = EntryFault.POSITION_MISSING
    if fault is not None or value is None:
        return desk.put(replace(page, entry=replace(entry, fault=fault))), ()
    if entry.first is None:
        again = replace(entry, first=entry.typed, typed="", fault=None)
        return desk.put(replace(page, entry=again)), ()
    first, _fault = read_entry(entry.first, entry.quantity)
    if first != value:
        both = replace(entry, first=None, typed="", fault=EntryFault.DIFFERS)
        return desk.put(replace(page, entry=both)), ()
    under = page.under
    if isinstance(under, Change):
        age_days = under.changing.saved.age_days
        return change.typed(desk, page, under, _draft(entry, value, age_days, moment)), ()
    draft = _draft(entry, value, under.visit.age_days, moment)
    if MEASURED[draft.quantity].dressed:
        draft = replace(draft, dress=under.visit.dress)
    return measure.weigh_up(desk, under, draft), ()


def _draft(entry: Entry, value: int, age_days: int, moment: Moment) -> Draft:
    return Draft(
        id=moment.id,
        quantity=entry.quantity,
        value=value,
        text=entry.typed.replace(",", "."),
        unit=MEASURED[entry.quantity].unit,
        source=Source.TYPED,
        measured_at=moment.wall,
        verdict=judge(entry.quantity, value, age_days),
        position=entry.position if MEASURED[entry.quantity].taken else None,
    )


def read_entry(typed: str, quantity: Quantity) -> tuple[int | None, EntryFault | None]:
    """Read kilograms or centimetres with a comma as whole grams or millimetres."""
    if not typed:
        return None, EntryFault.EMPTY
    if _NUMBER.fullmatch(typed) is None or typed.endswith(","):
        return None, EntryFault.NOT_A_NUMBER
    if len(typed.partition(",")[2]) > MEASURED[quantity].decimals:
        return None, EntryFault.TOO_MANY_DECIMALS
    whole = MEASURED[quantity].whole(Decimal(typed.replace(",", ".")))
    if whole == 0:
        return None, EntryFault.ZERO
    if judge(quantity, whole, 0) is Verdict.IMPOSSIBLE:
        return None, EntryFault.IMPOSSIBLE
    return whole, None


__all__ = ["Position", "open_entry", "read_entry", "set_position", "submit_entry", "type_key"]


HANDLERS: tuple[Registered, ...] = (
    on(TypeKey, type_key),
    on(OpenEntry, open_entry),
    on(SetPosition, set_position),
    on(SubmitEntry, submit_entry),
)
