"""Pages as they lie on one another, from the one in front to the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from kiosk.desk.pages import Page

P = TypeVar("P", bound=Page)


def stack(page: Page) -> Iterator[Page]:
    """The page, the page under it, and so on to the first."""
    at: Page | None = page
    while at is not None:
        yield at
        at = at.under


def find(page: Page, kind: type[P]) -> P | None:
    """The page of this kind, here or under it."""
    return next((one for one in stack(page) if isinstance(one, kind)), None)


def swapped(page: Page, old: P, new: P) -> Page:
    """The page with another record of the same kind in the place of one, wherever it lies."""
    if page is old:
        return new
    if page.under is None:
        return page
    below: Any = {"under": swapped(page.under, old, new)}
    return replace(page, **below)
