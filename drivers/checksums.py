"""Checksums that more than one protocol may use."""

from __future__ import annotations


def crc8(data: bytes, start: int = 0) -> int:
    """Return the CRC-8 with polynomial 07h (generator 107h), not reflected, from ``start``."""
    crc = start
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
