"""Checksums that more than one protocol may use."""

from __future__ import annotations

from typing import Final

_GENERATOR: Final = 0x07


def _shifted(byte: int) -> int:
    for _ in range(8):
        byte = (byte << 1 ^ _GENERATOR) & 0xFF if byte & 0x80 else byte << 1
    return byte


_TABLE: Final = bytes(map(_shifted, range(256)))


def crc8(data: bytes, start: int = 0) -> int:
    """Return the CRC-8 with polynomial 07h (generator 107h), not reflected, from ``start``."""
    crc = start
    for byte in data:
        crc = _TABLE[crc ^ byte]
    return crc
