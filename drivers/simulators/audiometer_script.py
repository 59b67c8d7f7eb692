"""The little language that works a simulated audiometer.

One command a line; blank lines and lines starting with ``#`` are skipped::

    right 1000=20 4000=>90     what the right ear heard: threshold, or no response at a level
    left 1000=>?               no response, at a level nobody wrote down
    bone left 1000=10          by bone conduction
    send                       press send
    wait 5                     let 5 seconds pass
    next                       the next child: nothing is tested yet
    fault NAME                 from now on: checksum, abort, repeat, joined, pause
    clear                      the cable is well again
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from drivers.hearing import Ear, Transducer
from drivers.simulators.audiometer import Fault, SimulatedAudiometer
from drivers.simulators.script import ScriptError

DEFAULT: Final = """\
# Play audiometry of a four-year-old.
wait 4
right 500=20 1000=15 2000=15 4000=20
left 500=20 1000=20 2000=15 4000=25
send
"""


def play(text: str, audiometer: SimulatedAudiometer, stopping: threading.Event) -> None:
    """Carry out a script; raises :class:`ScriptError` for a line without a meaning."""
    for line in text.splitlines():
        if stopping.is_set():
            return
        obey(line, audiometer, stopping)


def obey(line: str, audiometer: SimulatedAudiometer, stopping: threading.Event) -> None:
    """Carry out one line; raises :class:`ScriptError`."""
    words = line.split()
    if not words or words[0].startswith("#"):
        return
    try:
        _carry_out(words, audiometer, stopping)
    except (ValueError, IndexError) as error:
        raise ScriptError(f"{line.strip()!r}: {error}") from None


def _carry_out(
    words: Sequence[str], audiometer: SimulatedAudiometer, stopping: threading.Event
) -> None:
    verb, rest = words[0], words[1:]
    match verb:
        case "right" | "left":
            _hear(Ear(verb), Transducer.HEADPHONE, rest, audiometer)
        case "bone":
            _hear(Ear(rest[0]), Transducer.BONE, rest[1:], audiometer)
        case "wait":
            stopping.wait(float(rest[0]))
        case "fault":
            audiometer.faults.add(Fault(rest[0]))
        case _:
            acts: dict[str, Callable[[], None]] = {
                "send": audiometer.send,
                "next": audiometer.clear,
                "clear": audiometer.faults.clear,
            }
            if verb not in acts:
                raise ValueError(f"{verb!r} is no command")
            acts[verb]()


def _hear(
    ear: Ear, transducer: Transducer, answers: Sequence[str], audiometer: SimulatedAudiometer
) -> None:
    for answer in answers:
        hz, _, said = answer.partition("=")
        audiometer.set(ear, transducer, int(hz), said)
