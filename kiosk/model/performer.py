"""Who measured, and with what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """The device behind a value: the configured link, what it is and which code read it."""

    link_id: str
    name: str
    driver: str
    driver_version: str
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Performer:
    """Who measured, in which role. ``basis`` is the ground for doing the task."""

    user_id: str
    display: str
    role: str = "health-secretary"
    basis: str = "ordinary_duty"
    hpr_number: str = ""
