"""Drops sample files into an inbox the way other programs do: slowly, in pieces, or renamed.

Nothing waits here. Each delivery is a row of steps; whoever holds it decides how much time
passes between two of them, a test none and a demonstration a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from drivers.simulators.audiogram_samples import SAMPLES, SampleChild

CHILD: Final = SampleChild()
OTHER_CHILD: Final = SampleChild("4712", "Ola", "Annen", "2018-05-01")


class Manner(StrEnum):
    """How a file comes.

    ``SLOW``: in pieces under its own name. ``RENAMED``: in pieces under a temporary name. ``HALF``:
    the first half, and never the rest. ``RESERVED``: the full length in zeros first, as some
    shares do. ``OTHER_CHILD``: whole, of somebody else.
    """

    SLOW = "slow"
    RENAMED = "renamed"
    HALF = "half"
    RESERVED = "reserved"
    OTHER_CHILD = "other-child"


@dataclass(frozen=True, slots=True)
class AudiogramFeeder:
    """Delivers the samples into one folder."""

    folder: Path
    child: SampleChild = CHILD

    def deliver(self, name: str, manner: Manner, pieces: int = 4) -> Iterator[Path]:
        """Yield the file after each step that was done to it.

        ``name`` is one of :data:`SAMPLES`; ``pieces``, 1 or more, is how many writes it takes.
        """
        child = OTHER_CHILD if manner is Manner.OTHER_CHILD else self.child
        data = SAMPLES[name](child)
        target = self.folder / name
        match manner:
            case Manner.RENAMED:
                begun = target.with_name(name + ".tmp")
                yield from _grow(begun, data, pieces)
                yield begun.replace(target)
            case Manner.HALF:
                yield from _grow(target, data[: len(data) // 2], pieces)
            case Manner.RESERVED:
                target.write_bytes(bytes(len(data)))
                yield target
                target.write_bytes(data)
                yield target
            case Manner.SLOW | Manner.OTHER_CHILD:
                yield from _grow(target, data, pieces)


def _grow(path: Path, data: bytes, pieces: int) -> Iterator[Path]:
    """Write ``data`` at the end of a new file, a piece at each step."""
    size = -(-len(data) // pieces)
    path.write_bytes(b"")
    for start in range(0, len(data), size):
        with path.open("ab") as file:
            file.write(data[start : start + size])
        yield path
