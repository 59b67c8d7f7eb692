"""The bytes a slip is made of: pictures only, and a handful of commands around them.

``python-escpos`` builds what it knows (``Dummy`` only collects bytes, it opens nothing). The
commands it lacks are constants here, from Epson's *ESC/POS Command Reference for TM
Printers*; the section is named at each.

Pictures go out as ``GS v 0``: every printer and clone knows it, one header of 8 bytes is the
whole command, and a strip prints at once. ``GS ( L`` stores first and prints second, is
missing on many clones, and gains nothing on USB. What is white at the right of some rows is not
sent: each run of rows is a picture only as wide as its ink, one byte where there is none. So white
rows need no feed command, whose units differ between models. A slip whose lines begin at the right
goes out upside down where nothing but the left edge can be relied on: then its white is at the
right as well, and paper that was torn off has no upper end.
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

TO_LEFT, TO_RIGHT = b"\x1ba\0", b"\x1ba\2"
"""``ESC a``: at which edge a picture stands. Some printers leave pictures at the left."""

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


def chunks(
    document: Document, identity: bytes, *, ask_id: bool = True, aligns: bool = False
) -> Iterator[Chunk]:
    """Yield a whole slip: reset, strips of at most :data:`STRIP_ROWS` rows, feed, cut, questions.

    The first chunk and the last end with an in-order question. No dots may follow the first
    before it is answered, or a real-time sequence among them could run ahead of the guard.
    ``ask_id`` off leaves out ``GS ( H`` for a printer that was seen not to answer it; ``aligns``
    leaves out what is white at the left, for one that is known to put pictures at the right edge.
    """
    start = _built(lambda printer: printer.hw("INIT")) + GUARD + REPORT_CHANGES
    size, rows = document.row_bytes, defuse(picture_rows(document, aligns=aligns))
    lines = [rows[at : at + size] for at in range(0, len(rows), size)]
    left, right = _margins(lines) if aligns else (0, size)
    area = print_area(left, right) if aligns else b""
    yield _command(start + area + ASK_IN_ORDER)
    for at in range(0, len(lines), STRIP_ROWS):
        strip = lines[at : at + STRIP_ROWS]
        yield _strip([line[left:right] for line in strip], aligns=aligns)
    yield _command(feed_and_cut() + (ask_done(identity) if ask_id else b"") + ASK_IN_ORDER)


def picture_rows(document: Document, *, aligns: bool) -> bytes:
    """The dots in the order they are printed in."""
    return document.turned_rows if document.from_right and not aligns else document.rows


def print_area(left: int, right: int) -> bytes:
    """``GS L`` and ``GS W``: print within these bytes of a row, in the printer's own dots."""
    margin, width = left * 8, (right - left) * 8
    return b"\x1dL" + margin.to_bytes(2, "little") + b"\x1dW" + width.to_bytes(2, "little")


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


def _margins(lines: list[bytes]) -> tuple[int, int]:
    """From and to which byte a row is between the margins that are white all the way down."""
    left = min(len(line) - len(line.lstrip(b"\0")) for line in lines)
    right = max(len(line.rstrip(b"\0")) for line in lines)
    return (left, right) if left < right else (0, len(lines[0]))


def _strip(lines: list[bytes], *, aligns: bool) -> Chunk:
    """Some rows as pictures no wider than their ink, with the fewest bytes there are."""
    lefts = [max(1, len(line.rstrip(b"\0"))) for line in lines]
    rights = [max(1, len(line.lstrip(b"\0"))) for line in lines] if aligns else []
    data, white = bytearray(), bytearray()
    runs = _runs(lefts, rights)
    for start, end, width, right in runs:
        head = b"\x1dv0\0" + bytes((width, 0, end - start, 0))
        cut = slice(-width, None) if right else slice(width)
        dots = b"".join(line[cut] for line in lines[start:end])
        before, after = (TO_RIGHT, TO_LEFT) if right else (b"", b"")
        data += before + head + dots + after
        white += before + head + bytes(len(dots)) + after
    # One picture and nothing else needs no second copy of itself.
    plain = len(runs) == 1 and not runs[0][3]
    return Chunk(bytes(data), RASTER_HEAD, len(lines), b"" if plain else bytes(white))


_Run = tuple[int, int, int, bool]
"""Rows from and to, the width in bytes of their picture, and whether it stands at the right."""


def _runs(lefts: list[int], rights: list[int]) -> list[_Run]:
    """Cut rows into runs that cost least together.

    ``lefts`` is how many bytes each row takes from the left edge, ``rights`` from the right one,
    empty where that is not to be used.
    """
    best: list[tuple[int, list[_Run]]] = [(0, [])]
    aligned = RASTER_HEAD + len(TO_LEFT + TO_RIGHT)
    for end in range(1, len(lefts) + 1):
        options: list[tuple[int, _Run]] = []
        left = right = 0
        for start in range(end - 1, -1, -1):
            before, count = best[start][0], end - start
            left = max(left, lefts[start])
            options.append((before + RASTER_HEAD + count * left, (start, end, left, False)))
            if rights:
                right = max(right, rights[start])
                options.append((before + aligned + count * right, (start, end, right, True)))
        cost, run = min(options)
        best.append((cost, [*best[run[0]][1], run]))
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
