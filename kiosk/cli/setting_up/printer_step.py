"""The receipt printer: its address, and a slip to try it with."""

from __future__ import annotations

import threading
from pathlib import Path

from drivers.attached import attached
from drivers.printers.document import Document as Picture
from drivers.printers.jobs import Job, JobChange, JobState
from drivers.printers.models import WIDTHS
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from kiosk.cli.setting_up.bench import Bench, later_words, say
from kiosk.language.texts import tr
from kiosk.station.checking.addresses import printer_fault

PRINTER_CLASS = 0x07
"""USB's number for printers."""

NODES = Path("/dev/usb")
SECONDS = 20.0
ENDS = {
    JobState.CONFIRMED: True,
    JobState.SENT: True,
    JobState.UNCERTAIN: False,
    JobState.EXPIRED: False,
    JobState.CANCELLED: False,
    JobState.FAILED: False,
}


def printer_step(bench: Bench) -> None:
    """Ask for the printer, and ask again until a slip came out or it is kept as it is."""
    bench.heading(tr("Skriveren"))
    known = bench.document.get("printer.address")
    if known is not None:
        say("  " + tr("Satt opp: {address}.").format(address=known))
    question = tr("Endre skriveren?") if known else tr("Sette opp skriveren nå?")
    if not bench.asker.wants("printer", question, default=known is None):
        return
    while _chosen(bench):
        if _tried(bench) or bench.asker.alone:
            _width_asked(bench)
            return
        if bench.asker.confirm("printer.keep", tr("Beholde den likevel?"), default=False):
            return


def _chosen(bench: Bench) -> bool:
    found = [(str(node), str(node)) for node in sorted(NODES.glob("lp*"))]
    for device in attached():
        if device.kind == "usb" and PRINTER_CLASS in device.interface_classes:
            found.append((device.address, f"{device.name}  ({device.address})"))
    say("  " + later_words())
    question = tr("Hvor er skriveren? Skriv nummeret eller adressen")
    default = bench.document.get("printer.address") or (found[0][0] if found else "")
    address = bench.asker.choose(
        "printer.address", question, found, default, later=True, other=printer_fault
    )
    if address is not None:
        bench.document.set("printer.address", address)
    return address is not None


def _tried(bench: Bench) -> bool:
    """Let the doctor look, then print a slip; whether both went well."""
    well = bench.examined({"printer"})
    if well and bench.asker.confirm("printer.slip", tr("Skrive ut en prøve?"), default=True):
        well = bench.as_service(lambda: _printed(bench))
    if not well:
        bench.trouble.append("printer")
    return well


def _width_asked(bench: Bench) -> None:
    """Ask how wide the paper is; a slip with arrows shows it to whoever stands there."""
    if not bench.asker.alone:
        question = tr("Skrive ut en prøve som viser hvor bredt papiret er?")
        if not bench.asker.confirm("printer.measure", question, default=True):
            return
        if not bench.as_service(lambda: _width_printed(bench)):
            return
        say("  " + tr("Finn den bredeste linjen der du ser begge pilene."))
    known = bench.document.get("printer.width")
    options = [(str(width), str(width)) for width in WIDTHS]
    question = tr("Hvilket tall står på den linjen?")
    default = str(known) if known else ""
    width = bench.asker.choose("printer.width", question, options, default, later=True)
    if width is not None:
        bench.document.set("printer.width", int(width))


def _width_printed(bench: Bench) -> bool:
    from kiosk.receipts.width_slip import draw_width_slip

    return _printed_picture(bench, draw_width_slip())


def _printed(bench: Bench) -> bool:
    from kiosk.receipts.trial import trial_slip

    words = (tr("Prøveutskrift"), bench.config().station.clinic, tr("Skriveren virker."))
    return _printed_picture(bench, Picture(trial_slip(words)))


def _printed_picture(bench: Bench, picture: Picture) -> bool:
    config = bench.config()
    assert config.printer is not None
    log = _Memory()
    printer = Printer(printer_factory(config.printer.address), log, on_change=log.tell)
    printer.start()
    try:
        printer.submit(Job("trial", picture, 1, SECONDS))
        log.ended.wait(SECONDS)
    finally:
        printer.stop()
    if ENDS.get(log.state, False):
        say("  " + tr("Prøven er sendt. Kom det ut et ark?"))
        return True
    say("  " + tr("Prøven kom ikke ut ({state}).").format(state=log.state.value))
    return False


class _Memory:
    """A job's steps, kept as long as the try lasts: a trial slip is about nobody."""

    def __init__(self) -> None:
        self.state = JobState.QUEUED
        self.ended = threading.Event()

    def record(self, change: JobChange) -> None:
        """Remember the newest step."""
        self.state = change.state

    def tell(self, change: JobChange) -> None:
        """See whether it has come to an end."""
        if change.state in ENDS and change.state is not JobState.SENT:
            self.ended.set()
