"""The store's key as something a person can write down and type in again.

64 hexadecimal digits in 16 groups of four, each with a sign of its own that tells a wrong, swapped
or misplaced group at once. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

GROUPS = 16
DIGITS = 4
ALPHABET = "0123456789ABCDEFGHJKMNPQRTUVWXY"
"""31 signs, a prime number of them, so that each single fault shows; none is easily misread."""

_PLACE = 5
"""What a group's place adds to its sign, so that two groups changed for each other are found."""

_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "Z": "2"})


class Misread(ValueError):  # noqa: N818 - names what happened
    """A group is not as it was written. ``number`` counts from 1; 0: there are not 16 groups."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


def written(key: bytes) -> tuple[str, ...]:
    """The 16 groups of a key of 32 bytes, such as ``3F0A-K``."""
    text = key.hex().upper()
    parts = [text[at : at + DIGITS] for at in range(0, GROUPS * DIGITS, DIGITS)]
    return tuple(f"{part}-{_sign(part, place)}" for place, part in enumerate(parts))


def read(text: str) -> bytes:
    """The key behind 16 groups, whatever stands between them; raises :class:`Misread`."""
    signs = "".join(c for c in text.upper().translate(_ALIKE) if c.isascii() and c.isalnum())
    size = DIGITS + 1
    if len(signs) != GROUPS * size:
        raise Misread(0)
    parts = [signs[at : at + size] for at in range(0, len(signs), size)]
    for place, part in enumerate(parts):
        if not fits(part, place):
            raise Misread(place + 1)
    return bytes.fromhex("".join(part[:DIGITS] for part in parts))


def fits(group: str, place: int) -> bool:
    """Whether a group is whole and belongs at this place, counted from 0."""
    signs = "".join(c for c in group.upper().translate(_ALIKE) if c.isascii() and c.isalnum())
    digits, sign = signs[:DIGITS], signs[DIGITS:]
    hexadecimal = len(digits) == DIGITS and all(c in "0123456789ABCDEF" for c in digits)
    return hexadecimal and sign == _sign(digits, place)


def page(groups: Sequence[str]) -> str:
    """The groups in four numbered lines of four."""
    lines = [groups[at : at + 4] for at in range(0, GROUPS, 4)]
    return "\n".join(
        f"  {4 * row + 1:2}–{4 * row + 4:<2}   " + "   ".join(line)
        for row, line in enumerate(lines)
    )


def _sign(digits: str, place: int) -> str:
    total = _PLACE * (place + 1)
    total += sum(weight * int(digit, 16) for weight, digit in enumerate(digits, 1))
    return ALPHABET[total % len(ALPHABET)]
