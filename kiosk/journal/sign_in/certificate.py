"""When the station's own certificate ends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from drivers.folder import read_file


def certificate_end(path: Path | None) -> date | None:
    """The last day of a PEM certificate; ``None`` for none, or one that cannot be read."""
    if path is None:
        return None
    from cryptography.x509 import load_pem_x509_certificate

    try:
        return load_pem_x509_certificate(read_file(path, follow=True)).not_valid_after_utc.date()
    except (OSError, ValueError):
        return None
