"""A new-born without a number, and twins: measured at once, sent under the right number."""

from __future__ import annotations

from kiosk.desk.child_form import Field, LookUp
from kiosk.desk.state import Screen
from kiosk.features.change import SaveChange
from kiosk.features.find import AskJournal
from kiosk.features.save import SaveVisit
from kiosk.model.visit import ChangeKind, ChangeReason, IdKind
from tests.desk.desk_bench import NUMBER, Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat

OTHER = "70108299920"


def numberless(bench: Bench, name: str = "Nora", born: str = "20112026") -> Bench:
    bench.send(m.WithoutNumber()).keys(born)
    return bench.send(m.ActivateField(Field.GIVEN_NAME)).keys(name).send(m.FindChild())


def saved(bench: Bench) -> Bench:
    bench.scale("0.000", "3.420").take().send(m.OpenReview(), m.Save())
    return bench.send(m.VisitSaved(bench.desk.visit.id))


def test_a_new_born_without_a_number_is_confirmed_and_measured_without_asking_anybody():
    bench = numberless(Bench().sign_in())
    identity = flat(bench.desk).identity
    assert (bench.desk.screen, identity.look_up) == (Screen.IDENTITY, LookUp.NO_NUMBER)
    assert not bench.of(AskJournal)
    bench.send(m.ConfirmChild())
    saved(bench)
    child = bench.last(SaveVisit).visit.child
    assert (child.number, child.number_kind, child.given_name) == ("", IdKind.UNKNOWN, "Nora")


def test_without_a_number_the_name_and_the_birth_date_are_needed():
    bench = Bench().sign_in().send(m.WithoutNumber(), m.FindChild())
    assert bench.desk.screen is Screen.FIND
    assert flat(bench.desk).form.birth_date_fault is not None
    bench.send(m.ActivateField(Field.BIRTH_DATE)).keys("20112026").send(m.FindChild())
    assert flat(bench.desk).form.active is Field.GIVEN_NAME
    assert flat(bench.desk).form.given_name_fault is not None


def test_touching_the_number_again_asks_for_one():
    bench = Bench().sign_in().send(m.WithoutNumber(), m.ActivateField(Field.NUMBER))
    assert not flat(bench.desk).form.numberless


def test_the_number_that_comes_later_takes_the_values_along():
    bench = numberless(Bench().sign_in()).send(m.ConfirmChild())
    saved(bench).send(m.GiveNumber())
    assert (bench.desk.screen, bench.desk.changing.kind) == (Screen.FIND, ChangeKind.NUMBERED)
    bench.form(NUMBER, "20112026", "Nora").send(m.FindChild())
    request = bench.last(AskJournal).request
    bench.send(m.LookUpAnswered(request, "found", "Patient/7", "Nora"), m.ConfirmChild())
    bench.send(m.ConfirmChange(ChangeReason.NUMBERED))
    effect = bench.last(SaveChange)
    assert (effect.change.kind, effect.to.number) == (ChangeKind.NUMBERED, NUMBER)


def test_back_from_giving_a_number_leads_to_the_saved_visit():
    bench = numberless(Bench().sign_in()).send(m.ConfirmChild())
    saved(bench).send(m.GiveNumber(), m.Back())
    assert (bench.desk.screen, bench.desk.changing) == (Screen.DONE, None)


def test_a_child_with_a_number_is_given_no_other_one_this_way():
    bench = Bench().measuring()
    saved(bench).send(m.GiveNumber())
    assert bench.desk.screen is Screen.DONE


def test_values_are_never_moved_to_a_child_without_a_number():
    bench = Bench().measuring()
    saved(bench).send(m.OpenChange(), m.MoveVisit(), m.WithoutNumber())
    assert not flat(bench.desk).form.numberless


def found(bench: Bench, number: str, born: str, name: str) -> Bench:
    bench.form(number, born).send(m.FindChild())
    request = bench.last(AskJournal).request
    return bench.send(m.LookUpAnswered(request, "found", "Patient/8", name))


def test_a_child_born_on_the_day_of_the_one_before_asks_about_twins():
    bench = Bench().measuring()
    saved(bench).send(m.NextChild())
    found(bench, OTHER, "10012026", "Sara")
    assert flat(bench.desk).identity.same_day
    bench.send(m.NotThisChild())
    found(bench, NUMBER, "10012026", "Nora")
    assert not flat(bench.desk).identity.same_day, "the same child again is no twin"


def test_nothing_of_the_child_before_stays_behind_the_lock():
    bench = Bench().measuring()
    saved(bench).send(m.NextChild(), m.Lock())
    assert flat(bench.desk).previous is None
