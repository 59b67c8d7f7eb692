"""The station's self-examination. Each finding says what to do; none holds personal data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from drivers.hints import Hint
from drivers.transports.base import LinkLost
from drivers.transports.opening import open_transport
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config, Scale
from kiosk.i18n import tr
from kiosk.journal.contract import Endpoint
from kiosk.station import journal_side
from kiosk.station.access_ends import WARN_BEFORE, access_ends
from kiosk.station.clinic import check_clinic, clinic_of
from kiosk.station.fault_words import fault_words
from kiosk.station.folders import folders_of, gone_words
from kiosk.station.interfaces import FILE_KEYS, ways_of
from kiosk.station.keys import key_of
from kiosk.station.port_words import hint_words, loss_words
from kiosk.station.probe import answers
from kiosk.station.scale_setup import ScaleSetup, length_board_setup, scale_setup
from kiosk.store import engine
from kiosk.store.disk import DiskState, disk_state
from kiosk.store.errors import StoreError
from kiosk.store.mirror import CLINIC
from kiosk.store.store import Store

NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
"""When this release was made: a clock before that is wrong."""


"""How long before a key or certificate ends it is told."""


class Level(StrEnum):
    """How a finding is meant."""

    FINE = "fine"
    NOTE = "note"
    SICK = "sick"


_NOTHING_HEARD = frozenset({Hint.SILENT, Hint.SILENT_OR_PARITY, Hint.UNANSWERED})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    level: Level
    text: str


def examine(config: Config) -> list[Finding]:
    """Look at everything. One check that fails does not stop the others."""
    checks: tuple[Callable[[Config], Iterator[Finding]], ...] = (
        _clock,
        _disk,
        _store,
        _clinic,
        _scale,
        _length_board,
        _printer,
        _journal,
        _shaping,
    )
    return [finding for check in checks for finding in check(config)]


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
    while not folder.exists():
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
        if not (folder / "store.db").exists() and not config.database.key_file:
            yield Finding("store", Level.NOTE, tr("Lageret er ikke laget ennå."))
            return
        key = key_of(config)
        store = Store.open(folder, key, alone=False)
    except StoreError as error:
        yield Finding("store", Level.SICK, fault_words(error.fault))
        return
    try:
        report = store.audit_verify()
        counts, by_interface = store.counts(), store.counts_by_interface()
    except StoreError as error:
        yield Finding("store", Level.SICK, fault_words(error.fault))
        return
    finally:
        store.close()
    yield Finding("store", Level.FINE, tr("Lageret er kryptert og kan leses."))
    if report.sound:
        yield Finding("audit", Level.FINE, tr("Revisjonssporet er ubrutt."))
    else:
        yield Finding("audit", Level.SICK, tr("Revisjonssporet er brutt. Meld avvik."))
    if counts.parked:
        text = tr("{n} meldinger venter på et menneske.").format(n=counts.parked)
        yield Finding("outbox", Level.SICK, text)
    elif counts.waiting:
        text = tr("{n} meldinger venter på journalen.").format(n=counts.waiting)
        yield Finding("outbox", Level.NOTE, text)
    served = {key for way in ways_of(config) for key in way.keys}
    served |= {CLINIC} if config.database.url else set()
    for adapter, left in by_interface.items():
        if served and adapter not in served and left.waiting + left.parked:
            text = tr("{n} meldinger venter på {way}, som ikke er satt opp. Ingen sender dem.")
            told = text.format(n=left.waiting + left.parked, way=adapter)
            yield Finding("outbox", Level.SICK, told)


def _clinic(config: Config) -> Iterator[Finding]:
    """The clinic's database, where this station has one."""
    clinic = clinic_of(config)
    if clinic is None:
        return
    try:
        check_clinic(config)
        store = clinic.store()
        report, guarded = store.audit_verify(), store.line_is_guarded()
    except ValueError as error:
        yield Finding("clinic", Level.SICK, str(error))
        return
    except StoreError as error:
        yield Finding("clinic", Level.SICK, fault_words(error.fault))
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


def _scale(config: Config) -> Iterator[Finding]:
    if config.scale is None:
        yield Finding("scale", Level.NOTE, tr("Ingen vekt er satt opp. Vekten tastes inn."))
        return
    yield from _device("scale", config.scale, lambda: scale_setup(config), tr("Vekten svarer."))


def _length_board(config: Config) -> Iterator[Finding]:
    """A board sends only when its key is pressed, so that silence is no finding."""
    board = config.length_board
    if board is None:
        return
    fine = tr("Lengdemåleren svarer.")
    quiet = tr("Porten til lengdemåleren er åpen. Den er taus til noen måler.")
    yield from _device("length-board", board, lambda: length_board_setup(config), fine, quiet)


def _device(
    name: str, scale: Scale, set_up: Callable[[], ScaleSetup | None], fine: str, quiet: str = ""
) -> Iterator[Finding]:
    try:
        setup = set_up()
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(name, Level.SICK, problem)
        return
    assert setup is not None
    try:
        transport = open_transport(scale.port, setup.line)
    except LinkLost as lost:
        yield Finding(name, Level.SICK, loss_words(lost.cause, scale.port))
        return
    try:
        understood = answers(setup, transport)
    except LinkLost as lost:
        yield Finding(name, Level.SICK, loss_words(lost.cause, scale.port))
        return
    finally:
        transport.close()
    if understood is None:
        yield Finding(name, Level.FINE, fine)
    elif understood in _NOTHING_HEARD and quiet:
        yield Finding(name, Level.NOTE, quiet)
    else:
        yield Finding(name, Level.SICK, hint_words(understood))


def _printer(config: Config) -> Iterator[Finding]:
    from drivers.printers.acquaintance import check_answers, check_supported
    from drivers.printers.open import printer_factory
    from drivers.printers.transports import LostCause, PrinterLost

    if config.printer is None:
        yield Finding(
            "printer", Level.NOTE, tr("Ingen skriver er satt opp. Måleark kan ikke skrives.")
        )
        return
    try:
        transport = printer_factory(config.printer.address)()
        check_supported(transport)
        check_answers(transport)
    except ValueError as error:
        yield Finding("printer", Level.SICK, str(error))
        return
    except PrinterLost as lost:
        if lost.cause is LostCause.UNSUPPORTED:
            text = tr("Skriveren forstår ikke ESC/POS (som Star TSP100) og kan ikke brukes.")
            yield Finding("printer", Level.SICK, text)
            return
        yield Finding(
            "printer",
            Level.SICK,
            tr("Skriveren svarer ikke ({cause}).").format(cause=lost.cause.value),
        )
        return
    try:
        status = transport.port_status()
    except PrinterLost:
        status = None
    finally:
        transport.close()
    if status is not None and status.paper_empty:
        yield Finding("printer", Level.SICK, tr("Skriveren er tom for papir."))
    else:
        yield Finding("printer", Level.FINE, tr("Skriveren svarer."))


def _journal(config: Config) -> Iterator[Finding]:
    try:
        endpoint = journal_side.endpoint_of(config)
    except ValueError as error:
        yield Finding("journal", Level.SICK, str(error))
        return
    ways = ways_of(config)
    if not ways:
        yield Finding(
            "journal", Level.NOTE, tr("Ingen journal er satt opp. Verdiene blir i utkassen.")
        )
    for way in ways:
        if way.keys[0].startswith("fhir") or way.keys[0] in FILE_KEYS:
            continue
        interface = way.connect()
        failure = interface.probe()
        interface.close()
        if failure is None:
            text = tr("{way} er klar til å ta imot.").format(way=way.keys[0])
            yield Finding("journal", Level.FINE, text)
        else:
            text = tr("{way} svarer ikke. Sjekk adressen eller sertifikatet.")
            yield Finding("journal", Level.SICK, text.format(way=way.keys[0]))
    yield from _folders(config)
    if endpoint is not None:
        yield from _fhir(endpoint, config)
        yield from _expiries(config)
        yield from _tried_twice(config)


def _folders(config: Config) -> Iterator[Finding]:
    for folder in folders_of(config):
        gone = folder.gone()
        if gone is None:
            text = tr("{folder} er stasjonens mappe og klar til å ta imot.")
            yield Finding("folder", Level.FINE, text.format(folder=folder.path))
        else:
            yield Finding("folder", Level.SICK, gone_words(folder, gone))


def _tried_twice(config: Config) -> Iterator[Finding]:
    """Send a test resource twice, where a test patient is configured."""
    from kiosk.journal.self_test import Honours

    told = journal_side.tried_twice(config)
    if told is None:
        return
    level = Level.FINE if told.honours is Honours.ONCE else Level.SICK
    texts = {
        Honours.ONCE: tr("Journalen lagrer det samme bare én gang, også om det sendes to ganger."),
        Honours.TWICE: tr(
            "Journalen lagrer to ganger det som sendes to ganger. Meld det til leverandøren. "
            "Stasjonen spør alltid før den sender noe usikkert på nytt."
        ),
        Honours.NOT_FOUND: tr(
            "Journalen finner ikke igjen det den har tatt imot. Meld det til leverandøren."
        ),
        Honours.REFUSED: tr("Journalen tok ikke imot selvtesten: {detail}"),
    }
    yield Finding("journal", level, texts[told.honours].format(detail=told.detail))


def _expiries(config: Config) -> Iterator[Finding]:
    names = {
        "key": tr("Nøkkelen til innloggingen"),
        "certificate": tr("Stasjonens sertifikat"),
    }
    today = datetime.now(UTC).date()
    for what, end in access_ends(config).items():
        if end - today < WARN_BEFORE:
            text = tr("{what} går ut {day}. Forny i tide.")
            told = text.format(what=names[what], day=end.isoformat())
            yield Finding("journal", Level.SICK if end <= today else Level.NOTE, told)


def _fhir(endpoint: Endpoint, config: Config) -> Iterator[Finding]:
    for path in (endpoint.token_file, endpoint.ca_file):
        if path is not None and not os.access(path, os.R_OK):
            text = tr("{path} kan ikke leses.").format(path=path)
            yield Finding("journal", Level.SICK, text)
            return
    client = journal_side.connector(endpoint, config)()
    try:
        fhir = client.is_fhir_base()
    finally:
        client.close()
    if fhir:
        yield Finding("journal", Level.FINE, tr("Journalen svarer som en FHIR-tjeneste."))
    else:
        yield Finding(
            "journal", Level.SICK, tr("Journalen svarer ikke som en FHIR-tjeneste. Sjekk adressen.")
        )


def _shaping(_: Config) -> Iterator[Finding]:
    from kiosk.receipts.type_face import ShapingMissing, require_shaping

    try:
        require_shaping()
    except ShapingMissing:
        yield Finding("slip", Level.SICK, tr("Systempakken libfribidi0 mangler. Installer den."))
        return
    yield Finding("slip", Level.FINE, tr("Måleark kan tegnes."))
