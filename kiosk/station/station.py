"""One station: store, scale, printer, journal and desk, wired and started in order.

The screen is not part of it: ``kiosk run`` puts the touchscreen on top, ``kiosk measure`` a
short list of steps.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.driver import Driver
from drivers.link import Link
from drivers.printers.jobs import JobState, recover
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from drivers.registry import UnknownDriver, find_driver
from kiosk.bus import Bus
from kiosk.clock import now_utc
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config
from kiosk.core.desk import messages as m
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.state import Desk, Notice, Paper, Screen, Strip, User
from kiosk.core.model import Device, Performer
from kiosk.core.weighing import Weighing
from kiosk.journal.contract import Endpoint
from kiosk.journal.looker import Looker
from kiosk.journal.sender import Sender
from kiosk.performing import Performing
from kiosk.runtime import Runtime
from kiosk.station import journal_side as journal
from kiosk.station.press import SlipPress, job_news, printer_news
from kiosk.station.trouble import notice_of
from kiosk.store.disk import DiskState
from kiosk.store.store import Store

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs beside the desk; ``None`` where it is not configured."""

    link: Link | None
    printer: Printer | None
    looker: Looker | None
    sender: Sender | None


class Station:
    """Everything but the screen. ``start`` and ``stop`` belong to the owner's thread."""

    def __init__(self, config: Config, store: Store, *, training: bool) -> None:
        """Wire the parts. Raises :class:`ConfigError` for a driver or address that is none."""
        self.config = config
        self.store = store
        self.bus = Bus()
        driver = _driver(config)
        self._parts = Parts(
            link=self._link(driver),
            printer=self._printer(),
            looker=self._looker(),
            sender=self._sender(),
        )
        self._performing = self._hands(training=training)
        rules = DeskRules(lock_after=float(config.desk.lock_after), scale=_device(config, driver))
        desk = self._desk(driver, training=training)
        self.runtime = Runtime(desk, rules, self.bus, self._performing.perform)

    def start(self) -> None:
        """Start the threads. The desk is usable before any of them has an answer."""
        self.store.note("started", "station", "")
        for part in (self._parts.link, self._parts.printer, self._parts.looker):
            if part is not None:
                part.start()
        if self._parts.sender is not None:
            self._parts.sender.start()
        if self.store.disk_state() is not DiskState.OK:
            self.bus.post(m.Trouble(Notice.DISK_LOW))

    def stop(self) -> None:
        """Stop the threads, finish commits, close the store."""
        self._performing.close()
        parts = self._parts
        for part in (parts.link, parts.looker, parts.sender, parts.printer):
            if part is not None:
                part.stop()
        self.store.close()

    def sign_in_service(self) -> None:
        """Sign in the technical user of the command line: no PIN, named in every row."""
        performer = Performer("service", "Service", role="technician", basis="service")
        self.runtime.desk = replace(
            self.runtime.desk, user=performer, screen=Screen.FIND, touched_at=time.monotonic()
        )

    # --- wiring -------------------------------------------------------------------------

    def _desk(self, driver: Driver | None, *, training: bool) -> Desk:
        scale = self.config.scale
        weighing = Weighing(scale.id if scale else "none", driver.trusted_frames if driver else 1)
        people = tuple(User(p.id, p.display, p.role, p.hpr_number) for p in self.store.persons())
        paper = Paper.UNKNOWN if self.config.printer else Paper.NOT_CONFIGURED
        return Desk(
            people,
            weighing,
            self.config.station.clinic,
            training,
            last_weight=self.store.last_weight(),
            strip=Strip(printer=paper, counts=self.store.counts()),
        )

    def _link(self, driver: Driver | None) -> Link | None:
        scale = self.config.scale
        if scale is None or driver is None:
            return None
        return Link(scale.id, driver, scale.port, self.bus.post, settings=scale.settings)

    def _printer(self) -> Printer | None:
        if self.config.printer is None:
            return None
        try:
            factory = printer_factory(self.config.printer.address)
        except ValueError as error:
            raise ConfigError([f"«printer.address»: {error}"]) from None
        left = recover(self.store.open_print_jobs())
        for change in left:
            self.store.record(change)
        return Printer(
            factory,
            self.store,
            on_status=lambda status: self.bus.post(printer_news(status)),
            on_change=lambda change: self.bus.post(job_news(change)),
            suspect=any(change.state is JobState.UNCERTAIN for change in left),
        )

    def _looker(self) -> Looker | None:
        endpoint = self._endpoint()
        return Looker(journal.connector(endpoint)) if endpoint else None

    def _sender(self) -> Sender | None:
        endpoint = self._endpoint()
        if endpoint is None:
            return None
        connect, site = journal.connector(endpoint), journal.site_of(self.config)
        return Sender(self.store, connect, site, self.bus.post, now=now_utc)

    def _endpoint(self) -> Endpoint | None:
        try:
            return journal.endpoint_of(self.config)
        except ValueError as error:
            raise ConfigError([f"«journal.url»: {error}"]) from None

    def _hands(self, *, training: bool) -> Performing:
        parts = self._parts
        return Performing(
            keeper=self.store,
            enquirer=journal.JournalEnquirer(parts.looker),
            press=self._press(training=training),
            composer=journal.JournalComposer(journal.site_of(self.config)),
            send_now=parts.sender.wake if parts.sender else _nothing,
            post=self.bus.post,
            trouble_of=notice_of,
        )

    def _press(self, *, training: bool) -> SlipPress | None:
        printer, table = self._parts.printer, self.config.printer
        if printer is None or table is None:
            return None
        return SlipPress(
            printer.submit,
            clinic=self.config.station.clinic if table.clinic_name else None,
            expire_after=float(table.expire_after),
            training=training,
        )


def _nothing() -> None:
    """Without a journal there is nobody to wake: values wait in the outbox."""


def _driver(config: Config) -> Driver | None:
    if config.scale is None:
        return None
    try:
        return find_driver(config.scale.driver)
    except UnknownDriver as error:
        near = f" Mente du «{error.near}»?" if error.near else ""
        raise ConfigError([f"«scale.driver»: ukjent driver «{error.key}».{near}"]) from None


def _device(config: Config, driver: Driver | None) -> Device | None:
    scale = config.scale
    if scale is None or driver is None:
        return None
    name = scale.name or driver.name
    return Device(scale.id, name, driver.key, driver.version, scale.serial)


def data_folder(config: Config) -> Path:
    """Where the store is."""
    return Path(config.station.data_dir)
