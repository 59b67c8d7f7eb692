"""Help, and a look of one's own: at hand on every page, remembered for the person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.desk.appearance import Hand, Look, Palette, read_look
from kiosk.desk.notices import Notice
from kiosk.desk.state import Aside, Screen
from kiosk.features.appearance import GiveTicket, KeepLook
from kiosk.features.slip import DrawSlip, PrintVisit
from kiosk.model.slip import Paper, SlipPicture
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made

LEFT = Look(Palette.CONTRAST, Hand.LEFT, 150)


def test_help_lies_over_the_page_and_goes_without_leaving_it():
    bench = Bench().measuring().send(m.OpenHelp())
    assert (bench.desk.screen, flat(bench.desk).aside) == (Screen.MEASURE, Aside.HELP)
    bench.send(m.Back())
    assert (bench.desk.screen, flat(bench.desk).aside) == (Screen.MEASURE, None)


def test_a_question_is_answered_before_help_is_read():
    bench = Bench().measuring().scale("0.000", "42.000").take()
    assert flat(bench.desk).asking
    assert flat(bench.send(m.OpenHelp()).desk).aside is None


def test_a_look_is_drawn_at_once_and_kept_for_the_person():
    bench = Bench().sign_in().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT))
    assert (bench.desk.look, bench.last(KeepLook)) == (LEFT, KeepLook("anne", LEFT))


def test_the_locked_station_looks_as_configured_and_each_person_as_chosen():
    bench = Bench().sign_in().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT), m.Back(), m.Lock())
    assert bench.desk.look == Look()
    assert bench.sign_in("bo").desk.look == Look()
    assert bench.send(m.Lock()).sign_in().desk.look == LEFT


def test_work_that_comes_back_after_locking_has_the_persons_look():
    bench = Bench().measuring().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT), m.Lock())
    assert (bench.desk.look, flat(bench.desk).aside) == (Look(), None)
    bench.sign_in()
    assert (bench.desk.screen, bench.desk.look, flat(bench.desk).aside) == (
        Screen.MEASURE,
        LEFT,
        None,
    )


def test_a_look_chosen_on_the_locked_station_lasts_until_somebody_signs_in():
    bench = Bench().send(m.OpenHelp(), m.OpenLook(), m.SetLook(LEFT))
    assert bench.desk.look == LEFT
    assert not bench.of(KeepLook)
    assert bench.send(m.Back()).sign_in().desk.look == Look()


def test_the_station_may_be_configured_to_look_otherwise():
    bench = Bench()
    bench.desk = made(bench.desk, look=LEFT, station_look=LEFT)
    assert bench.sign_in().desk.look == LEFT


@pytest.mark.parametrize("look", [Look(), LEFT, Look(text=125)])
def test_a_kept_look_is_read_as_it_was(look):
    assert read_look(str(look)) == look


@pytest.mark.parametrize("kept", ["", "light", "light right 99", "dark right 100", "a b c d"])
def test_what_is_no_look_is_none(kept):
    assert read_look(kept) is None


def test_the_menu_gives_a_ticket_and_says_its_number():
    bench = Bench().sign_in().send(m.OpenMenu())
    assert flat(bench.desk).aside is Aside.MENU
    bench.send(m.PrintTicket())
    assert bench.last(GiveTicket).day == bench.moment().today
    bench.send(m.TicketPrinted(14))
    assert (flat(bench.desk).aside, bench.desk.front.notice) == (None, Notice.TICKET)
    assert bench.desk.front.notice_value == 14


def test_without_a_printer_there_is_no_ticket():
    bench = Bench().sign_in()
    strip = replace(bench.desk.station.strip, printer=Paper.NOT_CONFIGURED)
    bench.desk = made(bench.desk, strip=strip)
    bench.send(m.OpenMenu(), m.PrintTicket())
    assert not bench.of(GiveTicket)


def test_the_menu_opens_where_no_child_is_open():
    assert flat(Bench().measuring().send(m.OpenMenu()).desk).aside is None


def test_from_the_menu_to_the_devices_nothing_is_left_over_the_page():
    bench = Bench().sign_in().send(m.OpenMenu(), m.OpenStatus())
    assert (bench.desk.screen, flat(bench.desk).aside) == (Screen.STATUS, None)


# --- what the slip would look like ----------------------------------------------------------

PICTURE = SlipPicture(2, 1, b"\x00\xff")


def done(bench: Bench) -> Bench:
    bench.measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    return bench.send(m.VisitSaved(bench.desk.visit.id))


def test_a_slip_is_looked_at_before_it_is_printed():
    bench = done(Bench()).send(m.PreviewSlip())
    assert bench.last(DrawSlip).copy == 0
    bench.send(m.SlipPreviewed(bench.desk.saved.id, PICTURE))
    assert flat(bench.desk).preview == PICTURE
    bench.send(m.PrintSlip())
    assert (flat(bench.desk).preview, len(bench.of(PrintVisit))) == (None, 1)


def test_a_picture_of_the_child_before_is_never_shown():
    bench = done(Bench()).send(m.PreviewSlip())
    first = bench.desk.saved.id
    bench.send(m.NextChild(), m.SlipPreviewed(first, PICTURE))
    assert flat(bench.desk).preview is None


def test_locking_takes_the_picture_off_the_screen():
    bench = done(Bench()).send(m.PreviewSlip())
    bench.send(m.SlipPreviewed(bench.desk.saved.id, PICTURE), m.Lock())
    assert flat(bench.desk).preview is None
    assert flat(bench.desk).kept is None or flat(bench.desk).kept.preview is None
