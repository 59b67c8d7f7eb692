"""The bytes of a slip, checked with the strict reader that shares no code with them."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printers.command_bytes import (
    CLEAR_BUFFERS,
    LEFTOVER,
    STRIP_ROWS,
    Chunk,
    ask_done,
    chunks,
    defuse,
    process_id,
    void_notice,
)
from drivers.printers.document import MAX_ROWS, ROW_BYTES, Document
from drivers.simulators.printer_escpos import (
    Ask,
    AskDone,
    Cut,
    EscPosReader,
    Feed,
    Guard,
    Line,
    Nothing,
    Report,
    Reset,
    Row,
    Unknown,
)


def operations(data: bytes) -> list[object]:
    reader, buffer, found = EscPosReader(), bytearray(data), []
    while (operation := reader.take(buffer)) is not None:
        found.append(operation)
    assert not buffer
    return [each for each in found if not isinstance(each, Nothing)]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 130), st.randoms(use_true_random=False))
def test_a_slip_is_read_back_dot_by_dot(rows, random):
    document = Document(random.randbytes(rows * ROW_BYTES))
    read = operations(b"".join(chunk.data for chunk in chunks(document, b"A1B2")))
    dots = b"".join(each.dots for each in read if isinstance(each, Row))
    assert dots == defuse(document.rows)
    assert [each for each in read if not isinstance(each, Row)] == [
        Reset(),
        Guard(1, enabled=False),
        Report(255),
        Ask("r", 1),
        Feed(1),
        Cut(),
        AskDone(b"A1B2"),
        Ask("r", 1),
    ]


def test_strips_stay_below_a_small_receive_buffer():
    sizes = [len(c.data) for c in chunks(Document(b"\xff" * ROW_BYTES * 500), b"A1B2")]
    assert max(sizes) == 8 + STRIP_ROWS * ROW_BYTES < 4096


def test_a_printer_without_process_ids_is_not_asked_for_one():
    data = b"".join(c.data for c in chunks(Document(bytes(ROW_BYTES)), b"A1B2", ask_id=False))
    assert not [each for each in operations(data) if isinstance(each, AskDone)]


@given(st.integers(0, 7 + STRIP_ROWS * ROW_BYTES))
@settings(deadline=None)
def test_a_strip_cut_anywhere_is_completed_to_a_whole_picture(cut):
    strip = list(chunks(Document(b"\xff" * ROW_BYTES * STRIP_ROWS), b"A1B2"))[1]
    data = strip.data[:cut] + strip.completion(cut) + b"\x1d\x72\x01"
    read = operations(data)
    assert read[-1] == Ask("r", 1)
    assert not [each for each in read if isinstance(each, Unknown)]
    assert len([each for each in read if isinstance(each, Row)]) == (STRIP_ROWS if cut else 0)


@given(st.integers(1, 7 + STRIP_ROWS * ROW_BYTES))
@settings(deadline=None)
def test_leftover_zeros_end_any_strip_without_knowing_the_count(cut):
    strip = list(chunks(Document(b"\xff" * ROW_BYTES * STRIP_ROWS), b"A1B2"))[1]
    assert operations(strip.data[:cut] + LEFTOVER + b"\x1d\x72\x01")[-1] == Ask("r", 1)


@pytest.mark.parametrize("aligns", [False, True])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_margins_are_left_out_and_a_chunk_of_several_pictures_ends_white_wherever_cut(data, aligns):
    widths = data.draw(st.lists(st.integers(0, ROW_BYTES), min_size=1, max_size=STRIP_ROWS))
    sides = data.draw(st.lists(st.booleans(), min_size=len(widths), max_size=len(widths)))
    lines = zip(widths, sides, strict=True)
    full = (b"\xff" * width for width, _ in lines)
    rows = b"".join(
        ink.rjust(ROW_BYTES, b"\0") if right else ink.ljust(ROW_BYTES, b"\0")
        for ink, right in zip(full, sides, strict=True)
    )
    start, strip, _ = chunks(Document(rows), b"A1B2", aligns=aligns)
    assert len(strip.data) <= 8 + len(rows)
    read = operations(start.data + strip.data)
    assert b"".join(each.dots for each in read if isinstance(each, Row)) == rows
    cut = data.draw(st.integers(1, len(strip.data)))
    read = operations(strip.data[:cut] + strip.completion(cut) + b"\x1d\x72\x01")
    assert not [each for each in read if isinstance(each, Unknown)]
    assert (len(read), read[-1]) == (len(widths) + 1, Ask("r", 1))


def test_white_rows_cost_a_byte_each():
    (strip,) = list(chunks(Document(bytes(ROW_BYTES * 40)), b"A1B2"))[1:-1]
    assert len(strip.data) == 8 + 40


def test_a_command_cut_short_is_completed_with_its_own_bytes():
    assert Chunk(b"\x1dVB\x00", 4).completion(1) == b"VB\x00"
    assert Chunk(b"\x1dVB\x00", 4).completion(0) == b""


def test_a_picture_that_spells_clear_buffers_loses_one_dot_and_nothing_else():
    rows = bytearray(ROW_BYTES * 2)
    rows[70:80] = CLEAR_BUFFERS
    safe = defuse(bytes(rows))
    assert CLEAR_BUFFERS not in safe
    changed = [(a, b) for a, b in zip(rows, safe, strict=True) if a != b]
    assert changed == [(0x10, 0x00)]


def test_the_void_notice_is_one_big_line_and_a_cut():
    read = operations(void_notice())
    assert read == [Reset(), Line("AVBRUTT - KAST", double=True), Feed(1), Cut()]


def test_process_ids_are_four_printable_bytes_and_do_not_repeat_soon():
    seen = {process_id(number) for number in range(5000)}
    assert len(seen) == 5000
    assert all(len(each) == 4 and each.isalnum() for each in seen)
    assert process_id(36**4 + 1) == process_id(1)


@pytest.mark.parametrize("identity", [b"ABC", b"ABCDE", b"AB\x1bC", b"AB\x80C"])
def test_a_process_id_that_could_be_a_command_is_refused(identity):
    with pytest.raises(ValueError, match="four printable"):
        ask_done(identity)


@pytest.mark.parametrize("rows", [b"", bytes(71), bytes(ROW_BYTES * (MAX_ROWS + 1))])
def test_a_document_is_whole_rows_and_not_endless(rows):
    with pytest.raises(ValueError, match="document"):
        Document(rows)


def test_a_document_does_not_show_its_dots():
    assert "rows" not in repr(Document(b"\xaa" * ROW_BYTES))


def test_the_library_leaves_no_folder_no_handler_and_no_output(tmp_path: Path):
    program = (
        "import logging\n"
        "from drivers.printers.command_bytes import chunks\n"
        "from drivers.printers.document import Document\n"
        "list(chunks(Document(bytes(72 * 100)), b'0001'))\n"
        "assert not logging.root.handlers\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            "TMPDIR": str(tmp_path),
            "ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path / "never"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert not list(tmp_path.iterdir())


def test_packing_leaves_the_root_logger_alone():
    before = list(logging.root.handlers)
    list(chunks(Document(bytes(ROW_BYTES)), b"0001"))
    assert logging.root.handlers == before
