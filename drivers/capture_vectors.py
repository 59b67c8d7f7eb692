"""From a capture to a vector file in which a person fills in what the bytes mean.

What a driver makes of the bytes is never filled in: vectors that repeat a decoder's opinion
would prove nothing. Until the marks are replaced, ``drivers.vector_file`` refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drivers.capture import Capture, Chunk, Direction
from drivers.vector_file import TO_FILL_IN

BURST_SECONDS: Final = 0.1
"""A silence this long, or a request, parts one vector from the next."""

MOST_VECTORS: Final = 100
"""Different bursts that become vectors; nobody fills in more."""

_HEADER: Final = """\
# Bytes of a capture, waiting for a person to say what they mean.
#
# For each vector: look at what the device's own display showed, or at the manual, and replace
#   events = "{mark}"   by what the bytes must give, written as `kiosk decode` prints it,
#   shows = "{mark}"    by what the case is about, such as "moving" or "above the range".
# Join vectors whose frame was cut, delete what adds nothing, and fill in [quality].
# Never copy what a decoder made of the bytes. The file is refused while a mark is left.

[quality]
source = "{mark}"
hardware = "{mark}"
confirmed_by = ""
confirmed_on = ""
cannot_tell = []
"""

_VECTOR: Final = """
[[vector]]
id = "C{number}"
shows = "{mark}"
source = "capture{started}, {at:.3f} s{times}"
# {readable}{display}
chunks = [{chunks}]
events = "{mark}"
"""


def skeleton(capture: Capture) -> str:
    """Return the vector file, with each different burst of the device once."""
    started = f" of {capture.started}" if _harmless(capture.started) and capture.started else ""
    seen: dict[bytes, tuple[list[Chunk], int]] = {}
    for burst in bursts(capture):
        data = b"".join(chunk.data for chunk in burst)
        first, times = seen.get(data, (burst, 0))
        seen[data] = (first, times + 1)
    rows = list(seen.items())[:MOST_VECTORS]
    return _HEADER.format(mark=TO_FILL_IN) + "".join(
        _VECTOR.format(
            number=number,
            mark=TO_FILL_IN,
            started=started,
            at=burst[0].t,
            times=f", {times} times" if times > 1 else "",
            readable=readable(data),
            display=_display(capture, burst[0].t),
            chunks=", ".join(f'"{chunk.data.hex()}"' for chunk in burst),
        )
        for number, (data, (burst, times)) in enumerate(rows, start=1)
    )


def _display(capture: Capture, at: float) -> str:
    """Return what a person last said the display showed when a burst came, as a comment."""
    said = [note.text for note in capture.notes if note.t <= at]
    if not said:
        return ""
    return "\n# display: " + readable(said[-1].encode("ascii", "replace"))


def bursts(capture: Capture) -> Iterator[list[Chunk]]:
    """Yield what the device sent without a long silence and without a request in between."""
    burst: list[Chunk] = []
    for chunk in capture.chunks:
        outgoing = chunk.direction is Direction.OUT
        if burst and (outgoing or chunk.t - burst[-1].t >= BURST_SECONDS):
            yield burst
            burst = []
        if not outgoing and chunk.data:
            burst.append(chunk)
    if burst:
        yield burst


def readable(data: bytes) -> str:
    """Return ``data`` with control and foreign bytes in angle brackets, safe in a comment."""
    names = {0x02: "STX", 0x03: "ETX", 0x0A: "LF", 0x0D: "CR", 0x1B: "ESC"}
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F else f"<{names.get(byte, f'{byte:02x}')}>" for byte in data
    )


def _harmless(text: str) -> bool:
    """Return whether ``text`` may stand in a TOML string as it is."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text
