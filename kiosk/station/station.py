"""One station: store, scale, printer, journal and desk, wired and started in order.

The screen is not part of it: ``kiosk run`` puts the touchscreen on top, ``kiosk measure`` a
short list of steps. The desk is there at once; what runs beside it is imported and started by
``start``, which may be called while the first page is already on the screen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from drivers.driver import Rhythm, Settings
from drivers.events import LinkState
from drivers.profile import rhythm_of
from kiosk.config.schema import Config, Scale
from kiosk.desk.appearance import Hand, Look, Palette, read_look
from kiosk.desk.notices import Notice
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Session, User
from kiosk.desk.station import Station as StationState
from kiosk.features.status import Trouble
from kiosk.language import texts
from kiosk.model.lists import Strip
from kiosk.model.outbox import OutboxItem
from kiosk.model.performer import Device, Performer
from kiosk.model.slip import Paper
from kiosk.receipts import languages
from kiosk.runtime.bus import Bus
from kiosk.runtime.effects_runner import Performing
from kiosk.runtime.loop import Runtime
from kiosk.station import learned_profile
from kiosk.station.audiometer import hearing_side as hearing
from kiosk.station.audiometer.hearing_files import InboxSide
from kiosk.station.checking.checking import refuse
from kiosk.station.checking.scale_setup import (
    ScaleSetup,
    approvers_of,
    equipped,
    is_teachable,
    length_board_setup,
    scale_setup,
    weighing_of,
)
from kiosk.station.clinic.clinic import clinic_of
from kiosk.station.decisions import Decisions
from kiosk.station.device_side import DeviceSide, failed, swapped
from kiosk.station.ear import Ear
from kiosk.station.interfaces import composer_of
from kiosk.station.loss_words import NOTICES
from kiosk.station.trouble import notice_of
from kiosk.station.watching_side import Watched
from kiosk.store.database.disk import DiskState
from kiosk.store.errors import StoreError
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

if TYPE_CHECKING:
    from drivers.link import Link
    from kiosk.journal.look_up import Looker
    from kiosk.station.chores import Chores
    from kiosk.station.parts import Parts
    from kiosk.station.printing import SlipPress

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
        devices = DeviceSide(lambda: self.config, self.bus.post, self._use_scale, store.note)
        self._ear = Ear(self.bus.post, self._links, devices.drivers)
        self._performing = Performing(
            store=store,
            decide=Decisions(store, self._clinic).decide,
            looker=self._looker,
            press=self._press,
            compose=composer_of(config).compose,
            send_now=self._send_now,
            post=self.bus.post,
            trouble_of=notice_of,
            teach=self._teach,
            listen=self._ear.listen,
            devices=devices.handlers,
            failed=failed,
            users=self._people,
            shelve=partial(hearing.shelve, config),
            accept_file=self._inbox.accept,
            reject_file=self._inbox.reject,
            elsewhere=self._elsewhere,
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
            self._elsewhere if self._clinic is not None else None,
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
        self._ear.start()
        self._inbox.start()
        self._assembled.set()
        self._watched.start()
        self._chores = Chores(self.config, self.store, self._clinic, self.bus.post)
        self._chores.start()
        if self.store.found.lost is not None:
            self.bus.post(Trouble(NOTICES[self.store.found.lost.kind]))
        if self.store.disk_state() is not DiskState.OK:
            self.bus.post(Trouble(Notice.DISK_LOW))

    def _leave_trace(self) -> None:
        try:
            self.store.note("started", "station", "")
        except StoreError as error:
            # The scale must still come up: what is wrong is said, and saving will say it again.
            self.bus.post(Trouble(notice_of(error)))

    def stop(self) -> None:
        """Stop the threads, finish commits, close the store."""
        self._watched.stop()
        if self._chores is not None:
            self._chores.stop()
        self._performing.close()
        self._ear.stop()
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

    def _looker(self) -> Looker | None:
        parts = self._when_assembled()
        return parts.looker if parts is not None else None

    def _press(self) -> SlipPress | None:
        parts = self._when_assembled() if self.config.printer else None
        return parts.press if parts is not None else None

    def _when_assembled(self) -> Parts | None:
        self._assembled.wait(PARTS_SECONDS)
        return self._parts

    def _teach(self, settings: Settings) -> Rhythm | None:
        """Keep what was learned about the scale, read it so from now on; return its rhythm."""
        scale, parts = self.config.scale, self._when_assembled()
        assert scale is not None
        learned_profile.keep(Path(self.config.station.data_dir), scale, settings, now_utc())
        for link in parts.links if parts is not None else ():
            if link.link_id == scale.id:
                link.teach(settings)
        return rhythm_of(self._scale.driver, settings) if self._scale is not None else None

    def _links(self) -> tuple[Link, ...]:
        return tuple(self._parts.links) if self._parts is not None else ()

    def _use_scale(self, config: Config, setup: ScaleSetup) -> None:
        """Read another scale from now on; the link to the one before is closed."""
        from drivers.link import Link

        scale, parts = config.scale, self._when_assembled()
        assert scale is not None
        self.config, self._scale = config, setup
        if parts is None:
            return
        link = Link(
            scale.id,
            setup.driver,
            scale.port,
            self.bus.post,
            settings=setup.settings,
            line=setup.line,
        )
        parts.links[:] = swapped(parts.links, link)
        parts.taken.append(scale.port)
        link.start()

    def _elsewhere(self) -> Sequence[OutboxItem]:
        """What waits of visits that other stations of the clinic measured."""
        return self._clinic.elsewhere if self._clinic is not None else ()

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
            scale=equipped(scale, self._scale),
            approvers=approvers_of(self.config),
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
