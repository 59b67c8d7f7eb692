"""Three scales nobody wrote a driver for, made up for the tests: two stream, one prints once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Unknown:
    """``say`` is how it sends a number of three decimals, at rest or moving."""

    ending: bytes
    say: Callable[[Decimal, bool], bytes]
    streams: bool = True

    def line(self, text: str, *, moving: bool = False) -> bytes:
        """What it sends while its display shows this (``4,236``)."""
        return self.say(Decimal(text.replace(",", ".")), moving) + self.ending


def _columns(value: Decimal, moving: bool) -> bytes:
    sign = "-" if value < 0 else " "
    return f"{'US' if moving else 'ST'}#{sign}{abs(value):>7.3f} kg G".encode()


def _framed(value: Decimal, moving: bool) -> bytes:
    head = "N" if value < 0 else "P"
    return f"\x02{head}{abs(int(value * 1000)):06}{'*' if moving else ' '}".encode()


def _fields(value: Decimal, _: bool) -> bytes:
    return f"net;{value:.3f};Kg;".replace(".", ",").encode()


SCALES = {
    "columns": Unknown(b"\r\n", _columns),
    "framed": Unknown(b"\x03", _framed),
    "fields": Unknown(b"\n", _fields, streams=False),
}
