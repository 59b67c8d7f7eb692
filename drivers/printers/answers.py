"""What a receipt printer says, told apart byte by byte. No ports, no clock.

Six kinds of answer share one line (Epson, *ESC/POS Command Reference*, "Identifying the
transmission status"): real-time bytes ``0xx1xx10``, automatic status of four bytes that
begins ``0xx1xx00``, single in-order bytes ``0xx0xxxx``, blocks that begin with 37h or 5Fh
and end with 00h, and XON 11h / XOFF 13h, which may fall inside any of the longer ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printers.facts import Facts, facts_of_automatic

XON, XOFF = 0x11, 0x13
BLOCK_37, BLOCK_5F = 0x37, 0x5F
MAX_BLOCK = 96
"""Longest block kept, in bytes; Epson's longest answer is 80 characters."""

PROCESS_DONE, CLEARED = 0x22, 0x25


@dataclass(frozen=True, slots=True)
class RealTime:
    """A ``DLE EOT`` answer. The byte itself does not tell which question it answers."""

    byte: int


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """An automatic status: what the printer says about itself, on its own account."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class InOrder:
    """A ``GS r`` or one-byte ``GS I`` answer: everything sent before has been taken out."""

    byte: int


@dataclass(frozen=True, slots=True)
class ProcessDone:
    """The printing that ``identity`` (4 bytes) was sent after is on paper."""

    identity: bytes


@dataclass(frozen=True, slots=True)
class Cleared:
    """The printer's buffers are empty."""


@dataclass(frozen=True, slots=True)
class Block:
    """Another block, such as a printer name; ``body`` without its first byte and the 00h."""

    kind: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """XON (``ready``) or XOFF."""

    ready: bool


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no answer. They are evidence of nothing."""

    raw: bytes


Answer = RealTime | StatusChanged | InOrder | ProcessDone | Cleared | Block | Flow | Noise


class AnswerReader:
    """Feed bytes however they were cut, get answers. Holds at most :data:`MAX_BLOCK` bytes."""

    def __init__(self) -> None:
        self._partial = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Take the next bytes and return what became certain, in order."""
        answers: list[Answer] = []
        for byte in data:
            self._take(byte, answers)
        return answers

    def drop_partial(self) -> list[Answer]:
        """Give up an answer whose end did not come."""
        noise: list[Answer] = [Noise(bytes(self._partial))] if self._partial else []
        self._partial.clear()
        return noise

    def _take(self, byte: int, answers: list[Answer]) -> None:
        if byte in {XON, XOFF}:
            answers.append(Flow(byte == XON))
        elif not self._partial:
            self._begin(byte, answers)
        elif _continues(self._partial, byte):
            self._partial.append(byte)
            self._end(answers)
        else:
            answers.extend(self.drop_partial())
            self._begin(byte, answers)

    def _begin(self, byte: int, answers: list[Answer]) -> None:
        if byte in {BLOCK_37, BLOCK_5F} or byte & 0x93 == 0x10:
            self._partial.append(byte)
        elif byte & 0x93 == 0x12:
            answers.append(RealTime(byte))
        elif byte & 0x90 == 0x00:
            answers.append(InOrder(byte))
        else:
            answers.append(Noise(bytes((byte,))))

    def _end(self, answers: list[Answer]) -> None:
        if _complete(self._partial):
            raw = bytes(self._partial)
            self._partial.clear()
            answers.append(_answer(raw))
        elif len(self._partial) >= MAX_BLOCK:
            answers.extend(self.drop_partial())


def _continues(partial: bytearray, byte: int) -> bool:
    """Whether ``byte`` can be the next of the answer begun."""
    if partial[0] not in {BLOCK_37, BLOCK_5F}:
        return byte & 0x90 == 0x00
    return 0x20 <= byte <= 0x7E or (byte == 0x00 and len(partial) > 1)


def _complete(partial: bytearray) -> bool:
    in_block = partial[0] in {BLOCK_37, BLOCK_5F}
    return partial[-1] == 0x00 if in_block else len(partial) == 4


def _answer(raw: bytes) -> Answer:
    if raw[0] not in {BLOCK_37, BLOCK_5F}:
        return StatusChanged(facts_of_automatic(raw))
    if raw[:2] == bytes((BLOCK_37, PROCESS_DONE)):
        return ProcessDone(raw[2:-1]) if len(raw) == 7 else Noise(raw)
    if raw == bytes((BLOCK_37, CLEARED, 0)):
        return Cleared()
    return Block(raw[0], raw[1:-1])
