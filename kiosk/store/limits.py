"""What a text must be to be kept by every database the station may use.

SQLite takes a text of any length, with NUL in it; PostgreSQL refuses both, and neither keeps half
of a surrogate pair. Noise on a serial line makes all three, so they are refused here, at once and
on every database alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, Table

from kiosk.store import tables as t
from kiosk.store.errors import StoreError, StoreFault

_LENGTHS = {
    table: {c.name: c.type.length for c in table.c if isinstance(c.type, String)}
    for table in t.metadata.sorted_tables
}


def check(table: Table, row: Mapping[str, Any]) -> None:
    """Raise :class:`StoreError` (UNSTORABLE) if a text of the row cannot be kept."""
    for name, length in _LENGTHS[table].items():
        text = row.get(name)
        if text and (_is_odd(text) or (length is not None and len(text) > length)):
            raise StoreError(StoreFault.UNSTORABLE)


def clean(text: str) -> str:
    """The text as any database keeps it; for words of others that must not stop anything."""
    if not _is_odd(text):
        return text
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _is_odd(text: str) -> bool:
    return "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text))
