"""Lines of an unknown scale are taught on the screen: a display typed, the line beside it."""

import pytest

from drivers.contract_samples import read, readings
from drivers.profile import problems
from drivers.registry import find_driver
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.calibrate import KeepProfile
from kiosk.features.ear import Listen
from kiosk.model.listening import Raw
from kiosk.model.lists import Equipped
from kiosk.weighing.calibration_steps import PATIENCE_SECONDS
from kiosk.weighing.teaching_steps import LINE_LOADS, MAY_BE_LEFT_OUT, LineFault, LineLoad
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.features.unknown_scales import SCALES

TAUGHT = find_driver("taught")
PORT = Equipped("X1", "/dev/ttyUSB0", "taught", 4800, lines=True)
SHOWN = {
    LineLoad.EMPTY: "0,000",
    LineLoad.KNOWN: "4,236",
    LineLoad.OTHER: "1,002",
    LineLoad.HEAVY: "12,450",
    LineLoad.MINUS: "-0,700",
}


def teaching() -> Bench:
    bench = Bench()
    bench.desk = made(bench.desk, teachable=True, scale=PORT, approvers=("anne",))
    return bench.sign_in().send(m.OpenStatus(), m.OpenCalibration())


def state(bench):
    return flat(bench.desk).calibrating


def hears(bench, data):
    return bench.send(m.Heard(state(bench).number, data))


def shows(bench, scale, text, typed=""):
    """Put something on, wait for the display, type it, and let the scale say it."""
    line = scale.line(text)
    if not scale.streams:
        hears(bench, line)
    bench.keys((typed or text).removeprefix("-")).send(m.SubmitDisplay())
    if scale.streams:
        return hears(bench, line * 4)
    bench.desk = made(bench.desk, touched_at=bench.now)
    return bench.wait(4)


def presses(bench, scale):
    if not scale.streams:
        return bench.send(m.LeaveOutLoad())
    bench.send(m.SubmitDisplay())
    values = ("1,002", "1,950", "2,310", "3,900", "4,236")
    hears(bench, b"".join(scale.line(v, moving=0 < n < 4) for n, v in enumerate(values)))
    bench.desk = made(bench.desk, touched_at=bench.now)
    return bench.wait(4)


def taught(scale):
    bench = teaching()
    for load in LINE_LOADS[:-1]:
        shows(bench, scale, SHOWN[load])
    return presses(bench, scale)


def told(scale, settings, text, **more):
    line = scale.line(text, **more)
    return [(str(r.value), r.unit) for r in readings(read(TAUGHT, settings, line * 2))[:1]]


each = pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)


@each
def test_six_steps_are_learned_shown_and_kept_only_when_somebody_agrees(scale):
    bench = taught(scale)
    learned = state(bench).learned
    assert state(bench).fault is None
    assert problems(TAUGHT, learned) == ()
    assert told(scale, learned, "8,420") == [("8.420", "kg")]
    assert learned.get("rhythm", "streams") == ("streams" if scale.streams else "once")
    assert not bench.of(KeepProfile)
    bench.send(m.KeepLearned(), m.KeepLearned())
    assert bench.of(KeepProfile) == [KeepProfile(learned, "anne")]
    bench.send(m.ProfileKept(kept=True))
    assert bench.desk.screen is Screen.STATUS


@each
def test_what_no_display_has_shown_is_not_read(scale):
    learned = state(taught(scale)).learned
    other = scale.line("8,420").replace(b"kg", b"lb").replace(b"Kg", b"lb").replace(b"P", b"Q")
    assert not readings(read(TAUGHT, learned, other * 2))
    assert not readings(read(TAUGHT, learned, scale.line("8,420").replace(b"8", b"8 8") * 2))


@each
def test_a_number_the_scale_did_not_send_ends_it(scale):
    bench = shows(teaching(), scale, "4,236", typed="4,263")
    assert state(bench).fault is LineFault.OTHER_DIGITS
    bench.keys("1").send(m.SubmitDisplay(), m.KeepLearned(), m.LeaveOutLoad())
    assert not bench.of(KeepProfile)
    bench.send(m.BeginAnew())
    assert (state(bench).fault, state(bench).at) == (None, 0)


def test_the_ear_listens_for_as_long_as_the_page_wants_it_whatever_ends_it():
    ends = (m.Back(), m.Lock(), "lost", "other digits", "idle")
    for end in ends:
        bench = teaching()
        assert bench.last(Listen) == Listen(Raw(state(bench).number, PORT.address, 4800))
        match end:
            case "lost":
                bench.send(m.EarLost(state(bench).number, "unplugged"))
                assert state(bench).fault is LineFault.LOST
            case "other digits":
                shows(bench, SCALES["columns"], "4,236", typed="4,263")
            case "idle":
                bench.wait(bench.rules.lock_after + 5)
                assert bench.desk.screen is Screen.LOCK
            case _:
                bench.send(end)
        assert bench.last(Listen) == Listen(None), end


def test_what_the_ear_heard_for_the_page_before_is_nothing_for_this_one():
    bench = teaching()
    first = state(bench).number
    bench.send(m.BeginAnew()).keys("4,236").send(m.SubmitDisplay())
    assert bench.last(Listen).task.number == state(bench).number != first
    bench.send(m.Heard(first, SCALES["columns"].line("4,236") * 4), m.EarLost(first, "io"))
    assert state(bench).shown == ()
    assert state(bench).fault is None


@pytest.mark.parametrize(
    ("says", "fault"),
    [(b"", LineFault.SILENT), ("restless", LineFault.RESTLESS), (b"\x00\xff", LineFault.SILENT)],
)
def test_a_scale_that_says_nothing_to_be_believed_ends_it_after_a_while(says, fault):
    bench = teaching().keys("1,000").send(m.SubmitDisplay())
    scale = SCALES["columns"]
    data = b"".join(scale.line(f"{n},000") for n in range(9)) if says == "restless" else says
    hears(bench, data)
    bench.desk = made(bench.desk, touched_at=bench.now)
    bench.wait(PATIENCE_SECONDS - 2)
    assert state(bench).fault is None
    bench.wait(3)
    assert state(bench).fault is fault


def test_only_steps_that_not_every_scale_can_do_are_left_out():
    bench = teaching()
    for load in LINE_LOADS:
        before = state(bench).at
        bench.send(m.LeaveOutLoad())
        assert (state(bench).at > before) is (load in MAY_BE_LEFT_OUT)
        if load not in MAY_BE_LEFT_OUT:
            shows(bench, SCALES["columns"], SHOWN[load])
    assert state(bench).learned


def test_three_displays_that_leave_two_readings_are_not_enough():
    bench = teaching()
    # The line says the number twice; nothing shows which of them counts.
    for text in ("0,000", "4,236", "1,002"):
        bench.keys(text).send(m.SubmitDisplay())
        hears(bench, f"{text.replace(',', '.')} / {text.replace(',', '.')}\r\n".encode() * 4)
    bench.send(m.LeaveOutLoad(), m.LeaveOutLoad(), m.LeaveOutLoad())
    assert state(bench).fault is LineFault.UNDECIDED


def test_only_who_the_set_up_names_keeps_what_was_learned():
    bench = taught(SCALES["columns"])
    bench.desk = made(bench.desk, approvers=("bo",))
    bench.send(m.KeepLearned())
    assert not bench.of(KeepProfile)
    assert flat(bench.desk).notice is Notice.NOT_AN_APPROVER
    assert state(bench).learned


def test_a_profile_that_could_not_be_written_is_said_and_nothing_is_in_use():
    bench = taught(SCALES["columns"]).send(m.KeepLearned(), m.ProfileKept(kept=False))
    assert state(bench).fault is LineFault.NOT_KEPT


def test_nothing_is_taught_while_a_child_is_open():
    bench = Bench()
    bench.desk = made(bench.desk, teachable=True, scale=PORT, approvers=("anne",))
    bench.measuring().send(m.OpenStatus(), m.OpenCalibration())
    assert bench.desk.screen is Screen.STATUS
    assert flat(bench.desk).notice is Notice.CHILD_IS_OPEN
    assert not bench.of(Listen)
