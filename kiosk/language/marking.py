"""Marks texts in a table for the catalogues; they are translated where they are shown."""

from __future__ import annotations


def mark(msgid: str) -> str:
    """Return ``msgid`` as it is. ``pybabel extract -k mark`` finds it, ``tr`` translates it."""
    return msgid


def mark_slip(msgid: str) -> str:
    """Return ``msgid`` as it is: a text of the slip, which is written in more languages."""
    return msgid
