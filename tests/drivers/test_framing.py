"""Cutting lines: the same pieces however bytes are cut, bounded memory, linear work."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drivers.framing import CAP, LineSplitter

streams = st.lists(
    st.one_of(
        st.sampled_from([b"\r\n", b"\n", b"\r", b"S S     4.2360 kg\r\n"]),
        st.integers(0, 3 * CAP).map(lambda n: b"x" * n),
        st.sampled_from([CAP - 2, CAP - 1, CAP, CAP + 1, 2 * CAP]).map(lambda n: b"y" * n),
    ),
    max_size=8,
).map(b"".join)


def pieces(data, cuts=()):
    splitter = LineSplitter()
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    given_back = [piece for a, b in pairwise(edges) for piece in splitter.feed(data[a:b])]
    return given_back, splitter.drop()


@given(data=streams, cuts=st.lists(st.integers(0, 4000), max_size=40))
def test_pieces_do_not_depend_on_how_the_bytes_were_cut(data, cuts):
    assert pieces(data, cuts) == pieces(data)


@given(data=streams)
def test_every_byte_comes_back_once_in_pieces_within_the_cap(data):
    given_back, rest = pieces(data)
    assert b"".join(piece for piece, _ in given_back) + rest == data
    assert all(len(piece) <= CAP for piece, _ in given_back)
    assert len(rest) <= CAP


def test_the_end_of_an_overlong_line_is_not_taken_for_a_line():
    frame = b"S S     4.2360 kg\r\n"
    for noise in (CAP - len(frame) + 1, CAP, 2 * CAP, 2 * CAP + 7):
        for cuts in ((), range(4000), (noise,)):
            given_back, rest = pieces(b"x" * noise + frame, cuts)
            assert not any(whole for _, whole in given_back)
            assert rest == b""


def test_after_an_overlong_line_the_next_line_is_whole():
    splitter = LineSplitter()
    splitter.feed(b"x" * 1000 + b"\r\n")
    assert splitter.feed(b"ES\r\n") == [(b"ES\r\n", True)]


def test_giving_up_an_overlong_line_forgets_that_it_was_one():
    splitter = LineSplitter()
    splitter.feed(b"x" * 1000)
    splitter.drop()
    assert splitter.feed(b"ES\r\n") == [(b"ES\r\n", True)]
