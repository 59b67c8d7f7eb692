"""The station's self-examination. Each finding says what to do; none holds personal data."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.language.texts import tr
from kiosk.model.interfaces import CLINIC
from kiosk.model.outbox import figure
from kiosk.station.checking.checking import problems_of
from kiosk.station.clinic.clinic import clinic_of
from kiosk.station.doctor.copies import backup
from kiosk.station.doctor.devices import length_board, printer, scale
from kiosk.station.doctor.finding import Finding, Level
from kiosk.station.doctor.journal import journal
from kiosk.station.doctor.store_words import error_words
from kiosk.station.interfaces import ways_of
from kiosk.station.keys import key_of
from kiosk.station.loss_words import found_words
from kiosk.store.database import engine
from kiosk.store.database.disk import DiskState, disk_state
from kiosk.store.database.marker import Standing, read_mark
from kiosk.store.database.presence import require
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import FILE_NAME, Store

__all__ = ["CHECKS", "Finding", "Level", "examine"]

NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
"""When this release was made: a clock before that is wrong."""


def examine(config: Config, only: Collection[str] = ()) -> list[Finding]:
    """Look at everything, or ``only`` at what is named. One check that fails stops no other.

    What is wrong with the configuration is told first, in the words of every other command; what
    depends on that part is not tried.
    """
    problems = [p for p in problems_of(config) if not only or _check(p.part) in only]
    findings = [Finding(_check(p.part), Level.SICK, p.text) for p in problems]
    broken = {_check(problem.part) for problem in problems if problem.stops}
    for name, check in CHECKS.items():
        if (not only or name in only) and name not in broken:
            findings += check(config)
    return findings


def _check(part: str) -> str:
    """The check that a table of the configuration belongs to."""
    return {
        "length_board": "length-board",
        "database": "clinic",
        "hl7": "journal",
        "gdt": "journal",
        "csv": "journal",
        "station": "configuration",
        "drivers": "configuration",
    }.get(part, part)


def _clock(_: Config) -> Iterator[Finding]:
    if datetime.now(UTC) < NOT_BEFORE:
        yield Finding("clock", Level.SICK, tr("Klokken går feil. Slå på tidssynkronisering."))
        return
    synced = Path("/run/systemd/timesync/synchronized").exists()
    if synced or not Path("/run/systemd/system").exists():
        yield Finding("clock", Level.FINE, tr("Klokken er i orden."))
        return
    yield Finding("clock", Level.NOTE, tr("Klokken er ikke synkronisert. Slå på timesyncd."))


def _disk(config: Config) -> Iterator[Finding]:
    folder = Path(config.station.data_dir)
    while not os.path.lexists(folder):
        folder = folder.parent
    state = disk_state(folder)
    if state is DiskState.OK:
        yield Finding("disk", Level.FINE, tr("Det er god plass på disken."))
        return
    level = Level.SICK if state is DiskState.FULL else Level.NOTE
    yield Finding("disk", level, tr("Det er lite plass på disken. Frigjør plass."))


def _store(config: Config) -> Iterator[Finding]:
    folder = Path(config.station.data_dir)
    try:
        engine.check_library()
        if not (folder / FILE_NAME).exists() and not read_mark(folder).there:
            yield from _no_store_yet(config)
            return
        require(folder)
        key = key_of(config, make=False)
        store = Store.open(folder, key, alone=False, make=False)
    except StoreError as error:
        level = Level.NOTE if error.fault is StoreFault.OLDER_SCHEMA else Level.SICK
        yield Finding("store", level, error_words(error))
        return
    try:
        report = store.audit_verify()
        counts, by_interface = store.counts(), store.counts_by_interface()
    except StoreError as error:
        yield Finding("store", Level.SICK, error_words(error))
        return
    finally:
        store.close()
    yield Finding("store", Level.FINE, tr("Lageret er kryptert og kan leses."))
    level = Level.NOTE if store.found.standing is Standing.UNMARKED else Level.SICK
    yield from (Finding("store", level, text) for text in found_words(store.found, mended=False))
    if report.sound:
        yield Finding("audit", Level.FINE, tr("Revisjonssporet er ubrutt."))
    else:
        yield Finding("audit", Level.SICK, tr("Revisjonssporet er brutt. Meld avvik."))
    if counts.parked:
        text = tr("{n} meldinger venter på et menneske.").format(n=figure(counts.parked))
        yield Finding("outbox", Level.SICK, text)
    elif counts.waiting:
        text = tr("{n} meldinger venter på journalen.").format(n=figure(counts.waiting))
        yield Finding("outbox", Level.NOTE, text)
    served = {key for way in ways_of(config) for key in way.keys}
    served |= {CLINIC} if config.database.url else set()
    for adapter, left in by_interface.items():
        if served and adapter not in served and left.waiting + left.parked:
            text = tr("{n} meldinger venter på {way}, som ikke er satt opp. Ingen sender dem.")
            told = text.format(n=left.waiting + left.parked, way=adapter)
            yield Finding("outbox", Level.SICK, told)


def _no_store_yet(config: Config) -> Iterator[Finding]:
    """There is none to look at. A key that is named must fit all the same."""
    try:
        key_of(config, make=False)
    except StoreError as error:
        beside = error.fault is StoreFault.KEY_MISSING and error.path is None
        if not beside:
            yield Finding("store", Level.SICK, error_words(error))
            return
    yield Finding("store", Level.NOTE, tr("Lageret er ikke laget ennå."))


def _clinic(config: Config) -> Iterator[Finding]:
    """The clinic's database, where this station has one."""
    clinic = clinic_of(config)
    if clinic is None:
        return
    try:
        store = clinic.store()
        report, guarded = store.audit_verify(), store.line_is_guarded()
    except StoreError as error:
        yield Finding("clinic", Level.SICK, error_words(error))
        return
    finally:
        clinic.close()
    yield Finding("clinic", Level.FINE, tr("Klinikkens database svarer."))
    if not report.sound:
        text = tr("Revisjonssporet i klinikkens database er brutt. Meld avvik.")
        yield Finding("clinic", Level.SICK, text)
    if not guarded:
        text = tr("Linjen til klinikkens database er ikke kryptert. Sett sslmode=verify-full.")
        yield Finding("clinic", Level.SICK, text)


def _shaping(_: Config) -> Iterator[Finding]:
    from kiosk.receipts.type_face import ShapingMissing, require_shaping

    try:
        require_shaping()
    except ShapingMissing:
        yield Finding("slip", Level.SICK, tr("Systempakken libfribidi0 mangler. Installer den."))
        return
    yield Finding("slip", Level.FINE, tr("Måleark kan tegnes."))


CHECKS: Mapping[str, Callable[[Config], Iterator[Finding]]] = {
    "clock": _clock,
    "disk": _disk,
    "store": _store,
    "backup": backup,
    "clinic": _clinic,
    "scale": scale,
    "length-board": length_board,
    "printer": printer,
    "journal": journal,
    "slip": _shaping,
}
"""What is looked at, by name."""
