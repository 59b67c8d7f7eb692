"""Fingers in a hearing test: the right message each, and as few touches as were promised."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from drivers.hearing import Ear, Response
from kiosk.desk.messages import Effect
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Screen
from kiosk.features.hearing.steps import KeepSession
from kiosk.features.update import update
from kiosk.hearing.follow_up import Settled
from kiosk.hearing.session import Kind
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.desk.flat_desk import replaced as replace
from tests.ui import hearing_states as h
from tests.ui.driver import Driver
from tests.ui.states import LOCKED, OPENING, TODAY

S = h.HEARING_STATES
TEST = h.NORMAL.id
LISTED = flat(S["follow-up"]).awaited[0]

TAPS: list[tuple[str, str, m.Touch]] = [
    ("doubt-record", "doubt-yes", m.AnswerDoubt(OPENING.id, yes=True)),
    ("doubt-file", "doubt-no", m.AnswerDoubt(OPENING.id, yes=False)),
    ("doubt-send", "doubt-yes", m.AnswerDoubt(OPENING.id, yes=True)),
    ("measure-hearing", "hearing", m.OpenHearing()),
    ("measure-hearing-tested", "hearing-again", m.OpenHearing()),
    ("measure-hearing-tested", "remove-hearing", m.RemoveHearing(TEST)),
    ("hearing", "protocols", m.OpenProtocols()),
    ("hearing", "first-ear-left", m.SetFirstEar(Ear.LEFT)),
    ("hearing", "retest-True", m.SetRetest(is_retest=True)),
    ("hearing", "primary", m.BeginHearing()),
    ("hearing-protocols", "protocol-uk-sweep-common", m.ChooseProtocol("uk-sweep-common")),
    ("hearing-record-half", "heard", m.AnswerTone(Kind.HEARD)),
    ("hearing-record-half", "not-heard", m.AnswerTone(Kind.NOT_HEARD)),
    ("hearing-record-half", "again", m.AnswerTone(Kind.AGAIN)),
    ("hearing-record-half", "skip", m.AnswerTone(Kind.SKIPPED)),
    ("hearing-record-half", "impossible", m.AnswerTone(Kind.IMPOSSIBLE)),
    ("hearing-record-half", "undo", m.UndoAnswer()),
    ("hearing-record-half", "catch-silent", m.AnswerCatch(answered=False)),
    ("hearing-record-half", "catch-answered", m.AnswerCatch(answered=True)),
    ("hearing-record-half", "levels", m.OpenLevels(strips=True)),
    ("hearing-record-half", "stop", m.StopHearing()),
    ("hearing-record-half", "tone-right-500", m.PickTone(Ear.RIGHT, 500)),
    ("hearing-record-strips", "level--10", m.GiveLevel(-10)),
    ("hearing-record-strips", "level-90", m.GiveLevel(90)),
    ("hearing-record-strips", "no-response", m.GiveNoResponse()),
    ("hearing-record-strips", "leave-level", m.LeaveLevel()),
    ("hearing-record-strips", "levels", m.OpenLevels(strips=False)),
    ("hearing-record-stop", "stay", m.Back()),
    ("audiogram", "swap", m.SwapEars()),
    ("audiogram", "known", m.SetKnown(known=True)),
    ("audiogram-known", "known", m.SetKnown(known=False)),
    ("audiogram", "undo", m.UndoAnswer()),
    ("audiogram", "primary", m.ConfirmAudiogram()),
    ("change-hearing", "correct-hearing", m.CorrectHearing(TEST)),
    ("find-unfinished-test", "resume", m.ResumeHearing(h.LEFT_BEHIND.id)),
    ("find-unfinished-test", "stay", m.Back()),
    ("follow-up", f"settle-{LISTED.id}", m.SettleRetest(LISTED.id)),
    ("follow-up", f"show-{LISTED.id}", m.ShowRetest(LISTED.visit_id)),
    ("follow-up-settling", "settled-referred", m.ChooseSettled(Settled.REFERRED)),
    ("follow-up-settling-chosen", "settle", m.ConfirmSettled()),
    ("follow-up-settling-chosen", "stay", m.Back()),
]


@pytest.fixture
def screen() -> Driver:
    return Driver(LOCKED)


def sent(driver: Driver) -> list[m.Touch]:
    return [touch for touch in driver.station.touches if not isinstance(touch, m.Touched)]


@pytest.mark.parametrize(("state", "target", "message"), TAPS, ids=lambda x: str(x)[:24])
def test_a_touch_sends_its_message(
    screen: Driver, state: str, target: str, message: m.Touch
) -> None:
    screen.show(S[state])
    screen.tap(target)
    assert sent(screen) == [message]


def test_a_protocol_without_tones_cannot_be_begun(screen: Driver) -> None:
    screen.show(S["hearing-unsigned"])
    screen.tap("primary")
    assert sent(screen) == []


def test_nobody_is_taken_off_the_list_before_a_reason_is_chosen(screen: Driver) -> None:
    screen.show(S["follow-up-settling"])
    screen.tap("settle")
    assert sent(screen) == []


def test_everybody_on_the_list_is_within_reach(screen: Driver) -> None:
    screen.show(S["follow-up"])
    *first, last = flat(S["follow-up"]).awaited
    assert not screen.has(f"settle-{last.id}")
    screen.tap("more")
    screen.tap(f"settle-{last.id}")
    assert sent(screen) == [m.SettleRetest(last.id)]
    # Of a test that was never saved there is nothing to show.
    screen.tap("more")
    unsaved = next(one for one in first if one.visit_id is None)
    screen.tap(f"show-{unsaved.id}")
    assert len(sent(screen)) == 1


class Hand:
    """A hand on the real pages with the real desk behind them; counts what it touches."""

    def __init__(self, desk: Desk) -> None:
        self.screen, self.desk, self.count, self.done = Driver(desk), desk, 0, 0
        self.effects: list[Effect] = []

    def touch(self, *targets: str) -> None:
        for target in targets:
            self.screen.tap(target)
            self.count += 1
            for message in self.screen.station.touches[self.done :]:
                self.done += 1
                self._take(message)
            self.screen.show(self.desk)

    def _take(self, message: m.Touch) -> None:
        wall = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
        moment = m.Moment(self.done / 10, wall, 60, TODAY, UUID(int=1000 + self.done))
        self.desk, effects = update(self.desk, message, moment, DeskRules())
        self.effects.extend(effects)


def test_two_ears_at_five_frequencies_all_heard_take_twelve_touches_on_the_real_pages() -> None:
    hand = Hand(replace(S["measure-hearing"], today=TODAY))
    hand.touch("hearing")
    assert hand.desk.screen is Screen.HEARING
    before = hand.count
    hand.touch("primary", *["heard"] * 10)
    assert hand.desk.screen is Screen.AUDIOGRAM
    hand.touch("primary")
    assert hand.count - before == 12
    (test,) = hand.desk.visit.hearing
    assert [tone.response for tone in test.tones] == [Response.HEARD] * 10
    assert len([e for e in hand.effects if isinstance(e, KeepSession)]) == 10


def test_a_trembling_finger_answers_one_tone(screen: Driver) -> None:
    screen.show(S["hearing-record-half"])
    screen.tap("heard")
    x, y = screen.find("heard").center
    screen.press_at(x, y).touch_up()
    assert sent(screen) == [m.AnswerTone(Kind.HEARD)]


def test_a_loss_is_recorded_by_levels_and_read_back_in_words() -> None:
    hand = Hand(replace(S["measure-hearing"], today=TODAY))
    hand.touch("hearing", "primary", "levels")
    for level in ("level-15", "level-20", "level-40", "level-60", "level-25"):
        hand.touch(level)
    hand.touch("levels", *["heard"] * 5)
    line = hand.screen.find("read-right").text
    assert line.replace("\xa0", " ").split("   ") == [
        "500: 25",
        "1000: 15",
        "2000: 20",
        "4000: 40",
        "6000: 60",
    ]
    assert "hørt 20" in hand.screen.find("read-left").text
