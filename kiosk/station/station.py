"""One station: store, scale, printer, journal and desk, wired and started in order.

The screen is not part of it: ``kiosk run`` puts the touchscreen on top, ``kiosk measure`` a
short list of steps. The desk is there at once; what runs beside it is imported and started by
``start``, which may be called while the first page is already on the screen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from drivers.driver import Settings
from drivers.events import LinkState
from kiosk.config.schema import Config, Scale
from kiosk.desk import messages as m
from kiosk.desk.appearance import Hand, Look, Palette, read_look
from kiosk.desk.drafts import SavedVisit
from kiosk.desk.notices import Notice
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Session, User
from kiosk.desk.station import Station as StationState
from kiosk.language import texts
from kiosk.model.lists import Booked, Strip
from kiosk.model.slip import Paper, SlipPicture
from kiosk.model.visit import Device, IdKind, Performer
from kiosk.receipts import languages
from kiosk.runtime.bus import Bus
from kiosk.runtime.effects_runner import Performing
from kiosk.runtime.loop import Runtime
from kiosk.runtime.ports import LookedUp
from kiosk.station import journal_side as journal
from kiosk.station import learned_profile
from kiosk.station.audiometer import hearing_side as hearing
from kiosk.station.audiometer.hearing_files import InboxSide
from kiosk.station.checking.checking import refuse
from kiosk.station.checking.scale_setup import (
    ScaleSetup,
    is_teachable,
    length_board_setup,
    scale_setup,
    weighing_of,
)
from kiosk.station.clinic.clinic import clinic_of
from kiosk.station.decisions import Decisions
from kiosk.station.interfaces import composer_of
from kiosk.station.loss_words import NOTICES
from kiosk.station.trouble import notice_of
from kiosk.station.watching_side import Watched
from kiosk.store.database.disk import DiskState
from kiosk.store.errors import StoreError
from kiosk.store.store import Store
from kiosk.system.clock import now_utc
from kiosk.weighing.earlier import Earlier

if TYPE_CHECKING:
    from kiosk.station.chores import Chores
    from kiosk.station.parts import Parts

PARTS_SECONDS = 20.0
"""How long a worker waits for the parts; they are there a moment after the first page."""


class Station:
    """Everything but the screen. ``stop`` belongs to the owner's thread."""

    def __init__(self, config: Config, store: Store, *, training: bool) -> None:
        """Build the desk. Raises :class:`ConfigError` for a wrong driver, setting or address."""
        refuse(config)
        self.config = config
        self.store = store
        self.bus = Bus()
        self._training = training
        self._scale = scale_setup(config)
        self._board = length_board_setup(config)
        self._audiometer = hearing.audiometer_setup(config)
        self._inbox = InboxSide(config, store.hearing.files, self.bus.post)
        self._clinic = clinic_of(config)
        self._parts: Parts | None = None
        self._chores: Chores | None = None
        self._assembled = Event()
        self._performing = Performing(
            keeper=store,
            decisions=Decisions(store, self._clinic),
            enquirer=self,
            press=self if config.printer else None,
            composer=composer_of(config),
            send_now=self._send_now,
            post=self.bus.post,
            trouble_of=notice_of,
            teach=self._teach,
            users=self._people,
            hearing=store.hearing,
            shelve=partial(hearing.shelve, config),
            inbox=self._inbox,
        )
        rules = DeskRules(
            lock_after=float(config.desk.lock_after),
            blank_after=float(config.desk.blank_after),
            scale=_device(config.scale, self._scale),
            length_board=_device(config.length_board, self._board),
            languages=tuple(texts.offered(config.station.reviewers)),
            slip_languages=_slip_languages(config),
            reads_earlier=config.journal is not None and config.journal.earlier,
            reads_appointments=config.journal is not None and config.journal.appointments,
        )
        self.runtime = Runtime(self._desk(), rules, self.bus, self._performing.perform)
        self._watched = Watched(
            config,
            store,
            lambda: self.runtime.desk.station.strip,
            lambda: self._parts.board if self._parts is not None else None,
        )

    def start(self) -> None:
        """Import and start what runs beside the desk."""
        from kiosk.station.chores import Chores
        from kiosk.station.parts import assemble

        self._leave_trace()
        setups = (self._scale, self._board, self._audiometer)
        parts = assemble(
            self.config,
            self.store,
            self.bus.post,
            setups,
            clinic=self._clinic,
            training=self._training,
        )
        self._parts = parts
        parts.start()
        self._inbox.start()
        self._assembled.set()
        self._watched.start()
        self._chores = Chores(self.config, self.store, self._clinic, self.bus.post)
        self._chores.start()
        if self.store.found.lost is not None:
            self.bus.post(m.Trouble(NOTICES[self.store.found.lost.kind]))
        if self.store.disk_state() is not DiskState.OK:
            self.bus.post(m.Trouble(Notice.DISK_LOW))

    def _leave_trace(self) -> None:
        try:
            self.store.note("started", "station", "")
        except StoreError as error:
            # The scale must still come up: what is wrong is said, and saving will say it again.
            self.bus.post(m.Trouble(notice_of(error)))

    def stop(self) -> None:
        """Stop the threads, finish commits, close the store."""
        self._watched.stop()
        if self._chores is not None:
            self._chores.stop()
        self._performing.close()
        self._inbox.stop()
        if self._parts is not None:
            self._parts.stop()
        if self._clinic is not None:
            self._clinic.close()
        self.store.close()

    def sign_in_service(self) -> None:
        """Sign in the technical user of the command line: no PIN, named in every row."""
        performer = Performer("service", "Service", role="technician", basis="service")
        desk = self.runtime.desk
        station = replace(desk.station, touched_at=time.monotonic())
        self.runtime.desk = Desk(station, Session(performer, desk.look))

    # --- what workers need of the parts ---------------------------------------------------

    def look_up(self, number: str, kind: IdKind, birth_date: date) -> LookedUp:
        """Ask the journal for a child; see :class:`kiosk.runtime.effects_runner.Enquirer`."""
        parts = self._when_assembled()
        enquirer = journal.JournalEnquirer(parts.looker if parts else None)
        return enquirer.look_up(number, kind, birth_date)

    def booked(self, since: datetime, until: datetime) -> Sequence[Booked]:
        """Ask the journal who is expected."""
        parts = self._when_assembled()
        return journal.JournalEnquirer(parts.looker if parts else None).booked(since, until)

    def earlier(self, patient: str) -> Sequence[Earlier]:
        """Ask the journal for the values of last time."""
        parts = self._when_assembled()
        return journal.JournalEnquirer(parts.looker if parts else None).earlier(patient)

    def preview(self, saved: SavedVisit, copy: int) -> SlipPicture | None:
        """Draw a slip to look at; see :class:`kiosk.runtime.effects_runner.Press`."""
        parts = self._when_assembled()
        return parts.press.preview(saved, copy) if parts and parts.press else None

    def print_ticket(self, number: int) -> None:
        """Print a queue ticket; see :class:`kiosk.runtime.effects_runner.Press`."""
        parts = self._when_assembled()
        if parts is not None and parts.press is not None:
            parts.press.print_ticket(number)

    def print_slip(self, saved: SavedVisit, copy: int) -> None:
        """Print a slip; see :class:`kiosk.runtime.effects_runner.Press`."""
        parts = self._when_assembled()
        if parts is not None and parts.press is not None:
            parts.press.print_slip(saved, copy)

    def _when_assembled(self) -> Parts | None:
        self._assembled.wait(PARTS_SECONDS)
        return self._parts

    def _teach(self, settings: Settings) -> None:
        """Keep what was learned about the scale and read it so from now on."""
        scale, parts = self.config.scale, self._when_assembled()
        assert scale is not None
        learned_profile.keep(Path(self.config.station.data_dir), scale, settings, now_utc())
        for link in parts.links if parts is not None else ():
            if link.link_id == scale.id:
                link.teach(settings)

    def _send_now(self) -> None:
        for sender in self._parts.senders if self._parts is not None else ():
            sender.wake()

    def _people(self) -> tuple[User, ...]:
        return tuple(
            User(p.id, p.display, p.role, p.hpr_number, read_look(p.look))
            for p in self.store.persons()
        )

    def _desk(self) -> Desk:
        scale, store = self.config.scale, self.store
        panel = self.config.panel
        look = Look(Palette(panel.colours), Hand(panel.hand), panel.text)
        paper = Paper.UNKNOWN if self.config.printer else Paper.NOT_CONFIGURED
        station = StationState(
            self._people(),
            weighing_of(scale, self._scale),
            self.config.station.clinic,
            self._training,
            last_weight=store.last_weight(),
            teachable=is_teachable(self._scale),
            audiometer=hearing.audiometer_of(self.config),
            protocols=hearing.protocols_of(self.config),
            language=self.config.station.language,
            look=look,
            strip=Strip(
                printer=paper,
                counts=store.counts(),
                board=LinkState.ABSENT if self._board is not None else None,
            ),
        )
        return Desk(station)


def _slip_languages(config: Config) -> tuple[str, ...]:
    reviewers = config.printer.reviewers if config.printer is not None else {}
    return languages.offered(reviewers)


def _device(scale: Scale | None, setup: ScaleSetup | None) -> Device | None:
    if scale is None or setup is None:
        return None
    driver = setup.driver
    name = scale.name or driver.name
    return Device(scale.id, name, driver.key, driver.version, scale.serial)
