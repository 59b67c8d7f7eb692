"""Telling a damaged store from a wrong key.

Both look the same to SQLCipher when the first page is damaged ("file is not a database"), and
the person who looks after the station would search for a key that was right all along. Each page
carries its own seal, so one page that fits shows that the key does.

SQLCipher 4's page: content, 16 bytes of initial vector, 64 bytes of HMAC-SHA512 over both and
the page's number (little-endian). The HMAC's key comes from the raw key by PBKDF2-HMAC-SHA512
with two rounds over the salt, each of its bytes XOR 0x3a (sqlcipher.c, ``sqlcipher_page_hmac``).
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

PAGE, SALT, SEAL = 4096, 16, 64
_MASK, _ROUNDS, _KEY_BYTES = 0x3A, 2, 32
PAGES_TRIED = 64


def key_fits(path: Path, key: bytes) -> bool:
    """Whether any of the first pages after the first carries this key's seal."""
    try:
        with path.open("rb") as file:
            salt = file.read(PAGE)[:SALT]
            pages = [file.read(PAGE) for _ in range(PAGES_TRIED)]
    except OSError:
        return False
    masked = bytes(byte ^ _MASK for byte in salt)
    sealing = hashlib.pbkdf2_hmac("sha512", key, masked, _ROUNDS, _KEY_BYTES)
    return any(_sealed(page, number, sealing) for number, page in enumerate(pages, 2))


def _sealed(page: bytes, number: int, sealing: bytes) -> bool:
    if len(page) != PAGE:
        return False
    content = page[:-SEAL] + number.to_bytes(4, "little")
    return hmac.compare_digest(hmac.digest(sealing, content, "sha512"), page[-SEAL:])
