"""Why something that was saved cannot be written as a message."""

from __future__ import annotations


class MappingError(Exception):
    """A visit that cannot be sent as it is. ``code`` is a word without personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
