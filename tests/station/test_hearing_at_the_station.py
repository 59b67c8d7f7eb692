"""Hearing tests through the whole station: real store, real cable, real folder, real restart."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import pytest

from drivers.hearing import Ear, Response
from drivers.registry import find_driver
from drivers.simulators.audiogram_samples import SAMPLES, SampleChild
from drivers.simulators.audiometer import Fault, SimulatedAudiometer
from drivers.simulators.audiometer_script import obey
from kiosk.config.load import ConfigError
from kiosk.config.schema import Audiometer, Config, Scale
from kiosk.config.schema import Station as StationTable
from kiosk.desk.child_form import Field
from kiosk.desk.notices import Notice
from kiosk.desk.state import Screen
from kiosk.features.hearing.receive import arrivals
from kiosk.hearing.arrivals import key_of
from kiosk.hearing.filling import draft_of
from kiosk.hearing.follow_up import Reason, Settled
from kiosk.hearing.protocol import shipped
from kiosk.hearing.session import Kind
from kiosk.hearing.signing import sign
from kiosk.model.hearing_test import Origin, Result
from kiosk.model.performer import Performer
from kiosk.station.audiometer.protocol_files import keep
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.patience import until

FOUR_YEARS = "02112022"
PROTOCOL = "se-blekinge-4y"


class Clinic:
    """A station that is started, used without a screen, and pulled from the wall."""

    def __init__(self, folder, **audiometer):
        self.folder, self.key = folder, new_key()
        protocols = folder / "protocols"
        protocols.mkdir()
        signed = sign(draft_of(shipped()[PROTOCOL]), "Ingrid", date(2026, 11, 2))
        keep(protocols, PROTOCOL, signed)
        table = Audiometer(
            name="GSI 38",
            protocol=PROTOCOL,
            protocols=str(protocols),
            approvers=("anne",),
            **audiometer,
        )
        self.config = Config(
            station=StationTable(clinic="Solbakken", data_dir=str(folder)), audiometer=table
        )
        self.start()

    def start(self):
        self.store = Store.open(self.folder / "data", self.key)
        self.station = Station(self.config, self.store, training=False)
        self.station.start()
        self.runtime = self.station.runtime
        self.sign_in()

    def sign_in(self):
        desk = self.runtime.desk
        user = Performer("anne", "Anne")
        self.runtime.desk = made(desk, user=user, screen=Screen.FIND, touched_at=time.monotonic())

    def touch(self, *messages):
        for message in messages:
            self.runtime.touch(message)

    def until(self, ready):
        until(lambda: ready(self.runtime.desk), lambda: self.runtime.desk, meanwhile=self.pump)
        return self.runtime.desk

    def pump(self):
        self.runtime.pump()
        time.sleep(0.02)

    def child(self, name="Per"):
        self.touch(m.WithoutNumber(), *(m.TypeKey(c) for c in FOUR_YEARS))
        self.touch(m.ActivateField(Field.GIVEN_NAME), *(m.TypeKey(c) for c in name))
        self.touch(m.FindChild(), m.ConfirmChild(), m.OpenHearing())

    def save(self):
        self.touch(m.ConfirmAudiogram(), m.OpenReview(), m.Save())
        return self.until(lambda desk: desk.screen is Screen.DONE).saved

    def cable(self):
        """Wait for the port, and until what an adapter may hand over from before is passed."""
        self.until(lambda desk: desk.station.audiometer_link.value in {"open", "silent"})
        time.sleep(0.6)

    def cut_power(self):
        """End without a word to anybody: no lock, no farewell to the desk."""
        self.station.stop()


@pytest.fixture
def clinic(tmp_path):
    made = []

    def make(**audiometer):
        made.append(Clinic(tmp_path, **audiometer))
        return made[-1]

    yield make
    for one in made:
        one.station.stop()


def test_a_power_cut_in_mid_session_offers_it_again_with_what_was_recorded(clinic):
    here = clinic()
    here.child()
    here.touch(m.BeginHearing(), *(m.AnswerTone(Kind.HEARD) for _ in range(3)))
    here.cut_power()
    here.start()
    here.station._performing.perform(ask_unfinished())
    (left,) = here.until(lambda desk: flat(desk).unfinished).station.unfinished
    assert left.test.child.given_name == "Per"
    here.touch(m.ResumeHearing(left.id))
    assert here.runtime.desk.hearing.answered == 3
    here.touch(*(m.AnswerTone(Kind.HEARD) for _ in range(7)))
    saved = here.save()
    (test,) = here.store.visit(saved.id).hearing
    assert [tone.response for tone in test.tones] == [Response.HEARD] * 10
    assert here.store.hearing.sessions() == []


def sixty_and_one_missing(here):
    """Sixty decibels at every tone of the left ear, and the last one of the right not tested."""
    here.child()
    here.touch(m.BeginHearing(), *(m.AnswerTone(Kind.HEARD) for _ in range(4)))
    here.touch(m.AnswerTone(Kind.SKIPPED))
    for _ in range(5):
        here.touch(m.AnswerTone(Kind.NOT_HEARD), m.GiveLevel(60))
    desk = here.runtime.desk
    assert desk.screen is Screen.AUDIOGRAM
    return desk.hearing.outcome(desk.station.today)


def on_the_list(here, ready=len):
    if here.runtime.desk.screen is not Screen.RETESTS:
        here.touch(m.OpenRetests())
    desk = here.until(lambda desk: flat(desk).awaited is not None and ready(flat(desk).awaited))
    return flat(desk).awaited


def test_a_loss_with_a_tone_missing_is_referred_and_followed_up_until_a_person_settles_it(clinic):
    here = clinic()
    found = sixty_and_one_missing(here)
    assert (found.result, found.missing) == (Result.REFER, ((Ear.RIGHT, 500),))
    saved = here.save()
    (test,) = here.store.visit(saved.id).hearing
    assert test.outcome.result is Result.REFER
    here.cut_power()
    here.start()
    (line,) = on_the_list(here)
    assert (line.reason, line.given_name) == (Reason.REFER, "Per")
    assert (line.visit_id, line.missing) == (saved.id, found.missing)
    here.touch(m.SettleRetest(line.id), m.ChooseSettled(Settled.REFERRED), m.ConfirmSettled())
    assert on_the_list(here, lambda lines: not lines) == ()
    (row,) = [row for row in here.store.audit_rows() if row.kind == "retest-settled"]
    assert (row.actor, row.subject) == ("anne", f"{test.id} referred")
    here.cut_power()
    here.start()
    assert on_the_list(here, lambda lines: not lines) == ()


def test_a_test_that_was_left_for_another_child_stands_on_the_list(clinic):
    here = clinic()
    sixty_and_one_missing(here)
    here.touch(m.Back(), m.Back(), m.Back(), m.NotThisChild())
    assert here.runtime.desk.screen is Screen.FIND
    (line,) = on_the_list(here, lambda lines: lines and not here.store.hearing.sessions())
    assert (line.reason, line.visit_id, line.given_name) == (Reason.NOT_SAVED, None, "Per")


def test_a_test_that_is_left_behind_at_the_lock_stands_on_the_list(clinic):
    here = clinic()
    here.child()
    here.touch(m.BeginHearing(), m.AnswerTone(Kind.HEARD), m.Lock())
    here.until(lambda _: here.store.hearing.sessions())
    # Somebody else signs in: what was kept behind the lock is gone from the desk.
    here.runtime.desk = made(here.runtime.desk, kept=None)
    here.sign_in()
    (line,) = on_the_list(here)
    assert (line.reason, len(line.missing)) == (Reason.NOT_COMPLETED, 9)


def ask_unfinished():
    from kiosk.features.hearing.audiogram import AskUnfinished

    return AskUnfinished()


def test_a_result_comes_by_the_cable_and_is_saved_with_its_bytes(clinic, tmp_path):
    link = tmp_path / "audiometer"
    device = SimulatedAudiometer(find_driver("gsi-38"), link)
    device.start()
    try:
        here = clinic(driver="gsi-38", port=str(link))
        here.child()
        here.touch(m.OpenReceive())
        here.cable()
        stop = Event()
        for line in ("right 1000=20 4000=>?", "left 1000=25 4000=>?", "send"):
            obey(line, device, stop)
        desk = here.until(lambda desk: desk.screen is Screen.AUDIOGRAM)
        answers = {(tone.ear, tone.hz): tone for tone in desk.hearing.tones}
        unknown = answers[Ear.RIGHT, 4000]
        assert unknown.response is Response.NO_RESPONSE_LEVEL_UNKNOWN
        assert answers[Ear.LEFT, 4000].threshold is None
        saved = here.save()
    finally:
        device.stop()
    (test,) = here.store.visit(saved.id).hearing
    assert test.origin is Origin.CABLE
    assert test.raw[0]
    assert here.store.hearing.held() == []


def test_a_loss_by_the_cable_is_referred_although_a_tone_is_missing(clinic, tmp_path):
    link = tmp_path / "audiometer"
    device = SimulatedAudiometer(find_driver("gsi-38"), link)
    device.start()
    try:
        here = clinic(driver="gsi-38", port=str(link))
        here.child()
        here.touch(m.OpenReceive())
        here.cable()
        stop = Event()
        left = " ".join(f"{hz}=60" for hz in (500, 1000, 2000, 4000, 6000))
        for line in ("right 1000=20 2000=20 4000=20 6000=20", f"left {left}", "send"):
            obey(line, device, stop)
        here.until(lambda desk: desk.screen is Screen.AUDIOGRAM)
        saved = here.save()
    finally:
        device.stop()
    (test,) = here.store.visit(saved.id).hearing
    assert (test.origin, test.outcome.result) == (Origin.CABLE, Result.REFER)
    assert test.outcome.missing == ((Ear.RIGHT, 500),)
    (line,) = here.store.hearing.awaited()
    assert (line.reason, line.missing) == (Reason.REFER, test.outcome.missing)


def test_what_the_cable_brought_unarmed_outlives_the_process(clinic, tmp_path):
    link = tmp_path / "audiometer"
    device = SimulatedAudiometer(find_driver("gsi-38"), link)
    device.start()
    try:
        here = clinic(driver="gsi-38", port=str(link))
        here.cable()
        stop = Event()
        for line in ("right 1000=20", "send"):
            obey(line, device, stop)
        here.until(lambda desk: desk.station.held)
        here.cut_power()
    finally:
        device.stop()
    here.start()
    here.child()
    here.touch(m.OpenReceive())
    here.until(lambda desk: desk.station.held)
    (one,) = arrivals(here.runtime.desk)
    here.touch(m.TakeArrival(key_of(one)))
    # Nobody knows whose it is: it came before this child was opened.
    assert here.runtime.desk.screen is Screen.RECEIVE
    here.touch(m.AnswerDoubt(here.runtime.desk.station.opening.id, yes=True))
    assert here.runtime.desk.screen is Screen.AUDIOGRAM


def test_a_second_press_of_send_is_not_joined_to_what_is_looked_at(clinic, tmp_path):
    link = tmp_path / "audiometer"
    device = SimulatedAudiometer(find_driver("gsi-38"), link)
    device.start()
    try:
        here = clinic(driver="gsi-38", port=str(link))
        here.child()
        here.touch(m.OpenReceive())
        here.cable()
        stop = Event()
        for line in ("right 1000=20", "left 1000=25", "send"):
            obey(line, device, stop)
        desk = here.until(lambda desk: desk.screen is Screen.AUDIOGRAM)
        before = desk.hearing.received
        for line in ("next", "right 1000=45", "left 1000=50", "send"):
            obey(line, device, stop)
        desk = here.until(
            lambda desk: flat(desk).doubt is not None and len(flat(desk).doubt.records) == 2
        )
        assert desk.hearing.received == before
        here.touch(m.AnswerDoubt(desk.station.opening.id, yes=False))
        saved = here.save()
    finally:
        device.stop()
    (test,) = here.store.visit(saved.id).hearing
    assert {int(tone.level_db) for tone in test.tones if tone.level_db is not None} == {20, 25}
    # What was sent the second time waits on, for whom it may be.
    assert len(here.store.hearing.held()) == 2


def test_a_damaged_frame_is_no_audiogram(clinic, tmp_path):
    link = tmp_path / "audiometer"
    device = SimulatedAudiometer(find_driver("gsi-38"), link)
    device.start()
    try:
        here = clinic(driver="gsi-38", port=str(link))
        here.child()
        here.touch(m.OpenReceive())
        here.cable()
        stop = Event()
        device.faults.add(Fault.CHECKSUM)
        for line in ("right 1000=20", "send", "wait 1", "clear", "send"):
            obey(line, device, stop)
        desk = here.until(lambda desk: desk.screen is Screen.AUDIOGRAM)
    finally:
        device.stop()
    assert len(desk.hearing.received.records) == 1


@pytest.fixture
def sadata() -> bytes:
    """An export of the child that is open; its program knows it by a number of its own."""
    name = next(name for name in SAMPLES if name.endswith(".xml"))
    return SAMPLES[name](SampleChild("4711", "Per", "Prøve", "2022-11-02"))


def exported(path: Path, content: bytes, after: datetime) -> None:
    """A file as the audiometer's program leaves it after ``after``.

    The kernel dates a file by its last tick, up to 10 ms ago; one that seems to have been written
    before the child was opened asks whose it is, and that is another test.
    """
    outside = path.parent.parent / path.name
    outside.write_bytes(content)
    while datetime.fromtimestamp(outside.stat().st_mtime, UTC) < after:
        outside.write_bytes(content)
    outside.rename(path)


def test_a_file_is_taken_moved_after_the_commit_and_never_offered_again(clinic, tmp_path, sadata):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    here = clinic(inbox=str(inbox))
    here.child()
    here.touch(m.OpenReceive())
    exported(inbox / "export.xml", sadata, here.runtime.desk.station.opening.at)
    here.until(lambda desk: desk.station.files)
    (one,) = arrivals(here.runtime.desk)
    here.touch(m.TakeArrival(key_of(one)))
    desk = here.runtime.desk
    assert desk.screen is Screen.AUDIOGRAM, desk.front.notice
    assert (inbox / "export.xml").exists()
    saved = here.save()
    deadline = time.monotonic() + 10
    while (inbox / "export.xml").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (test,) = here.store.visit(saved.id).hearing
    assert test.origin is Origin.FILE
    assert test.raw == (sadata,)
    assert here.store.hearing.files() == {test.digest}
    (inbox / "again.xml").write_bytes(sadata)
    here.until(lambda desk: desk.station.inbox.held is not None)
    assert here.runtime.desk.station.inbox.held.value == "duplicate"


def test_a_file_with_a_bomb_in_it_is_told_and_put_aside(clinic, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    here = clinic(inbox=str(inbox))
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><SaData>&a;</SaData>'
    (inbox / "bomb.xml").write_text(bomb)
    desk = here.until(lambda desk: desk.station.inbox.held is not None)
    assert desk.station.inbox.held.value == "forbidden-xml"
    assert desk.station.files == ()


def test_a_protocol_is_signed_on_the_screen_and_there_after_a_restart(clinic):
    here = clinic()
    here.child()
    here.touch(m.OpenProtocol(), m.SetMissing(1), m.SignProtocol())
    here.until(lambda desk: desk.front.notice is Notice.PROTOCOL_SIGNED)
    signed = here.runtime.desk.hearing.protocol
    assert signed.version == "1+1"
    here.cut_power()
    here.start()
    (own,) = [one for one in here.runtime.desk.station.protocols if one.id == PROTOCOL]
    assert (own.hash, own.approved_by) == (signed.hash, "Anne")


def test_a_check_is_kept_and_counts_for_the_day(clinic):
    from kiosk.hearing.quality import EARS, CheckKind, Doubt

    here = clinic(calibrated_on=datetime.now(UTC).date())
    here.child()
    desk = here.until(lambda desk: desk.station.quality.doubts)
    assert Doubt.NO_LISTENING_CHECK in desk.station.quality.doubts
    here.touch(m.OpenCheck(CheckKind.LISTENING))
    order = here.runtime.desk.hearing.protocol.order
    here.touch(*(m.AnswerCheck(ear, hz) for ear in EARS for hz in order), m.KeepCheck())
    here.until(lambda desk: desk.station.quality.doubts == ())


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"driver": "gsi-39", "port": "/dev/x"}, "Mente du «gsi-38»?"),
        ({"driver": "gsi-38", "port": "lpt1"}, "«audiometer.port»"),
        ({"driver": "gsi-38", "port": "/dev/ttyUSB0"}, "porten til et annet utstyr"),
        ({"profiles": "/no/such/folder/at/all"}, None),
    ],
)
def test_a_wrong_audiometer_stops_the_start_with_a_sentence(tmp_path, table, words):
    store = Store.open(tmp_path / "data", new_key())
    config = Config(
        station=StationTable(clinic="Solbakken", data_dir=str(tmp_path)),
        scale=Scale(driver="radwag", port="/dev/ttyUSB0"),
        audiometer=Audiometer(name="GSI 38", **table),
    )
    try:
        if words is None:
            Station(config, store, training=False)
        else:
            with pytest.raises(ConfigError) as caught:
                Station(config, store, training=False)
            assert words in " ".join(caught.value.problems)
    finally:
        store.close()
