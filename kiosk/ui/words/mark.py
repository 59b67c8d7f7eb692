"""Marks a text in a table for the catalogues; it is translated where it is shown."""

from __future__ import annotations

from kiosk.language.marking import mark

__all__ = ["mark"]
