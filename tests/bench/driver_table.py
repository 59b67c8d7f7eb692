"""Every driver in one table: rate, worst case, length, and what flipped bits do to a weight.

The registry finds the drivers; there is no list here. A flipped bit is *wrong* when the damaged
frame is read as another weight in kg or g that is not called moving; *unasked* when the typing
check for a child of four months would not ask about it either; and *three equal* is the chance that
three frames in a row, each with one random bit flipped, say the same wrong weight, which is what a
value needs before it may be taken.
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median

from drivers.contract import GRAMS
from drivers.contract_samples import bytes_of, read, readings
from drivers.driver import Driver, Kind, Settings
from drivers.events import Event, Quantity, Reading, Stability
from drivers.profile import sample_settings
from drivers.registry import all_drivers
from drivers.vector_file import vector_path
from kiosk.weighing.plausibility import Verdict, judge
from tests.bench.anchors_links import driver_latencies
from tests.bench.result import Result

WEIGHT = Decimal("6.420")
AGE_DAYS = 120
FRAMES = 5000
ROUNDS = 3
MEGABYTE = 1 << 20
MOST_LINES = 120
HEADINGS = (
    "| driver | frames/s | last byte to callback, ms | of pyserial's readline "
    "| 4 MB against 1 MB of noise | bytes held | lines | bits of a frame "
    "| flips read as another weight | of these not asked about | three equal by chance |"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one driver gave."""

    key: str
    rate: float
    latency: float
    peer: float
    growth: float
    held: int
    lines: int
    bits: int
    wrong: int
    unasked: int
    three_equal: float
    checked: bool


def rows() -> list[Row]:
    """Measure every scale. An audiometer sends a record a test; its speed is nobody's concern."""
    scales = {key: d for key, d in all_drivers().items() if d.kind is Kind.SCALE}
    return [_row(driver) for _, driver in sorted(scales.items())]


def results(table: list[Row]) -> list[Result]:
    """The bars that hold over all drivers."""
    slowest = min(table, key=lambda row: row.rate)
    steepest = max(table, key=lambda row: row.growth)
    latest = max(table, key=lambda row: row.latency / row.peer)
    fullest = max(table, key=lambda row: row.held)
    checked = [row for row in table if row.checked]
    axis = next(row for row in table if row.key == "axis")
    return [
        Result("A1", f"frames/s of the slowest driver ({slowest.key})", slowest.rate, None, None,
               ">= 100000", slowest.rate >= 100_000, "chunks of 1 to 32 bytes, each driver below"),
        Result("A2", f"4 MB without an ending against 1 MB, steepest ({steepest.key})",
               steepest.growth, None, None, "<= 5 x 1 MB", steepest.growth <= 5),
        Result("A2", f"bytes held after 1 MB, fullest ({fullest.key})", fullest.held, None, None,
               "<= 65536", fullest.held <= 65_536),
        Result("A3", f"last byte to callback of the slowest driver ({latest.key}), ms",
               latest.latency, latest.peer, latest.latency / latest.peer,
               "<= 1.5 x pyserial readline", latest.latency <= 1.5 * latest.peer,
               "readline's loop over the frame's bytes; each driver below"),
        Result("A12", "lines of driver and vectors in the walk-through (axis), two files",
               axis.lines, None, None, f"<= {MOST_LINES}", axis.lines <= MOST_LINES),
        Result("flips", f"wrong weights from one flipped bit, {len(checked)} checksummed drivers",
               sum(row.wrong for row in checked), None, None, "0",
               all(row.wrong == 0 for row in checked)),
    ]  # fmt: skip


def markdown(table: list[Row]) -> str:
    """The table for ``docs/benchmarks.md``."""
    lines = [
        "## Each driver",
        "",
        HEADINGS,
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{r.key}`{' (checksum)' if r.checked else ''} | {r.rate:,.0f} | {r.latency:.2f} "
        f"| {r.latency / r.peer:.2f} | {r.growth:.2f} "
        f"| {r.held} | {r.lines} | {r.bits} | {r.wrong} ({r.wrong / r.bits:.1%}) "
        f"| {r.unasked} ({r.unasked / r.bits:.1%}) | {r.three_equal:.0e} |"
        for r in table
    ]
    words = " ".join((__doc__ or "").split("\n\n", 1)[1].replace("\n", " ").split())
    return "\n".join([*lines, "", words, ""])


def _row(driver: Driver) -> Row:
    settings = sample_settings(driver)
    if driver.key == "seca-rs232":
        settings = {**settings, "crc": "packed-00"}
    event = Reading(Quantity.WEIGHT, WEIGHT, "kg", Stability.STABLE)
    frame = driver.render(event, settings)
    wrong, unasked, three = _flips(driver, settings, frame)
    ours, peer = map(median, driver_latencies(driver, settings, frame))
    return Row(
        driver.key, _rate(driver, settings, frame), ours, peer, _growth(driver, settings, frame),
        _held(driver, settings, frame), _lines(driver), 8 * len(frame), wrong, unasked, three,
        driver.trusted_frames == 1,
    )  # fmt: skip


def _rate(driver: Driver, settings: Settings, frame: bytes) -> float:
    chance, data, chunks = random.Random(1), frame * FRAMES, []
    while data:
        size = chance.randrange(1, 33)
        chunks.append(data[:size])
        data = data[size:]
    return median(FRAMES / _timed(driver, settings, chunks) for _ in range(ROUNDS))


def _timed(driver: Driver, settings: Settings, chunks: list[bytes]) -> float:
    decoder = driver.decoder(settings)
    start = time.perf_counter()
    for chunk in chunks:
        decoder.feed(chunk)
    return time.perf_counter() - start


def _noise(frame: bytes, size: int) -> list[bytes]:
    chunk = (frame[:-2].replace(b"\r", b"").replace(b"\n", b"") * 200)[:4096]
    return [chunk] * (size // len(chunk))


def _growth(driver: Driver, settings: Settings, frame: bytes) -> float:
    # Interleaved, so that a busy moment of the machine slows both sides.
    pairs = [
        (
            _timed(driver, settings, _noise(frame, MEGABYTE)),
            _timed(driver, settings, _noise(frame, 4 * MEGABYTE)),
        )
        for _ in range(2 * ROUNDS)
    ]
    return min(four for _, four in pairs) / min(one for one, _ in pairs)


def _held(driver: Driver, settings: Settings, frame: bytes) -> int:
    decoder = driver.decoder(settings)
    tracemalloc.start()
    back = sum(len(bytes_of(decoder.feed(chunk))) for chunk in _noise(frame, MEGABYTE))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert back
    return held


def _lines(driver: Driver) -> int:
    module = sys.modules[driver.decoder.__module__]
    files = (Path(str(module.__file__)), vector_path(module.__name__))
    return sum(len(file.read_text("utf-8").splitlines()) for file in files)


def _flips(driver: Driver, settings: Settings, frame: bytes) -> tuple[int, int, float]:
    """Return how many flips give another weight, how many unasked, and three equal by chance."""
    wrong: Counter[int] = Counter()
    for bit in range(8 * len(frame)):
        data = bytearray(frame)
        data[bit // 8] ^= 1 << bit % 8
        for grams in _taken(read(driver, settings, bytes(data))):
            wrong[grams] += grams != WEIGHT * 1000
    total, bits = sum(wrong.values()), 8 * len(frame)
    unasked = sum(n for grams, n in wrong.items() if n and _is_usual(grams))
    return total, unasked, sum((n / bits) ** 3 for n in wrong.values())


def _taken(events: list[Event]) -> list[int]:
    return [
        int(r.value * GRAMS[r.unit])
        for r in readings(events)
        if r.quantity is Quantity.WEIGHT and r.unit in GRAMS and r.stability is not Stability.MOVING
    ]


def _is_usual(grams: int) -> bool:
    return judge(Quantity.WEIGHT, grams, AGE_DAYS) is Verdict.USUAL  # type: ignore[arg-type]
