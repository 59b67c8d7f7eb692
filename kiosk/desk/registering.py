"""Registering what takes a message, so that a handler of another message fails the type check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from kiosk.desk import messages as m
from kiosk.desk.effects import Effect
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step

M = TypeVar("M", bound=m.Message)
E = TypeVar("E", bound=Effect)
Handler = Callable[[Desk, Any, m.Moment, DeskRules], Step]
Carrier = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """A kind of message and what takes it."""

    kind: type
    handler: Handler


def on(kind: type[M], handler: Callable[[Desk, M, m.Moment, DeskRules], Step]) -> Registered:
    """Have messages of this kind taken by this handler, which is of the same kind."""
    return Registered(kind, handler)


def carries_out(kind: type[E], carrier: Callable[[E], None]) -> tuple[type, Carrier]:
    """Have effects of this kind carried out by what is made for the same kind."""
    return kind, carrier
