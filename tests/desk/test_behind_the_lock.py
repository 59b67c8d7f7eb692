"""What happens while the station is locked reaches the work behind the lock, and only that."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from drivers.events import LinkState, LinkStatus
from kiosk.desk.child_form import LookUp
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.find import AskJournal
from kiosk.features.hearing.receive import arrivals
from kiosk.features.messages import ListMessages, looked_at
from kiosk.hearing.arrivals import FolderState, InboxState
from tests.desk.desk_bench import Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.features.hearing.hearing_bench import SCREENING, HearingBench
from tests.features.hearing.test_receive import armed, file, sent
from tests.features.test_messages import STOPPED, WAITING

EMPTY_SHELF = (replace(SCREENING, id="another"),)


@pytest.mark.parametrize("outcome", ["found", "offline", "missing"])
def test_a_look_up_that_is_answered_behind_the_lock_is_answered(outcome):
    bench = Bench().sign_in().form(name="Nora").send(m.FindChild(), m.Lock())
    request = bench.last(AskJournal).request
    name = "Nora" if outcome == "found" else ""
    bench.send(m.LookUpAnswered(request, outcome, given_name=name)).sign_in()
    assert flat(bench.desk).look_up is not LookUp.WAITING
    assert bench.desk.screen is Screen.IDENTITY
    assert flat(bench.desk).identity.child.given_name == "Nora"


def test_a_result_that_comes_behind_the_lock_waits_for_whoever_takes_it():
    bench = armed()
    bench.wait(bench.rules.lock_after + 1)
    assert bench.desk.user is None
    bench.send(sent(), m.FilesToTake((file(),))).sign_in()
    assert bench.desk.screen is Screen.RECEIVE
    assert len(arrivals(bench.desk)) == 2


def test_news_of_the_station_is_not_lost_behind_the_lock():
    bench = armed()
    bench.send(LinkStatus("audiometer", LinkState.OPEN, 1), m.Lock())
    told = InboxState(FolderState.MISSING)
    bench.send(
        LinkStatus("audiometer", LinkState.LOST, 1),
        m.DevicePlugged("FT232R", "usb-port:1-1.4", here=True),
        m.ProtocolsChanged(EMPTY_SHELF),
        m.InboxChanged(told),
    )
    bench.sign_in()
    desk = bench.desk
    assert desk.station.audiometer_link is LinkState.LOST
    assert desk.station.new_device is not None
    assert desk.station.protocols == EMPTY_SHELF
    assert desk.station.inbox == told


def test_the_page_of_devices_is_read_again_after_unlocking():
    bench = Bench().measuring().send(m.OpenStatus(), m.MessagesListed((STOPPED,)), m.Lock())
    bench.effects.clear()
    bench.sign_in()
    assert bench.desk.screen is Screen.STATUS
    assert bench.of(ListMessages)


def test_the_first_back_after_unlocking_does_something():
    bench = Bench().measuring().send(m.OpenStatus(), m.MessagesListed((STOPPED, WAITING)))
    bench.send(m.LookAtMessage(STOPPED.item_id), m.Lock()).sign_in()
    assert looked_at(bench.desk) == STOPPED
    bench.send(m.Back())
    assert looked_at(bench.desk) is None
    assert bench.desk.screen is Screen.STATUS
    bench.send(m.Back())
    assert bench.desk.screen is Screen.MEASURE


def test_help_is_not_laid_over_a_message():
    bench = Bench().sign_in().send(m.OpenStatus(), m.MessagesListed((STOPPED,)))
    bench.send(m.LookAtMessage(STOPPED.item_id), m.OpenHelp(), m.Back())
    bench.send(m.Back())
    assert bench.desk.screen is Screen.FIND


def test_nothing_is_asked_over_another_question():
    bench = Bench().measuring().scale("0.000", "8.420").take()
    bench.send(m.Back(), m.OpenHelp(), m.OpenStatus())
    assert bench.desk.screen is Screen.MEASURE
    bench.send(m.Back())
    assert bench.desk.screen is Screen.MEASURE
    assert bench.desk.visit.drafts


def test_what_one_person_took_is_there_after_another_was_signed_in():
    bench = Bench().measuring().scale("0.000", "8.420").take().send(m.Lock()).sign_in("bo")
    assert bench.desk.screen is Screen.FIND
    assert bench.desk.visit is None
    bench.found("Emil").send(m.ConfirmChild(), m.Lock()).sign_in("anne")
    assert bench.desk.screen is Screen.MEASURE
    assert [one.text for one in bench.desk.visit.drafts] == ["8.420"]
    assert bench.desk.visit.child.given_name == "Nora"
    bench.send(m.Lock()).sign_in("bo")
    assert bench.desk.visit.child.given_name == "Emil"
    assert not bench.desk.visit.drafts


def test_a_test_kept_for_one_person_is_not_offered_to_another():
    bench = HearingBench().begun().heard(2)
    kept = bench.desk.hearing.session.id
    bench.send(m.Lock()).sign_in("bo").send(m.OpenRetests())
    bench.send(m.Back(), m.Lock()).sign_in("anne")
    assert bench.desk.hearing.session.id == kept
    assert bench.desk.front.notice is Notice.DRAFT_RESTORED


def test_a_touch_on_a_page_that_is_gone_changes_nothing():
    bench = Bench().measuring().send(m.Lock(), m.ConfirmChild(), m.Back(), m.Save())
    assert bench.desk.visit is None
    assert bench.desk.screen is Screen.LOCK
    assert bench.sign_in().desk.visit.id != UUID(int=0)
