"""A0, A1 and A2: hostile bytes, decoding rate and worst case of the scale decoders.

Peers are asked in the same run as ours; one that is not installed is named as such. Rates are
medians of interleaved rounds, so that a busy machine slows both sides.
"""

from __future__ import annotations

import random
import re
import statistics
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from importlib.util import find_spec

from drivers.driver import Driver
from drivers.events import Event, Reading
from drivers.registry import all_drivers
from tests.bench.hostile import Outcome, Stream, Verdict, judge, judge_text, streams
from tests.bench.result import Result
from tests.bench.scale_peers import PEERS, Peer
from tests.bench.scripted_port import ScriptedPort

ROUNDS = 5
FRAME = b"S S     4.2360 kg\r\n"
FRAMES = 20_000
MEGABYTE = 1 << 20
CUTS = (1, 3, 7, 1 << 20)
"""Sizes of the chunks in which ours gets every hostile stream."""


def run() -> list[Result]:
    """Measure all three."""
    return [*a0(), *a1(), *a2()]


def a0() -> list[Result]:
    """Count silent wrong answers to the hostile streams, ours and each peer's."""
    script = streams()
    wrong = sum(not _ours_is_right(stream, size) for stream in script for size in CUTS)
    mt_sics = [stream for stream in script if stream.protocol == "mt-sics"]
    ours = sum(not _ours_is_right(stream, size) for stream in mt_sics for size in CUTS)
    what = f"silent wrong readings on {len(script)} hostile streams, each cut {len(CUTS)} ways"
    bar = "0 silent wrong values on >= 200 streams"
    own = Result("A0", what, wrong, None, None, bar, wrong == 0 and len(script) >= 200)
    return [own, *(_peer_result(peer, mt_sics, ours) for peer in PEERS)]


def read_stream(driver: Driver, stream: Stream, size: int) -> list[Event]:
    """Return what ours says to a stream in chunks of ``size`` bytes, without what waited."""
    decoder = driver.decoder({})
    decoder.feed(stream.waiting)
    events: list[Event] = []
    for chunk in stream.chunks:
        for at in range(0, len(chunk), size):
            events += decoder.feed(chunk[at : at + size])
    return [*events, *decoder.drop_partial()]


def _ours_is_right(stream: Stream, size: int) -> bool:
    """Whether everything that is told is true, and an odd unit counts as untrue as well."""
    told = (
        Outcome(event.value, event.unit, event.stability.value)
        for event in read_stream(_DRIVERS[stream.protocol], stream, size)
        if isinstance(event, Reading)
    )
    return all(judge(stream, outcome) is Verdict.RIGHT for outcome in told)


def _peer_result(peer: Peer, script: list[Stream], ours: int) -> Result:
    what = f"silent wrong answers on the {len(script)} MT-SICS streams: {peer.name}"
    bar = "ours 0"
    if not peer.installed:
        return Result("A0", what, ours, None, None, bar, ours == 0, "not installed")
    with peer.open() as ask:
        seen = Counter(_verdict(ask, stream) for stream in script)
    note = ", ".join(f"{count} {verdict}" for verdict, count in seen.most_common())
    return Result("A0", what, ours, seen[Verdict.WRONG.value], None, bar, ours == 0, note)


def _verdict(ask: Callable[[Stream], Outcome | str | None], stream: Stream) -> str:
    try:
        answer = ask(stream)
    except Exception as error:
        # Whatever a library raises is its answer.
        return type(error).__name__
    if isinstance(answer, str):
        verdict = judge_text(stream, answer)
        return "left to the caller" if verdict is Verdict.ODD else verdict.value
    return judge(stream, answer).value if answer else "no value"


def a1() -> list[Result]:
    """Decode 20,000 equal MT-SICS frames in chunks of 1 to 32 bytes, beside two peers."""
    chunks = _random_chunks(FRAME * FRAMES)
    decoder = _DRIVERS["mt-sics"].decoder
    sides: dict[str, Callable[[], None]] = {
        "ours": lambda: _feed_all(decoder({}).feed, chunks),
        "regex": lambda: _match_all([FRAME] * FRAMES),
    }
    if find_spec("pymeasure") is not None:
        sides["pymeasure"] = _pymeasure_property(FRAMES)
    rates = _interleaved(sides)
    ours = statistics.median(rates["ours"])
    what = "MT-SICS frames/s in chunks of 1 to 32 bytes"
    results = [Result("A1", what, ours, None, None, ">= 100000", ours >= 100_000)]
    results.append(
        _ratio(what + ", against a bare regex on cut lines, value as Decimal", rates, "regex", 0.1)
    )
    results.append(_ratio(what + ", against a pymeasure property", rates, "pymeasure", 3.0))
    return results


def _ratio(what: str, rates: dict[str, list[float]], peer: str, bar: float) -> Result:
    ours = statistics.median(rates["ours"])
    text = f">= {bar:g} x the peer"
    if peer not in rates:
        return Result("A1", what, ours, None, None, text, passed=True, note="not installed")
    ratio = statistics.median(a / b for a, b in zip(rates["ours"], rates[peer], strict=True))
    peer_rate = statistics.median(rates[peer])
    return Result("A1", what, ours, peer_rate, ratio, text, ratio >= bar)


def _interleaved(sides: dict[str, Callable[[], None]]) -> dict[str, list[float]]:
    """Run every side in turn, ``ROUNDS`` times; returns frames per second of each round."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, work in sides.items():
            rates[name].append(FRAMES / _seconds(work))
    return rates


def _random_chunks(data: bytes) -> list[bytes]:
    sizes, at, chunks = random.Random(1), 0, []
    while at < len(data):
        size = sizes.randint(1, 32)
        chunks.append(data[at : at + size])
        at += size
    return chunks


def _feed_all(feed: Callable[[bytes], object], chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        feed(chunk)


def _match_all(lines: list[bytes]) -> None:
    pattern = re.compile(rb"S ([SD]) +(-?\d+\.?\d*) +(\w+)\r\n")
    for line in lines:
        found = pattern.fullmatch(line)
        assert found is not None
        state, number, unit = found.groups()
        assert state
        assert unit
        assert Decimal(number.decode())


def _pymeasure_property(count: int) -> Callable[[], None]:
    """Read a property over pymeasure's own serial adapter; its port hands over cut answers."""
    from pymeasure.adapters import SerialAdapter
    from pymeasure.instruments import Instrument

    class CutAnswers(ScriptedPort):
        def write(self, data: object, /) -> int:
            return 4

        def read_until(self, expected: bytes = b"", size: int | None = None) -> bytes:
            return FRAME

    class Scale(Instrument):
        weight = Instrument.measurement(
            "SI", "Weight.", preprocess_reply=lambda reply: reply.split()[2]
        )

    port = CutAnswers(Stream("mt-sics", "", "", ()))
    adapter = SerialAdapter(port, write_termination="\r\n", read_termination="\r\n")
    scale = Scale(adapter, "scale", includeSCPI=False)

    def work() -> None:
        for _ in range(count):
            assert scale.weight == 4.236

    return work


def a2() -> list[Result]:
    """Feed bytes without any line ending: time for four times the bytes, and memory held."""
    results = []
    for key in ("mt-sics", "radwag"):
        feed = _DRIVERS[key].decoder({}).feed
        _endless(feed, MEGABYTE)
        pairs = [
            (_seconds(_endless, feed, MEGABYTE), _seconds(_endless, feed, 4 * MEGABYTE))
            for _ in range(ROUNDS)
        ]
        ratio = statistics.median(four / one for one, four in pairs)
        ours = 1000 * statistics.median(four for _, four in pairs)
        one = 1000 * statistics.median(one for one, _ in pairs)
        what = f"ms for 4 MB without a line ending, against 1 MB ({key})"
        results.append(Result("A2", what, ours, one, ratio, "<= 5 x 1 MB", ratio <= 5))
        held = _held_after(4 * MEGABYTE, key)
        what = f"bytes held after 4 MB without a line ending ({key})"
        results.append(Result("A2", what, held, None, None, "<= 65536", held <= 65_536))
    return [*results, _against_searching_again()]


def _against_searching_again() -> Result:
    """Compare with the usual "append and search the whole buffer again" on 256 kB."""
    size = MEGABYTE // 4
    feed = _DRIVERS["mt-sics"].decoder({}).feed
    pairs = [(_seconds(_endless, feed, size), _seconds(_search_again, size)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / naive for ours, naive in pairs)
    ours, naive = (1000 * statistics.median(side) for side in zip(*pairs, strict=True))
    what = "ms for 256 kB without a line ending, against grow-and-search-again"
    return Result("A2", what, ours, naive, ratio, "<= 1 x the peer", ratio <= 1)


def _endless(feed: Callable[[bytes], object], size: int) -> None:
    chunk = b"S S 4.23" * 8
    for _ in range(size // len(chunk)):
        feed(chunk)


def _search_again(size: int) -> None:
    held = b""
    for _ in range(size // 64):
        held += b"S S 4.23" * 8
        assert re.search(rb"\r\n", held) is None


def _held_after(size: int, key: str) -> int:
    """Return what a decoder's memory grew by, in bytes, its events being thrown away."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        decoder = _DRIVERS[key].decoder({})
        _endless(decoder.feed, size)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before


def _seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


_DRIVERS = all_drivers()

if __name__ == "__main__":
    for result in run():
        print(result)
