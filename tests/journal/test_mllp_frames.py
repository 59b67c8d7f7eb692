"""What an MLLP receiver sends comes apart into the same messages however it is cut into packets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journal.hl7.mllp_frames import Frames

MESSAGES = st.lists(st.binary(max_size=12).map(lambda b: b.translate(None, b"\x0b\x1c")))
BETWEEN = st.sampled_from([b"", b"\r", b"\n", b"\r\n", b"\n\r\n"])


@given(MESSAGES, st.data())
def test_the_same_messages_however_they_are_cut(messages, data):
    sent = b"".join(
        data.draw(BETWEEN) + b"\x0b" + one + b"\x1c" + data.draw(BETWEEN) for one in messages
    )
    at = sorted(data.draw(st.sets(st.integers(0, len(sent)), max_size=6)))
    frames = Frames()
    found = [
        message
        for start, end in zip([0, *at], [*at, len(sent)], strict=True)
        for message in frames.feed(sent[start:end])
    ]
    assert found == messages
    assert frames.is_between


def test_a_frame_without_an_end_is_waited_for_and_may_be_begun_anew():
    frames = Frames()
    assert frames.feed(b"\x0bMSH|half") == []
    assert not frames.is_between
    assert frames.feed(b"\x0bMSH|whole\x1c\r\n") == [b"MSH|whole"]
    assert frames.is_between


@pytest.mark.parametrize("junk", [b"HTTP/1.1 400", b"\x1c\r", b"\x0ba\x1c\rMSH|"])
def test_bytes_outside_a_frame_are_no_answer(junk):
    with pytest.raises(ValueError, match="not-a-frame"):
        Frames().feed(junk)
