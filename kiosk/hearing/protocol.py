"""Protocols of audiometry as signed data: what is tested, and what the clinic makes of it.

A protocol is a TOML file: the shipped ones are in ``protocols`` beside this file, a clinic may have
its own. No number of a protocol stands in the code. A criterion that is left out is not guessed:
the station then tells what was heard and states no outcome. Nor does it without the name of who
approved the protocol for this clinic, and the day. Each result names the protocol, its version and
the hash of its content, so that what was signed can be told from what was changed since.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from drivers.hearing import Transducer


class ProtocolError(ValueError):
    """A protocol file that cannot be used. The text names the file and the key."""


class PassRule(StrEnum):
    """What it takes to pass."""

    ALL = "all"
    COUNT = "count"


class Criterion(StrEnum):
    """What a condition looks at.

    ``COUNT``: at least ``n`` of the frequencies of one ear at ``db`` or worse. ``MEAN``: the mean
    of the frequencies of one ear worse than ``db``. ``PERSISTS``: a retest whose retest condition
    holds again.
    """

    COUNT = "count-at-least"
    MEAN = "mean-above"
    PERSISTS = "persists"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on the levels of one ear, in dB HL."""

    criterion: Criterion
    db: int = 0
    hz: tuple[int, ...] = ()
    n: int = 1


@dataclass(frozen=True, slots=True)
class Pass:
    """All tones heard at the screening level, or at least ``n`` of them."""

    rule: PassRule
    n: int = 0


@dataclass(frozen=True, slots=True)
class Retest:
    """When to test again, and how many days later. Without conditions: whenever not passed."""

    any_of: tuple[Condition, ...] = ()
    after_days_min: int | None = None
    after_days_max: int | None = None


@dataclass(frozen=True, slots=True)
class Refer:
    """When to refer, and to whom."""

    to: str
    any_of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a hearing test is done and judged at a clinic.

    ``ages_months`` are the ages it is made for. ``level`` is the screening level in dB HL by
    frequency, ``order`` the frequencies as they are presented, ``step_db`` the audiometer's step.
    ``passes``, ``retest`` and ``refer`` are ``None`` where the clinic has not filled them in.
    """

    id: str
    version: str
    source: str
    ages_months: tuple[int, int]
    order: tuple[int, ...] = ()
    level: Mapping[int, int] = field(default_factory=dict)
    transducer: str = "headphone"
    step_db: int = 5
    presentations: int | None = None
    responses_needed: int | None = None
    passes: Pass | None = None
    retest: Retest | None = None
    refer: Refer | None = None
    approved_by: str = ""
    approved_on: date | None = None
    hash: str = ""

    @property
    def gaps(self) -> tuple[str, ...]:
        """What a clinic must still fill in or sign before an outcome is stated."""
        told = {
            "order": bool(self.order),
            "level": bool(self.level),
            "pass": self.passes is not None,
            "approved_by": bool(self.approved_by),
            "approved_on": self.approved_on is not None,
        }
        return tuple(key for key, known in told.items() if not known)


@cache
def shipped() -> Mapping[str, Protocol]:
    """The protocols that come with the station, by id."""
    folder = files("kiosk.hearing").joinpath("protocols")
    found = [
        read_protocol(one.read_text("utf-8"), one.name)
        for one in sorted(folder.iterdir(), key=lambda file: file.name)
        if one.name.endswith(".toml")
    ]
    return {protocol.id: protocol for protocol in found}


def read_protocol(text: str, name: str) -> Protocol:
    """Read a protocol; raises :class:`ProtocolError` naming the file and what is wrong in it."""
    try:
        data = tomllib.loads(text)
        protocol = _protocol(data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"{name}: {error}") from None
    return protocol


def content_hash(data: Mapping[str, Any]) -> str:
    """The SHA-256 of everything but the signature, independent of how the file is laid out."""
    signed = {k: v for k, v in data.items() if k not in {"approved_by", "approved_on"}}
    plain = json.dumps(signed, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


_KEYS = {
    "id",
    "version",
    "source",
    "ages_months",
    "order",
    "level",
    "transducer",
    "step_db",
    "presentations",
    "responses_needed",
    "pass",
    "retest",
    "refer",
    "approved_by",
    "approved_on",
}


def _protocol(data: Mapping[str, Any]) -> Protocol:
    _only(data, _KEYS, "")
    youngest, oldest = data["ages_months"]
    order = tuple(int(hz) for hz in data.get("order", ()))
    level = {int(hz): int(db) for hz, db in data.get("level", {}).items()}
    if level and set(level) != set(order):
        raise ValueError("level: a level for each frequency of the order, and for no other")
    _each_once(order, "order")
    step_db = int(data.get("step_db", 5))
    if step_db < 1:
        raise ValueError("step_db: 1 dB or more")
    approved_on = data.get("approved_on")
    if approved_on is not None and type(approved_on) is not date:
        raise ValueError("approved_on: a date")
    return Protocol(
        id=str(data["id"]),
        version=str(data["version"]),
        source=str(data["source"]),
        ages_months=(int(youngest), int(oldest)),
        order=order,
        level=level,
        transducer=_transducer(str(data.get("transducer", "headphone"))),
        step_db=step_db,
        presentations=data.get("presentations"),
        responses_needed=data.get("responses_needed"),
        passes=_pass(data["pass"]) if "pass" in data else None,
        retest=_retest(data["retest"]) if "retest" in data else None,
        refer=_refer(data["refer"]) if "refer" in data else None,
        approved_by=str(data.get("approved_by", "")),
        approved_on=approved_on,
        hash=content_hash(data),
    )


def _transducer(name: str) -> str:
    # A protocol asks for something; only a result may not know what it was given by.
    known = [one.value for one in Transducer if one is not Transducer.UNKNOWN]
    if name not in known:
        raise ValueError(f"transducer: one of {', '.join(known)}")
    return name


def _pass(data: Mapping[str, Any]) -> Pass:
    _only(data, {"rule", "n"}, "pass")
    rule = PassRule(data["rule"])
    if (rule is PassRule.COUNT) is not ("n" in data):
        raise ValueError("pass: n belongs to the rule count, and to no other")
    return Pass(rule, int(data.get("n", 0)))


def _retest(data: Mapping[str, Any]) -> Retest:
    _only(data, {"any_of", "after_days_min", "after_days_max"}, "retest")
    return Retest(
        tuple(_conditions(data.get("any_of", ()), "retest")),
        data.get("after_days_min"),
        data.get("after_days_max"),
    )


def _refer(data: Mapping[str, Any]) -> Refer:
    _only(data, {"to", "any_of"}, "refer")
    return Refer(str(data["to"]), tuple(_conditions(data["any_of"], "refer")))


def _conditions(rows: Sequence[Mapping[str, Any]], where: str) -> Iterator[Condition]:
    for row in rows:
        _only(row, {"criterion", "db", "hz", "n"}, f"{where}.any_of")
        criterion = Criterion(row["criterion"])
        if (criterion is Criterion.PERSISTS) is ("db" in row or "hz" in row):
            raise ValueError(f"{where}.any_of: {criterion} with the wrong numbers")
        hz, n = tuple(int(one) for one in row.get("hz", ())), int(row.get("n", 1))
        _each_once(hz, f"{where}.any_of")
        if n < 1:
            raise ValueError(f"{where}.any_of: n is 1 or more")
        yield Condition(criterion, int(row.get("db", 0)), hz, n)


def _each_once(hz: tuple[int, ...], where: str) -> None:
    # A tone that counted twice would be a criterion that nobody wrote.
    if len(set(hz)) < len(hz):
        raise ValueError(f"{where}: a frequency twice")


def _only(data: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise ValueError(f"{where or 'file'}: unknown key {', '.join(unknown)}")
