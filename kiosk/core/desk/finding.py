"""Finding the child: the typed form, the journal's answer, the person's confirmation."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

from kiosk.core.desk import messages as m
from kiosk.core.desk.child_form import ChildForm, Field, Identity, LookUp
from kiosk.core.desk.drafts import ChangeDraft, VisitDraft
from kiosk.core.desk.effects import AskEarlier, AskJournal, DropHearing, Effect, Note, Trace
from kiosk.core.desk.notices import FieldFault, Notice
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Screen
from kiosk.core.identity import NumberCheck, NumberFault, check_number
from kiosk.core.model import Child, IdKind

Step = tuple[Desk, tuple[Effect, ...]]

NUMBER_DIGITS = 12
BIRTH_DATE_DIGITS = 8
LEAVABLE = frozenset({Screen.FIND, Screen.IDENTITY, Screen.MEASURE, Screen.REVIEW})
_NAME = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+)*")


def activate_field(desk: Desk, message: m.ActivateField, _: m.Moment, __: DeskRules) -> Step:
    """Type into this field from now on."""
    numberless = desk.form.numberless and message.field is not Field.NUMBER
    form = replace(desk.form, active=message.field, numberless=numberless)
    return replace(desk, form=form), ()


def without_number(desk: Desk, _: m.WithoutNumber, __: m.Moment, ___: DeskRules) -> Step:
    """The child has no number yet: birth date and name must do, and a person gives it one later."""
    if desk.screen is not Screen.FIND or desk.look_up is LookUp.WAITING:
        return desk, ()
    if desk.changing is not None:
        return desk, ()
    form = replace(
        desk.form, number="", number_fault=None, numberless=True, active=Field.BIRTH_DATE
    )
    return replace(desk, form=form, notice=None), ()


def scan(desk: Desk, message: m.Scan, _: m.Moment, __: DeskRules) -> Step:
    """Take a scanned identity number; anything else is refused with a word."""
    if desk.screen is not Screen.FIND or desk.look_up is LookUp.WAITING:
        return desk, ()
    check = check_number(message.text)
    if check.stops:
        return replace(desk, notice=Notice.SCAN_NOT_A_NUMBER), ()
    form = ChildForm(number=check.number, active=Field.BIRTH_DATE, number_fault=check.fault)
    return replace(desk, form=form, notice=None), ()


def typed(desk: Desk, key: str, rules: DeskRules) -> Desk:
    """One key into the active field. A full number or date moves on to the next field."""
    if desk.look_up is LookUp.WAITING:
        return desk
    form = desk.form
    match form.active:
        case Field.NUMBER:
            form = _number_key(form, key)
        case Field.BIRTH_DATE:
            form = _birth_date_key(form, key)
        case Field.GIVEN_NAME:
            name = _edited(form.given_name, key)[: rules.longest_name]
            form = replace(form, given_name=name, given_name_fault=None)
    return replace(desk, form=form, notice=None)


def _number_key(form: ChildForm, key: str) -> ChildForm:
    number = _digits(form.number, key, NUMBER_DIGITS)
    form = replace(form, number=number, number_fault=None)
    check = check_number(number)
    if len(number) == 11 and len(key) == 1:
        if check.fault is None:
            return replace(form, active=Field.BIRTH_DATE)
        return replace(form, number_fault=check.fault)
    return form


def _birth_date_key(form: ChildForm, key: str) -> ChildForm:
    digits = _digits(form.birth_date, key, BIRTH_DATE_DIGITS)
    return replace(form, birth_date=digits, birth_date_fault=None)


def _digits(text: str, key: str, longest: int) -> str:
    changed = _edited(text, key)
    return changed if not changed or (changed.isdecimal() and len(changed) <= longest) else text


def _edited(text: str, key: str) -> str:
    if key == "back":
        return text[:-1]
    if key == "clear":
        return ""
    return text + key if len(key) == 1 and key.isprintable() else text


def find_child(desk: Desk, _: m.FindChild, moment: m.Moment, rules: DeskRules) -> Step:
    """Check the form and ask the journal."""
    if desk.screen is not Screen.FIND or desk.look_up is LookUp.WAITING:
        return desk, ()
    form, check, born = _checked(desk.form, moment.today, rules)
    if form.numberless:
        return _numberless(desk, form, born, moment), ()
    if form.birth_date_fault or form.given_name_fault or check.stops or born is None:
        return replace(desk, form=form, notice=Notice.FORM_INCOMPLETE), ()
    request = desk.request + 1
    asked = replace(desk, form=form, look_up=LookUp.WAITING, request=request, notice=None)
    return asked, (AskJournal(request, check.number, check.kind, born),)


def _numberless(desk: Desk, form: ChildForm, born: date | None, moment: m.Moment) -> Desk:
    """A new-born without a number: nobody can be asked, so the name is needed."""
    if born is not None and not form.given_name:
        form = replace(form, given_name_fault=FieldFault.MISSING, active=Field.GIVEN_NAME)
    if born is None or form.birth_date_fault or form.given_name_fault:
        return replace(desk, form=form, notice=Notice.FORM_INCOMPLETE)
    child = Child("", IdKind.UNKNOWN, born, form.given_name)
    age, twins = (moment.today - born).days, is_same_day(desk, child)
    identity = Identity(child, LookUp.NO_NUMBER, age, same_day=twins)
    return replace(desk, form=form, screen=Screen.IDENTITY, identity=identity, notice=None)


def is_same_day(desk: Desk, child: Child) -> bool:
    """Whether the child before was another one, born on the same day."""
    before = desk.previous
    if before is None or before.birth_date != child.birth_date:
        return False
    return (before.number, before.given_name) != (child.number, child.given_name)


def _checked(
    form: ChildForm, today: date, rules: DeskRules
) -> tuple[ChildForm, NumberCheck, date | None]:
    check = NumberCheck("", IdKind.UNKNOWN) if form.numberless else check_number(form.number)
    born, fault = birth_date_of(form.birth_date, today, rules.oldest_child_years)
    name = form.given_name.strip()
    bad_name = bool(name) and _NAME.fullmatch(name) is None
    form = replace(
        form,
        number_fault=check.fault,
        birth_date_fault=fault,
        given_name=name,
        given_name_fault=FieldFault.NOT_A_NAME if bad_name else None,
    )
    if check.stops:
        form = replace(form, active=Field.NUMBER)
    elif fault is not None:
        form = replace(form, active=Field.BIRTH_DATE)
    elif bad_name:
        form = replace(form, active=Field.GIVEN_NAME)
    return form, check, born


def birth_date_of(
    digits: str, today: date, oldest_years: int
) -> tuple[date | None, FieldFault | None]:
    """Read DDMMYYYY; a date in the future or more than ``oldest_years`` ago is a fault."""
    if not digits:
        return None, FieldFault.MISSING
    if len(digits) != BIRTH_DATE_DIGITS or not digits.isdecimal():
        return None, FieldFault.NOT_A_DATE
    try:
        born = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None, FieldFault.NOT_A_DATE
    if born > today:
        return None, FieldFault.FUTURE
    if (today - born).days > oldest_years * 366:
        return None, FieldFault.TOO_LONG_AGO
    return born, None


def answered(desk: Desk, message: m.LookUpAnswered, moment: m.Moment, rules: DeskRules) -> Step:
    """The journal has answered, or could not: show the child to be confirmed."""
    if message.request != desk.request or desk.look_up is not LookUp.WAITING:
        return desk, ()
    if message.outcome == "differs":
        form = replace(desk.form, active=Field.BIRTH_DATE)
        told = replace(desk, look_up=LookUp.NOT_ASKED, form=form)
        return replace(told, notice=Notice.BIRTH_DATE_DIFFERS), ()
    look_up = LookUp(message.outcome)
    name = message.given_name or desk.form.given_name
    if not name:
        form = replace(desk.form, active=Field.GIVEN_NAME, given_name_fault=FieldFault.MISSING)
        return replace(desk, look_up=look_up, form=form, notice=Notice.NAME_NEEDED), ()
    born, _ = birth_date_of(desk.form.birth_date, moment.today, rules.oldest_child_years)
    if born is None:
        return replace(desk, look_up=LookUp.NOT_ASKED), ()
    return _identity(desk, message, name, born, moment), ()


def _identity(
    desk: Desk, message: m.LookUpAnswered, name: str, born: date, moment: m.Moment
) -> Desk:
    check, look_up = check_number(desk.form.number), LookUp(message.outcome)
    child = Child(check.number, check.kind, born, name, message.patient, message.protected)
    identity = Identity(
        child,
        look_up,
        age_days=(moment.today - born).days,
        number_fault=_warning(check),
        typed_name=_other_name(desk.form.given_name, message.given_name),
        same_day=is_same_day(desk, child),
    )
    return replace(desk, screen=Screen.IDENTITY, identity=identity, look_up=look_up, notice=None)


def _warning(check: NumberCheck) -> NumberFault | None:
    return None if check.kind is IdKind.DUF else check.fault


def _other_name(typed_name: str, journal_name: str) -> str:
    if not typed_name or not journal_name:
        return ""
    return "" if _first_word(typed_name) == _first_word(journal_name) else typed_name


def _first_word(name: str) -> str:
    return name.casefold().replace("-", " ").split()[0]


def confirm_child(desk: Desk, _: m.ConfirmChild, moment: m.Moment, rules: DeskRules) -> Step:
    """A person says that this is the right child: measuring may begin."""
    identity = desk.identity
    if desk.screen is not Screen.IDENTITY or identity is None or desk.user is None:
        return desk, ()
    if desk.changing is not None:
        return _target(desk, desk.changing, identity), ()
    visit = VisitDraft.of_child(moment.id, identity.child, moment.today, identity.look_up)
    measuring = replace(
        desk,
        screen=Screen.MEASURE,
        visit=visit,
        identity=None,
        form=ChildForm(),
        look_up=LookUp.NOT_ASKED,
        notice=None,
    )
    opened = Note(Trace.CHILD_OPENED, desk.user.user_id, str(visit.id))
    patient = identity.child.patient
    if patient is None or not rules.reads_earlier:
        return measuring, (opened,)
    return measuring, (opened, AskEarlier(visit.id, patient))


def _target(desk: Desk, change: ChangeDraft, identity: Identity) -> Desk:
    """The values of a wrong child belong to this one: show both and ask."""
    if not identity.child.number or identity.child.number == change.saved.child.number:
        return replace(desk, notice=Notice.SAME_CHILD)
    ready = replace(change, target=identity)
    found = replace(desk, form=ChildForm(), look_up=LookUp.NOT_ASKED, identity=None)
    return replace(found, screen=Screen.CHANGE, changing=ready, notice=None)


def not_this_child(desk: Desk, _: m.NotThisChild, __: m.Moment, ___: DeskRules) -> Step:
    """Back to an empty form; what was taken for this child and not saved is dropped."""
    saving = desk.visit is not None and desk.visit.saving
    if desk.screen not in LEAVABLE or saving:
        return desk, ()
    empty = replace(to_form(desk), changing=desk.changing, saved=desk.saved)
    begun = _hearing_ids(desk)
    if not begun or desk.user is None:
        return empty, ()
    return empty, (DropHearing(begun, desk.user.user_id),)


def _hearing_ids(desk: Desk) -> tuple[UUID, ...]:
    """The hearing tests of this child that are not saved."""
    confirmed = [test.id for test in desk.visit.hearing] if desk.visit is not None else []
    session = desk.hearing.session if desk.hearing is not None else None
    return (*confirmed, *([session.id] if session is not None else []))


def to_form(desk: Desk) -> Desk:
    """The empty form, with no trace of the child before."""
    return replace(
        desk,
        screen=Screen.FIND,
        form=ChildForm(),
        look_up=LookUp.NOT_ASKED,
        request=desk.request + 1,
        identity=None,
        visit=None,
        hearing=None,
        entry=None,
        question=None,
        leaving=False,
        choosing_language=False,
        reprinting=False,
        preview=None,
        placing=None,
        second=None,
        saved=None,
        changing=None,
        reading=None,
        booked=(),
        notice=None,
    )
