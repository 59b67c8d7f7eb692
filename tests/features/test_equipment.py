"""A scale is recognised, proved by one weighing and saved by who may; ten loads are compared."""

from decimal import Decimal

import pytest

from drivers.driver import Line, Rhythm
from drivers.events import LinkState, Quantity, Reading, Stability
from drivers.first_day import DIFFERENT, LOADS
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.calibrate import KeepScale
from kiosk.features.ear import Listen
from kiosk.features.equipment import ListPorts
from kiosk.features.first_day import KeepFirstDay
from kiosk.features.set_up_printer import KeepPrinter, TrySlip
from kiosk.model.listening import Likely, Raw, Recognise, Weigh
from kiosk.model.lists import Equipped, PluggedIn, PortKind
from kiosk.model.visit import Device
from kiosk.weighing.calibration_steps import PATIENCE_SECONDS
from kiosk.weighing.gate import Weighing
from kiosk.weighing.setting_up import SetUpFault
from kiosk.weighing.teaching_steps import Teaching
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made

PORT = PluggedIn(PortKind.SCALE, "FT232R", "usb-port:1-1.4")
PRINTER = PluggedIn(PortKind.PRINTER, "TM-T20III", "usb:04b8:0e28:5839")
USED = PluggedIn(PortKind.SCALE, "seca 757", "usb-port:1-1.3", used=True, weighs=True)
BOARD = PluggedIn(PortKind.SCALE, "board", "usb-port:1-1.2", used=True)
KERN = Likely("kern", "KERN balances (KERN)", {"unit": "kg"}, Line())
SMA = Likely("sma", "SMA", {}, Line())
ONCE = Likely("tanita", "Tanita", {}, Line(baud=4800), Rhythm.ONCE)


def equipment() -> Bench:
    bench = Bench()
    scale = Equipped("seca 757", USED.address, "seca-rs232")
    bench.desk = made(bench.desk, approvers=("anne",), scale=scale)
    bench.sign_in().send(m.OpenStatus(), m.OpenEquipment())
    return bench.send(m.PortsListed((USED, BOARD, PORT, PRINTER)))


def setting_up(*likely: Likely) -> Bench:
    bench = equipment().send(m.SetUpDevice(PORT.address))
    return bench.send(m.Recognised(number(bench), likely, 200)) if likely else bench


def state(bench):
    return flat(bench.desk).setting_up


def number(bench):
    return state(bench).number


def reads(bench, text, stability=Stability.STABLE):
    event = Reading(Quantity.WEIGHT, Decimal(text), "kg", stability, raw=text.encode())
    return bench.send(m.EarTold(number(bench), event))


def test_one_driver_that_reads_it_and_one_weighing_that_agrees_are_saved_and_used():
    bench = setting_up()
    assert bench.last(Listen).task == Recognise(number(bench), PORT.address)
    bench.send(m.Recognised(number(bench), (KERN,), 200))
    assert bench.last(Listen).task == Weigh(number(bench), PORT.address, KERN)
    reads(bench, "4.236").keys("4,236").send(m.SubmitDisplay())
    assert state(bench).proof is None
    reads(bench, "4.236")
    assert state(bench).proof.agrees
    assert bench.last(Listen).task is None
    bench.send(m.KeepDevice(), m.KeepDevice())
    assert bench.of(KeepScale) == [KeepScale(PORT.address, KERN, "anne")]
    bench.send(m.Back())
    assert flat(bench.desk).notice is Notice.STILL_SAVING
    bench.send(m.DeviceKept(kept=True))
    assert (bench.desk.screen, flat(bench.desk).notice) == (Screen.STATUS, Notice.DEVICE_KEPT)


def test_of_several_that_read_it_a_person_chooses():
    bench = setting_up(KERN, SMA)
    assert state(bench).chosen is None
    reads(bench, "4.236")
    bench.keys("1").send(m.SubmitDisplay(), m.ChooseLikely("radwag"))
    assert state(bench).chosen is None
    bench.send(m.ChooseLikely("sma"), m.ChooseLikely("kern"))
    assert state(bench).chosen is SMA


@pytest.mark.parametrize(
    ("read", "typed", "fault"),
    [("42.36", "4,236", SetUpFault.DIFFERS), ("0.000", "0,000", SetUpFault.EMPTY)],
)
def test_a_weighing_that_proves_nothing_is_not_saved(read, typed, fault):
    bench = setting_up(KERN).keys(typed).send(m.SubmitDisplay())
    reads(bench, read).send(m.KeepDevice())
    assert state(bench).fault is fault
    assert not bench.of(KeepScale)
    assert bench.last(Listen).task is None
    bench.send(m.BeginAnew())
    # Nothing has to be recognised again; only the weighing is done once more.
    assert bench.last(Listen).task == Weigh(number(bench), PORT.address, KERN)


def test_a_driver_that_read_something_else_gives_way_to_the_others():
    bench = setting_up(KERN, SMA).send(m.ChooseLikely("kern"))
    bench.keys("4,236").send(m.SubmitDisplay())
    reads(bench, "42.36").send(m.BeginAnew())
    assert (state(bench).likely, state(bench).chosen) == ((SMA,), SMA)
    bench.keys("4,236").send(m.SubmitDisplay())
    assert reads(bench, "4.236").desk.page.setting_up.proof.agrees
    bench.send(m.BeginAnew())
    assert bench.last(Listen).task == Recognise(number(bench), PORT.address)


def test_a_moving_load_proves_nothing_and_silence_is_said():
    bench = setting_up(KERN).keys("4,236").send(m.SubmitDisplay())
    reads(bench, "4.236", Stability.MOVING)
    assert state(bench).proof is None
    bench.desk = made(bench.desk, touched_at=bench.now)
    bench.wait(PATIENCE_SECONDS + 1)
    assert state(bench).display.silent
    assert state(bench).display.typed == "4,236"


def test_a_line_that_was_said_once_may_have_come_before_the_display_was_typed():
    bench = setting_up(ONCE)
    reads(bench, "4.236").keys("4,236").send(m.SubmitDisplay())
    assert state(bench).proof.agrees


@pytest.mark.parametrize(("heard", "fault"), [(0, "nothing-came"), (90, "not-read")])
def test_what_no_driver_reads_is_said_and_may_be_taught(heard, fault):
    bench = setting_up()
    bench.send(m.Recognised(number(bench), (), heard))
    assert state(bench).fault is SetUpFault(fault)
    bench.send(m.TeachPort())
    taught = flat(bench.desk).calibrating
    assert isinstance(taught, Teaching)
    assert bench.last(Listen).task == Raw(taught.number, PORT.address)
    bench.send(m.Back())
    assert bench.desk.screen is Screen.EQUIPMENT
    assert bench.last(Listen).task is None


@pytest.mark.parametrize("end", [m.Back(), m.Lock(), "lost", "idle"])
def test_whatever_ends_it_frees_the_port(end):
    bench = setting_up(KERN)
    if end == "lost":
        bench.send(m.EarLost(number(bench), "unplugged"))
        assert state(bench).fault is SetUpFault.LOST
    elif end == "idle":
        bench.wait(bench.rules.lock_after + 5)
    else:
        bench.send(end)
    assert bench.last(Listen).task is None


def test_what_was_heard_for_the_page_before_is_nothing_for_this_one():
    bench = setting_up(KERN)
    first = number(bench)
    bench.send(m.BeginAnew(), m.Recognised(first, (KERN,), 9), m.EarLost(first, "io"))
    assert (state(bench).likely, state(bench).fault) == (None, None)


def test_only_who_the_set_up_names_saves():
    bench = setting_up(KERN).keys("4,236").send(m.SubmitDisplay())
    reads(bench, "4.236")
    bench.desk = made(bench.desk, approvers=("bo",))
    bench.send(m.KeepDevice())
    assert not bench.of(KeepScale)
    assert flat(bench.desk).notice is Notice.NOT_AN_APPROVER


def test_what_could_not_be_kept_is_said():
    bench = setting_up(KERN).keys("4,236").send(m.SubmitDisplay())
    reads(bench, "4.236").send(m.KeepDevice(), m.DeviceKept(kept=False))
    assert state(bench).fault is SetUpFault.NOT_KEPT


def test_nothing_is_set_up_while_a_child_is_open_or_a_form_is_filled_in():
    for bench in (Bench().measuring(), Bench().sign_in().form()):
        bench.send(m.OpenStatus(), m.OpenEquipment())
        assert bench.desk.screen is Screen.STATUS
        assert flat(bench.desk).notice is Notice.CHILD_IS_OPEN
    bench = Bench().send(m.OpenStatus(), m.OpenEquipment())
    assert bench.desk.screen is Screen.STATUS
    assert not bench.of(ListPorts)


def test_the_port_of_another_device_in_use_is_not_taken_from_it():
    bench = equipment().send(m.SetUpDevice(BOARD.address), m.SetUpDevice("tcp://elsewhere:1"))
    assert bench.desk.screen is Screen.EQUIPMENT


def test_what_is_plugged_in_meanwhile_is_looked_at_again():
    bench = equipment()
    before = len(bench.of(ListPorts))
    bench.send(m.DevicePlugged("FT232R", "usb-port:1-1.4", here=True))
    assert len(bench.of(ListPorts)) == before + 1


def test_another_scale_takes_the_place_of_the_one_before_with_nothing_of_it_offered():
    bench = Bench().measuring().scale("0.000", "8.420")
    assert bench.desk.station.weighing.offer is not None
    opening = bench.desk.station.weighing.opening
    fresh = Weighing("scale", 1, rhythm=Rhythm.ONCE)
    scale = Equipped("KERN", PORT.address, "kern")
    bench.send(m.ScaleSet(scale, fresh, Device("scale", "KERN", "kern", "1")))
    weighing = bench.desk.station.weighing
    assert (weighing.offer, weighing.shown, weighing.rhythm) == (None, None, Rhythm.ONCE)
    assert weighing.opening == opening
    assert bench.desk.station.strip.scale is LinkState.ABSENT
    assert bench.desk.station.scale == scale


# --- the printer ---------------------------------------------------------------------------------


def printing() -> Bench:
    return equipment().send(m.SetUpDevice(PRINTER.address))


def test_a_printer_is_saved_with_the_number_a_person_read_on_its_slip():
    bench = printing()
    assert bench.last(TrySlip) == TrySlip(PRINTER.address)
    bench.send(m.ChooseWidth(576), m.KeepDevice())
    assert not bench.of(KeepPrinter)
    bench.send(m.SlipTried(PRINTER.address, sent=True), m.KeepDevice())
    assert not bench.of(KeepPrinter)
    bench.send(m.ChooseWidth(512), m.KeepDevice(), m.KeepDevice())
    assert bench.of(KeepPrinter) == [KeepPrinter(PRINTER.address, 512, "anne")]
    bench.send(m.DeviceKept(kept=True))
    assert bench.desk.screen is Screen.STATUS


@pytest.mark.parametrize("sent", [False, True])
def test_a_slip_that_did_not_come_out_sets_nothing_up(sent):
    bench = printing().send(m.SlipTried(PRINTER.address, sent=sent), m.ChooseWidth(0))
    bench.send(m.ChooseWidth(576), m.KeepDevice())
    assert not bench.of(KeepPrinter)
    bench.send(m.BeginAnew())
    assert len(bench.of(TrySlip)) == 2


def test_the_slip_of_another_printer_is_not_this_ones():
    bench = printing().send(m.SlipTried("usb:other", sent=True), m.ChooseWidth(576))
    assert bench.desk.page.width == 0


# --- ten loads -----------------------------------------------------------------------------------


def comparing() -> Bench:
    bench = equipment()
    bench.stream.opened()
    bench.desk = made(bench.desk, weighing=bench.stream.state)
    return bench.send(m.OpenFirstDay())


def load(bench, typed, read=""):
    bench.keys(typed).send(m.SubmitDisplay())
    event = Reading(
        Quantity.WEIGHT, Decimal((read or typed).replace(",", ".")), "kg", Stability.STABLE
    )
    return bench.send(bench.stream.stamped(event))


def day(bench):
    return flat(bench.desk).first_day


def test_ten_loads_are_taken_signed_by_name_and_written_once():
    bench = comparing()
    for n in range(LOADS):
        assert not bench.send(m.SignFirstDay()).of(KeepFirstDay)
        load(bench, f"{n + 1},236", "9.999" if n == 4 else "")
    load(bench, "3,000")
    assert [one.agrees for one in day(bench).loads].count(False) == 1
    assert len(day(bench).loads) == LOADS >= DIFFERENT
    bench.send(m.SignFirstDay(), m.SignFirstDay())
    assert bench.of(KeepFirstDay) == [KeepFirstDay(day(bench).loads, "seca 757", "Anne", "anne")]
    bench.send(m.FirstDayKept("scale-1.toml"), m.SignFirstDay())
    assert (day(bench).kept, len(bench.of(KeepFirstDay))) == ("scale-1.toml", 1)


def test_a_reading_from_before_the_display_was_typed_is_no_load():
    bench = comparing()
    event = Reading(Quantity.WEIGHT, Decimal("4.236"), "kg", Stability.STABLE)
    bench.send(bench.stream.stamped(event)).keys("4,236").send(m.SubmitDisplay())
    assert day(bench).loads == ()


def test_a_file_that_could_not_be_written_may_be_signed_again():
    bench = comparing()
    for n in range(LOADS):
        load(bench, f"{n + 1},236")
    bench.send(m.SignFirstDay(), m.FirstDayKept(""))
    assert day(bench).failed
    bench.send(m.SignFirstDay())
    assert len(bench.of(KeepFirstDay)) == 2


def test_leaving_or_locking_writes_nothing():
    for end, screen in ((m.Back(), Screen.EQUIPMENT), (m.Lock(), Screen.LOCK)):
        bench = load(comparing(), "4,236").send(end)
        assert bench.desk.screen is screen
        assert not bench.of(KeepFirstDay)
