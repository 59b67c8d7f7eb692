"""What can be wrong with the store, as codes. No message ever holds data."""

from __future__ import annotations

import errno
from enum import StrEnum
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher


class StoreFault(StrEnum):
    """Why the store cannot be opened or written.

    ``CONTENT_DIFFERS``: an id is already there for something else. ``UNSTORABLE``: a text is
    too long or holds what no database keeps. ``ABSENT`` and ``OCCUPIED``: there is no store, or
    already something, where a copy is read from or written to. ``UNREACHABLE``, ``NOT_ADMITTED``
    and ``NO_DRIVER`` are a clinic's database server: nobody answers, the sign-in or a right is
    refused, or its library is not installed. ``KEY_OWNER``: the key belongs to a user who is
    neither this one nor root. ``KEY_SEALED``: its credential cannot be opened on this machine.
    ``NOT_ALLOWED``: only root and the service's user may. ``OLDER_SCHEMA``: what looks does not
    bring a store up to date. ``VANISHED`` and ``EMPTIED``: there was a store, and its file is gone
    or holds nothing. ``FOREIGN``: what lies there is not the store that this station had.
    ``NO_ROOM``: a store that is to be migrated cannot be copied before.
    """

    KEY_MISSING = "key-missing"
    KEY_UNREADABLE = "key-unreadable"
    KEY_PERMISSIONS = "key-permissions"
    KEY_OWNER = "key-owner"
    KEY_SEALED = "key-sealed"
    KEY_MALFORMED = "key-malformed"
    WRONG_KEY = "wrong-key"
    PLAINTEXT = "plaintext"
    CORRUPT = "corrupt"
    SQLITE_UNSAFE = "sqlite-unsafe"
    NO_CIPHER = "no-cipher"
    READ_ONLY = "read-only"
    DISK_FULL = "disk-full"
    NEWER_SCHEMA = "newer-schema"
    OLDER_SCHEMA = "older-schema"
    NOT_ALLOWED = "not-allowed"
    MODE_MIX = "mode-mix"
    IN_USE = "in-use"
    BUSY = "busy"
    CONTENT_DIFFERS = "content-differs"
    UNSTORABLE = "unstorable"
    ABSENT = "absent"
    OCCUPIED = "occupied"
    VANISHED = "vanished"
    EMPTIED = "emptied"
    FOREIGN = "foreign"
    NO_ROOM = "no-room"
    INPUT_OUTPUT = "input-output"
    UNREACHABLE = "unreachable"
    NOT_ADMITTED = "not-admitted"
    NO_DRIVER = "no-driver"
    CLOSED = "closed"


class StoreError(Exception):
    """The store refused. ``fault`` says why; the text is the fault's code and nothing else.

    ``path`` is the file it is about, where one is known.
    """

    def __init__(self, fault: StoreFault, path: Path | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.path = path


_BY_ERRNO = {
    errno.ENOSPC: StoreFault.DISK_FULL,
    errno.EDQUOT: StoreFault.DISK_FULL,
    errno.EROFS: StoreFault.READ_ONLY,
    errno.EACCES: StoreFault.READ_ONLY,
    errno.EPERM: StoreFault.READ_ONLY,
    errno.ENOENT: StoreFault.READ_ONLY,
    errno.ENOTDIR: StoreFault.READ_ONLY,
}
_BY_NAME = {
    "SQLITE_NOTADB": StoreFault.WRONG_KEY,
    "SQLITE_CORRUPT": StoreFault.CORRUPT,
    "SQLITE_FULL": StoreFault.DISK_FULL,
    "SQLITE_READONLY": StoreFault.READ_ONLY,
    "SQLITE_CANTOPEN": StoreFault.READ_ONLY,
    "SQLITE_BUSY": StoreFault.BUSY,
    "SQLITE_LOCKED": StoreFault.BUSY,
    "SQLITE_IOERR": StoreFault.INPUT_OUTPUT,
    # Every constraint here is about ids: one was used twice.
    "SQLITE_CONSTRAINT": StoreFault.CONTENT_DIFFERS,
}
_BY_TEXT = {
    "file is not a database": StoreFault.WRONG_KEY,
    "malformed": StoreFault.CORRUPT,
    "full": StoreFault.DISK_FULL,
    "readonly": StoreFault.READ_ONLY,
    "unable to open": StoreFault.READ_ONLY,
    "locked": StoreFault.BUSY,
    "disk I/O": StoreFault.INPUT_OUTPUT,
}


_BY_SQLSTATE = {
    # Classes of PostgreSQL's error codes (its manual, appendix A); a whole code before its class.
    "08": StoreFault.UNREACHABLE,
    "22": StoreFault.UNSTORABLE,
    "23": StoreFault.CONTENT_DIFFERS,
    "25006": StoreFault.READ_ONLY,
    "28": StoreFault.NOT_ADMITTED,
    "3D": StoreFault.ABSENT,
    "40": StoreFault.BUSY,
    "42501": StoreFault.NOT_ADMITTED,
    "53100": StoreFault.DISK_FULL,
    "53300": StoreFault.BUSY,
    "55P03": StoreFault.BUSY,
    "57": StoreFault.UNREACHABLE,
    "57014": StoreFault.BUSY,
    "XX001": StoreFault.CORRUPT,
    "XX002": StoreFault.CORRUPT,
}


_AT_THE_DOOR = {
    "password authentication": StoreFault.NOT_ADMITTED,
    "no password": StoreFault.NOT_ADMITTED,
    "pg_hba": StoreFault.NOT_ADMITTED,
    "certificate": StoreFault.NOT_ADMITTED,
    "role": StoreFault.NOT_ADMITTED,
    "does not exist": StoreFault.ABSENT,
}
"""What a server says before anybody is signed in has no code, only words."""


def _of_server(state: str | None, words: str) -> StoreFault:
    if state is None:
        # Other words without a code: the server was never reached, or its answer never came.
        found = (fault for said, fault in _AT_THE_DOOR.items() if said in words)
        return next(found, StoreFault.UNREACHABLE)
    return _BY_SQLSTATE.get(state) or _BY_SQLSTATE.get(state[:2], StoreFault.INPUT_OUTPUT)


def fault_of(error: BaseException) -> StoreFault:
    """Classify what the database library or the operating system said."""
    if isinstance(error, StoreError):
        return error.fault
    original = getattr(error, "orig", None) or error
    if isinstance(original, OSError):
        return _BY_ERRNO.get(original.errno or 0, StoreFault.INPUT_OUTPUT)
    if hasattr(original, "sqlstate"):
        return _of_server(original.sqlstate, str(original))
    name = str(getattr(original, "sqlite_errorname", ""))
    for prefix, fault in _BY_NAME.items():
        if name.startswith(prefix):
            return fault
    text = str(original) if isinstance(original, sqlcipher.Error) else ""
    return next((f for words, f in _BY_TEXT.items() if words in text), StoreFault.INPUT_OUTPUT)
