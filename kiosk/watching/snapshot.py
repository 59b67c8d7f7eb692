"""How a station stands at one moment, in numbers that say nothing about anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class InterfaceStand:
    """One way into the journal. ``oldest`` are the seconds the oldest message has waited.

    ``trouble`` is what is wrong with the line, as a code; empty where nothing is.
    """

    name: str
    waiting: int = 0
    parked: int = 0
    done: int = 0
    oldest: float = 0.0
    line: str = "unknown"
    trouble: str = ""
    delivered: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A station. ``devices`` tells which of those that are configured are there.

    ``store_up`` is false where the store could not be asked; then there are no ``interfaces``.
    ``free`` and ``stored`` are bytes, ``started`` and ``uptime`` seconds; ``expires`` are the days
    until a key or certificate of the journal's sign-in ends. ``parts`` tells which parts of the
    process give their sign of life, ``faults`` how often something unforeseen went wrong in one
    since the start, ``restarts`` how often the station started itself anew in the last day.
    ``elsewhere`` are the messages, by state, of visits that other stations of the clinic measured.
    ``missing`` are the rows of the audit trail that are lost and nobody has answered for.
    ``copied`` and ``rehearsed`` are the seconds since a copy was made and brought back on trial, -1
    for never; ``copy_failed`` that the last attempt at either failed.
    """

    station: str
    version: str
    started: float
    uptime: float
    store_up: bool
    interfaces: tuple[InterfaceStand, ...] = ()
    devices: Mapping[str, bool] = field(default_factory=dict)
    printer: str = "unknown"
    free: int = 0
    stored: int = 0
    expires: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, bool] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    restarts: int = 0
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0
    copied: float = -1.0
    rehearsed: float = -1.0
    copy_failed: bool = False
