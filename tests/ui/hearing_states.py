"""Desks of hearing tests in every state worth looking at. The children are synthetic."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from drivers.audiogram_files.imported import Refusal
from drivers.events import LinkState
from drivers.hearing import Ear, Masking, Remark, Response, Tone, ToneRecord, Transducer
from drivers.inbox_events import FolderState
from kiosk.desk.drafts import ChangeDraft
from kiosk.desk.hearing_work import Audiometer, EarlierTest, HearingWork, Left
from kiosk.desk.notices import Notice
from kiosk.desk.opening import AnotherSend
from kiosk.desk.over import Ask
from kiosk.desk.state import Aside, Desk, Screen
from kiosk.hearing import quality
from kiosk.hearing import session as s
from kiosk.hearing.arrivals import FileOffer, HeldRecord, InboxState
from kiosk.hearing.filling import draft_of
from kiosk.hearing.follow_up import Awaited, Reason, Settled, Settling
from kiosk.hearing.protocol import Pass, PassRule, Protocol, Refer, Retest, shipped
from kiosk.hearing.quality import CheckKind, Doubt, Quality
from kiosk.hearing.receiving import add, begin
from kiosk.hearing.session import Kind, Step
from kiosk.hearing.unfinished import Unfinished
from kiosk.model.hearing_test import End, Followed, HearingTest
from kiosk.model.performer import Device
from kiosk.model.visit import ChangeKind, Delivery
from tests.desk.flat_desk import flat, made
from tests.desk.flat_desk import replaced as replace
from tests.ui.states import (
    DONE,
    LONG,
    MEASURE,
    MOVING,
    NOON,
    OPENING,
    PER,
    REVIEW,
    SAVED,
    SIGNED_IN,
    TODAY,
    VISIT,
    WEIGHT,
)

AUDIOMETER = Audiometer(
    Device("audiometer", "Entomed SA 202", "by-hand", "1", "70411"),
    loudest=90,
    calibrated_on=date(2026, 3, 2),
)
SCREENING = Protocol(
    "no-4y",
    "1+1",
    "",
    (42, 66),
    (1000, 2000, 4000, 6000, 500),
    dict.fromkeys((1000, 2000, 4000, 6000, 500), 20),
    passes=Pass(PassRule.ALL),
    retest=Retest(after_days_min=28, after_days_max=56),
    refer=Refer("hørselssentralen", ()),
    approved_by="Ingrid Østby",
    approved_on=date(2026, 11, 2),
    hash="ab" * 32,
)
WIDE = replace(
    SCREENING,
    id="skole-7y",
    order=(1000, 2000, 3000, 4000, 6000, 8000, 500, 250),
    level={1000: 20, 2000: 20, 3000: 20, 4000: 20, 6000: 20, 8000: 20, 500: 25, 250: 25},
)
UNSIGNED = shipped()["no-4y"]
FOUR = replace(VISIT, child=PER, age_days=(TODAY - PER.birth_date).days)
ROOM = replace(
    MEASURE,
    visit=FOUR,
    audiometer=AUDIOMETER,
    protocols=(SCREENING, *(p for p in shipped().values() if p.id != "no-4y")),
)


def work(protocol: Protocol = SCREENING, *steps: Step, **more: object) -> HearingWork:
    session = s.begin(protocol, UUID(int=77), loudest=90)
    for step in steps:
        session = s.take(session, step)
    return HearingWork(protocol, session=session, begun_at=NOON, **more)


def heard(protocol: Protocol = SCREENING, ears: tuple[Ear, ...] = (Ear.RIGHT, Ear.LEFT)):
    return [Step(Kind.HEARD, ear, hz, protocol.level[hz]) for ear in ears for hz in protocol.order]


def ended(work: HearingWork, end: End) -> HearingWork:
    assert work.session is not None
    return replace(work, session=s.finish(work.session, end))


def record(work: HearingWork, **more: object) -> Desk:
    return replace(ROOM, screen=Screen.HEARING_RECORD, hearing=work, **more)


def drawn(work: HearingWork, **more: object) -> Desk:
    return replace(ROOM, screen=Screen.AUDIOGRAM, hearing=work, **more)


def tested(work: HearingWork) -> HearingTest:
    assert work.session is not None
    trials, answered = s.catch_trials(work.session)
    return HearingTest(
        UUID(int=77),
        work.tones,
        NOON,
        NOON,
        60,
        ROOM.user,
        AUDIOMETER.device,
        AUDIOMETER.calibrated_on,
        end=work.session.end or End.WHOLE,
        followed=Followed("no-4y", "1+1", "ab" * 32, "Ingrid Østby"),
        outcome=work.outcome(TODAY),
        is_retest=work.is_retest,
        catch_trials=trials,
        false_answers=answered,
    )


def check(kind: CheckKind, count: int, notice: Notice | None = None) -> Desk:
    one = quality.begin(kind, SCREENING, UUID(int=5), NOON, "anne")
    for number, place in enumerate(one.places[:count]):
        one = quality.answer(one, place, heard=number % 4 != 3)
    return replace(ROOM, visit=None, screen=Screen.HEARING_CHECK, check=one, notice=notice)


RETESTS = replace(SIGNED_IN, screen=Screen.RETESTS, audiometer=AUDIOMETER)


def retests(*lines: tuple[str, int, int]) -> Desk:
    awaited = tuple(
        Awaited(
            UUID(int=300 + number),
            UUID(int=400 + number),
            name,
            PER.birth_date - timedelta(days=90 * number),
            NOON - timedelta(days=40),
            TODAY + timedelta(days=first),
            TODAY + timedelta(days=last),
        )
        for number, (name, first, last) in enumerate(lines)
    )
    return replace(RETESTS, awaited=awaited)


def follow_up() -> Desk:
    """One line of each reason, as long as they get."""
    gaps = ((Ear.RIGHT, 4000), (Ear.LEFT, 500), (Ear.LEFT, 1000), (Ear.LEFT, 6000))
    desk = retests(("Nora", -40, -12), *((name, 0, 0) for name in ("Øyvind", "Ada", "Per", "Åse")))
    assert flat(desk).awaited is not None
    first, *others = flat(desk).awaited
    told = [
        (Reason.REFER, gaps[:1]),
        (Reason.NOT_COMPLETED, gaps[1:2]),
        (Reason.NOT_JUDGED, gaps),
        (Reason.NOT_SAVED, ()),
    ]
    lines = tuple(
        replace(one, since=None, until=None, reason=reason, missing=missing)
        for one, (reason, missing) in zip(others, told, strict=True)
    )
    left = replace(lines[1], visit_id=None)
    first = replace(first, may_refer=True, missing=gaps[:2])
    return made(desk, awaited=(first, lines[0], left, *lines[2:]))


def settling(reason: Settled | None) -> Desk:
    desk = follow_up()
    assert flat(desk).awaited is not None
    return made(desk, settling=Settling(flat(desk).awaited[0].id, reason))


def filled(protocol: Protocol, **more: object) -> Desk:
    mine = replace(AUDIOMETER, approvers=("anne",))
    work = HearingWork(protocol)
    return replace(
        ROOM,
        screen=Screen.PROTOCOL,
        audiometer=mine,
        hearing=work,
        filling=draft_of(protocol),
        **more,
    )


TONES = tuple(
    Tone(
        ear,
        path,
        hz,
        Response.THRESHOLD,
        Decimal(10 + 5 * number + (20 if ear is Ear.LEFT else 0)),
        Masking.MASKED if path is Transducer.BONE and ear is Ear.LEFT else Masking.NONE,
    )
    for ear in (Ear.RIGHT, Ear.LEFT)
    for path in (Transducer.HEADPHONE, Transducer.BONE)
    for number, hz in enumerate((500, 1000, 2000, 4000))
)
RECORD = ToneRecord(TONES, sequence="1", raw=b"...")
HELD = HeldRecord(UUID(int=501), NOON - timedelta(minutes=3), add(begin(), RECORD))
OFFERED = FileOffer(
    "ab" * 32, 0, NOON - timedelta(days=2), add(begin(), RECORD), "Audiogram_export_2026-11-21.xml"
)
BOTH_WAYS = replace(AUDIOMETER, cable=True, inbox=True)


def receive(**more: object) -> Desk:
    fields = {"audiometer_link": LinkState.OPEN, **more}
    return replace(
        ROOM, screen=Screen.RECEIVE, audiometer=BOTH_WAYS, hearing=HearingWork(SCREENING), **fields
    )


def arrived(*records: ToneRecord) -> Desk:
    received = begin()
    for record in records:
        received = add(received, record)
    return drawn(HearingWork(SCREENING, received=received))


HALF = heard(ears=(Ear.RIGHT,))
ALL = work(SCREENING, *heard())
MISSED = work(
    SCREENING,
    *heard()[:7],
    Step(Kind.NOT_HEARD, Ear.LEFT, 4000, 20),
    Step(Kind.THRESHOLD, Ear.LEFT, 4000, 45),
    Step(Kind.NO_RESPONSE, Ear.LEFT, 6000, 90),
    Step(Kind.IMPOSSIBLE, Ear.LEFT, 500),
)
LOSS = work(
    WIDE,
    *(
        Step(Kind.THRESHOLD, ear, hz, 15 + 5 * number + (0 if ear is Ear.RIGHT else 10))
        for ear in (Ear.RIGHT, Ear.LEFT)
        for number, hz in enumerate(sorted(WIDE.order))
    ),
)
BLEKINGE = replace(
    shipped()["se-blekinge-4y"], approved_by="Ingrid", approved_on=SCREENING.approved_on
)
GAPPED = work(
    BLEKINGE,
    *(Step(Kind.THRESHOLD, ear, hz, 25) for ear in s.OTHER for hz in (1000, 2000)),
    *(Step(Kind.HEARD, ear, hz, 20) for ear in s.OTHER for hz in (500, 6000)),
    *(Step(Kind.SKIPPED, ear, 4000) for ear in s.OTHER),
)
"""To be tested again whatever the missing tones say; a referral depends on them."""
SIXTY = work(
    BLEKINGE,
    *(Step(Kind.THRESHOLD, Ear.LEFT, hz, 60) for hz in BLEKINGE.order),
    *(Step(Kind.HEARD, Ear.RIGHT, hz, 20) for hz in BLEKINGE.order[1:]),
    Step(Kind.IMPOSSIBLE, Ear.RIGHT, BLEKINGE.order[0]),
)
UNDECIDED = work(
    BLEKINGE, *heard(BLEKINGE)[1:], Step(Kind.NOT_HEARD, Ear.RIGHT, BLEKINGE.order[0], 20)
)
CATCH = (Step(Kind.CATCH, answered=True), Step(Kind.CATCH), Step(Kind.CATCH, answered=True))
NORMAL = tested(ALL)
LEFT_BEHIND = Left(
    NOON - timedelta(minutes=12), Unfinished(work(SCREENING, *HALF[:3]).session, PER, NOON)
)
WITH_HEARING = replace(ROOM, visit=replace(FOUR, drafts=(WEIGHT,), hearing=(NORMAL,)))
SAVED_HEARING = replace(SAVED, child=PER, drafts=(WEIGHT,), hearing=(tested(MISSED),))

HEARING_STATES: dict[str, Desk] = {
    "doubt-record": receive(held=(HELD,), opening=OPENING, doubt=HELD),
    "doubt-file": receive(files=(OFFERED,), opening=OPENING, doubt=OFFERED),
    "doubt-send": replace(arrived(RECORD), opening=OPENING, doubt=AnotherSend((HELD,))),
    "measure-hearing": replace(ROOM, weighing=MOVING),
    "measure-hearing-begun": replace(ROOM, hearing=work(SCREENING, *HALF)),
    "measure-hearing-tested": WITH_HEARING,
    "hearing": replace(ROOM, screen=Screen.HEARING, hearing=HearingWork(SCREENING)),
    "hearing-unsigned": replace(ROOM, screen=Screen.HEARING, hearing=HearingWork(UNSIGNED)),
    "hearing-empty": replace(
        ROOM,
        screen=Screen.HEARING,
        audiometer=replace(AUDIOMETER, calibrated_on=None),
        hearing=HearingWork(UNSIGNED),
        notice=Notice.PROTOCOL_EMPTY,
    ),
    "hearing-sources": replace(
        ROOM, screen=Screen.HEARING, audiometer=BOTH_WAYS, hearing=HearingWork(SCREENING)
    ),
    "hearing-again": replace(
        ROOM,
        screen=Screen.HEARING,
        hearing=HearingWork(
            WIDE,
            first_ear=Ear.LEFT,
            is_retest=True,
            before=EarlierTest(NOON - timedelta(days=30), awaited=True),
        ),
    ),
    "hearing-protocols": replace(
        ROOM, screen=Screen.HEARING, hearing=HearingWork(SCREENING), over=Ask.PROTOCOLS
    ),
    "hearing-record": record(work()),
    "hearing-record-half": record(work(SCREENING, *HALF)),
    "hearing-record-long": replace(
        record(work(WIDE, *heard(WIDE)[:9])), visit=replace(FOUR, child=LONG)
    ),
    "hearing-record-again": record(
        work(SCREENING, *HALF, Step(Kind.AGAIN, Ear.LEFT, 1000), Step(Kind.AGAIN, Ear.LEFT, 1000))
    ),
    "hearing-record-catch": record(work(SCREENING, *HALF, *CATCH)),
    "hearing-record-level": record(
        replace(
            work(SCREENING, *HALF, Step(Kind.NOT_HEARD, Ear.LEFT, 1000, 20)),
            picked=(Ear.LEFT, 1000),
            levels=True,
        ),
        notice=Notice.LEVEL_REFUSED,
    ),
    "hearing-record-strips": record(replace(LOSS, strips=True, picked=(Ear.LEFT, 8000))),
    "hearing-record-stop": record(work(SCREENING, *HALF), over=Ask.STOPPING),
    "audiogram": drawn(ALL),
    "audiogram-unsigned": drawn(replace(ALL, protocol=replace(SCREENING, approved_by=""))),
    "audiogram-missed": drawn(
        replace(MISSED, session=replace(MISSED.session, steps=(*MISSED.session.steps, *CATCH)))
    ),
    "audiogram-loss": drawn(LOSS),
    "audiogram-known": drawn(replace(LOSS, known=True)),
    "audiogram-ended": drawn(ended(work(SCREENING, *HALF[:3]), End.TIRED)),
    "audiogram-retest-gaps": drawn(GAPPED),
    "audiogram-refer-gap": drawn(SIXTY),
    "audiogram-undecided": drawn(UNDECIDED),
    "review-hearing-gaps": replace(
        REVIEW, visit=replace(REVIEW.visit, child=PER, hearing=(tested(GAPPED),))
    ),
    "audiogram-nothing": drawn(work(), notice=Notice.NOTHING_HEARD),
    "review-hearing": replace(WITH_HEARING, screen=Screen.REVIEW),
    "review-hearing-missed": replace(
        REVIEW, visit=replace(REVIEW.visit, child=PER, hearing=(tested(MISSED),))
    ),
    "done-hearing": replace(DONE, saved=SAVED_HEARING),
    "done-hearing-only": replace(
        DONE, saved=replace(SAVED_HEARING, drafts=(), delivery=Delivery.QUEUED)
    ),
    "change-hearing": replace(DONE, screen=Screen.CHANGE, changing=ChangeDraft(SAVED_HEARING)),
    "change-hearing-reason": replace(
        DONE,
        screen=Screen.CHANGE,
        changing=ChangeDraft(
            SAVED_HEARING, ChangeKind.CORRECTED, hearing=replace(NORMAL, id=UUID(int=77))
        ),
    ),
    "hearing-doubts": replace(
        ROOM,
        screen=Screen.HEARING,
        hearing=HearingWork(
            SCREENING, is_retest=True, before=EarlierTest(NOON - timedelta(hours=2), awaited=False)
        ),
        quality=Quality((Doubt.CALIBRATION_SOON, Doubt.NO_LISTENING_CHECK, Doubt.MANY_FAIL), 12, 4),
    ),
    "hearing-doubt-room": replace(
        ROOM,
        screen=Screen.HEARING,
        hearing=HearingWork(SCREENING),
        quality=Quality((Doubt.ROOM_FAILED_LOW,)),
    ),
    "hearing-check": check(CheckKind.LISTENING, 6),
    "hearing-check-whole": check(CheckKind.ROOM, 10, Notice.CHECK_INCOMPLETE),
    "retests": retests(
        ("Nora", -40, -12), ("Øyvind", -7, 21), ("Ada", -1, 27), ("Per", 5, 33), ("Åse", 9, 40)
    ),
    "retests-none": retests(),
    "follow-up": follow_up(),
    "follow-up-settling": settling(None),
    "follow-up-settling-chosen": settling(Settled.ELSEWHERE),
    "retests-reading": replace(RETESTS, awaited=None),
    "protocol": filled(SCREENING),
    "protocol-empty": filled(UNSIGNED),
    "protocol-lacks": filled(replace(SCREENING, passes=None), notice=Notice.PROTOCOL_LACKS),
    "protocol-not-mine": replace(filled(WIDE), audiometer=AUDIOMETER),
    "receive-empty": receive(),
    "receive": receive(held=(HELD, replace(HELD, id=UUID(int=502))), files=(OFFERED,)),
    "receive-many": receive(
        held=tuple(replace(HELD, id=UUID(int=510 + number)) for number in range(4)),
        audiometer_link=LinkState.LOST,
    ),
    "receive-other-child": receive(files=(OFFERED,), notice=Notice.OTHER_CHILD),
    "receive-held": receive(
        files=(OFFERED,), inbox=InboxState(held=Refusal.FORBIDDEN_XML, held_name="export-17.xml")
    ),
    "receive-folder-gone": receive(inbox=InboxState(FolderState.MISSING)),
    "audiogram-received": arrived(RECORD),
    "audiogram-received-doubts": arrived(
        replace(
            RECORD,
            remarks=(Remark.CARRIED_FORWARD, Remark.BONE_WORSE_THAN_AIR),
            tested_at=NOON - timedelta(days=1),
        )
    ),
    "audiogram-received-unknown": arrived(
        replace(
            RECORD,
            tones=tuple(
                replace(one, transducer=Transducer.UNKNOWN)
                for one in TONES
                if one.transducer is Transducer.HEADPHONE
            ),
        )
    ),
    "audiogram-conflict": arrived(
        RECORD,
        replace(RECORD, sequence="2", tones=(replace(RECORD.tones[0], level_db=Decimal(45)),)),
    ),
    "menu-hearing": replace(SIGNED_IN, audiometer=AUDIOMETER, aside=Aside.MENU),
    "find-unfinished-test": replace(SIGNED_IN, audiometer=AUDIOMETER, unfinished=(LEFT_BEHIND,)),
}
