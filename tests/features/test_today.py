"""Today's list: masked until touched, one visit read at a time, gone when the station locks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from kiosk.desk.messages import Note, Trace
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Screen
from kiosk.features.save import SaveVisit
from kiosk.features.slip import PrintVisit
from kiosk.features.today import AskBooked, ListToday, ReadVisit, saved_again, still_to_come
from kiosk.model.lists import Booked, ListedVisit
from kiosk.model.outbox import DeliveryChanged
from kiosk.model.visit import Child, Delivery, IdKind, Quantity
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat


def saved(bench: Bench):
    """A visit that was measured, saved and left."""
    bench.measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    visit = bench.last(SaveVisit).visit
    bench.send(m.VisitSaved(visit.id), m.NextChild())
    return visit


def line(visit) -> ListedVisit:
    child = visit.child
    measured = ((Quantity.WEIGHT, None),)
    at = visit.measurements[0].measured_at
    return ListedVisit(visit.id, at, child.given_name, child.birth_date, measured, Delivery.QUEUED)


def listed(bench: Bench):
    visit = saved(bench)
    bench.send(m.OpenToday(), m.TodayListed((line(visit),)))
    return visit


def test_the_list_begins_at_local_midnight():
    bench = Bench().sign_in().send(m.OpenToday())
    assert bench.desk.screen is Screen.TODAY
    assert bench.last(ListToday).since == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def test_a_touched_line_shows_the_visit_as_after_saving_and_leaves_a_trace():
    bench = Bench()
    visit = listed(bench)
    bench.send(m.OpenVisit(visit.id))
    assert bench.last(ReadVisit).visit_id == visit.id
    bench.send(m.VisitRead(saved_again(visit)))
    shown = bench.desk.saved
    assert bench.desk.screen is Screen.DONE
    assert (shown.child, [(d.id, d.value) for d in shown.drafts]) == (
        visit.child,
        [(one.id, one.value) for one in visit.measurements],
    )
    assert bench.last(Note) == Note(Trace.VISIT_OPENED, "anne", str(visit.id))


def test_a_slip_printed_before_makes_the_next_one_a_copy():
    bench = Bench()
    visit = listed(bench)
    again = replace(saved_again(visit), copies=1)
    bench.send(m.OpenVisit(visit.id), m.VisitRead(again), m.PrintSlip())
    assert bench.last(PrintVisit).copy == 1


def test_a_line_that_is_not_listed_opens_nothing():
    bench = Bench()
    listed(bench)
    bench.send(m.OpenVisit(UUID(int=999)))
    assert bench.of(ReadVisit) == []


def test_an_answer_that_comes_after_leaving_the_list_shows_nothing():
    bench = Bench()
    visit = listed(bench)
    bench.send(m.OpenVisit(visit.id), m.Back(), m.VisitRead(saved_again(visit)))
    assert bench.desk.screen is Screen.FIND
    assert bench.desk.saved is None


def test_locking_takes_the_list_off_the_desk():
    bench = Bench()
    listed(bench)
    bench.send(m.Lock())
    assert flat(bench.desk).visits is None
    assert flat(bench.desk).kept is None or flat(bench.desk).kept.visits is None


def test_a_message_that_moves_reads_the_list_again():
    bench = Bench()
    visit = listed(bench)
    before = len(bench.of(ListToday))
    bench.send(DeliveryChanged(visit.id, visit.id, Delivery.DONE))
    assert len(bench.of(ListToday)) == before + 1


def test_what_is_typed_in_the_form_stays_while_the_list_is_looked_at():
    bench = Bench().sign_in().form(name="Nora").send(m.OpenToday(), m.Back())
    assert flat(bench.desk).form.given_name == "Nora"


# --- appointments ---------------------------------------------------------------------------

KARI = Child("20852612391", IdKind.NATIONAL, date(2026, 5, 20), "Kari", "Patient/12")
BOOKED = Booked("a1", datetime(2026, 11, 23, 12, 30, tzinfo=UTC), KARI)


def expecting(*booked: Booked) -> Bench:
    bench = Bench(DeskRules(reads_appointments=True)).sign_in().send(m.OpenToday())
    return bench.send(m.TodayListed(()), m.BookedListed(booked))


def test_the_journal_is_asked_for_today_only_and_only_where_the_clinic_wants_it():
    asked = expecting().last(AskBooked)
    assert asked.since == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert asked.until - asked.since == timedelta(days=1)
    assert not Bench().sign_in().send(m.OpenToday()).of(AskBooked)


def test_a_child_with_an_appointment_is_confirmed_as_any_other_before_it_is_measured():
    bench = expecting(BOOKED).send(m.OpenBooked("a1"))
    assert (bench.desk.screen, flat(bench.desk).identity.child) == (Screen.IDENTITY, KARI)
    assert flat(bench.desk).booked == ()
    bench.send(m.ConfirmChild())
    assert (bench.desk.screen, bench.desk.visit.child) == (Screen.MEASURE, KARI)


def test_an_appointment_that_is_not_listed_opens_nobody():
    assert expecting(BOOKED).send(m.OpenBooked("a2")).desk.screen is Screen.TODAY


def test_who_was_measured_is_not_expected_any_more():
    bench = expecting(BOOKED)
    assert still_to_come(bench.desk.page) == (BOOKED,)
    measured = ListedVisit(
        UUID(int=5), datetime(2026, 11, 23, 12, 40, tzinfo=UTC), "Kari", KARI.birth_date,
        ((Quantity.WEIGHT, None),), Delivery.DONE,
    )  # fmt: skip
    bench.send(m.TodayListed((measured,)))
    assert still_to_come(bench.desk.page) == ()


def test_the_list_of_the_expected_goes_with_the_page_and_with_the_lock():
    assert flat(expecting(BOOKED).send(m.Back()).desk).booked == ()
    assert flat(expecting(BOOKED).send(m.Lock()).desk).booked == ()
    late = expecting().send(m.Back(), m.BookedListed((BOOKED,)))
    assert flat(late.desk).booked == ()
