"""Cutting lines: the same events however bytes are cut, bounded memory, linear work."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drivers.events import Garbage, NoReading, Reason
from drivers.framing import CAP, LineDecoder

FRAME = b"S S     4.2360 kg\r\n"

streams = st.lists(
    st.one_of(
        st.sampled_from([b"\r\n", b"\n", b"\r", FRAME]),
        st.integers(0, 3 * CAP).map(lambda n: b"x" * n),
        st.sampled_from([CAP - 2, CAP - 1, CAP, CAP + 1, 2 * CAP]).map(lambda n: b"y" * n),
    ),
    max_size=8,
).map(b"".join)


def whole(line):
    """Stands for any protocol: each line that is handed over comes back as one answer."""
    return NoReading(Reason.BUSY, raw=line)


def events(data, cuts=()):
    decoder = LineDecoder(whole)
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    found = [event for a, b in pairwise(edges) for event in decoder.feed(data[a:b])]
    return found, decoder.drop_partial()


@given(data=streams, cuts=st.lists(st.integers(0, 4000), max_size=40))
def test_events_do_not_depend_on_how_the_bytes_were_cut(data, cuts):
    assert events(data, cuts) == events(data)


@given(data=streams)
def test_every_byte_comes_back_once_in_pieces_within_the_cap(data):
    found, rest = events(data)
    assert b"".join(event.raw for event in [*found, *rest]) == data
    assert all(len(event.raw) <= CAP for event in [*found, *rest])


@given(data=streams)
def test_only_lines_with_their_ending_and_within_the_cap_are_handed_over(data):
    found, _ = events(data)
    handed = [event.raw for event in found if isinstance(event, NoReading)]
    lines = [line + b"\n" for line in data.split(b"\n")[:-1]]
    assert handed == [line for line in lines if line.endswith(b"\r\n") and len(line) <= CAP]


def test_the_end_of_an_overlong_line_is_not_taken_for_a_line():
    for noise in (CAP - len(FRAME) + 1, CAP, 2 * CAP, 2 * CAP + 7):
        for cuts in ((), range(4000), (noise,)):
            found, rest = events(b"x" * noise + FRAME, cuts)
            assert all(isinstance(event, Garbage) for event in found)
            assert rest == []


def test_after_an_overlong_line_the_next_line_is_whole():
    decoder = LineDecoder(whole)
    decoder.feed(b"x" * 1000 + b"\r\n")
    assert decoder.feed(b"ES\r\n") == [whole(b"ES\r\n")]


def test_giving_up_an_overlong_line_forgets_that_it_was_one():
    decoder = LineDecoder(whole)
    decoder.feed(b"x" * 1000)
    decoder.drop_partial()
    assert decoder.feed(b"ES\r\n") == [whole(b"ES\r\n")]
