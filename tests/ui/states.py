"""Made-up desks in every state worth looking at. The children are synthetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from drivers.calibration import Load, Observation
from drivers.driver import Rhythm
from drivers.events import LinkState, Reading, Stability, Stamped
from drivers.events import Quantity as ScaleQuantity
from drivers.learning import Shown
from kiosk.desk.child_form import ChildForm, Field, Identity, LookUp
from kiosk.desk.drafts import ChangeDraft, Draft, Entry, Question, SavedVisit, VisitDraft
from kiosk.desk.notices import EntryFault, FieldFault, Notice
from kiosk.desk.opening import Opening
from kiosk.desk.over import Ask
from kiosk.desk.state import Aside, Desk, LockForm, Practice, Screen, User
from kiosk.features.second_reading import combined
from kiosk.model.identity import NumberFault
from kiosk.model.lists import Booked, ListedVisit, NewDevice, Strip, WaitingMessage
from kiosk.model.outbox import DiscardReason, Failure, JournalState, OutboxCounts
from kiosk.model.performer import Performer
from kiosk.model.slip import Paper, SlipName, SlipPicture, SlipState
from kiosk.model.visit import (
    ChangeKind,
    Child,
    Delivery,
    Dress,
    IdKind,
    KeptReading,
    OddReason,
    Part,
    Position,
    Quantity,
    Rule,
    Source,
)
from kiosk.receipts.content import SlipContent, lines_of
from kiosk.receipts.raster import picture_of
from kiosk.station.printing import grey
from kiosk.weighing.calibration_steps import Calibrating
from kiosk.weighing.calibration_steps import Fault as CalibrationFault
from kiosk.weighing.earlier import Earlier
from kiosk.weighing.gate import Gate, Hold, Offer, Weighing
from kiosk.weighing.length import LengthOffer
from kiosk.weighing.plausibility import Verdict
from kiosk.weighing.teaching_steps import LineFault, Teaching
from tests.desk.flat_desk import new
from tests.desk.flat_desk import replaced as replace

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
BORN = date(2026, 8, 14)
NUMBER = "14882612354"
USERS = (
    User("anne", "Anne Berg"),
    User("bo", "Bo Nilsen"),
    User("fatima", "Fatima Ali"),
    User("ingrid", "Ingrid Østby"),
    User("jon", "Jon Ánde Sara"),
)
NORA = Child(NUMBER, IdKind.NATIONAL, BORN, "Nora", "Patient/7")
LONG = replace(NORA, given_name="Maximilian-Alexander Johannes Øyvind")
AGE = (TODAY - BORN).days
WELL = Strip(LinkState.OPEN, "", Paper.READY, JournalState.REACHABLE, None, OutboxCounts(0, 0, 12))


def reading(text: str, stability: Stability = Stability.STABLE, unit: str = "kg") -> Reading:
    return Reading(ScaleQuantity.WEIGHT, Decimal(text), unit, stability)


def stamped(value: Reading) -> Stamped:
    return Stamped(value, "scale", "radwag", "1", 1, 100.0, NOON)


def offer(text: str = "5.842") -> Offer:
    value = reading(text)
    return Offer(
        "scale:1:100.0", int(Decimal(text) * 1000), text, "kg", value.stability, stamped(value)
    )


def weighing(hold: Hold, shown: Reading | None = None) -> Weighing:
    return Weighing("scale", state=LinkState.OPEN, shown=shown, hold=hold)


OFFERED = replace(weighing(Hold.SETTLING, reading("5.842")), offer=offer())
OPENING = Opening(UUID(int=77), NOON)
ONCE = replace(weighing(Hold.NO_LINE), rhythm=Rhythm.ONCE)


def _lines(*offers: Offer) -> Weighing:
    lines = tuple(replace(one, opening=one.opening or OPENING.id) for one in offers)
    return replace(ONCE, lines=lines, offer=lines[-1])


WHOSE = replace(weighing(Hold.NOT_NEW, reading("5.842")), gate=Gate.BEFORE, lay=reading("5.840"))
MOVING = weighing(Hold.MOVING, reading("5.836", Stability.MOVING))
EMPTY = weighing(Hold.EMPTY, reading("0.000"))

WEIGHT = Draft(
    UUID(int=1),
    Quantity.WEIGHT,
    5842,
    "5.842",
    "kg",
    Source.DEVICE,
    NOON,
    Verdict.USUAL,
    dress=Dress.NAKED,
    offer=offer(),
)
LENGTH = Draft(
    UUID(int=2),
    Quantity.LENGTH,
    612,
    "61.2",
    "cm",
    Source.TYPED,
    NOON,
    Verdict.USUAL,
    position=Position.LYING,
)
HEAD = Draft(
    UUID(int=3),
    Quantity.HEAD,
    385,
    "38.5",
    "cm",
    Source.TYPED,
    NOON,
    Verdict.ASK,
    odd_reason=OddReason.READ_AGAIN,
)
LENGTH_OFFER = LengthOffer(
    "board:1:100.0",
    624,
    "62.4",
    "cm",
    stamped(Reading(ScaleQuantity.LENGTH, Decimal("62.4"), "cm", Stability.UNKNOWN)),
)
BOARD_LENGTH = replace(LENGTH, source=Source.DEVICE, length=LENGTH_OFFER)
TOGETHER = KeptReading(Part.TOGETHER, 78420, "78.42", "kg", "stable", b"", NOON)
DIFFERENCE = replace(
    WEIGHT,
    value=5840,
    text="5.84",
    rule=Rule.DIFFERENCE,
    readings=(TOGETHER, replace(TOGETHER, part=Part.ADULT, value=72580, text="72.58")),
)
HEAVY = replace(WEIGHT, id=UUID(int=4), value=15420, text="15.420", verdict=Verdict.FAR)


def slip_picture() -> SlipPicture:
    """A slip as the station draws it."""
    content = SlipContent(
        name="Nora",
        age="3 måneder",
        measured_on=TODAY,
        lines=lines_of((WEIGHT, LENGTH, HEAD)),
        code="K7QF",
        clinic="Solbakken helsestasjon",
    )
    return grey(picture_of(content))


LOCKED = new(USERS, EMPTY, "Solbakken helsestasjon", strip=WELL, today=TODAY)
SIGNED_IN = replace(LOCKED, user=Performer("anne", "Anne Berg"), screen=Screen.FIND)
PIN = replace(LOCKED, lock=LockForm("anne", "123"))
IDENTITY = replace(SIGNED_IN, screen=Screen.IDENTITY, identity=Identity(NORA, LookUp.FOUND, AGE))
VISIT = VisitDraft(UUID(int=9), NORA, LookUp.FOUND, AGE, Dress.NAKED)
MEASURE = replace(SIGNED_IN, screen=Screen.MEASURE, visit=VISIT)
FILLED = replace(MEASURE, visit=replace(VISIT, drafts=(WEIGHT, LENGTH, HEAD)))
REVIEW = replace(FILLED, screen=Screen.REVIEW)
EARLIER = (
    Earlier(Quantity.WEIGHT, 5210, date(2026, 10, 14)),
    Earlier(Quantity.LENGTH, 588, date(2026, 10, 14), Position.LYING),
    Earlier(Quantity.HEAD, 372, date(2026, 10, 14)),
)
MEAN = combined(LENGTH, replace(LENGTH, id=UUID(int=91), value=616, text="61.6"), AGE)
KARI = replace(NORA, given_name="Kari", birth_date=date(2026, 5, 20))
PER = replace(NORA, given_name="Per Olav", birth_date=date(2022, 11, 2))
BOOKED = (
    Booked("1", NOON + timedelta(minutes=30), KARI),
    Booked("2", NOON + timedelta(minutes=60), PER),
)
SLIP = slip_picture()
CORRECTED = replace(WEIGHT, was=replace(WEIGHT, text="5.428", value=5428))
SAVED = SavedVisit(UUID(int=9), NORA, AGE, (WEIGHT, LENGTH, HEAD), Delivery.DONE)
DONE = replace(SIGNED_IN, screen=Screen.DONE, saved=SAVED)
CHANGE = replace(DONE, screen=Screen.CHANGE, changing=ChangeDraft(SAVED))
STATUS = replace(SIGNED_IN, screen=Screen.STATUS)
PRACTICE = Practice("Anne", "1234", NUMBER, "14082026")


SEEN = (Observation(Load.EMPTY, "0,000", "kg", b""),) * 5


LISTED = tuple(
    ListedVisit(
        UUID(int=200 + number),
        NOON - timedelta(minutes=17 * number),
        name,
        BORN - timedelta(days=200 * number),
        (
            (Quantity.WEIGHT, None),
            (Quantity.LENGTH, Position.LYING),
            (Quantity.HEAD, None),
        )[: number % 3 + 1],
        delivery,
        change,
    )
    for number, (name, delivery, change) in enumerate(
        (
            ("Nora", Delivery.DONE, ChangeKind.CORRECTED),
            ("Øyvind", Delivery.REJECTED, None),
            ("Ada", Delivery.AMBIGUOUS, None),
            ("Jakob", Delivery.QUEUED, ChangeKind.WRONG_CHILD),
            ("Åse", Delivery.DONE, None),
        )
    )
)


def calibrate(**fields: object) -> Desk:
    teaching = replace(SIGNED_IN, screen=Screen.CALIBRATE, calibrating=Calibrating(**fields))
    return replace(teaching, approvers=("anne",))


LINES = tuple(
    Shown(text, "kg", f"ST#{text.replace(',', '.'):>8} kg G".encode())
    for text in ("0,000", "4,236", "1,002", "12,450", "-0,700")
)
LEARNED = {
    "ending": "crlf",
    "forms": "stable kg ST#{8.3: -} kg G\nmoving kg US#{8.3: } kg G",
}
LEARNED_PLAIN = {"ending": "crlf", "forms": "unknown kg ST#{8.3: -} kg G"}


def teach(*, at: int = 0, **fields: object) -> Desk:
    taught = Teaching("/dev/ttyUSB0", 1, at=at, shown=LINES[:at], **fields)
    teaching = replace(SIGNED_IN, screen=Screen.CALIBRATE, calibrating=taught)
    return replace(teaching, approvers=("anne",))


def form(**fields: object) -> Desk:
    return replace(SIGNED_IN, form=ChildForm(**fields))


def measure(weighed: Weighing, *drafts: Draft, **more: object) -> Desk:
    own = ("with_adult", "together", "earlier")
    about = {name: more.pop(name) for name in own if name in more}
    visit = replace(VISIT, drafts=drafts, **about)
    return replace(MEASURE, weighing=weighed, visit=visit, **more)


def entry(**fields: object) -> Desk:
    return replace(MEASURE, screen=Screen.ENTRY, entry=Entry(**fields))


def done(**fields: object) -> Desk:
    return replace(DONE, saved=replace(SAVED, **fields))


def changing(**fields: object) -> Desk:
    return replace(CHANGE, changing=ChangeDraft(**{"saved": SAVED, **fields}))


def message(
    state: Delivery,
    failure: Failure | None,
    minutes: int,
    adapter: str = "fhir-transaction",
    detail: str = "",
) -> WaitingMessage:
    created = NOON - timedelta(minutes=minutes)
    item, visit = UUID(int=100 + minutes), UUID(int=500 + minutes)
    return WaitingMessage(item, visit, adapter, created, state, 3, failure, detail)


TROUBLE = Strip(
    LinkState.LOST,
    "",
    Paper.PAPER_OUT,
    JournalState.UNREACHABLE,
    Failure.UNREACHABLE,
    OutboxCounts(3, 0, 12, NOON - timedelta(minutes=12)),
)
STOPPED = Strip(
    LinkState.SILENT,
    "wrong-parity",
    Paper.COVER_OPEN,
    JournalState.STOPPED,
    Failure.CERTIFICATE,
    OutboxCounts(14, 2, 12, NOON - timedelta(hours=5)),
)
MESSAGES = (
    message(Delivery.REJECTED, Failure.PATIENT_NOT_FOUND, 3),
    message(Delivery.AMBIGUOUS, Failure.UNKNOWN_OUTCOME, 12),
    message(Delivery.QUEUED, Failure.UNREACHABLE, 40),
    message(Delivery.QUEUED, Failure.UNREACHABLE, 45),
    message(Delivery.REJECTED, Failure.REFUSED, 60),
)
WORDS = (
    "http-422 OperationOutcome: processing: Observation.category: minimum required = 1, but only "
    "found 0 (from http://hl7.no/fhir/StructureDefinition/no-basis-Observation); business-rule: "
    "episode of care is closed for this patient"
)
REFUSED = message(Delivery.REJECTED, Failure.REFUSED, 60, "hl7v2-mllp", WORDS)
OWN_REASONS = (
    message(Delivery.REJECTED, Failure.REFUSED, 60, "gdt-file", "name-missing"),
    message(
        Delivery.REJECTED,
        Failure.PATIENT_NOT_UNIQUE,
        61,
        "gdt-file",
        "several-requests-of-the-journal",
    ),
    message(Delivery.REJECTED, Failure.REFUSED, 62, "gdt-file", "patient-number-too-long"),
)
SEVERAL = (
    REFUSED,
    message(Delivery.HANDED_OVER, None, 61, "clinic-database"),
    message(Delivery.QUEUED, Failure.SIGN_IN, 62, "fhir-transaction", "token-endpoint-of-another"),
    message(Delivery.REJECTED, Failure.HELD, 63, "gdt-file"),
    replace(
        message(Delivery.DISCARDED, None, 64, "csv-file"), given_up=DiscardReason.MEASURED_AGAIN
    ),
)
DELIVERED = message(Delivery.DELIVERED, None, 65, "hl7v2-mllp")
ELSEWHERE = replace(
    message(Delivery.REJECTED, Failure.PATIENT_NOT_FOUND, 66, "fhir-transaction"), elsewhere=True
)
FILES = (
    message(Delivery.REJECTED, Failure.MAY_HAVE_ARRIVED, 70, "hl7v2-mllp", "restored-copy"),
    message(Delivery.QUEUED, Failure.FOLDER_UNMARKED, 71, "gdt-file", "unmarked"),
    message(Delivery.AMBIGUOUS, Failure.OTHER_FOLDER, 72, "csv-file", "other-folder"),
)

STATES: dict[str, Desk] = {
    "lock": LOCKED,
    "lock-unfinished": replace(LOCKED, kept=FILLED),
    "lock-many": replace(
        LOCKED, users=tuple(User(f"u{n}", f"Kari Nordmann {n}") for n in range(1, 14))
    ),
    "lock-closed": replace(
        LOCKED, users=(), weighing=Weighing("none"), strip=Strip(), notice=Notice.KEY_MISSING
    ),
    "lock-nobody": replace(LOCKED, users=()),
    "pin": PIN,
    "pin-wrong": replace(
        PIN, lock=LockForm("anne", "", tries_left=2), notice=Notice.PIN_WRONG, notice_value=2
    ),
    "pin-locked": replace(
        PIN, lock=LockForm("anne", locked_until=200.0), notice=Notice.PIN_LOCKED, notice_value=28
    ),
    "pin-checking": replace(PIN, lock=LockForm("anne", checking=True)),
    "find": SIGNED_IN,
    "find-number-fault": form(number="14882612345", number_fault=NumberFault.CHECK_DIGIT),
    "find-date": form(number=NUMBER, birth_date="1408", active=Field.BIRTH_DATE),
    "find-incomplete": replace(
        form(
            number="148826",
            birth_date="31022026",
            given_name="",
            active=Field.NUMBER,
            number_fault=NumberFault.LENGTH,
            birth_date_fault=FieldFault.NOT_A_DATE,
        ),
        notice=Notice.FORM_INCOMPLETE,
    ),
    "find-differs": replace(
        form(number=NUMBER, birth_date="15082026", active=Field.BIRTH_DATE),
        notice=Notice.BIRTH_DATE_DIFFERS,
    ),
    "find-waiting": replace(
        form(number=NUMBER, birth_date="14082026", active=Field.BIRTH_DATE),
        look_up=LookUp.WAITING,
    ),
    "find-name": replace(
        form(
            number=NUMBER,
            birth_date="14082026",
            given_name="Åse-",
            active=Field.GIVEN_NAME,
        ),
        look_up=LookUp.OFFLINE,
        notice=Notice.NAME_NEEDED,
        strip=TROUBLE,
    ),
    "identity": IDENTITY,
    "identity-missing": replace(
        IDENTITY, identity=Identity(NORA, LookUp.MISSING, AGE, NumberFault.CHECK_DIGIT)
    ),
    "identity-all-warnings": replace(
        IDENTITY,
        identity=Identity(LONG, LookUp.SEVERAL, AGE, NumberFault.DATE, typed_name="Max"),
    ),
    "identity-offline": replace(
        IDENTITY, identity=Identity(NORA, LookUp.OFFLINE, AGE), strip=TROUBLE
    ),
    "measure-empty": measure(EMPTY),
    "measure-moving": measure(MOVING),
    "measure-offer": measure(OFFERED),
    "measure-older": replace(
        MEASURE, weighing=OFFERED, visit=replace(VISIT, age_days=1500, dress=Dress.LIGHT)
    ),
    "measure-not-new": measure(weighing(Hold.NOT_NEW, reading("5.842"))),
    "measure-whose": measure(WHOSE, opening=OPENING),
    "measure-whose-adult-long": replace(
        measure(WHOSE, opening=OPENING),
        visit=replace(VISIT, child=LONG, with_adult=True, together=TOGETHER),
    ),
    "measure-whose-unknown": measure(replace(WHOSE, lay=None), opening=OPENING),
    "measure-whose-long": replace(
        measure(WHOSE, opening=OPENING), visit=replace(VISIT, child=LONG)
    ),
    "measure-whose-both": measure(WHOSE, opening=OPENING, with_adult=True),
    "measure-whose-adult": measure(WHOSE, opening=OPENING, with_adult=True, together=TOGETHER),
    "doubt-length": measure(EMPTY, WEIGHT, opening=OPENING, doubt=LENGTH_OFFER),
    "measure-compare": measure(
        replace(OFFERED, offer=replace(offer(), stability=Stability.UNKNOWN))
    ),
    "measure-once": measure(ONCE),
    "measure-once-both": measure(ONCE, with_adult=True),
    "measure-once-line": measure(_lines(offer()), opening=OPENING),
    "measure-once-compare": measure(_lines(replace(offer(), proved=False)), opening=OPENING),
    "measure-once-before": measure(_lines(replace(offer(), opening=UUID(int=3)))),
    "measure-once-two": measure(_lines(offer("5.842"), offer("15.8605")), opening=OPENING),
    "measure-once-moving": measure(
        replace(_lines(offer()), offer=None, hold=Hold.MOVING, shown=reading("5.9"))
    ),
    "measure-once-taken": measure(ONCE, WEIGHT, notice=Notice.WEIGHT_TAKEN),
    "measure-finer": measure(replace(MOVING, shown=replace(MOVING.shown, finer="3"))),
    "doubt-weight": measure(ONCE, opening=OPENING, doubt=replace(offer(), proved=False)),
    "measure-no-scale": measure(weighing(Hold.NO_SCALE), strip=TROUBLE),
    "measure-restless": measure(weighing(Hold.RESTLESS, reading("5.9", Stability.MOVING))),
    "measure-taken": measure(
        weighing(Hold.NOT_NEW, reading("5.842")), WEIGHT, notice=Notice.WEIGHT_TAKEN
    ),
    "measure-filled": replace(FILLED, weighing=OFFERED),
    "measure-locks": replace(FILLED, notice=Notice.WILL_LOCK, notice_value=18),
    "measure-digits": measure(
        replace(weighing(Hold.SETTLING, reading("12.3450"))), replace(WEIGHT, text="12.3450")
    ),
    "measure-with-adult": measure(EMPTY, with_adult=True),
    "measure-adult-alone": measure(
        weighing(Hold.NOT_NEW, reading("78.42")),
        with_adult=True,
        together=TOGETHER,
        notice=Notice.TOGETHER_TAKEN,
    ),
    "measure-difference": measure(
        weighing(Hold.NOT_NEW, reading("72.58")),
        DIFFERENCE,
        with_adult=True,
        notice=Notice.DIFFERENCE_TAKEN,
    ),
    "measure-both": measure(OFFERED, with_adult=True),
    "measure-length-offered": measure(
        EMPTY, WEIGHT, length=LENGTH_OFFER, strip=replace(WELL, board=LinkState.OPEN)
    ),
    "measure-length-again": measure(EMPTY, WEIGHT, BOARD_LENGTH, length=LENGTH_OFFER),
    "measure-board-waits": measure(EMPTY, strip=replace(WELL, board=LinkState.SILENT)),
    "measure-board-gone": measure(
        EMPTY, strip=replace(WELL, board=LinkState.LOST), notice=Notice.LENGTH_REFUSED
    ),
    "placing": measure(EMPTY, WEIGHT, placing=replace(BOARD_LENGTH, position=None)),
    "entry-length": entry(quantity=Quantity.LENGTH, typed="61,2", position=Position.LYING),
    "entry-second": entry(
        quantity=Quantity.LENGTH, typed="6", first="61,2", position=Position.LYING
    ),
    "entry-differs": entry(quantity=Quantity.HEAD, fault=EntryFault.DIFFERS),
    "entry-weight": entry(quantity=Quantity.WEIGHT),
    "entry-position": entry(
        quantity=Quantity.LENGTH, typed="61,2", fault=EntryFault.POSITION_MISSING
    ),
    "odd-far": measure(OFFERED, question=Question(HEAVY)),
    "odd-same": measure(OFFERED, question=Question(replace(WEIGHT, verdict=Verdict.SAME_AS_LAST))),
    "odd-impossible": measure(
        OFFERED, question=Question(replace(HEAVY, text="154.20", verdict=Verdict.IMPOSSIBLE))
    ),
    "leaving": replace(FILLED, leaving=True),
    "old-work": replace(FILLED, over=Ask.OLD_WORK),
    "review-still-saving": replace(
        REVIEW, visit=replace(REVIEW.visit, saving=True), notice=Notice.STILL_SAVING
    ),
    "review": REVIEW,
    "review-difference": replace(
        REVIEW, visit=replace(REVIEW.visit, drafts=(DIFFERENCE, BOARD_LENGTH))
    ),
    "review-saving": replace(REVIEW, visit=replace(REVIEW.visit, saving=True)),
    "review-not-saved": replace(REVIEW, notice=Notice.DISK_FULL),
    "review-long": replace(
        REVIEW, visit=replace(REVIEW.visit, child=LONG, drafts=(LENGTH, WEIGHT))
    ),
    "done": DONE,
    "done-printed": done(slip=SlipState.PRINTED, copies=1),
    "done-queued": done(delivery=Delivery.QUEUED, slip=SlipState.PRINTING, copies=1),
    "done-offline": replace(
        done(
            delivery=Delivery.QUEUED,
            failure=Failure.UNREACHABLE,
            slip=SlipState.FAILED,
            copies=1,
            slip_name=SlipName.INITIALS,
        ),
        strip=TROUBLE,
    ),
    "done-ambiguous": done(delivery=Delivery.AMBIGUOUS, failure=Failure.UNKNOWN_OUTCOME),
    "done-rejected": replace(
        done(delivery=Delivery.REJECTED, failure=Failure.PATIENT_NOT_FOUND),
        strip=replace(WELL, counts=OutboxCounts(0, 1, 12)),
    ),
    "done-no-printer": replace(DONE, strip=replace(WELL, printer=Paper.NOT_CONFIGURED)),
    "done-reprint": replace(done(slip=SlipState.PRINTED, copies=1), reprinting=True),
    "done-protected": done(child=replace(NORA, protected=True)),
    "done-protected-asks": replace(done(child=replace(NORA, protected=True)), reprinting=True),
    "done-numberless": replace(
        done(
            child=replace(NORA, number="", number_kind=IdKind.UNKNOWN),
            delivery=Delivery.REJECTED,
            failure=Failure.NO_NUMBER,
        ),
        strip=replace(WELL, counts=OutboxCounts(0, 1, 12)),
    ),
    "find-numberless": form(numberless=True, active=Field.BIRTH_DATE),
    "find-numberless-name": form(
        numberless=True,
        birth_date="22112026",
        active=Field.GIVEN_NAME,
        given_name_fault=FieldFault.MISSING,
    ),
    "identity-numberless": replace(
        IDENTITY,
        identity=Identity(
            replace(NORA, number="", number_kind=IdKind.UNKNOWN, birth_date=TODAY),
            LookUp.NO_NUMBER,
            0,
        ),
    ),
    "identity-twins": replace(IDENTITY, identity=Identity(NORA, LookUp.FOUND, AGE, same_day=True)),
    "change-number": changing(kind=ChangeKind.NUMBERED, target=Identity(NORA, LookUp.FOUND, AGE)),
    "done-language": replace(
        DONE,
        choosing_language=True,
        languages=("nb", "nn", "en", "pl", "uk", "ar", "so", "se", "ti"),
    ),
    "done-corrected": done(
        drafts=(CORRECTED, LENGTH, HEAD),
        change=ChangeKind.CORRECTED,
        slip=SlipState.PRINTED,
        copies=1,
        replaces=True,
    ),
    "done-corrected-position": done(
        drafts=(WEIGHT, replace(LENGTH, was=replace(LENGTH, position=Position.STANDING)), HEAD),
        change=ChangeKind.CORRECTED,
    ),
    "done-slip-out": replace(
        done(change=ChangeKind.CORRECTED, copies=1, replaces=True), notice=Notice.SLIP_IS_OUT
    ),
    "done-by-hand": done(
        drafts=(CORRECTED, LENGTH, HEAD),
        change=ChangeKind.CORRECTED,
        delivery=Delivery.REJECTED,
        failure=Failure.BY_HAND,
        message=UUID(int=77),
    ),
    "done-withdrawn": done(change=ChangeKind.WITHDRAWN, delivery=Delivery.CANCELLED),
    "change": CHANGE,
    "change-one": changing(saved=replace(SAVED, drafts=(WEIGHT,))),
    "change-entry": replace(
        changing(kind=ChangeKind.CORRECTED, measurement_id=WEIGHT.id),
        screen=Screen.ENTRY,
        entry=Entry(Quantity.WEIGHT, "5,4"),
    ),
    "change-correct": changing(
        kind=ChangeKind.CORRECTED,
        measurement_id=WEIGHT.id,
        draft=replace(WEIGHT, text="5.482", value=5482),
    ),
    "change-correct-odd": changing(
        kind=ChangeKind.CORRECTED,
        measurement_id=WEIGHT.id,
        draft=replace(HEAVY, id=WEIGHT.id),
    ),
    "change-withdraw": changing(kind=ChangeKind.WITHDRAWN),
    "change-find": replace(
        changing(kind=ChangeKind.WRONG_CHILD), screen=Screen.FIND, notice=Notice.SAME_CHILD
    ),
    "change-move": changing(kind=ChangeKind.WRONG_CHILD, target=Identity(LONG, LookUp.FOUND, AGE)),
    "change-move-odd": changing(
        saved=replace(SAVED, drafts=(replace(WEIGHT, text="9.420", value=9420), LENGTH, HEAD)),
        kind=ChangeKind.WRONG_CHILD,
        target=Identity(LONG, LookUp.FOUND, 20),
    ),
    "change-same": replace(
        changing(kind=ChangeKind.CORRECTED, measurement_id=WEIGHT.id),
        screen=Screen.ENTRY,
        entry=Entry(Quantity.WEIGHT, fault=EntryFault.SAME),
    ),
    "change-not-saved": replace(CHANGE, notice=Notice.CHANGE_NOT_SAVED),
    "status": STATUS,
    "status-board": replace(STATUS, strip=replace(WELL, board=LinkState.SILENT)),
    "status-teach": replace(STATUS, teachable=True, weighing=weighing(Hold.UNCALIBRATED)),
    "calibrate": calibrate(),
    "calibrate-typed": calibrate(typed="4,236", seen=SEEN[:1]),
    "calibrate-listening": calibrate(typed="0,700", seen=SEEN[:4], listening=100.0),
    "calibrate-fault": calibrate(seen=SEEN[:2], fault=CalibrationFault.OTHER_DIGITS),
    "calibrate-learned": calibrate(
        seen=SEEN,
        learned={"bit-order": "first-is-bit-7", "crc": "ascii-00", "formats": "1=kg/2,3=kg/3"},
    ),
    "teach": teach(),
    "teach-typed": teach(at=2, typed="1,002"),
    "teach-minus": teach(at=4, typed="0,700"),
    "teach-listening": teach(at=3, typed="12,450", listening=100.0),
    "teach-press": teach(at=5),
    "teach-pressing": teach(at=5, listening=100.0),
    "teach-fault": teach(at=2, fault=LineFault.CONTRADICTS),
    "teach-learned": teach(at=6, learned=LEARNED),
    "teach-learned-once": teach(at=6, learned={**LEARNED_PLAIN, "rhythm": "once"}),
    "teach-not-mine": replace(teach(at=6, learned=LEARNED), approvers=("bo",)),
    "today": replace(SIGNED_IN, screen=Screen.TODAY, visits=LISTED),
    "today-booked": replace(SIGNED_IN, screen=Screen.TODAY, visits=LISTED[:2], booked=BOOKED),
    "today-booked-only": replace(SIGNED_IN, screen=Screen.TODAY, visits=(), booked=BOOKED[:1]),
    "today-few": replace(SIGNED_IN, screen=Screen.TODAY, visits=LISTED[:2]),
    "today-empty": replace(SIGNED_IN, screen=Screen.TODAY, visits=()),
    "today-waiting": replace(SIGNED_IN, screen=Screen.TODAY, visits=None),
    "status-new-device": replace(
        STATUS, new_device=NewDevice("FT232R USB UART", "usb-serial:0403:6001:A9XK21QD")
    ),
    "status-trouble": replace(STATUS, strip=TROUBLE, messages=MESSAGES[:3]),
    "status-several": replace(
        STATUS, strip=replace(TROUBLE, interface="hl7v2-mllp"), messages=SEVERAL
    ),
    "message": replace(STATUS, strip=TROUBLE, messages=SEVERAL, looking_at=REFUSED.item_id),
    "message-waiting": replace(
        STATUS, strip=TROUBLE, messages=SEVERAL, looking_at=SEVERAL[2].item_id
    ),
    "message-locked": replace(
        STATUS, user=None, strip=TROUBLE, messages=SEVERAL, looking_at=REFUSED.item_id
    ),
    "message-delivered": replace(
        STATUS, strip=TROUBLE, messages=(DELIVERED,), looking_at=DELIVERED.item_id
    ),
    "message-elsewhere": replace(
        STATUS, strip=TROUBLE, messages=(ELSEWHERE,), looking_at=ELSEWHERE.item_id
    ),
    "message-discard": replace(
        STATUS, strip=TROUBLE, messages=SEVERAL, looking_at=REFUSED.item_id, giving_up=True
    ),
    "status-folder": replace(
        STATUS,
        strip=replace(STOPPED, failure=Failure.FOLDER_UNMARKED, interface="gdt-file"),
        messages=FILES,
    ),
    "message-may-have-arrived": replace(
        STATUS, strip=TROUBLE, messages=FILES, looking_at=FILES[0].item_id
    ),
    "status-own-reasons": replace(STATUS, strip=STOPPED, messages=OWN_REASONS),
    "message-own-reason": replace(
        STATUS, strip=STOPPED, messages=OWN_REASONS, looking_at=OWN_REASONS[0].item_id
    ),
    "status-stopped": replace(STATUS, strip=STOPPED, messages=MESSAGES),
    "measure-earlier": measure(OFFERED, LENGTH, earlier=EARLIER),
    "review-earlier": replace(REVIEW, visit=replace(REVIEW.visit, earlier=EARLIER)),
    "odd-surprise": measure(
        OFFERED, earlier=EARLIER, question=Question(replace(HEAVY, verdict=Verdict.SURPRISE))
    ),
    "second-reading": replace(
        FILLED, second=replace(LENGTH, id=UUID(int=91), value=616, text="61.6")
    ),
    "second-differs": replace(
        FILLED, second=replace(LENGTH, id=UUID(int=91), value=632, text="63.2")
    ),
    "second-lying-standing": replace(
        FILLED, second=replace(LENGTH, id=UUID(int=91), position=Position.STANDING)
    ),
    "review-mean": replace(
        REVIEW,
        visit=replace(REVIEW.visit, drafts=(WEIGHT, MEAN, replace(HEAD, odd_reason=None))),
    ),
    "menu": replace(SIGNED_IN, aside=Aside.MENU),
    "menu-no-printer": replace(
        SIGNED_IN, aside=Aside.MENU, strip=replace(WELL, printer=Paper.NOT_CONFIGURED)
    ),
    "ticket": replace(SIGNED_IN, notice=Notice.TICKET, notice_value=14),
    "done-preview": replace(DONE, preview=SLIP),
    "help-lock": replace(LOCKED, aside=Aside.HELP),
    "help-find": replace(SIGNED_IN, aside=Aside.HELP),
    "help-measure": replace(FILLED, aside=Aside.HELP),
    "help-done": replace(DONE, aside=Aside.HELP),
    "help-change": replace(CHANGE, aside=Aside.HELP),
    "help-status": replace(STATUS, aside=Aside.HELP),
    "look": replace(SIGNED_IN, aside=Aside.LOOK),
    "look-lock": replace(LOCKED, aside=Aside.LOOK),
    "lock-blanked": replace(LOCKED, blanked=True),
    "training-lock": replace(LOCKED, training=True, practice=PRACTICE),
    "training-pin": replace(PIN, training=True, practice=PRACTICE),
    "training-find": replace(SIGNED_IN, training=True, practice=PRACTICE),
    "training-entry": replace(entry(quantity=Quantity.WEIGHT), training=True, practice=PRACTICE),
    "training-done": replace(DONE, training=True, practice=PRACTICE),
    "training-status": replace(STATUS, training=True, practice=PRACTICE),
    "training-find-name": replace(
        form(
            number=NUMBER,
            birth_date="14082026",
            given_name="Nora",
            active=Field.GIVEN_NAME,
            given_name_fault=FieldFault.NOT_A_NAME,
        ),
        training=True,
        notice=Notice.NAME_NEEDED,
    ),
    "training-measure": replace(FILLED, weighing=OFFERED, training=True),
    "training-with-adult": measure(OFFERED, with_adult=True, together=TOGETHER, training=True),
    "training-odd": measure(OFFERED, question=Question(HEAVY), training=True),
    "trouble": replace(SIGNED_IN, notice=Notice.SOMETHING_WENT_WRONG, strip=TROUBLE),
}
