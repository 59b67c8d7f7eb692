"""Two touches at one place never answer two questions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.desk.appearance import Hand, Look
from kiosk.desk.state import Screen
from kiosk.model.hearing_test import End
from kiosk.model.outbox import DiscardReason
from kiosk.model.slip import ReprintReason
from kiosk.model.visit import ChangeReason
from kiosk.ui import theme
from tests.desk.every import TOUCHES
from tests.desk.every import messages as m
from tests.desk.flat_desk import replaced as replace
from tests.ui import deeds
from tests.ui import states as s
from tests.ui.driver import Driver
from tests.ui.lint import faults
from tests.ui.live_station import DESKS
from tests.ui.second_touch import TwoTouches, Way, box, meet, page_of

pytestmark = pytest.mark.timeout(3600)
"""The sweep is one walk over everything; a machine that is busy with other work may take long."""

OVER = {
    "question",
    "placing",
    "second",
    "leaving",
    "change",
    "language",
    "reprint",
    "preview",
    "aside",
    "message",
    "hearing",
    "unfinished",
}
"""Whatever may lie over a page."""

INSIDE = (0.0, 0.08, 0.22, 0.31, 0.44)
"""Seconds between two touches during which nothing has woken that commits."""

AFTER_COMMIT = 0.6
OUTSIDE = 0.8


@pytest.fixture(scope="module")
def hand() -> Iterator[TwoTouches]:
    """One hand for all. Locking forgets pages; to build them anew is not what is tried here."""
    opened = TwoTouches()
    from kiosk.ui import root

    before, root.NAMELESS = root.NAMELESS, frozenset(Screen)
    yield opened
    root.NAMELESS = before


@pytest.fixture(scope="module")
def ways(hand: TwoTouches) -> tuple[Way, ...]:
    """Every way from a page or question to another on which something that commits comes to lie
    where the finger was.
    """
    return tuple(way for name in DESKS for way in hand.ways(name))


def committed(hand: TwoTouches, way: Way, pause: float) -> bool:
    sent = hand.twice(way, pause)
    return any(type(one) in {type(x) for x in way.second} for one in sent)


def test_no_second_touch_commits_before_what_lies_there_was_seen(
    hand: TwoTouches, ways: tuple[Way, ...]
) -> None:
    wrong = [
        f"{way.name}: {way.target} then {way.under}, {pause} s apart"
        for number, way in enumerate(ways)
        for pause in _pauses(way, number)
        if committed(hand, way, pause)
    ]
    assert not wrong, "\n".join(wrong)


def _pauses(way: Way, number: int) -> Iterator[float]:
    """The usual pause of a double touch for every way, and another one in turn."""
    yield 0.22
    yield INSIDE[number % len(INSIDE)]
    if any(type(one) in deeds.COMMITS for one in way.first):
        yield AFTER_COMMIT


def test_the_next_touch_that_is_meant_is_taken(hand: TwoTouches, ways: tuple[Way, ...]) -> None:
    lost = [f"{w.name}: {w.target}, {w.under}" for w in ways if not committed(hand, w, OUTSIDE)]
    assert not lost, "\n".join(lost)


NAMED = {(m.FindChild, m.ConfirmChild), (m.OpenReview, m.Save), (m.Save, m.NextChild)}


def test_without_the_guard_second_touches_commit(
    hand: TwoTouches, ways: tuple[Way, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.ui import touch_guard

    monkeypatch.setattr(touch_guard, "SLEEP_SECONDS", dict.fromkeys(touch_guard.Deed, 0.0))
    monkeypatch.setattr(touch_guard, "AFTER_COMMIT_SECONDS", 0.0)
    wrong = {
        (type(way.first[-1]), type(way.second[-1]))
        for way in ways
        if way.first and committed(hand, way, 0.22)
    }
    assert wrong >= NAMED
    assert len(wrong) > 20


def test_the_sweep_leaves_and_reaches_every_page_and_question(
    hand: TwoTouches, ways: tuple[Way, ...]
) -> None:
    """Nothing was left out: a page that is never reached would never be tried."""
    assert ways
    left = {page_of(desk)[0] for desk in DESKS.values()}
    reached = {to[0] for _, to, *_ in hand.tried if isinstance(to, tuple)}
    assert left == set(Screen)
    assert reached == set(Screen)
    over = {name for _, to, *_ in hand.tried if isinstance(to, tuple) for name, _ in to[2]}
    assert over == OVER


def test_every_touch_is_known_to_lead_or_to_commit() -> None:
    kinds = (deeds.LEADS, deeds.COMMITS, deeds.ANSWERS)
    assert set(TOUCHES) == frozenset().union(*kinds)
    assert sum(len(kind) for kind in kinds) == len(set(TOUCHES))


def test_each_control_says_of_itself_what_it_does(hand: TwoTouches, ways: tuple[Way, ...]) -> None:
    """The declaration on the control against what it sends, on every page in every state."""
    assert ways
    assert not hand.misdeclared


OPENERS = (
    ("change", "withdraw", "change-withdraw", "reason-"),
    ("identity-move", "primary", "change-move", "reason-"),
    ("identity-number", "primary", "change-number", "reason-"),
    ("entry-corrects", "primary", "change-correct", "reason-"),
    ("entry-corrects", "primary", "change-correct-odd", "reason-"),
    ("audiogram-corrected", "primary", "change-hearing-reason", "reason-"),
    ("message", "give-up", "message-discard", "discard-"),
    ("done-printed", "print", "done-reprint", "reprint-"),
    ("done-protected", "print", "done-protected-asks", "reprint-"),
    ("hearing-record-half", "stop", "hearing-record-stop", "end-"),
    ("measure-filled", "back", "leaving", ""),
)


@pytest.mark.parametrize(("size", "side"), [((1280, 800), Hand.LEFT), ((1024, 600), Hand.RIGHT)])
def test_what_cannot_be_undone_is_confirmed_at_another_place(
    size: tuple[int, int], side: Hand
) -> None:
    look = Look(hand=side)
    driver = Driver(replace(s.LOCKED, look=look), theme.Panel(*size, 10.1))
    for page, opener, question, reasons in OPENERS:
        driver.show(replace(DESKS[page], look=look))
        before = box(driver.find(opener))
        driver.show(replace(DESKS[question], look=look))
        yes = driver.find("confirm" if driver.has("confirm") else "drop")
        rows = [
            w for w in driver.walk() if reasons and getattr(w, "test_id", "").startswith(reasons)
        ]
        for other in (before, *(box(row) for row in rows)):
            assert not meet(box(yes), other), (page, question, size, side)


WHY = (
    ("change-correct", "reason-mistyped", m.ConfirmChange(ChangeReason.MISTYPED)),
    ("change-withdraw", "reason-twice", m.ConfirmChange(ChangeReason.TWICE)),
    ("change-hearing-reason", "reason-other", m.ConfirmChange(ChangeReason.OTHER)),
    ("message-discard", "discard-measured-again", m.DiscardMessage(DiscardReason.MEASURED_AGAIN)),
    ("done-reprint", "reprint-lost", m.Reprint(ReprintReason.LOST)),
    ("hearing-record-stop", "end-refused", m.EndHearing(End.REFUSED)),
)


@pytest.mark.parametrize(("question", "reason", "sent"), WHY, ids=lambda x: str(x)[:24])
def test_a_reason_does_nothing_until_it_is_confirmed(
    question: str, reason: str, sent: m.Touch
) -> None:
    driver = Driver(DESKS[question])

    def touched() -> list[m.Touch]:
        return [one for one in driver.station.touches if not isinstance(one, m.Touched)]

    driver.tap("confirm")
    driver.tap(reason)
    assert touched() == []
    assert driver.find(reason).chosen
    driver.tap("confirm")
    assert touched() == [sent]


ASKED = (
    ("done-by-hand", "by-hand", m.MadeByHand),
    ("receive", "drop-record-", m.DropArrival),
    ("receive", "drop-file-", m.DropArrival),
    ("find-unfinished-test", "drop", m.DropHearing),
)


@pytest.mark.parametrize("side", [Hand.RIGHT, Hand.LEFT])
@pytest.mark.parametrize(("page", "opener", "message"), ASKED)
def test_what_one_touch_would_do_for_good_is_asked_about_at_another_place(
    page: str, opener: str, message: type, side: Hand
) -> None:
    driver = Driver(replace(DESKS[page], look=Look(hand=side)))

    def touched() -> list[type]:
        sent = [type(one) for one in driver.station.touches]
        return [one for one in sent if one is not m.Touched]

    def press() -> tuple[float, float, float, float]:
        named = [w for w in driver.walk() if getattr(w, "test_id", "").startswith(opener)]
        driver.tap(named[0].test_id)
        return box(named[0])

    place = press()
    assert not faults(driver)
    assert not meet(place, box(driver.find("confirm")))
    driver.tap("stay")
    assert touched() == []
    press()
    driver.show(replace(s.SIGNED_IN, look=Look(hand=side)))
    driver.show(replace(DESKS[page], look=Look(hand=side)))
    assert not driver.has("confirm"), "a question outlived what it was asked about"
    press()
    x, y = driver.find("confirm").center
    driver.wait(1)
    for _ in range(2):
        driver.press_at(x, y).touch_up()
        driver.wait(0.2)
    assert touched() == [message]


def test_what_commits_is_seen_to_wake_and_then_nothing_moves() -> None:
    driver = Driver(s.REVIEW)
    driver.wait(1)
    save = driver.find("primary")
    assert save.awake
    driver.show(s.IDENTITY)
    yes = driver.find("primary")
    shares = []
    for _ in range(40):
        driver.frames(1)
        shares.append((yes.awake, tuple(yes.paint.fill)))
    asleep = [fill for awake, fill in shares if not awake]
    assert set(asleep) == {theme.WAKING}
    assert 18 <= len(asleep) <= 32
    assert shares[-1] == (True, theme.PRIMARY)
    drawn = len(yes.canvas.before.children)
    driver.wait(1)
    assert len(yes.canvas.before.children) == drawn


def test_a_notice_that_counts_down_stays_awake_and_another_one_sleeps() -> None:
    driver = Driver(DESKS["measure-locks"])
    driver.wait(1)
    driver.show(replace(DESKS["measure-locks"], notice_value=17))
    assert driver.find("notice").awake
    driver.show(DESKS["measure-taken"])
    assert not driver.find("notice").awake


def test_a_weight_that_moved_under_the_finger_is_not_taken() -> None:
    driver = Driver(DESKS["measure-offer"])
    driver.wait(1)
    finger = driver.press_at(*driver.find("take").center)
    moved = replace(s.offer("5.844"), key=s.OFFERED.offer.key)
    driver.show(s.measure(replace(s.OFFERED, offer=moved)))
    finger.touch_up()
    assert [one for one in driver.station.touches if not isinstance(one, m.Touched)] == []


def test_a_scanned_line_is_never_held_back() -> None:
    from tests.ui.app_bench import AppBench

    bench = AppBench(s.SIGNED_IN)
    try:
        bench.station.on_change(s.IDENTITY)
        bench.frames(1)
        for sign in "14882612354":
            bench.key(ord(sign), sign)
        bench.key(13, "\r")
        assert bench.station.touches == [m.Scan("14882612354")]
    finally:
        bench.close()


def test_a_page_that_took_long_to_draw_has_not_been_seen_meanwhile() -> None:
    """Touches that waited while a slow machine built the page are as old as the page."""
    driver = Driver(s.REVIEW)
    driver.wait(1)
    driver.root.render(s.IDENTITY)
    driver.time += 3.0
    driver.frames(1)
    driver.press_at(*driver.find("primary").center).touch_up()
    assert m.ConfirmChild() not in driver.station.touches
