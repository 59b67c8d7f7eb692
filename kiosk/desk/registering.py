"""Registering what takes a message, so that a handler of another message fails the type check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar

from kiosk.desk.messages import Effect, Message, Moment
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step

M = TypeVar("M", bound=Message)
E = TypeVar("E", bound=Effect)
Handler = Callable[[Desk, Any, Moment, DeskRules], Step]
Carrier = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """A kind of message and what takes it."""

    kind: type
    handler: Handler


def on(
    kind: type[M],
    handler: Callable[[Desk], Step]
    | Callable[[Desk, M], Step]
    | Callable[[Desk, Moment], Step]
    | Callable[[Desk, DeskRules], Step]
    | Callable[[Desk, M, Moment], Step]
    | Callable[[Desk, M, DeskRules], Step]
    | Callable[[Desk, Moment, DeskRules], Step]
    | Callable[[Desk, M, Moment, DeskRules], Step],
) -> Registered:
    """Have messages of this kind taken by this handler, which is of the same kind.

    After the desk it takes what it needs of the message, the ``moment`` and the ``rules``.
    """
    places = [_PLACES.get(name, 0) for name in [*signature(handler).parameters][1:]]
    takes: Callable[..., Step] = handler

    def taken(desk: Desk, message: M, moment: Moment, rules: DeskRules) -> Step:
        given = (message, moment, rules)
        return takes(desk, *(given[place] for place in places))

    return Registered(kind, taken)


_PLACES = {"moment": 1, "rules": 2}


def carries_out(kind: type[E], carrier: Callable[[E], None]) -> tuple[type, Carrier]:
    """Have effects of this kind carried out by what is made for the same kind."""
    return kind, carrier
