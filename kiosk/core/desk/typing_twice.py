"""Typing a value, twice: half of all swapped digits pass every range check."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from kiosk.core import calibrating
from kiosk.core.desk import changing, finding, measuring
from kiosk.core.desk import messages as m
from kiosk.core.desk.child_form import LookUp
from kiosk.core.desk.drafts import Draft, Entry
from kiosk.core.desk.effects import Effect
from kiosk.core.desk.notices import EntryFault
from kiosk.core.desk.rules import DECIMALS, UNITS, DeskRules, proposed_position
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.model import Position, Quantity, Source
from kiosk.core.plausibility import Verdict, judge

Step = tuple[Desk, tuple[Effect, ...]]

LONGEST_ENTRY = 7
_NUMBER = re.compile(r"\d{1,3}(?:,\d*)?")
_TO_WHOLE = {Quantity.WEIGHT: 1000, Quantity.LENGTH: 10, Quantity.HEAD: 10}


def type_key(desk: Desk, message: m.TypeKey, _: m.Moment, rules: DeskRules) -> Step:
    """One key, into the child form or into the value being typed."""
    if desk.screen is Screen.FIND and desk.look_up is not LookUp.WAITING:
        return finding.typed(desk, message.key, rules), ()
    if desk.screen is Screen.CALIBRATE and desk.calibrating is not None:
        return replace(desk, calibrating=calibrating.typed(desk.calibrating, message.key)), ()
    if desk.screen is not Screen.ENTRY or desk.entry is None:
        return desk, ()
    return replace(desk, entry=_typed(desk.entry, message.key)), ()


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


def open_entry(desk: Desk, message: m.OpenEntry, _: m.Moment, __: DeskRules) -> Step:
    """Begin to type a value."""
    visit = desk.visit
    if desk.screen is not Screen.MEASURE or visit is None or visit.saving or desk.asking:
        return desk, ()
    is_length = message.quantity is Quantity.LENGTH
    position = proposed_position(visit.age_days) if is_length else None
    entry = Entry(message.quantity, position=position)
    return replace(desk, screen=Screen.ENTRY, entry=entry, notice=None), ()


def set_position(desk: Desk, message: m.SetPosition, _: m.Moment, __: DeskRules) -> Step:
    """Lying or standing, for the length being typed or already typed."""
    if desk.screen is Screen.ENTRY and desk.entry is not None:
        return replace(desk, entry=replace(desk.entry, position=message.position)), ()
    if desk.visit is None or desk.visit.saving:
        return desk, ()
    drafts = tuple(
        replace(d, position=message.position) if d.quantity is Quantity.LENGTH else d
        for d in desk.visit.drafts
    )
    return replace(desk, visit=replace(desk.visit, drafts=drafts)), ()


def submit_entry(desk: Desk, _: m.SubmitEntry, moment: m.Moment, __: DeskRules) -> Step:
    """Take the first reading, or compare the second with it."""
    entry, age_days = desk.entry, _age_days(desk)
    if desk.screen is not Screen.ENTRY or entry is None or age_days is None:
        return desk, ()
    value, fault = read_entry(entry.typed, entry.quantity)
    if fault is None and entry.quantity is Quantity.LENGTH and entry.position is None:
        fault = EntryFault.POSITION_MISSING
    if fault is not None or value is None:
        return replace(desk, entry=replace(entry, fault=fault)), ()
    if entry.first is None:
        again = replace(entry, first=entry.typed, typed="", fault=None)
        return replace(desk, entry=again), ()
    first, _fault = read_entry(entry.first, entry.quantity)
    if first != value:
        both = replace(entry, first=None, typed="", fault=EntryFault.DIFFERS)
        return replace(desk, entry=both), ()
    draft = _draft(entry, value, age_days, moment, desk)
    if desk.changing is not None:
        return changing.typed(desk, draft), ()
    return measuring.weigh_up(desk, draft), ()


def _age_days(desk: Desk) -> int | None:
    """The age of the child whose value is typed, on the day it was measured."""
    if desk.changing is not None:
        return desk.changing.saved.age_days
    return desk.visit.age_days if desk.visit is not None else None


def _draft(entry: Entry, value: int, age_days: int, moment: m.Moment, desk: Desk) -> Draft:
    weight = entry.quantity is Quantity.WEIGHT
    return Draft(
        id=moment.id,
        quantity=entry.quantity,
        value=value,
        text=entry.typed.replace(",", "."),
        unit=UNITS[entry.quantity],
        source=Source.TYPED,
        measured_at=moment.wall,
        verdict=judge(entry.quantity, value, age_days),
        position=entry.position if entry.quantity is Quantity.LENGTH else None,
        dress=desk.visit.dress if weight and desk.visit is not None else None,
    )


def read_entry(typed: str, quantity: Quantity) -> tuple[int | None, EntryFault | None]:
    """Read kilograms or centimetres with a comma as whole grams or millimetres."""
    if not typed:
        return None, EntryFault.EMPTY
    if _NUMBER.fullmatch(typed) is None or typed.endswith(","):
        return None, EntryFault.NOT_A_NUMBER
    if len(typed.partition(",")[2]) > DECIMALS[quantity]:
        return None, EntryFault.TOO_MANY_DECIMALS
    whole = int(Decimal(typed.replace(",", ".")) * _TO_WHOLE[quantity])
    if whole == 0:
        return None, EntryFault.ZERO
    if judge(quantity, whole, 0) is Verdict.IMPOSSIBLE:
        return None, EntryFault.IMPOSSIBLE
    return whole, None


__all__ = ["Position", "open_entry", "read_entry", "set_position", "submit_entry", "type_key"]
