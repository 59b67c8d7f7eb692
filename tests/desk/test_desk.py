import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk.desk.child_form import ChildForm, Field, LookUp
from kiosk.desk.messages import Note, Trace
from kiosk.desk.notices import EntryFault, FieldFault, Notice
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Screen
from kiosk.features.find import AskJournal
from kiosk.features.save import SaveVisit
from kiosk.features.sign_in import CheckPin
from kiosk.features.slip import PrintVisit
from kiosk.model.identity import NumberFault
from kiosk.model.outbox import DeliveryChanged
from kiosk.model.slip import ReprintReason, SlipState
from kiosk.model.visit import Delivery, Dress, OddReason, Position, Quantity, Source
from kiosk.weighing.plausibility import Verdict
from tests.desk.desk_bench import NUMBER, Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made


def test_the_whole_main_job():
    bench = Bench().measuring().scale("0.000", "8.420").take()
    bench.send(m.OpenEntry(Quantity.LENGTH)).typed("71,5").typed("71,5")
    bench.send(m.OpenReview(), m.Save())
    visit = bench.last(SaveVisit).visit
    weight, length = visit.measurements
    assert (visit.child.given_name, visit.child.patient) == ("Nora", "Patient/7")
    assert (weight.value, weight.text, weight.unit) == (8420, "8.420", "kg")
    assert (weight.source, weight.dress) == (Source.DEVICE, Dress.NAKED)
    assert weight.raw == b"raw"
    assert (length.value, length.position) == (715, Position.LYING)
    assert length.source is Source.TYPED
    assert bench.desk.screen is Screen.REVIEW
    bench.send(m.VisitSaved(visit.id))
    assert bench.desk.screen is Screen.DONE
    bench.send(DeliveryChanged(visit.id, visit.id, Delivery.DONE))
    assert bench.desk.saved.delivery is Delivery.DONE
    bench.send(m.NextChild())
    assert flat(bench.desk).form == ChildForm()
    assert bench.desk.saved is None


def test_saved_is_shown_only_after_the_commit_was_reported():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    assert bench.desk.screen is Screen.REVIEW
    assert bench.desk.saved is None


def test_a_double_touch_saves_once():
    bench = Bench().measuring().scale("0.000", "8.420").take()
    bench.send(m.OpenReview(), m.Save(), m.Save())
    assert len(bench.of(SaveVisit)) == 1


def test_what_could_not_be_saved_stays_on_the_screen_and_is_saved_with_the_same_ids():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    first = bench.last(SaveVisit).visit
    bench.send(m.VisitNotSaved(first.id, Notice.DISK_FULL))
    assert bench.desk.front.notice is Notice.DISK_FULL
    assert bench.desk.visit.drafts
    bench.send(m.Save())
    again = bench.last(SaveVisit).visit
    assert [x.id for x in again.measurements] == [x.id for x in first.measurements]
    assert again.id == first.id


def test_nobody_signed_in_means_no_touch_reaches_a_child():
    bench = Bench().form().send(m.FindChild(), m.ConfirmChild(), m.Save())
    assert bench.desk.screen is Screen.LOCK
    assert flat(bench.desk).form == ChildForm()
    assert not bench.effects


def test_a_pin_is_checked_elsewhere_and_leaves_the_desk_at_once():
    bench = Bench().send(m.ChooseUser("anne"), *(m.PinKey(c) for c in "1234"))
    assert "1234" not in repr(bench.desk)
    bench.send(m.SubmitPin())
    assert bench.last(CheckPin).pin == "1234"
    assert "1234" not in repr(bench.last(CheckPin))
    assert bench.desk.lock.pin == ""


def test_a_wrong_pin_says_how_many_tries_are_left_and_a_wait_counts_down():
    bench = Bench().send(m.ChooseUser("anne"), *(m.PinKey(c) for c in "9999"), m.SubmitPin())
    bench.send(m.PinChecked("anne", right=False, tries_left=3))
    assert (bench.desk.front.notice, bench.desk.front.notice_value) == (Notice.PIN_WRONG, 3)
    bench.send(*(m.PinKey(c) for c in "9999"), m.SubmitPin())
    bench.send(m.PinChecked("anne", right=False, locked_seconds=30))
    bench.send(m.PinKey("1"))
    assert bench.desk.lock.pin == ""
    bench.wait(31)
    assert bench.desk.lock.locked_until is None
    bench.send(m.PinKey("1"))
    assert bench.desk.lock.pin == "1"


@pytest.mark.parametrize(
    ("born", "fault"),
    [
        ("", FieldFault.MISSING),
        ("3102", FieldFault.NOT_A_DATE),
        ("31022026", FieldFault.NOT_A_DATE),
        ("24112026", FieldFault.FUTURE),
        ("01011926", FieldFault.TOO_LONG_AGO),
    ],
)
def test_a_wrong_birth_date_is_named_at_its_field(born, fault):
    bench = Bench().sign_in().form(born=born).send(m.FindChild())
    assert flat(bench.desk).form.birth_date_fault is fault
    assert flat(bench.desk).form.active is Field.BIRTH_DATE
    assert not bench.of(AskJournal)


def test_a_malformed_number_is_named_and_a_wrong_check_digit_only_warns():
    bench = Bench().sign_in().form(number="123").send(m.FindChild())
    assert flat(bench.desk).form.number_fault is NumberFault.LENGTH
    bench = Bench().sign_in().form(number="10915596783").send(m.FindChild())
    bench.send(m.LookUpAnswered(bench.last(AskJournal).request, "found", "Patient/7", "Nora"))
    assert bench.desk.screen is Screen.IDENTITY
    assert flat(bench.desk).identity.number_fault is NumberFault.CHECK_DIGIT


def test_another_birth_date_than_the_journals_stops():
    bench = Bench().sign_in().form().send(m.FindChild())
    bench.send(m.LookUpAnswered(bench.last(AskJournal).request, "differs"))
    assert bench.desk.screen is Screen.FIND
    assert bench.desk.front.notice is Notice.BIRTH_DATE_DIFFERS


def test_without_the_journal_the_name_is_typed_and_the_work_goes_on():
    bench = Bench().sign_in().form().send(m.FindChild())
    bench.send(m.LookUpAnswered(bench.last(AskJournal).request, "offline"))
    assert bench.desk.front.notice is Notice.NAME_NEEDED
    bench.keys("Nora").send(m.FindChild())
    bench.send(m.LookUpAnswered(bench.last(AskJournal).request, "offline"))
    assert bench.desk.screen is Screen.IDENTITY
    assert flat(bench.desk).identity.look_up is LookUp.OFFLINE


def test_a_late_answer_for_the_child_before_is_dropped():
    bench = Bench().sign_in().form().send(m.FindChild())
    late = bench.last(AskJournal).request
    bench.send(m.NotThisChild()).form(name="Emil").send(m.FindChild())
    bench.send(m.LookUpAnswered(late, "found", "Patient/7", "Nora"))
    assert bench.desk.screen is Screen.FIND
    assert flat(bench.desk).identity is None


def test_another_typed_name_than_the_journals_is_shown():
    bench = Bench().sign_in().form(name="Emil").send(m.FindChild())
    bench.send(m.LookUpAnswered(bench.last(AskJournal).request, "found", "Patient/7", "Nora"))
    assert flat(bench.desk).identity.typed_name == "Emil"
    assert flat(bench.desk).identity.child.given_name == "Nora"


def test_a_scanned_number_fills_the_form_and_anything_else_is_refused():
    bench = Bench().sign_in().send(m.Scan("7038010009457"))
    assert bench.desk.front.notice is Notice.SCAN_NOT_A_NUMBER
    bench.send(m.Scan(NUMBER))
    assert flat(bench.desk).form.number == NUMBER
    assert flat(bench.desk).form.active is Field.BIRTH_DATE


def test_a_touch_on_a_weight_that_is_gone_takes_nothing():
    bench = Bench().measuring().scale("0.000", "8.420")
    key = bench.desk.station.weighing.offer.key
    bench.scale("0.000").send(m.TakeWeight(key))
    assert bench.desk.front.notice is Notice.WEIGHT_GONE
    assert not bench.desk.visit.drafts


def test_a_weight_older_than_three_seconds_is_not_taken():
    bench = Bench().measuring().scale("0.000", "8.420")
    key = bench.desk.station.weighing.offer.key
    bench.now += 3.2
    bench.send(m.TakeWeight(key))
    assert bench.desk.front.notice is Notice.WEIGHT_GONE


def test_twins_of_the_same_weight_ask_and_are_two_measurements():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.last(SaveVisit).visit.id), m.NextChild())
    bench.found("Emil").send(m.ConfirmChild()).scale("0.000", "8.420").take()
    assert flat(bench.desk).question.draft.verdict is Verdict.SAME_AS_LAST
    bench.send(m.AnswerOdd(OddReason.READ_AGAIN), m.OpenReview(), m.Save())
    first, second = (e.visit.measurements[0] for e in bench.of(SaveVisit))
    assert first.id != second.id
    assert second.odd_reason is OddReason.READ_AGAIN


def test_an_odd_value_asks_and_goes_through_with_a_reason():
    bench = Bench().measuring().scale("0.000", "2.100").take()
    assert flat(bench.desk).question.draft.verdict is Verdict.FAR
    assert not bench.desk.visit.drafts
    bench.send(m.AnswerOdd(OddReason.PREMATURE))
    assert bench.desk.visit.drafts[0].odd_reason is OddReason.PREMATURE


def test_a_rejected_odd_value_is_dropped():
    bench = Bench().measuring().scale("0.000", "2.100").take().send(m.RejectOdd())
    assert flat(bench.desk).question is None
    assert not bench.desk.visit.drafts


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", EntryFault.EMPTY),
        ("0", EntryFault.ZERO),
        ("0,0", EntryFault.ZERO),
        ("71,55", EntryFault.TOO_MANY_DECIMALS),
        ("7,", EntryFault.NOT_A_NUMBER),
        ("7,1,5", EntryFault.NOT_A_NUMBER),
        ("999", EntryFault.IMPOSSIBLE),
    ],
)
def test_a_value_that_is_none_is_named(text, fault):
    bench = Bench().measuring().send(m.OpenEntry(Quantity.LENGTH)).typed(text)
    assert flat(bench.desk).entry.fault is fault
    assert bench.desk.screen is Screen.ENTRY


def test_letters_in_a_length_are_refused_as_they_are_typed():
    bench = Bench().measuring().send(m.OpenEntry(Quantity.LENGTH)).keys("7l")
    assert flat(bench.desk).entry.fault is EntryFault.NOT_A_NUMBER
    assert flat(bench.desk).entry.typed == "7"


def test_two_different_readings_are_typed_anew():
    bench = Bench().measuring().send(m.OpenEntry(Quantity.HEAD)).typed("44,1").typed("41,4")
    assert flat(bench.desk).entry.fault is EntryFault.DIFFERS
    assert flat(bench.desk).entry.first is None
    bench.typed("44,1").typed("44,1")
    assert bench.desk.visit.drafts[0].value == 441


def test_leaving_a_child_with_values_asks_first():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.Back())
    assert flat(bench.desk).leaving
    bench.send(m.Back())
    assert bench.desk.visit.drafts
    bench.send(m.Back(), m.NotThisChild())
    assert bench.desk.screen is Screen.FIND
    assert bench.desk.visit is None


def test_an_untouched_session_warns_then_locks_and_keeps_the_work_for_the_same_person():
    bench = Bench().measuring().scale("0.000", "8.420").take().wait(105)
    assert bench.desk.front.notice is Notice.WILL_LOCK
    bench.wait(20)
    assert bench.desk.screen is Screen.LOCK
    assert bench.desk.visit is None
    bench.sign_in("anne")
    assert bench.desk.screen is Screen.MEASURE
    assert bench.desk.visit.drafts[0].text == "8.420"


def test_another_person_does_not_get_the_kept_work():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.Lock()).sign_in("bo")
    assert bench.desk.screen is Screen.FIND
    assert bench.desk.visit is None


def test_a_commit_that_ends_after_the_lock_is_shown_when_the_person_is_back():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    visit = bench.last(SaveVisit).visit
    bench.send(m.Lock(), m.VisitSaved(visit.id)).sign_in("anne")
    assert bench.desk.screen is Screen.DONE
    assert bench.desk.saved.id == visit.id


def test_every_further_slip_is_a_copy_and_only_one_is_under_way():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    visit = bench.last(SaveVisit).visit
    bench.send(m.VisitSaved(visit.id), m.PrintSlip(), m.PrintSlip())
    bench.send(m.SlipChanged(visit.id, SlipState.PRINTED), m.PrintSlip())
    assert flat(bench.desk).reprinting, "a copy has a reason"
    bench.send(m.Reprint(ReprintReason.LOST), m.Reprint(ReprintReason.LOST))
    assert [e.copy for e in bench.of(PrintVisit)] == [0, 1]
    assert bench.last(Note) == Note(Trace.REPRINTED, "anne", f"{visit.id} lost")


def test_no_slip_of_a_protected_child_is_printed_without_a_reason():
    bench = Bench().sign_in().form().send(m.FindChild())
    request = bench.last(AskJournal).request
    found = m.LookUpAnswered(request, "found", "Patient/7", "Nora", protected=True)
    bench.send(found, m.ConfirmChild()).scale("0.000", "8.420").take()
    bench.send(m.OpenReview(), m.Save(), m.VisitSaved(bench.desk.visit.id), m.PrintSlip())
    assert not bench.of(PrintVisit)
    bench.send(m.Back())
    assert not flat(bench.desk).reprinting
    bench.send(m.PrintSlip(), m.Reprint(ReprintReason.ASKED_FOR))
    assert bench.last(PrintVisit).saved.child.protected
    assert bench.last(Note).trace is Trace.REPRINTED


def test_a_slip_that_failed_is_printed_again_without_a_question():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    visit = bench.last(SaveVisit).visit
    bench.send(m.VisitSaved(visit.id), m.PrintSlip())
    bench.send(m.SlipChanged(visit.id, SlipState.FAILED), m.PrintSlip())
    assert len(bench.of(PrintVisit)) == 2


class AnyTouches(RuleBasedStateMachine):
    """Any order of touches and news: no exception, and no value ever changes its child."""

    def __init__(self):
        super().__init__()
        self.bench = Bench()
        self.taken: dict = {}

    @rule(user=st.sampled_from(["anne", "bo"]))
    def sign_in(self, user):
        self.bench.sign_in(user)

    @rule(name=st.sampled_from(["Nora", "Emil"]))
    def find(self, name):
        self.bench.form(name=name).send(m.FindChild())
        asked = self.bench.of(AskJournal)
        if asked:
            self.bench.send(m.LookUpAnswered(asked[-1].request, "found", f"P/{name}", name))

    @rule(text=st.sampled_from(["0.000", "8.420", "8.425", "42.000"]))
    def scale(self, text):
        self.bench.scale(text)

    @rule()
    def take(self):
        before = self.bench.desk.visit
        self.bench.take()
        self._remember(before)

    @rule()
    def answer(self):
        before = self.bench.desk.visit
        self.bench.send(m.AnswerOdd(OddReason.READ_AGAIN))
        self._remember(before)

    def _remember(self, before):
        after = self.bench.desk.visit
        if before is not None and after is not None:
            for draft in after.drafts:
                self.taken.setdefault(draft.id, before.child.given_name)

    @rule(
        touch=st.sampled_from(
            [
                m.ConfirmChild(),
                m.NotThisChild(),
                m.OpenReview(),
                m.Save(),
                m.Back(),
                m.Lock(),
                m.NextChild(),
                m.PrintSlip(),
                m.ChildIsOnScale(),
                m.RejectOdd(),
                m.OpenStatus(),
                m.OpenEntry(Quantity.LENGTH),
                m.TypeKey("7"),
                m.SubmitEntry(),
                m.Tick(),
                m.RemoveDraft(Quantity.WEIGHT),
            ]
        )
    )
    def touch(self, touch):
        self.bench.send(touch)

    @rule(ok=st.booleans())
    def store_answers(self, ok):
        saves = self.bench.of(SaveVisit)
        if saves:
            visit_id = saves[-1].visit.id
            self.bench.send(
                m.VisitSaved(visit_id) if ok else m.VisitNotSaved(visit_id, Notice.DISK_FULL)
            )

    @invariant()
    def every_saved_value_belongs_to_the_child_it_was_taken_for(self):
        for effect in self.bench.of(SaveVisit):
            for measurement in effect.visit.measurements:
                child = effect.visit.child.given_name
                assert self.taken.get(measurement.id, child) == child

    @invariant()
    def the_lock_screen_shows_nothing_of_a_child(self):
        desk = self.bench.desk
        if desk.user is None:
            shown = made(desk, kept=None, last_weight="")
            assert "Nora" not in repr(shown)
            assert "Emil" not in repr(shown)
            assert NUMBER not in repr(shown)


AnyTouches.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestAnyTouches = AnyTouches.TestCase


def test_a_device_nobody_uses_is_remembered_until_it_is_read_or_leaves():
    bench = Bench().send(m.DevicePlugged("FT232R", "usb-port:1-1.4", here=True))
    assert bench.desk.station.new_device.address == "usb-port:1-1.4"
    bench.send(m.OpenStatus(), m.DismissNotice())
    assert bench.desk.station.new_device is None
    bench.send(m.DevicePlugged("FT232R", "usb-port:1-1.4", here=True))
    bench.send(m.DevicePlugged("PL2303", "usb-port:1-1.3", here=False))
    assert bench.desk.station.new_device is not None
    bench.send(m.DevicePlugged("FT232R", "usb-port:1-1.4", here=False))
    assert bench.desk.station.new_device is None


def test_the_language_goes_round_and_a_slip_keeps_its_own():
    rules = DeskRules(languages=("nb", "nn", "en"), slip_languages=("nb", "en"))
    bench = Bench(rules)
    seen = [bench.send(m.ChangeLanguage()).desk.station.language for _ in range(3)]
    assert seen == ["nn", "en", "nb"]
    bench.measuring().scale("0.000", "8.420").take().send(m.OpenReview(), m.Save())
    bench.send(m.VisitSaved(bench.last(SaveVisit).visit.id))
    bench.send(m.OpenSlipLanguages())
    assert (flat(bench.desk).choosing_language, flat(bench.desk).languages) == (True, ("nb", "en"))
    bench.send(m.Back())
    assert not flat(bench.desk).choosing_language
    bench.send(m.ChooseSlipLanguage("en"), m.ChooseSlipLanguage("xx"), m.PrintSlip())
    assert bench.last(PrintVisit).saved.slip_language == "en"
