"""The hostile streams of the benchmark: nothing untrue is told, and the next frame is read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from drivers.events import LinkState, LinkStatus, Reading, Stamped
from drivers.registry import all_drivers
from kiosk.weighing import gate as scale
from tests.bench.hostile import (
    MT_SICS,
    OHAUS,
    RADWAG,
    TRUE,
    Outcome,
    Stream,
    Verdict,
    judge,
    judge_text,
    streams,
    unseen,
)

DRIVERS = all_drivers()
SPEECHES = {"mt-sics": MT_SICS, "radwag": RADWAG, "ohaus": OHAUS}
WHOLE_FRAMES = {
    "another line ending",
    "noise around the frame",
    "the second half comes late",
    "another unit",
    "a moving weight",
    "a negative weight",
    "an old frame is still waiting",
    "the head is cut off",
}
"""Rules that leave a whole frame in the stream, or nearly; everything else reads as nothing."""


def told(stream, size):
    decoder = DRIVERS[stream.protocol].decoder({})
    decoder.feed(stream.waiting)
    events = []
    for chunk in stream.chunks:
        for at in range(0, len(chunk), size):
            events += decoder.feed(chunk[at : at + size])
    return decoder, [event for event in events if isinstance(event, Reading)]


@pytest.mark.parametrize("protocol", SPEECHES)
@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_nothing_untrue_is_told_of_any_stream(protocol, size):
    script = [stream for stream in streams() if stream.protocol == protocol]
    assert len(script) >= 200
    for stream in script:
        for event in told(stream, size)[1]:
            outcome = Outcome(event.value, event.unit, event.stability.value)
            assert judge(stream, outcome) is Verdict.RIGHT, (stream.rule, stream.name)
            same_with_a_zero = b" 04236.5 g" in event.raw
            assert stream.rule in WHOLE_FRAMES or same_with_a_zero, (stream.rule, stream.name)


def test_there_are_a_thousand_of_them():
    assert len(streams()) >= 1000


@pytest.mark.parametrize("protocol", SPEECHES)
def test_after_any_stream_and_a_line_end_the_next_frame_is_read(protocol):
    frame = SPEECHES[protocol].say("777.5", "g")
    for stream in streams():
        if stream.protocol == protocol:
            decoder, _ = told(stream, 7)
            # An unfinished line swallows the frame that runs into it, and no more than that.
            *_, last = [*decoder.feed(frame), *decoder.feed(frame)]
            assert isinstance(last, Reading), (stream.rule, stream.name)
            assert last.value == Decimal("777.5")


@pytest.mark.parametrize("protocol", SPEECHES)
def test_a_digit_that_became_another_is_never_offered(protocol):
    speech = SPEECHES[protocol]
    empty, frame = speech.say("0.0", "g"), speech.frame
    damages = list(unseen(speech))
    assert len(damages) >= 10
    for damaged in damages:
        offers = offered(protocol, empty + frame * 2 + damaged + frame * 4 + damaged + frame * 3)
        assert offers == {4236}


def offered(protocol, data):
    driver = DRIVERS[protocol]
    state = scale.scale_changed(
        scale.Weighing("scale", driver.trusted_frames), LinkStatus("scale", LinkState.OPEN, 1)
    )
    grams = set()
    for number, event in enumerate(driver.decoder({}).feed(data)):
        now = number / 10
        stamped = Stamped(event, "scale", protocol, "1", 1, now, datetime.now(UTC))
        state = scale.event_arrived(state, stamped)
        grams |= {state.offer.grams} if state.offer else set()
    return grams


def test_the_judge_tells_right_from_odd_from_wrong():
    moving = Stream("mt-sics", "", "", (b"",), frozenset({TRUE._replace(stability="moving")}))
    still = Stream("mt-sics", "", "", (b"",), frozenset({TRUE}))
    assert judge(still, TRUE) is Verdict.RIGHT
    assert judge(still, TRUE._replace(unit="kg")) is Verdict.WRONG
    assert judge(still, TRUE._replace(value=Decimal(423))) is Verdict.WRONG
    assert judge(still, TRUE._replace(unit="g?")) is Verdict.ODD
    assert judge(moving, TRUE._replace(stability="")) is Verdict.WRONG
    late = Stream("mt-sics", "", "", (b"S S     42", b"36.5 g\r\n"), waiting=b"S S 1 g\r\n")
    assert judge_text(late, "S S     4236.5 g") is Verdict.ODD
    assert judge_text(late, "S S     42") is Verdict.WRONG
    assert judge_text(late, "S S 1 g") is Verdict.WRONG
    assert judge_text(late, "ES") is Verdict.ODD
