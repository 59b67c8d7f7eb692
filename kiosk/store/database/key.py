"""The store's key: 256 random bits, outside the database and never derived from a password.

One root key is enough: the keys of the audit chain and of the PINs are derived from it by
HMAC-SHA256 with a label, so that a copied database alone tells nothing and there is one
secret to keep and to recover.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from drivers.folder import Folder
from kiosk.store.errors import StoreError, StoreFault

KEY_BYTES = 32
_HEX = re.compile(rb"[0-9a-fA-F]{64}")


def new_key() -> bytes:
    """A fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def create_key_file(path: Path, key: bytes | None = None) -> bytes:
    """Write a key, or a fresh one, as 64 hexadecimal digits, mode 0600; never replaces a file.

    The file appears whole or not at all: half a key would lock the store for ever. Raises
    :class:`FileExistsError` or another :class:`OSError`.
    """
    key = key or new_key()
    with Folder.at(path.parent) as folder:
        folder.appear(path.name, f"{key.hex()}\n".encode("ascii"))
    return key


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; raises :class:`OSError`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_key_file(path: Path) -> bytes:
    """Read a key file; raises :class:`StoreError` with the KEY faults.

    Others may not read it: mode 0600 or stricter, and it belongs to the service's user or to
    root.
    """
    try:
        # A credential may be a link; a pipe would be waited for.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise StoreError(StoreFault.KEY_UNREADABLE)
            content = file.read(2 * KEY_BYTES + 8)
    except FileNotFoundError:
        raise StoreError(StoreFault.KEY_MISSING, path) from None
    except OSError:
        raise StoreError(StoreFault.KEY_UNREADABLE, path) from None
    if status.st_mode & 0o077:
        raise StoreError(StoreFault.KEY_PERMISSIONS, path)
    if status.st_uid not in {0, os.geteuid()}:
        raise StoreError(StoreFault.KEY_OWNER, path)
    return read_key(content, path)


def read_key(content: bytes, path: Path | None = None) -> bytes:
    """The key that is written there; raises :class:`StoreError` (KEY_MALFORMED)."""
    if _HEX.fullmatch(content.strip()) is None:
        raise StoreError(StoreFault.KEY_MALFORMED, path)
    return bytes.fromhex(content.decode("ascii").strip())


def derived(key: bytes, purpose: str) -> bytes:
    """The key for one purpose (``audit``, ``pin``), 32 bytes."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()
