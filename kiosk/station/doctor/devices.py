"""The devices, as the doctor finds them: each is opened and asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drivers.driver import Rhythm
from drivers.hints import Hint
from drivers.transports.base import LinkLost, LossCause
from drivers.transports.opening import open_transport
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config, Scale
from kiosk.language.texts import tr
from kiosk.station.checking.scale_setup import ScaleSetup, length_board_setup, scale_setup
from kiosk.station.doctor.finding import Finding, Level
from kiosk.station.doctor.port_words import hint_words, loss_words
from kiosk.station.doctor.printer_words import loss_of_printer_words
from kiosk.station.probe import answers
from kiosk.station.running import station_runs

_NOTHING_HEARD = frozenset({Hint.SILENT, Hint.SILENT_OR_PARITY, Hint.UNANSWERED})


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a device that answers; ``quiet`` of one that speaks only once it is used."""

    fine: str
    quiet: str


def scale(config: Config) -> Iterator[Finding]:
    """Whether a scale is behind the configured port."""
    if config.scale is None:
        yield Finding("scale", Level.NOTE, tr("Ingen vekt er satt opp. Vekten tastes inn."))
        return
    words = Words(
        tr("Vekten svarer."), tr("Porten til vekten er åpen. Vekten er taus til noen veier.")
    )
    yield from _device("scale", config, config.scale, scale_setup, words)


def length_board(config: Config) -> Iterator[Finding]:
    """Whether a length board is behind its port. It is silent until its key is pressed."""
    board = config.length_board
    if board is None:
        return
    words = Words(
        tr("Lengdemåleren svarer."),
        tr("Porten til lengdemåleren er åpen. Den er taus til noen måler."),
    )
    yield from _device("length-board", config, board, length_board_setup, words)


def _lost(name: str, cause: LossCause, port: str, config: Config) -> Finding:
    """A port that did not open. That the station itself has it is as it should be."""
    if cause is LossCause.BUSY and station_runs(config):
        text = tr("Stasjonen kjører og bruker porten. Skjermen viser om utstyret svarer.")
        return Finding(name, Level.NOTE, text)
    return Finding(name, Level.SICK, loss_words(cause, port))


def _device(
    name: str,
    config: Config,
    table: Scale,
    set_up: Callable[[Config], ScaleSetup | None],
    words: Words,
) -> Iterator[Finding]:
    try:
        setup = set_up(config)
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(name, Level.SICK, problem)
        return
    assert setup is not None
    try:
        transport = open_transport(table.port, setup.line)
    except LinkLost as lost:
        yield _lost(name, lost.cause, table.port, config)
        return
    try:
        understood = answers(setup, transport)
    except LinkLost as lost:
        yield Finding(name, Level.SICK, loss_words(lost.cause, table.port))
        return
    finally:
        transport.close()
    if understood is None:
        yield Finding(name, Level.FINE, words.fine)
    elif understood in _NOTHING_HEARD and _may_be_silent(name, setup):
        yield Finding(name, Level.NOTE, words.quiet)
    else:
        yield Finding(name, Level.SICK, hint_words(understood))


def _may_be_silent(name: str, setup: ScaleSetup) -> bool:
    return name == "length-board" or setup.rhythm is Rhythm.ONCE


def printer(config: Config) -> Iterator[Finding]:
    """Whether the printer is there and has paper."""
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
    except PrinterLost as lost:
        if lost.cause is LostCause.UNSUPPORTED:
            text = tr("Skriveren forstår ikke ESC/POS (som Star TSP100) og kan ikke brukes.")
            yield Finding("printer", Level.SICK, text)
            return
        if lost.cause is LostCause.BUSY and station_runs(config):
            text = tr("Stasjonen kjører og bruker porten. Skjermen viser om utstyret svarer.")
            yield Finding("printer", Level.NOTE, text)
            return
        text = loss_of_printer_words(lost.cause, config.printer.address)
        yield Finding("printer", Level.SICK, text)
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
