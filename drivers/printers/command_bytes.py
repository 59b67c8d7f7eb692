"""The bytes a slip is made of: pictures only, and a handful of commands around them.

``python-escpos`` builds what it knows (``Dummy`` only collects bytes, it opens nothing). The
commands it lacks are constants here, from Epson's *ESC/POS Command Reference for TM
Printers*; the section is named at each.

Pictures go out as ``GS v 0``: every printer and clone knows it, one header of 8 bytes is the
whole command, and a strip prints at once. ``GS ( L`` stores first and prints second, is
missing on many clones, and gains nothing on USB. What is white at the right of some rows is not
sent: each run of rows is a picture only as wide as its ink, one byte where there is none. So white
rows need no feed command, whose units differ between models.
"""

from __future__ import annotations

import importlib
import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from drivers.printers.document import ROW_BYTES, Document

STRIP_ROWS = 48
"""Rows in one picture command: 3464 bytes, below the 4 KB receive buffer of small printers."""

RASTER_HEAD = 8
"""Bytes of ``GS v 0 m xL xH yL yH`` before the dots."""

ASK_STATUS = {n: bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4)}
"""``DLE EOT n``, real-time status: 1 printer, 2 offline cause, 3 error cause, 4 paper."""

ASK_IN_ORDER = b"\x1dr\x01"
"""``GS r 1``: answered when everything before it has been taken out of the buffer."""

ASK_NAME = b"\x1dI\x43"
"""``GS I 67``: printer name as a 5Fh block."""

PROBE_ID = b"ASK0"
"""A process id that no slip has: its answer only tells that there are any."""

REPORT_CHANGES = b"\x1da\xff"
"""``GS a 255``: four status bytes whenever something changes. ``ESC @`` turns it off."""

CLEAR_BUFFERS = bytes((0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))
"""``DLE DC4`` function 8: drop receive and print buffer; answered by ``37 25 00``."""

GUARD = b"\x1d(D\x03\x00\x14\x01\x00"
"""``GS ( D``: no drawer pulse from ``DLE DC4`` bytes that may stand inside a picture."""

VOID_TEXT = b"\x1b!\x30AVBRUTT - KAST\n\x1b!\x00"
"""Double-size text of the printer's own font. Plain ASCII, so no code page matters."""

FEED_LINES = 1

PROFILE = "TM-T20II"
"""The library's profile whose paper is 576 dots wide; it only checks the width by it."""

PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"

LEFTOVER = bytes(RASTER_HEAD + STRIP_ROWS * ROW_BYTES)
"""Zero bytes that complete any broken strip, wherever it was cut; the surplus is ignored."""

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ESCPOS_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that belong together, how many of them are command rather than dots, and the rows of
    paper they move. ``white``: the same with every dot white, where it is several commands.
    """

    data: bytes
    head: int
    rows: int = 0
    white: bytes = b""

    def completion(self, taken: int) -> bytes:
        """What ends this chunk harmlessly after ``taken`` bytes: rest of the head, then white."""
        if self.white:
            return self.white[taken:] if taken else b""
        rest = self.data[taken : self.head]
        return rest + bytes(len(self.data) - taken - len(rest)) if taken else b""


def process_id(number: int) -> bytes:
    """Four letters or digits for ``GS ( H``, counting through all 36**4 of them."""
    letters = bytearray()
    for _ in range(4):
        number, digit = divmod(number, len(_ALPHABET))
        letters.insert(0, _ALPHABET[digit])
    return bytes(letters)


def ask_done(identity: bytes) -> bytes:
    """``GS ( H`` function 48: answer ``37 22 <identity> 00`` when all before it is printed.

    Raises :class:`ValueError` unless ``identity`` is 4 bytes of 20h to 7Eh.
    """
    if len(identity) != 4 or not all(0x20 <= byte <= 0x7E for byte in identity):
        raise ValueError("a process id is four printable bytes")
    return b"\x1d(H\x06\x0000" + identity


def chunks(document: Document, identity: bytes, *, ask_id: bool = True) -> Iterator[Chunk]:
    """Yield a whole slip: reset, strips of at most :data:`STRIP_ROWS` rows, feed, cut, questions.

    The first chunk and the last end with an in-order question. No dots may follow the first
    before it is answered, or a real-time sequence among them could run ahead of the guard.
    ``ask_id`` off leaves out ``GS ( H`` for a printer that was seen not to answer it.
    """
    yield _command(
        _built(lambda printer: printer.hw("INIT")) + GUARD + REPORT_CHANGES + ASK_IN_ORDER
    )
    rows, step = defuse(document.rows), STRIP_ROWS * document.row_bytes
    for start in range(0, len(rows), step):
        yield _strip(rows[start : start + step], document.row_bytes)
    yield _command(feed_and_cut() + (ask_done(identity) if ask_id else b"") + ASK_IN_ORDER)


def void_notice() -> bytes:
    """Mark what hangs out of the printer as broken off, and cut it away."""
    return _built(lambda printer: printer.hw("INIT")) + VOID_TEXT + feed_and_cut()


def feed_and_cut() -> bytes:
    """``ESC d`` and ``GS V 66 0``: feed to the knife and cut."""

    def build(printer: Any) -> None:
        printer.print_and_feed(FEED_LINES)
        printer.cut(feed=False)

    return _built(build)


def defuse(rows: bytes) -> bytes:
    """Drop one dot of any picture that happens to spell :data:`CLEAR_BUFFERS`.

    A printer obeys real-time commands inside picture data too; this one would erase the
    slip. All other sequences only ask for a status or are shut off by :data:`GUARD`.
    """
    return rows.replace(CLEAR_BUFFERS, b"\x00" + CLEAR_BUFFERS[1:])


def _command(data: bytes) -> Chunk:
    return Chunk(data, len(data))


def _strip(rows: bytes, row_bytes: int) -> Chunk:
    """Some rows as pictures no wider than their ink, with the fewest bytes there are."""
    lines = [rows[at : at + row_bytes] for at in range(0, len(rows), row_bytes)]
    data, white = bytearray(), bytearray()
    for start, end, width in _runs([max(1, len(line.rstrip(b"\0"))) for line in lines]):
        head = b"\x1dv0\0" + bytes((width, 0, end - start, 0))
        dots = b"".join(line[:width] for line in lines[start:end])
        data += head + dots
        white += head + bytes(len(dots))
    # A picture in one piece needs no second copy of itself.
    single = len(data) == RASTER_HEAD + len(dots)
    return Chunk(bytes(data), RASTER_HEAD, len(lines), b"" if single else bytes(white))


def _runs(widths: list[int]) -> list[tuple[int, int, int]]:
    """Cut rows of these widths in bytes into runs (start, end, width) that cost least together."""
    best: list[tuple[int, list[tuple[int, int, int]]]] = [(0, [])]
    for end in range(1, len(widths) + 1):
        options, widest = [], 0
        for start in range(end - 1, -1, -1):
            widest = max(widest, widths[start])
            cost = best[start][0] + RASTER_HEAD + (end - start) * widest
            options.append((cost, start, widest))
        cost, start, widest = min(options)
        best.append((cost, [*best[start][1], (start, end, widest)]))
    return best[-1][1]


def _built(build: Callable[[Any], None]) -> bytes:
    """Collect what ``build`` does to a printer that is no device at all."""
    collector = _load_escpos().Dummy(profile=PROFILE)
    build(collector)
    output: bytes = collector.output
    return output


def _load_escpos() -> Any:
    """Import ``escpos.printer`` without its side effects.

    The import leaves a folder with a pickle and may give the root logger a handler. Both
    are removed again. It takes 0.3 s, so it happens with the first slip, in its own thread.
    """
    with _ESCPOS_LOCK:
        if "escpos.printer" not in sys.modules:
            _import_escpos()
        return sys.modules["escpos.printer"]


def _import_escpos() -> None:
    before = list(logging.root.handlers)
    kept = os.environ.pop(PICKLE_VARIABLE, None)
    try:
        importlib.import_module("escpos.printer")
    finally:
        if kept is not None:
            os.environ[PICKLE_VARIABLE] = kept
        for handler in [each for each in logging.root.handlers if each not in before]:
            logging.root.removeHandler(handler)
    shutil.rmtree(sys.modules["escpos.capabilities"].pickle_dir, ignore_errors=True)
