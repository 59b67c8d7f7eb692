import pytest

from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.station.closed import RETRY_SECONDS, ClosedDesk
from kiosk.station.doctor.store_words import fault_words
from kiosk.station.trouble import OPENING, closed_notice, notice_of
from kiosk.store.errors import StoreError, StoreFault
from kiosk.ui.words.notices import notice_text


@pytest.mark.parametrize("fault", list(StoreFault))
def test_every_fault_of_the_store_has_a_sentence_on_the_screen_and_for_the_installer(fault):
    assert notice_text(closed_notice(fault), 0).endswith(".")
    assert fault_words(fault).endswith((".", "?"))


def test_no_sentence_names_a_key_that_there_is_not():
    assert not any("gjenopprettingsnøkkel" in fault_words(fault) for fault in StoreFault)


def test_each_fault_that_keeps_a_store_closed_has_a_sentence_of_its_own():
    said = [notice_text(notice, 0) for notice in OPENING.values()]
    # A missing cipher and an unsafe SQLite are mended in the same way, as are two save faults.
    assert len(set(said)) >= len(said) - 2


def test_a_fault_while_working_is_told_without_its_text():
    assert notice_of(StoreError(StoreFault.DISK_FULL)) is Notice.DISK_FULL
    assert notice_of(RuntimeError("10915596784")) is Notice.SOMETHING_WENT_WRONG


def test_a_closed_desk_shows_nobody_and_leaves_once_the_store_opens(monkeypatch):
    now, left, opens = [100.0], [], [False]
    monkeypatch.setattr("kiosk.station.closed.time.monotonic", lambda: now[0])
    desk = ClosedDesk("Solbakken", Notice.KEY_WRONG, lambda: opens[0], lambda: left.append(1))
    assert desk.desk.screen is Screen.LOCK
    assert desk.desk.station.users == ()
    assert desk.desk.front.notice is Notice.KEY_WRONG
    now[0] += RETRY_SECONDS + 1
    desk.tick()
    assert not left
    opens[0] = True
    desk.tick()
    assert not left, "the store is tried now and then, not every second"
    now[0] += RETRY_SECONDS + 1
    desk.tick()
    assert left
