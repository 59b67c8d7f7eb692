"""Getting a printer back to the start of a command, with nothing of an old slip left in it.

A picture cut short swallows what is sent next, and a buffer kept through paper-out prints
the previous family's slip on the new roll. Nothing else may print before this succeeded.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from drivers.printers.answers import Cleared
from drivers.printers.command_bytes import CLEAR_BUFFERS, LEFTOVER, void_notice
from drivers.printers.facts import Paper
from drivers.printers.line import Line


@dataclass(frozen=True, slots=True)
class Wreck:
    """What a broken-off slip left behind.

    ``completion`` are the bytes that end the command in progress, ``None`` if the count is
    not certain. ``on_paper`` says that part of a slip may hang out of the printer.
    """

    completion: bytes | None
    on_paper: bool


FRESH = Wreck(None, on_paper=False)
"""A connection just made: nobody knows what the printer was in the middle of."""


def resync(line: Line, wreck: Wreck) -> bool:
    """Try the ways back, gentlest first; whether the printer is certain to be ready.

    1. exact count and nothing in the way: complete the command, mark the piece, cut;
    2. an answered in-order question, where nothing was known to be broken;
    3. clear the buffers (``DLE DC4`` function 8), believed only if it is answered;
    4. the USB class's SOFT_RESET; 5. zero bytes enough to end any strip.

    The end of each way must be proved by an in-order answer. A printer that never gave one
    cannot prove; there, having taken all of step 5 ends every strip. Raises PrinterLost.
    """
    free = not line.facts.hindered
    if wreck.completion is not None and free and _complete(line, wreck):
        return True
    if wreck.completion is None and free and line.prove():
        return _mark(line, wreck)
    if _clear(line):
        return _mark(line, wreck)
    if line.transport.soft_reset():
        line.forget_questions()
        if free and line.prove():
            return _mark(line, wreck)
    return free and _overrun(line, wreck)


def _complete(line: Line, wreck: Wreck) -> bool:
    completion = wreck.completion or b""
    return line.send(completion).taken == len(completion) and _mark(line, wreck)


def _clear(line: Line) -> bool:
    """Ask for empty buffers and wait for the printer to say so."""
    if line.transport.in_doubt():
        return False
    line.hear(0)
    if line.send(CLEAR_BUFFERS, line.timing.answer).taken < len(CLEAR_BUFFERS):
        return False
    deadline = time.monotonic() + line.timing.answer
    while (left := deadline - time.monotonic()) > 0:
        if any(isinstance(answer, Cleared) for answer in line.hear(left)):
            line.forget_questions()
            return True
    return False


def _overrun(line: Line, wreck: Wreck) -> bool:
    """End whatever strip may be open; the surplus zeros are ignored."""
    if line.send(LEFTOVER).taken < len(LEFTOVER):
        return False
    line.hear(line.timing.answer)
    line.forget_questions()
    return _mark(line, wreck)


def _mark(line: Line, wreck: Wreck) -> bool:
    """Print "AVBRUTT - KAST" under a piece that hangs out, cut, and see that it was taken.

    While the paper is still out there is nothing to mark: the piece leaves with the old roll.
    That it is out is asked again: the word of a new roll may have been in the buffers just
    emptied, and on that roll the head may already have begun with what they kept.
    """
    line.look()
    if wreck.on_paper and line.facts.paper is Paper.OUT:
        line.check()
    if wreck.on_paper and line.facts.paper is not Paper.OUT:
        notice = void_notice()
        if line.send(notice).taken < len(notice):
            return False
    hindered = line.facts.hindered
    return hindered or not line.answers_in_order or line.prove()
