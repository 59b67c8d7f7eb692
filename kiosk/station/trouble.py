"""What went wrong with the store, in the desk's words."""

from __future__ import annotations

from kiosk.desk.notices import Notice
from kiosk.store.errors import StoreError, StoreFault

WORKING = {
    StoreFault.DISK_FULL: Notice.DISK_FULL,
    StoreFault.CORRUPT: Notice.STORE_CORRUPT,
    StoreFault.READ_ONLY: Notice.STORE_READ_ONLY,
    StoreFault.BUSY: Notice.NOT_SAVED,
    StoreFault.VANISHED: Notice.STORE_VANISHED,
    StoreFault.CONTENT_DIFFERS: Notice.NOT_SAVED,
}
"""Faults of an open store; any other is a broken store."""

SAVING = {
    **WORKING,
    StoreFault.UNSTORABLE: Notice.NOT_SAVED,
    StoreFault.UNREACHABLE: Notice.CLINIC_AWAY,
    StoreFault.NOT_ADMITTED: Notice.CLINIC_AWAY,
}
"""Faults of one save, among them a refused text, which says nothing about the store."""

OPENING = {
    **WORKING,
    StoreFault.PLAINTEXT: Notice.STORE_PLAINTEXT,
    StoreFault.SQLITE_UNSAFE: Notice.STORE_UNSAFE,
    StoreFault.NO_CIPHER: Notice.STORE_UNSAFE,
    StoreFault.NEWER_SCHEMA: Notice.STORE_NEWER,
    StoreFault.MODE_MIX: Notice.STORE_MIXED,
    StoreFault.IN_USE: Notice.STORE_IN_USE,
    StoreFault.ABSENT: Notice.STORE_ABSENT,
    StoreFault.EMPTIED: Notice.STORE_EMPTIED,
    StoreFault.NO_ROOM: Notice.STORE_NO_ROOM,
    StoreFault.FOREIGN: Notice.STORE_FOREIGN,
    StoreFault.KEY_MISSING: Notice.KEY_MISSING,
    StoreFault.KEY_UNREADABLE: Notice.KEY_UNREADABLE,
    StoreFault.KEY_PERMISSIONS: Notice.KEY_PERMISSIONS,
    StoreFault.KEY_OWNER: Notice.KEY_OWNER,
    StoreFault.KEY_SEALED: Notice.KEY_SEALED,
    StoreFault.KEY_MALFORMED: Notice.KEY_MALFORMED,
    StoreFault.WRONG_KEY: Notice.KEY_WRONG,
}
"""Faults that keep the store closed."""


def notice_of(error: BaseException) -> Notice:
    """The notice for an exception of a worker."""
    if isinstance(error, StoreError):
        return SAVING.get(error.fault, Notice.STORE_BROKEN)
    return Notice.SOMETHING_WENT_WRONG


def closed_notice(fault: StoreFault) -> Notice:
    """The notice of a station whose store could not be opened."""
    if fault is StoreFault.NOT_ALLOWED:
        return Notice.KEY_UNREADABLE  # the unit asks for a credential that it was not given
    return OPENING.get(fault, Notice.STORE_BROKEN)
