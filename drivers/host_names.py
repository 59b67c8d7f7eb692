"""Whether a text can be the name or the address of a machine."""

from __future__ import annotations

import re
from ipaddress import ip_address

_NAME = re.compile(r"\w[\w.\-]*")
_NUMBERS = re.compile(r"[\d.]+")


def is_host(text: str) -> bool:
    """An IP address, or a name that a resolver may be asked for; nothing is asked here."""
    try:
        ip_address(text)
    except ValueError:
        try:
            text.encode("idna")
        except UnicodeError:
            return False
        named = _NAME.fullmatch(text) is not None and len(text) <= 253
        return named and _NUMBERS.fullmatch(text) is None
    return True
