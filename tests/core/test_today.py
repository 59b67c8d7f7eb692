"""Today's list: masked until touched, one visit read at a time, gone when the station locks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from desk_bench import Bench

from kiosk.core.desk import messages as m
from kiosk.core.desk.effects import ListToday, Note, PrintVisit, ReadVisit, SaveVisit, Trace
from kiosk.core.desk.state import Screen
from kiosk.core.desk.surroundings import ListedVisit
from kiosk.core.desk.today import saved_again
from kiosk.core.model import Delivery, Quantity
from kiosk.core.outbox import DeliveryChanged


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
    assert bench.desk.visits is None
    assert bench.desk.kept is None or bench.desk.kept.visits is None


def test_a_message_that_moves_reads_the_list_again():
    bench = Bench()
    visit = listed(bench)
    before = len(bench.of(ListToday))
    bench.send(DeliveryChanged(visit.id, visit.id, Delivery.DONE))
    assert len(bench.of(ListToday)) == before + 1


def test_what_is_typed_in_the_form_stays_while_the_list_is_looked_at():
    bench = Bench().sign_in().form(name="Nora").send(m.OpenToday(), m.Back())
    assert bench.desk.form.given_name == "Nora"
