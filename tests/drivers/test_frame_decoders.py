"""Frames with a start: readings the same however bytes are cut, every byte back, bounded."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import Garbage, NoReading, Reason
from drivers.framing import CAP, FixedDecoder, FrameDecoder

GOOD = b"\x0212.5kg\r"
TAIL = b"\x01x\x03\x04"
FIXED = b"\x03\x04AB"


def only(frame):
    """Stands for a protocol with one legal frame."""
    return lambda data: NoReading(Reason.BUSY, raw=data) if data == frame else Garbage(data)


MAKERS = {
    "framed": (lambda: FrameDecoder(b"\x02", b"\r", only(GOOD)), GOOD),
    "two-byte-ending": (lambda: FrameDecoder(b"\x01", b"\x03\x04", only(TAIL)), TAIL),
    "fixed": (lambda: FixedDecoder(b"\x03", 4, only(FIXED)), FIXED),
}
each_framing = pytest.mark.parametrize(("make", "frame"), MAKERS.values(), ids=MAKERS)


def streams(frame):
    parts = [frame, frame[:-1], frame[1:], frame[:1] * 5, b"\r", b"\x03", b"\x04", b"x" * 300]
    return st.lists(st.sampled_from(parts) | st.binary(max_size=9), max_size=9).map(b"".join)


def run(make, data, cuts):
    decoder = make()
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    events = [e for a, b in pairwise(edges) for e in decoder.feed(data[a:b])]
    return [*events, *decoder.drop_partial()]


@each_framing
@given(chosen=st.data(), cuts=st.lists(st.integers(0, 3000), max_size=30))
def test_frames_are_the_same_however_bytes_are_cut_and_every_byte_comes_back(
    make, frame, chosen, cuts
):
    data = chosen.draw(streams(frame))
    whole, cut = run(make, data, ()), run(make, data, cuts)
    assert b"".join(e.raw for e in whole) == b"".join(e.raw for e in cut) == data
    assert [e for e in whole if isinstance(e, NoReading)] == [
        e for e in cut if isinstance(e, NoReading)
    ]
    assert all(len(e.raw) <= CAP for e in whole)


@each_framing
def test_a_frame_without_its_end_or_its_head_does_not_take_the_next_one_along(make, frame):
    for damage in (frame[:-1], frame[1:], frame[:1], frame[:2], b"x" * 1000):
        found = [e for e in run(make, damage + frame, ()) if isinstance(e, NoReading)]
        assert found == [NoReading(Reason.BUSY, raw=frame)], damage


@each_framing
def test_one_frame_may_mean_several_events(make, frame):
    both = (NoReading(Reason.BUSY, raw=frame), NoReading(Reason.OTHER, raw=frame))
    decoder = make()
    decoder._read_frame = lambda data: both if data == frame else Garbage(data)
    assert decoder.feed(frame) == list(both)


@each_framing
def test_megabytes_without_an_end_are_given_back_at_once(make, frame):
    decoder = make()
    back = sum(len(e.raw) for _ in range(1000) for e in decoder.feed(frame[:1] * 64))
    assert 64_000 - back <= CAP
