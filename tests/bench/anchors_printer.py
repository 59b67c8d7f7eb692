"""A9: a slip from content to printer bytes, beside python-escpos packing the same picture."""

from __future__ import annotations

import contextlib
import io
import logging
import statistics
import time
from collections.abc import Callable
from datetime import date

from PIL import Image

from drivers.printers.command_bytes import chunks
from drivers.printers.document import WIDTH, Document
from kiosk.model.visit import Dress, Position, Quantity
from kiosk.receipts.content import SlipContent, SlipLine
from kiosk.receipts.raster import draw_slip
from tests.bench.result import Result

ROUNDS = 40
BAR_MS = 20.0


def run() -> list[Result]:
    """Measure warm; medians, so that a busy machine does not decide."""
    content = _content()
    document = draw_slip(content)
    ours = _median(lambda: _packed(draw_slip(content)))
    packing = _median(lambda: _packed(document))
    peer = _median(lambda: _library(document))
    what = f"slip of {document.height} rows, drawn and packed, ms"
    note = (
        f"drawing {ours - packing:.1f} ms, packing {packing:.1f} ms; the peer is python-escpos "
        "packing the finished picture, which it cannot draw"
    )
    bar = f"<= {BAR_MS:.0f} ms"
    return [Result("A9", what, ours, peer, ours / peer, bar, ours <= BAR_MS, note)]


def _content() -> SlipContent:
    lines = (
        SlipLine(Quantity.WEIGHT, "6,482 kg", dress=Dress.NAKED),
        SlipLine(Quantity.LENGTH, "63,4 cm", Position.LYING),
        SlipLine(Quantity.HEAD, "41,2 cm"),
    )
    clinic = "Helsestasjonen Testvik"
    return SlipContent("Ærlend", "4 måneder", date(2026, 3, 12), lines, "K7QF", clinic=clinic)


def _packed(document: Document) -> int:
    return sum(len(chunk.data) for chunk in chunks(document, b"0001"))


def _library(document: Document) -> int:
    """The library as its manual shows it: one picture, one call."""
    handlers = list(logging.root.handlers)
    from escpos.printer import Dummy

    logging.root.handlers[:] = handlers
    image = Image.frombytes("1", (WIDTH, document.height), document.rows, "raw", "1;I")
    with contextlib.redirect_stdout(io.StringIO()):
        printer = Dummy()
        printer.image(image)
        printer.cut()
    return len(printer.output)


def _median(work: Callable[[], int]) -> float:
    """Median milliseconds of one run, after two to warm up."""
    times = []
    for index in range(ROUNDS + 2):
        start = time.perf_counter()
        work()
        if index >= 2:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    for result in run():
        print(result)
