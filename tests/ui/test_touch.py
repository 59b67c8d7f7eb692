"""What fingers do: the right message is sent, once, and by intent only."""

from __future__ import annotations

import pytest

from kiosk.desk.child_form import ChildForm, Field
from kiosk.desk.state import Desk, Screen
from kiosk.model.slip import SlipName
from kiosk.model.visit import ChangeReason, Dress, OddReason, Position, Quantity
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.desk.flat_desk import replaced as replace
from tests.ui import states as s
from tests.ui.driver import AWAKE, Driver
from tests.ui.every_state import STATES

TAPS: list[tuple[Desk, str, m.Touch]] = [
    (s.LOCKED, "user-bo", m.ChooseUser("bo")),
    (s.PIN, "key-7", m.PinKey("7")),
    (s.PIN, "key-back", m.PinKey("back")),
    (s.PIN, "back", m.ChooseUser(None)),
    (replace(s.PIN, lock=replace(s.PIN.lock, pin="1234")), "primary", m.SubmitPin()),
    (s.SIGNED_IN, "key-4", m.TypeKey("4")),
    (s.SIGNED_IN, "field-birth-date", m.ActivateField(Field.BIRTH_DATE)),
    (s.SIGNED_IN, "field-given-name", m.ActivateField(Field.GIVEN_NAME)),
    (s.SIGNED_IN, "primary", m.FindChild()),
    (s.SIGNED_IN, "lock", m.Lock()),
    (s.SIGNED_IN, "strip", m.OpenStatus()),
    (s.IDENTITY, "primary", m.ConfirmChild()),
    (s.IDENTITY, "secondary", m.NotThisChild()),
    (s.IDENTITY, "back", m.Back()),
    (s.STATES["measure-offer"], "take", m.TakeWeight("scale:1:100.0")),
    (s.STATES["measure-not-new"], "child-is-on-scale", m.ChildIsOnScale()),
    (s.STATES["measure-whose"], "lies-there", m.LiesThere(s.OPENING.id)),
    (s.STATES["doubt-length"], "doubt-yes", m.AnswerDoubt(s.OPENING.id, yes=True)),
    (s.STATES["doubt-length"], "doubt-no", m.AnswerDoubt(s.OPENING.id, yes=False)),
    (s.STATES["measure-no-scale"], "type-weight", m.OpenEntry(Quantity.WEIGHT)),
    (s.MEASURE, "dress-nappy", m.SetDress(Dress.NAPPY)),
    (s.MEASURE, "type-length-row", m.OpenEntry(Quantity.LENGTH)),
    (s.FILLED, "change-head", m.OpenEntry(Quantity.HEAD)),
    (s.FILLED, "remove-length", m.RemoveDraft(Quantity.LENGTH)),
    (s.FILLED, "primary", m.OpenReview()),
    (s.STATES["entry-length"], "key-,", m.TypeKey(",")),
    (s.STATES["entry-length"], "position-standing", m.SetPosition(Position.STANDING)),
    (s.STATES["entry-length"], "primary", m.SubmitEntry()),
    (s.STATES["odd-far"], "odd-premature", m.AnswerOdd(OddReason.PREMATURE)),
    (s.STATES["odd-far"], "reject", m.RejectOdd()),
    (s.STATES["leaving"], "stay", m.Back()),
    (s.STATES["leaving"], "drop", m.NotThisChild()),
    (s.REVIEW, "primary", m.Save()),
    (s.DONE, "slip-name-none", m.ChooseSlipName(SlipName.NONE)),
    (s.DONE, "print", m.PrintSlip()),
    (s.DONE, "primary", m.NextChild()),
    (s.SIGNED_IN, "numberless", m.WithoutNumber()),
    (s.STATES["done-numberless"], "give-number", m.GiveNumber()),
    (s.STATES["done-reprint"], "stay", m.Back()),
    (s.DONE, "wrong", m.OpenChange()),
    (s.CHANGE, "correct-weight", m.CorrectValue(s.WEIGHT.id)),
    (s.CHANGE, "move", m.MoveVisit()),
    (s.CHANGE, "withdraw", m.WithdrawVisit()),
    (s.STATES["change-withdraw"], "stay", m.Back()),
    (s.STATES["change-move"], "confirm", m.ConfirmChange(ChangeReason.WRONG_CHILD)),
    (s.STATES["status-trouble"], "primary", m.TryNow()),
    (s.STATES["status-trouble"], "look-0", m.LookAtMessage(s.MESSAGES[0].item_id)),
    (s.STATES["message"], "retry", m.RetryMessage(s.REFUSED.item_id)),
    (s.STATES["message"], "give-up", m.GiveUpMessage()),
    (s.STATES["message"], "open-visit", m.OpenMessageVisit()),
    (s.STATES["message"], "stay", m.Back()),
    (s.STATES["message-delivered"], "confirm", m.ConfirmMessage()),
    (s.STATES["message-waiting"], "hold", m.HoldMessage()),
    (s.STATES["measure-taken"], "notice", m.DismissNotice()),
]

PAGES = (s.SIGNED_IN, s.IDENTITY, s.MEASURE, s.STATES["entry-weight"], s.REVIEW, s.DONE)


@pytest.fixture
def screen() -> Driver:
    return Driver(s.LOCKED)


def sent(driver: Driver) -> list[m.Touch]:
    return [touch for touch in driver.station.touches if not isinstance(touch, m.Touched)]


@pytest.mark.parametrize(("desk", "target", "message"), TAPS, ids=lambda x: str(x)[:24])
def test_a_touch_sends_its_message(
    screen: Driver, desk: Desk, target: str, message: m.Touch
) -> None:
    screen.show(desk)
    screen.tap(target)
    assert sent(screen) == [message]


def test_every_touch_keeps_the_session_open(screen: Driver) -> None:
    screen.show(s.SIGNED_IN)
    screen.wait(AWAKE)
    screen.press_at(5, 5).touch_up()
    assert screen.station.touches == [m.Touched()]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("find-waiting", "primary"),
        ("measure-moving", "take"),
        ("measure-empty", "primary"),
        ("review-saving", "primary"),
        ("done-queued", "print"),
        ("pin-locked", "key-1"),
        ("pin-checking", "primary"),
        ("status", "primary"),
    ],
)
def test_what_may_not_be_done_now_sends_nothing(screen: Driver, name: str, target: str) -> None:
    screen.show(s.STATES[name])
    screen.tap(target)
    assert sent(screen) == []


def test_sliding_off_cancels(screen: Driver) -> None:
    screen.show(s.IDENTITY)
    screen.wait(AWAKE)
    x, y = screen.find("primary").center
    touch = screen.press_at(x, y)
    touch.touch_move(x, y + 300)
    touch.touch_move(x, y)
    touch.touch_up()
    assert sent(screen) == []


def test_nothing_is_sent_before_the_finger_lifts(screen: Driver) -> None:
    screen.show(s.IDENTITY)
    screen.wait(AWAKE)
    touch = screen.press_at(*screen.find("primary").center)
    screen.wait(2)
    assert sent(screen) == []
    touch.touch_up()
    assert sent(screen) == [m.ConfirmChild()]


def test_a_trembling_finger_saves_once(screen: Driver) -> None:
    screen.show(s.REVIEW)
    screen.wait(AWAKE)
    for _ in range(3):
        screen.press_at(*screen.find("primary").center).touch_up()
        screen.frames(3)
    assert sent(screen) == [m.Save()]
    screen.wait(AWAKE)
    screen.press_at(*screen.find("primary").center).touch_up()
    assert sent(screen) == [m.Save(), m.Save()]


def test_the_same_digit_may_be_typed_swiftly(screen: Driver) -> None:
    screen.show(s.SIGNED_IN)
    screen.wait(AWAKE)
    for _ in range(3):
        screen.press_at(*screen.find("key-1").center).touch_up()
        screen.frames(1)
    assert sent(screen) == [m.TypeKey("1")] * 3


def test_a_touch_right_after_a_page_change_was_meant_for_the_page_before(screen: Driver) -> None:
    screen.show(s.MEASURE)
    screen.show(s.REVIEW)
    screen.press_at(*screen.find("primary").center).touch_up()
    assert sent(screen) == []
    screen.tap("primary")
    assert sent(screen) == [m.Save()]


def test_a_finger_held_over_a_page_change_does_nothing(screen: Driver) -> None:
    screen.show(s.FILLED)
    screen.wait(AWAKE)
    touch = screen.press_at(*screen.find("primary").center)
    screen.show(s.REVIEW)
    screen.wait(AWAKE)
    touch.touch_up()
    assert sent(screen) == []


def test_a_weight_is_taken_as_it_was_when_the_finger_landed(screen: Driver) -> None:
    screen.show(s.STATES["measure-offer"])
    screen.wait(AWAKE)
    touch = screen.press_at(*screen.find("take").center)
    newer = replace(s.OFFERED, offer=replace(s.offer("6.100"), key="scale:1:101.5"))
    screen.show(s.measure(newer))
    touch.touch_up()
    assert sent(screen) == [m.TakeWeight("scale:1:100.0")]


def test_behind_a_question_nothing_can_be_touched(screen: Driver) -> None:
    screen.show(s.STATES["odd-far"])
    for target in ("lock", "back", "strip"):
        screen.tap(target)
    assert sent(screen) == []


def test_the_right_button_of_a_mouse_does_nothing(screen: Driver) -> None:
    from kivy.tests.common import UnitTestTouch

    screen.show(s.SIGNED_IN)
    screen.wait(AWAKE)
    touch = UnitTestTouch(*screen.find("primary").center)
    touch.profile = ["pos", "button"]
    touch.button = "right"
    touch.touch_down()
    screen.frames(2)
    touch.touch_up()
    assert screen.station.touches == []


def test_a_name_is_typed_with_a_capital_first(screen: Driver) -> None:
    screen.show(replace(s.SIGNED_IN, form=ChildForm(active=Field.GIVEN_NAME)))
    screen.tap("key-å")
    screen.show(replace(s.SIGNED_IN, form=ChildForm(active=Field.GIVEN_NAME, given_name="Å")))
    for key in ("key-s", "key--", "key-space", "key-back"):
        screen.tap(key)
    typed = [m.TypeKey(key) for key in ("Å", "s", "-", " ", "back")]
    assert sent(screen) == typed


def test_letters_of_other_alphabets_are_one_key_away(screen: Driver) -> None:
    screen.show(replace(s.SIGNED_IN, form=ChildForm(active=Field.GIVEN_NAME, given_name="A")))
    screen.tap("key-layer")
    screen.tap("key-r")
    assert sent(screen) == [m.TypeKey("ŋ")]
    assert "abc" not in screen.texts()


def test_the_digits_of_a_pin_are_never_on_the_screen(screen: Driver) -> None:
    screen.show(replace(s.PIN, lock=replace(s.PIN.lock, pin="")))
    before = sorted(screen.texts())
    screen.show(replace(s.PIN, lock=replace(s.PIN.lock, pin="4711")))
    assert sorted(screen.texts()) == before
    assert screen.find("pin-dots").count == 4


def test_the_lock_screen_shows_nothing_of_the_unfinished_child(screen: Driver) -> None:
    screen.show(s.FILLED)
    screen.show(s.STATES["lock-unfinished"])
    shown = " ".join(screen.texts())
    assert "Nora" not in shown
    assert "5,842" not in shown
    assert "14.08" not in shown


def test_nothing_of_a_child_stays_in_widgets_behind_the_lock(screen: Driver) -> None:
    screen.show(s.FILLED)
    screen.show(s.LOCKED)
    assert set(screen.root._pages) <= {Screen.LOCK, Screen.STATUS}


def test_a_station_that_is_closed_says_why_and_a_new_one_says_what_is_missing(
    screen: Driver,
) -> None:
    screen.show(s.STATES["lock-closed"])
    assert "Stasjonen kan ikke brukes" in screen.find("no-users").text
    screen.show(s.STATES["lock-nobody"])
    assert "legge inn brukere" in screen.find("no-users").text


def test_many_names_turn_over_to_the_next_ones(screen: Driver) -> None:
    screen.show(s.STATES["lock-many"])
    assert screen.has("user-u1")
    screen.tap("more")
    assert screen.has("user-u13")
    assert not screen.has("user-u1")
    screen.tap("more")
    assert screen.has("user-u1")


def test_a_weight_like_the_last_one_is_asked_about_in_its_own_words(screen: Driver) -> None:
    screen.show(s.STATES["odd-same"])
    assert "Er dette en ny veiing?" in screen.texts()
    assert not screen.has("odd-premature")
    screen.tap("odd-read-again")
    assert sent(screen) == [m.AnswerOdd(OddReason.READ_AGAIN)]


def test_an_impossible_value_can_only_be_measured_again(screen: Driver) -> None:
    screen.show(s.STATES["odd-impossible"])
    assert not any(screen.has(f"odd-{reason.value}") for reason in OddReason)
    screen.tap("reject")
    assert sent(screen) == [m.RejectOdd()]


def test_every_page_but_the_lock_screen_can_be_locked(screen: Driver) -> None:
    pages = {desk.screen: desk for desk in STATES.values() if not flat(desk).aside}
    assert set(pages) == set(Screen)
    for page, desk in pages.items():
        screen.show(desk)
        assert screen.has("lock") is (page is not Screen.LOCK), page


def test_name_and_birth_date_stand_on_every_page_with_a_value(screen: Driver) -> None:
    for desk in (s.MEASURE, s.STATES["entry-weight"], s.REVIEW, s.DONE):
        screen.show(desk)
        assert screen.find("title").text == "Nora"
        assert "14.08.2026" in screen.find("below").text


def test_training_is_marked_on_every_page() -> None:
    driver = Driver(replace(s.LOCKED, training=True))
    for desk in (s.LOCKED, s.SIGNED_IN, s.IDENTITY, s.FILLED, s.REVIEW, s.DONE, s.STATUS):
        driver.show(made(desk, training=True))
        assert driver.find("training").text == "OPPLÆRING – ikke ekte barn"


def test_the_primary_action_is_at_the_same_place_on_every_page(screen: Driver) -> None:
    corners = set()
    for desk in (
        s.PIN,
        s.SIGNED_IN,
        s.IDENTITY,
        s.MEASURE,
        s.STATES["entry-weight"],
        s.REVIEW,
        s.DONE,
    ):
        screen.show(desk)
        primary = screen.find("primary")
        corners.add((round(primary.right), round(primary.y), round(primary.height)))
    assert len(corners) == 1


def test_a_live_weight_changes_digits_only_and_builds_nothing(screen: Driver) -> None:
    screen.show(s.STATES["measure-moving"])
    before = [id(widget) for widget in screen.walk()]
    for grams in range(100):
        shown = s.reading(f"5.{grams:03}", s.MOVING.shown.stability)
        screen.root.render(s.measure(replace(s.MOVING, shown=shown)))
        screen.frames(1)
    assert [id(widget) for widget in screen.walk()] == before
    assert screen.find("value-number").text == "5,099"


def test_status_lists_messages_without_names_and_turns_its_pages(screen: Driver) -> None:
    screen.show(s.STATES["status-stopped"])
    first = screen.texts()
    assert "2 må ses på  ·  14 venter" in first
    screen.tap("more")
    assert screen.texts() != first
    assert not any("Nora" in text or s.NUMBER in text for text in screen.texts())


def test_a_scale_is_taught_with_the_keys_and_one_agreement(screen: Driver) -> None:
    screen.show(s.STATES["status-teach"])
    screen.tap("teach")
    screen.show(s.STATES["calibrate-typed"])
    screen.tap("key-5")
    screen.tap("primary")
    screen.show(s.STATES["calibrate-learned"])
    screen.tap("primary")
    screen.tap("begin-anew")
    assert sent(screen) == [
        m.OpenCalibration(),
        m.TypeKey("5"),
        m.SubmitDisplay(),
        m.KeepLearned(),
        m.BeginAnew(),
    ]


def test_a_length_is_taken_and_then_asked_how(screen: Driver) -> None:
    screen.show(s.STATES["measure-length-offered"])
    screen.tap("take-length")
    screen.show(s.STATES["placing"])
    screen.tap("placed-standing")
    assert sent(screen) == [m.TakeLength("board:1:100.0"), m.PlaceChild(Position.STANDING)]


def test_weighing_with_an_adult_is_one_touch_there_and_back(screen: Driver) -> None:
    screen.show(s.STATES["measure-offer"])
    screen.tap("with-adult")
    screen.show(s.STATES["measure-both"])
    screen.tap("with-adult")
    assert sent(screen) == [m.WeighWithAdult(True), m.WeighWithAdult(False)]


def test_the_language_is_switched_on_the_lock_screen_and_every_page_follows(screen: Driver) -> None:
    screen.show(s.LOCKED)
    screen.tap("language")
    assert sent(screen) == [m.ChangeLanguage()]
    screen.show(replace(s.LOCKED, language="en"))
    assert "Touch your name to sign in" in screen.texts()
    screen.show(replace(s.MEASURE, language="en"))
    assert "With adult" in screen.texts()
    screen.show(replace(s.MEASURE, language="nb"))
    assert "Med voksen" in screen.texts()


def test_the_slip_has_a_language_of_its_own(screen: Driver) -> None:
    screen.show(s.DONE)
    screen.tap("slip-language")
    assert sent(screen) == [m.OpenSlipLanguages()]
    screen.show(s.STATES["done-language"])
    screen.tap("language-ar")
    assert sent(screen)[-1] == m.ChooseSlipLanguage("ar")
    screen.show(replace(s.DONE, saved=replace(s.SAVED, slip_language="ar")))
    assert "Arabisk" in screen.texts()


def test_the_dark_screen_shows_nothing_and_its_first_touch_reaches_nothing_else(
    screen: Driver,
) -> None:
    screen.show(s.STATES["lock-blanked"])
    assert screen.has("dark")
    screen.tap("user-anne")
    assert sent(screen) == []
    screen.show(s.LOCKED)
    assert not screen.has("dark")
    screen.wait(0.3)
    screen.tap("user-anne")
    assert sent(screen) == [m.ChooseUser("anne")]
