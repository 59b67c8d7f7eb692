"""Finding the child: the typed form, the journal's answer, the person's confirmation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from kiosk.desk.child_form import ChildForm, Field, Identity, LookUp
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import FieldFault, Notice
from kiosk.desk.page_stack import find
from kiosk.desk.pages import Confirm, Find
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.model.identity import NumberCheck, NumberFault, check_number
from kiosk.model.visit import Child, IdKind


@dataclass(frozen=True, slots=True)
class ActivateField(Touch):
    """A field of the child form was touched."""

    field: Field


@dataclass(frozen=True, slots=True)
class Scan(Touch):
    """A whole line from the barcode scanner."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindChild(Touch):
    """The form is filled in: ask the journal."""


@dataclass(frozen=True, slots=True)
class WithoutNumber(Touch):
    """The child has no identity number yet."""


@dataclass(frozen=True, slots=True)
class LookUpAnswered(DeskNews):
    """The journal's answer to the look-up with this request number.

    ``patient`` and ``given_name`` are set only for exactly one hit whose birth date agrees.
    """

    request: int
    outcome: str
    patient: str | None = None
    given_name: str = field(default="", repr=False)
    protected: bool = False


@dataclass(frozen=True, slots=True)
class AskJournal(Effect):
    """Look the child up; answered by ``LookUpAnswered`` with the same request number."""

    request: int
    number: str = field(repr=False)
    kind: IdKind
    birth_date: date = field(repr=False)
    answered_by = (LookUpAnswered,)


NUMBER_DIGITS = 12
BIRTH_DATE_DIGITS = 8
_NAME = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+)*")


def activate_field(desk: Desk, message: ActivateField) -> Step:
    """Type into this field from now on."""
    page = desk.page
    if not isinstance(page, Find):
        return desk, ()
    numberless = page.form.numberless and message.field is not Field.NUMBER
    form = replace(page.form, active=message.field, numberless=numberless)
    return desk.put(replace(page, form=form)), ()


def without_number(desk: Desk) -> Step:
    """The child has no number yet: birth date and name must do, and a person gives it one later."""
    page = desk.page
    if not isinstance(page, Find) or page.look_up is LookUp.WAITING or page.under is not None:
        return desk, ()
    form = replace(
        page.form, number="", number_fault=None, numberless=True, active=Field.BIRTH_DATE
    )
    return desk.put(replace(page, form=form)).told(None), ()


def scan(desk: Desk, message: Scan) -> Step:
    """Take a scanned identity number; anything else is refused with a word."""
    page = desk.page
    if not isinstance(page, Find) or page.look_up is LookUp.WAITING:
        return desk, ()
    check = check_number(message.text)
    if check.stops:
        return desk.told(Notice.SCAN_NOT_A_NUMBER), ()
    form = ChildForm(number=check.number, active=Field.BIRTH_DATE, number_fault=check.fault)
    return desk.put(replace(page, form=form)).told(None), ()


def typed(page: Find, key: str, rules: DeskRules) -> Find:
    """One key into the active field. A full number or date moves on to the next field."""
    form = page.form
    match form.active:
        case Field.NUMBER:
            form = _number_key(form, key)
        case Field.BIRTH_DATE:
            form = _birth_date_key(form, key)
        case Field.GIVEN_NAME:
            name = _edited(form.given_name, key)[: rules.longest_name]
            form = replace(form, given_name=name, given_name_fault=None)
    return replace(page, form=form)


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


def find_child(desk: Desk, moment: Moment, rules: DeskRules) -> Step:
    """Check the form and ask the journal."""
    page, session = desk.page, desk.session
    if session is None or not isinstance(page, Find) or page.look_up is LookUp.WAITING:
        return desk, ()
    form, check, born = _checked(page.form, moment.today, rules)
    page = replace(page, form=form)
    if form.numberless:
        return replace(desk, front=_numberless(session, page, born, moment)), ()
    if form.birth_date_fault or form.given_name_fault or check.stops or born is None:
        return desk.put(page).told(Notice.FORM_INCOMPLETE), ()
    request = desk.station.requests + 1
    asked = desk.put(replace(page, look_up=LookUp.WAITING, request=request)).told(None)
    counted = replace(asked, station=replace(asked.station, requests=request))
    return counted, (AskJournal(request, check.number, check.kind, born),)


def _numberless(session: Session, page: Find, born: date | None, moment: Moment) -> Session:
    """A new-born without a number: nobody can be asked, so the name is needed."""
    form = page.form
    if born is not None and not form.given_name:
        form = replace(form, given_name_fault=FieldFault.MISSING, active=Field.GIVEN_NAME)
    page = replace(page, form=form)
    if born is None or form.birth_date_fault or form.given_name_fault:
        return session.put(page).told(Notice.FORM_INCOMPLETE)
    child = Child("", IdKind.UNKNOWN, born, form.given_name)
    age, twins = (moment.today - born).days, is_same_day(session, child)
    identity = Identity(child, LookUp.NO_NUMBER, age, same_day=twins)
    return session.turned(Confirm(identity, page))


def is_same_day(session: Session, child: Child) -> bool:
    """Whether the child before was another one, born on the same day."""
    before = session.previous
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


def answered(desk: Desk, message: LookUpAnswered, moment: Moment, rules: DeskRules) -> Step:
    """The journal has answered, or could not: show the child to be confirmed."""

    def take(session: Session) -> Session:
        page = find(session.page, Find)
        waits = page is not None and page.look_up is LookUp.WAITING
        if page is None or not waits or message.request != page.request:
            return session
        return _answered(session, page, message, moment, rules)

    return told_sessions(desk, take)


def _answered(
    session: Session, page: Find, message: LookUpAnswered, moment: Moment, rules: DeskRules
) -> Session:
    form = page.form
    if message.outcome == "differs":
        form = replace(form, active=Field.BIRTH_DATE)
        open_again = replace(page, look_up=LookUp.NOT_ASKED, form=form)
        return session.swapped(page, open_again).told(Notice.BIRTH_DATE_DIFFERS)
    look_up = LookUp(message.outcome)
    name = message.given_name or form.given_name
    if not name:
        form = replace(form, active=Field.GIVEN_NAME, given_name_fault=FieldFault.MISSING)
        nameless = replace(page, look_up=look_up, form=form)
        return session.swapped(page, nameless).told(Notice.NAME_NEEDED)
    born, _ = birth_date_of(form.birth_date, moment.today, rules.oldest_child_years)
    if born is None:
        return session.swapped(page, replace(page, look_up=LookUp.NOT_ASKED))
    check = check_number(form.number)
    child = Child(check.number, check.kind, born, name, message.patient, message.protected)
    identity = Identity(
        child,
        look_up,
        age_days=(moment.today - born).days,
        number_fault=_warning(check),
        typed_name=_other_name(form.given_name, message.given_name),
        same_day=is_same_day(session, child),
    )
    return session.turned(Confirm(identity, replace(page, look_up=look_up)))


def _warning(check: NumberCheck) -> NumberFault | None:
    return None if check.kind is IdKind.DUF else check.fault


def _other_name(typed_name: str, journal_name: str) -> str:
    if not typed_name or not journal_name:
        return ""
    return "" if _first_word(typed_name) == _first_word(journal_name) else typed_name


def _first_word(name: str) -> str:
    return name.casefold().replace("-", " ").split()[0]


HANDLERS: tuple[Registered, ...] = (
    on(ActivateField, activate_field),
    on(Scan, scan),
    on(FindChild, find_child),
    on(LookUpAnswered, answered),
    on(WithoutNumber, without_number),
)
