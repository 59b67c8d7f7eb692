"""Ways back at the desk: each of the three is confirmed, saved once, and erases nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from kiosk.desk.notices import EntryFault, Notice
from kiosk.desk.state import Screen
from kiosk.features.change import SaveChange, SettleByHand
from kiosk.features.find import AskJournal
from kiosk.features.save import SaveVisit
from kiosk.features.slip import PrintVisit
from kiosk.features.today import ReadVisit, saved_again
from kiosk.model.changes import current
from kiosk.model.outbox import DeliveryChanged, Failure
from kiosk.model.visit import ChangeKind, ChangeReason, Delivery, Position, Quantity
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made

OTHER = "70108299920"


def at_done(bench: Bench) -> UUID:
    """A visit that was just saved; returns its weight's id."""
    bench.measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.desk.visit.id))
    return bench.desk.saved.drafts[0].id


def test_a_corrected_value_is_typed_twice_and_confirmed_with_a_reason():
    bench = Bench()
    weight = at_done(bench)
    bench.send(m.OpenChange(), m.CorrectValue(weight))
    assert bench.desk.screen is Screen.ENTRY
    bench.typed("8,24").typed("8,24")
    assert (bench.desk.screen, bench.desk.changing.ready) == (Screen.CHANGE, True)
    assert not bench.of(SaveChange)
    bench.send(m.ConfirmChange(ChangeReason.MISTYPED))
    change = bench.last(SaveChange).change
    assert (change.kind, change.reason) == (ChangeKind.CORRECTED, ChangeReason.MISTYPED)
    (value,) = change.values
    assert (value.measurement_id, value.value, value.text) == (weight, 8240, "8.24")
    assert change.performer.user_id == "anne"


def test_touching_twice_changes_once_and_the_page_follows_the_commit():
    bench = Bench()
    at_done(bench)
    bench.send(m.OpenChange(), m.WithdrawVisit())
    bench.send(m.ConfirmChange(ChangeReason.TWICE), m.ConfirmChange(ChangeReason.TWICE))
    assert len(bench.of(SaveChange)) == 1
    assert bench.desk.screen is Screen.CHANGE
    visit_id = bench.desk.changing.saved.id
    bench.send(m.ChangeSaved(visit_id, visit_id))
    assert bench.last(ReadVisit).visit_id == visit_id


def test_a_change_that_could_not_be_saved_can_be_confirmed_again():
    bench = Bench()
    at_done(bench)
    bench.send(m.OpenChange(), m.WithdrawVisit(), m.ConfirmChange(ChangeReason.OTHER))
    bench.send(m.ChangeNotSaved(bench.desk.saved.id, Notice.DISK_FULL))
    assert (bench.desk.front.notice, bench.desk.changing.saving) == (Notice.DISK_FULL, False)
    bench.send(m.ConfirmChange(ChangeReason.OTHER))
    assert len(bench.of(SaveChange)) == 2


def test_an_impossible_correction_is_refused():
    bench = Bench()
    weight = at_done(bench)
    bench.send(m.OpenChange(), m.CorrectValue(weight)).typed("842")
    assert flat(bench.desk).entry.fault is EntryFault.IMPOSSIBLE
    assert bench.desk.changing.draft is None


def test_two_different_readings_of_the_right_value_are_typed_anew():
    bench = Bench()
    weight = at_done(bench)
    bench.send(m.OpenChange(), m.CorrectValue(weight)).typed("8,24").typed("8,42")
    assert flat(bench.desk).entry.fault is EntryFault.DIFFERS
    assert bench.desk.changing.draft is None


def test_the_number_that_stands_there_already_is_no_correction():
    bench = Bench()
    weight = at_done(bench)
    bench.send(m.OpenChange(), m.CorrectValue(weight)).typed("8,42").typed("8,42")
    assert (bench.desk.screen, flat(bench.desk).entry.fault) == (Screen.ENTRY, EntryFault.SAME)
    assert bench.desk.changing.draft is None


def measured_lying(bench: Bench) -> UUID:
    """A length that was just saved as measured lying; returns its id."""
    bench.measuring().send(m.OpenEntry(Quantity.LENGTH), m.SetPosition(Position.LYING))
    bench.typed("68,5").typed("68,5").send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.desk.visit.id))
    return bench.desk.saved.drafts[0].id


def test_lying_instead_of_standing_is_a_correction_of_its_own():
    bench = Bench()
    length = measured_lying(bench)
    bench.send(m.OpenChange(), m.CorrectValue(length), m.SetPosition(Position.STANDING))
    bench.typed("68,5").typed("68,5").send(m.ConfirmChange(ChangeReason.OTHER))
    (value,) = bench.last(SaveChange).change.values
    assert (value.value, value.position) == (685, Position.STANDING)
    visit = bench.last(SaveVisit).visit
    (draft,) = saved_again(replace(visit, changes=(bench.last(SaveChange).change,))).drafts
    assert (draft.position, draft.was.position) == (Position.STANDING, Position.LYING)


def moving(bench: Bench) -> Bench:
    at_done(bench)
    return bench.send(m.OpenChange(), m.MoveVisit())


def find_other(bench: Bench, number: str = OTHER, born: str = "10082026") -> Bench:
    bench.form(number, born, "Sara").send(m.FindChild())
    request = bench.last(AskJournal).request
    return bench.send(m.LookUpAnswered(request, "found", "Patient/8", "Sara"))


def test_a_wrong_childs_values_are_moved_to_a_child_found_and_confirmed_as_any_other():
    bench = moving(Bench())
    assert (bench.desk.screen, flat(bench.desk).form.number) == (Screen.FIND, "")
    find_other(bench).send(m.ConfirmChild())
    assert bench.desk.visit is None, "nothing is measured, values are moved"
    assert bench.desk.changing.ready
    bench.send(m.ConfirmChange(ChangeReason.WRONG_CHILD))
    effect = bench.last(SaveChange)
    assert effect.change.kind is ChangeKind.WRONG_CHILD
    assert (effect.to.given_name, effect.to.number) == ("Sara", OTHER)


def test_values_that_are_odd_for_the_right_child_are_said_before_they_are_moved():
    bench = moving(Bench())
    # 8.42 kg is usual at ten months and far off for a child of two weeks.
    find_other(bench, born="10112026").send(m.ConfirmChild())
    assert [d.text for d in bench.desk.changing.odd_for_target] == ["8.420"]
    bench = moving(Bench())
    find_other(bench, born="08022026").send(m.ConfirmChild())
    assert bench.desk.changing.odd_for_target == ()


def test_the_same_child_is_not_the_right_child():
    bench = moving(Bench())
    find_other(bench, "10915596784", "10012026").send(m.ConfirmChild())
    assert (bench.desk.front.notice, bench.desk.changing.ready) == (Notice.SAME_CHILD, False)


def test_back_leads_out_of_every_way_back_without_a_change():
    bench = Bench()
    weight = at_done(bench)
    for begin in (
        [m.WithdrawVisit()],
        [m.CorrectValue(weight)],
        [m.MoveVisit()],
    ):
        bench.send(m.OpenChange(), *begin, m.Back())
        assert (bench.desk.screen, bench.desk.changing.kind) == (Screen.CHANGE, None)
        bench.send(m.Back())
        assert (bench.desk.screen, bench.desk.changing) == (Screen.DONE, None)
    assert not bench.of(SaveChange)


def test_locked_on_the_way_back_it_comes_back_for_the_same_person_only():
    bench = Bench()
    at_done(bench)
    bench.send(m.OpenChange(), m.WithdrawVisit(), m.Lock())
    assert (bench.desk.changing, bench.desk.saved) == (None, None)
    bench.sign_in("bo")
    assert bench.desk.changing is None
    bench = Bench()
    at_done(bench)
    bench.send(m.OpenChange(), m.WithdrawVisit(), m.Lock()).sign_in()
    assert bench.desk.changing.kind is ChangeKind.WITHDRAWN


def test_a_change_saved_behind_the_lock_shows_what_holds_now_as_it_does_before_it():
    bench = Bench()
    at_done(bench)
    bench.send(m.OpenChange(), m.WithdrawVisit(), m.ConfirmChange(ChangeReason.OTHER))
    visit_id = bench.desk.changing.saved.id
    bench.send(m.Lock(), m.ChangeSaved(visit_id, visit_id)).sign_in()
    bench.send(m.VisitRead(replace(bench.desk.saved, change=ChangeKind.WITHDRAWN)))
    assert (bench.desk.screen, bench.desk.changing) == (Screen.DONE, None)
    assert bench.desk.saved.change is ChangeKind.WITHDRAWN


def changed(bench: Bench, kind: ChangeKind, copies: int = 0):
    """The page after a change was read again."""
    at_done(bench)
    saved = replace(bench.desk.saved, copies=copies)
    bench.desk = made(bench.desk, saved=saved)
    bench.send(m.OpenChange(), m.WithdrawVisit(), m.ConfirmChange(ChangeReason.OTHER))
    bench.send(m.ChangeSaved(saved.id, saved.id))
    return bench.send(m.VisitRead(replace(saved, change=kind, replaces=copies > 0)))


def test_a_withdrawn_visit_prints_nothing_and_cannot_be_changed_again():
    bench = changed(Bench(), ChangeKind.WITHDRAWN)
    bench.send(m.PrintSlip(), m.OpenChange())
    assert not bench.of(PrintVisit)
    assert bench.desk.screen is Screen.DONE


def test_a_slip_that_is_out_is_told_and_the_next_one_replaces_it():
    bench = changed(Bench(), ChangeKind.CORRECTED, copies=1)
    assert bench.desk.front.notice is Notice.SLIP_IS_OUT
    bench.send(m.PrintSlip())
    assert bench.last(PrintVisit).saved.replaces
    assert not bench.desk.saved.replaces


@pytest.mark.parametrize("failure", [Failure.BY_HAND, Failure.CHANGED_THERE])
def test_what_a_person_must_do_in_the_journal_is_acknowledged_by_name(failure):
    bench = Bench()
    at_done(bench)
    item = UUID(int=77)
    told = {"delivery": Delivery.REJECTED, "failure": failure, "message": item}
    bench.desk = made(bench.desk, saved=replace(bench.desk.saved, **told))
    bench.send(m.MadeByHand())
    effect = bench.last(SettleByHand)
    assert (effect.item_id, effect.performer.user_id) == (item, "anne")


def test_an_answer_that_comes_late_never_shows_the_child_before():
    bench = Bench()
    at_done(bench)
    first = bench.desk.saved
    told = {"delivery": Delivery.REJECTED, "failure": Failure.BY_HAND, "message": UUID(int=77)}
    bench.desk = made(bench.desk, saved=replace(first, **told))
    bench.send(m.MadeByHand(), m.NextChild())
    find_other(bench).send(m.ConfirmChild()).scale("0.000", "9.100").take()
    bench.send(m.OpenReview(), m.Save(), m.VisitSaved(bench.desk.visit.id))
    bench.send(m.VisitRead(first))
    assert bench.desk.saved.child.number == OTHER


def test_a_late_answer_does_not_open_a_child_over_the_list():
    bench = Bench()
    at_done(bench)
    first = bench.desk.saved
    told = {"delivery": Delivery.REJECTED, "failure": Failure.BY_HAND, "message": UUID(int=77)}
    bench.desk = made(bench.desk, saved=replace(first, **told))
    bench.send(m.MadeByHand(), m.NextChild(), m.OpenToday(), m.VisitRead(first))
    assert (bench.desk.screen, bench.desk.saved) == (Screen.TODAY, None)


def test_an_ordinary_refusal_cannot_be_acknowledged_away():
    bench = Bench()
    at_done(bench)
    told = {"delivery": Delivery.REJECTED, "failure": Failure.REFUSED, "message": UUID(int=77)}
    bench.desk = made(bench.desk, saved=replace(bench.desk.saved, **told))
    bench.send(m.MadeByHand())
    assert not bench.of(SettleByHand)


def test_after_a_change_the_marks_are_those_of_its_own_message():
    bench = Bench()
    at_done(bench)
    saved = replace(bench.desk.saved, message=UUID(int=77))
    bench.desk = made(bench.desk, saved=saved)
    bench.send(DeliveryChanged(UUID(int=76), saved.id, Delivery.DONE))
    assert bench.desk.saved.delivery is Delivery.QUEUED
    bench.send(DeliveryChanged(UUID(int=77), saved.id, Delivery.DONE))
    assert bench.desk.saved.delivery is Delivery.DONE


def test_what_was_saved_stays_readable_beside_what_holds():
    bench = Bench()
    weight = at_done(bench)
    bench.send(m.OpenChange(), m.CorrectValue(weight)).typed("8,24").typed("8,24")
    bench.send(m.ConfirmChange(ChangeReason.MISTYPED))
    visit = bench.last(SaveVisit).visit
    after = replace(visit, changes=(bench.last(SaveChange).change,))
    (draft,) = saved_again(after).drafts
    assert (draft.text, draft.was.text, draft.was.unit) == ("8.24", "8.420", "kg")
    assert visit.measurements[0].text == "8.420"
    now = current(after).measurements[0]
    assert (now.id, now.measured_at) == (weight, visit.measurements[0].measured_at)
