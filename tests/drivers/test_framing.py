"""The line splitter: the same pieces at every cut, no tail taken for a line, bounded, linear."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import Garbage, NoReading, Reason
from drivers.framing import CAP, LineDecoder, LineSplitter

LINES = st.lists(
    st.sampled_from(
        [b"S S\r\n", b"x\n", b"\r", b"\n", b"\r\n", b"y" * 100, b"z" * 300, b"\xff\x00"]
    ),
    max_size=12,
).map(b"".join)


def pieces(*chunks, cap=CAP):
    splitter = LineSplitter(cap)
    found = [piece for chunk in chunks for piece in splitter.feed(chunk)]
    return found, splitter.drop()


def cut(data, sizes):
    chunks, at = [], 0
    for size in sizes:
        chunks.append(data[at : at + size])
        at += size
    return [*chunks, data[at:]]


@given(data=LINES, sizes=st.lists(st.integers(0, 40), max_size=60))
def test_the_pieces_are_the_same_however_the_bytes_were_cut(data, sizes):
    assert pieces(*cut(data, sizes)) == pieces(data)


@given(data=LINES, sizes=st.lists(st.integers(0, 40), max_size=60))
def test_every_byte_comes_out_once_and_in_order(data, sizes):
    found, rest = pieces(*cut(data, sizes))
    assert b"".join(piece for piece, _ in found) + rest == data


@given(data=LINES)
def test_only_a_line_of_legal_length_with_cr_lf_is_whole(data):
    for piece, whole in pieces(data)[0]:
        if whole:
            assert piece.endswith(b"\r\n")
            assert piece.count(b"\n") == 1
            assert len(piece) <= CAP


@pytest.mark.parametrize("size", [1, 7, 64, 256, 1000])
@pytest.mark.parametrize("before", [CAP - 5, CAP, CAP + 1, 2 * CAP, 3 * CAP + 17])
def test_the_tail_of_an_overlong_line_is_no_line_of_its_own(before, size):
    frame = b"S S     4.2360 kg\r\n"
    data = b"#" * before + frame + frame
    found, rest = pieces(*cut(data, [size] * (len(data) // size)))
    assert [piece for piece, whole in found if whole] == [frame]
    assert rest == b""


def test_a_line_of_exactly_the_cap_is_whole_and_one_byte_more_is_not():
    fits = b"a" * (CAP - 2) + b"\r\n"
    assert pieces(fits) == ([(fits, True)], b"")
    assert not any(whole for _, whole in pieces(b"a" + fits)[0])


def test_what_follows_a_given_up_partial_is_a_line_again():
    splitter = LineSplitter()
    splitter.feed(b"#" * (CAP + 30))
    assert splitter.drop() == b"#" * 30
    assert splitter.feed(b"S S\r\n") == [(b"S S\r\n", True)]


def test_a_cr_or_an_lf_alone_ends_no_line():
    assert pieces(b"a\rb\r\n")[0] == [(b"a\rb\r\n", True)]
    assert pieces(b"a\nb\r\n")[0] == [(b"a\n", False), (b"b\r\n", True)]


def test_the_line_decoder_reads_whole_lines_and_calls_the_rest_garbage():
    decoder = LineDecoder(lambda line: NoReading(Reason.BUSY, raw=line))
    events = [*decoder.feed(b"one\r\ntwo\nthr"), *decoder.drop_partial(), *decoder.drop_partial()]
    assert events == [NoReading(Reason.BUSY, raw=b"one\r\n"), Garbage(b"two\n"), Garbage(b"thr")]


@pytest.mark.parametrize("chunk", [1, 64, 4096])
def test_what_is_held_never_grows_past_the_cap(chunk):
    splitter = LineSplitter()
    given_back = 0
    for _ in range(20_000 // chunk + 1):
        given_back += sum(len(piece) for piece, _ in splitter.feed(b"\r" * chunk))
    assert 0 < len(splitter.drop()) <= CAP
    assert given_back > 0


@pytest.mark.parametrize("filler", [b"S" * 64, b"\r" * 64, b"S S " * 16])
def test_noise_without_an_end_costs_linear_time(filler):
    def seconds(chunks):
        splitter = LineSplitter()
        start = time.process_time()
        for _ in range(chunks):
            splitter.feed(filler)
        return time.process_time() - start

    # Searching again from the start would make sixteen times the input cost 256 times as much.
    ratios = [seconds(32_768) / max(seconds(2_048), 1e-6) for _ in range(3)]
    assert min(ratios) < 48
