"""Sealing what names a child, for a database that others look after.

A station's own file is encrypted as a whole. In a clinic's database the identity number, the
given name, hearing tests and the bytes of a message are sealed by the station before they leave
it with AES-SIV (RFC 5297): the same text has the same seal in the same column, so that a child is
found by its number without a second column, and who reads the database or its backup without the
clinic's key reads nobody's name.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import Connection

from kiosk.store.database.key import derived
from kiosk.store.errors import StoreError, StoreFault

OPTION = "kiosk_seal"
"""The execution option of an engine whose connections seal."""


class Seal:
    """Seals and opens with the clinic's key."""

    def __init__(self, key: bytes) -> None:
        # Imported here: a station of its own never seals, and should start without waiting for it.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        self._refused = (InvalidTag, ValueError)
        self._cipher = AESSIV(derived(key, "seal-1") + derived(key, "seal-2"))

    def close(self, column: str, content: bytes) -> bytes:
        """The sealed content."""
        # AES-SIV takes no empty content; one byte in front makes it never empty.
        return self._cipher.encrypt(b"\x01" + content, [column.encode()])

    def open(self, column: str, sealed: bytes) -> bytes:
        """The content; raises :class:`StoreError` (WRONG_KEY) if the key is another."""
        try:
            return self._cipher.decrypt(sealed, [column.encode()])[1:]
        except self._refused:
            raise StoreError(StoreFault.WRONG_KEY) from None


def hide(connection: Connection, column: str, text: str) -> str:
    """The text as this database keeps it. An empty one stays empty: it names nobody."""
    seal = _seal_of(connection)
    return b64encode(seal.close(column, text.encode())).decode() if seal and text else text


def show(connection: Connection, column: str, kept: str) -> str:
    """The text behind what is kept; raises :class:`StoreError` (WRONG_KEY)."""
    seal = _seal_of(connection)
    return seal.open(column, b64decode(kept)).decode() if seal and kept else kept


def hide_bytes(connection: Connection, column: str, content: bytes) -> bytes:
    """The bytes as this database keeps them."""
    seal = _seal_of(connection)
    return seal.close(column, content) if seal else content


def show_bytes(connection: Connection, column: str, kept: bytes) -> bytes:
    """The bytes behind what is kept; raises :class:`StoreError` (WRONG_KEY)."""
    seal = _seal_of(connection)
    return seal.open(column, kept) if seal else kept


def _seal_of(connection: Connection) -> Seal | None:
    options: Any = connection.get_execution_options()
    seal: Seal | None = options.get(OPTION)
    return seal
