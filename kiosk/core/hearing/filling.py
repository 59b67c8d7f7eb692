"""A clinic fills in a protocol and signs it: pure steps, and the file that comes of them.

The clinic takes the numbers from its own guideline; the station knows none of them. What was
signed is told from what it was made of by the version: ``1`` filled in becomes ``1+1``, changed
and signed again ``1+2``. Conditions a shipped protocol brings along are kept as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from kiosk.core.hearing.protocol import (
    Condition,
    Criterion,
    Pass,
    PassRule,
    Protocol,
    Refer,
    Retest,
    read_protocol,
)

OFFERED_HZ = (250, 500, 1000, 2000, 3000, 4000, 6000, 8000)
"""Frequencies a screening audiometer gives (IEC 60645-1, type 4, and the half-octaves used)."""

FIRST_DB = 20
"""What is shown for the first frequency of an empty protocol, to be looked at and changed."""

LEVELS_DB = tuple(range(10, 45, 5))
"""Screening levels that can be chosen, in dB HL."""

WEEKS = ((2, 4), (4, 6), (4, 8), (8, 12))
"""From which week until which a child may be tested again."""

MISSING = (0, 1, 2)
"""How many tones need not be heard to pass."""

REFER_TO = ("hørselssentralen", "øre-nese-hals-lege", "fastlegen")
"""To whom a clinic refers, in the words the journal gets."""

_VERSION = re.compile(r"(?P<base>.*?)(?:\+(?P<revision>\d+))?")


class Lack(StrEnum):
    """What a protocol still needs before it can be signed."""

    FREQUENCIES = "frequencies"
    RULE = "rule"
    COUNT = "count"
    DAYS = "days"


class ProtocolFaulty(ValueError):  # noqa: N818 - names what it is
    """A protocol that cannot be signed; ``lacks`` says why."""

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


def toggle_frequency(protocol: Protocol, hz: int, db: int) -> Protocol:
    """Test this frequency at this level (dB HL) or no longer; the order of the others stays."""
    if hz in protocol.order:
        order = tuple(one for one in protocol.order if one != hz)
        return replace(protocol, order=order, level={one: protocol.level[one] for one in order})
    return replace(protocol, order=(*protocol.order, hz), level={**protocol.level, hz: db})


def set_level(protocol: Protocol, db: int) -> Protocol:
    """Test every frequency at this level, in dB HL."""
    return replace(protocol, level=dict.fromkeys(protocol.order, db))


def set_pass(protocol: Protocol, missing: int) -> Protocol:
    """All tones must be heard, or all but so many."""
    if not missing:
        return replace(protocol, passes=Pass(PassRule.ALL))
    return replace(protocol, passes=Pass(PassRule.COUNT, 2 * len(protocol.order) - missing))


def set_retest(protocol: Protocol, weeks: tuple[int, int] | None) -> Protocol:
    """Test again from one week until another, or never by this protocol."""
    if weeks is None:
        return replace(protocol, retest=None)
    kept = protocol.retest.any_of if protocol.retest is not None else ()
    return replace(protocol, retest=Retest(kept, 7 * weeks[0], 7 * weeks[1]))


def set_refer(protocol: Protocol, to: str) -> Protocol:
    """Refer a child that does not pass the retest either; nobody where ``to`` is empty."""
    if not to:
        return replace(protocol, refer=None)
    kept = protocol.refer.any_of if protocol.refer is not None else ()
    return replace(protocol, refer=Refer(to, kept or (Condition(Criterion.PERSISTS),)))


def lacks(protocol: Protocol) -> tuple[Lack, ...]:
    """What is missing or cannot be."""
    return tuple(_lacks(protocol))


def _lacks(protocol: Protocol) -> Iterator[Lack]:
    if not protocol.order or set(protocol.level) != set(protocol.order):
        yield Lack.FREQUENCIES
    rule = protocol.passes
    if rule is None:
        yield Lack.RULE
    elif rule.rule is PassRule.COUNT and not 0 < rule.n <= 2 * len(protocol.order):
        yield Lack.COUNT
    retest = protocol.retest
    days = (retest.after_days_min, retest.after_days_max) if retest is not None else (None, None)
    if days[0] is not None and days[1] is not None and days[0] > days[1]:
        yield Lack.DAYS


def sign(protocol: Protocol, was: Protocol, by: str, on: date) -> str:
    """Return the file of a protocol as it is signed by a person on a day.

    ``was`` is the one it was made of: what differs is a new version. Raises
    :class:`ProtocolFaulty` for one that lacks something.
    """
    missing = lacks(protocol)
    if missing:
        raise ProtocolFaulty(missing)
    same = _content(replace(protocol, version=was.version)) == _content(was)
    version = was.version if same else _next(was.version)
    return written(replace(protocol, version=version, approved_by=by, approved_on=on))


def _next(version: str) -> str:
    match = _VERSION.fullmatch(version)
    assert match is not None
    return f"{match['base']}+{int(match['revision'] or 0) + 1}"


def written(protocol: Protocol) -> str:
    """Write a protocol as the TOML that :func:`read_protocol` reads."""
    lines = [f"{key} = {_value(value)}" for key, value in _content(protocol).items()]
    if protocol.approved_by:
        lines.append(f"approved_by = {_value(protocol.approved_by)}")
    if protocol.approved_on is not None:
        lines.append(f"approved_on = {protocol.approved_on.isoformat()}")
    text = "\n".join(lines) + "\n"
    # What cannot be read back must never replace what can.
    read_protocol(text, protocol.id)
    return text


def _content(protocol: Protocol) -> dict[str, Any]:
    content: dict[str, Any] = {
        "id": protocol.id,
        "version": protocol.version,
        "source": protocol.source,
        "ages_months": list(protocol.ages_months),
        "transducer": protocol.transducer,
        "step_db": protocol.step_db,
    }
    if protocol.order:
        content["order"] = list(protocol.order)
        content["level"] = {str(hz): protocol.level[hz] for hz in protocol.order}
    for key in ("presentations", "responses_needed"):
        if getattr(protocol, key) is not None:
            content[key] = getattr(protocol, key)
    if protocol.passes is not None:
        count = {"n": protocol.passes.n} if protocol.passes.rule is PassRule.COUNT else {}
        content["pass"] = {"rule": protocol.passes.rule.value, **count}
    if protocol.retest is not None:
        content["retest"] = _retest(protocol.retest)
    if protocol.refer is not None:
        conditions = [_condition(one) for one in protocol.refer.any_of]
        content["refer"] = {"to": protocol.refer.to, "any_of": conditions}
    return content


def _retest(retest: Retest) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if retest.any_of:
        told["any_of"] = [_condition(one) for one in retest.any_of]
    for key in ("after_days_min", "after_days_max"):
        if getattr(retest, key) is not None:
            told[key] = getattr(retest, key)
    return told


def _condition(one: Condition) -> dict[str, Any]:
    if one.criterion is Criterion.PERSISTS:
        return {"criterion": one.criterion.value}
    told: dict[str, Any] = {"criterion": one.criterion.value, "db": one.db, "hz": list(one.hz)}
    return told | ({"n": one.n} if one.criterion is Criterion.COUNT else {})


def _value(value: Any) -> str:
    """One value of TOML. Its basic strings are escaped as JSON's are, which has no DEL."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, str):
        return json.dumps(value).replace("\x7f", "\\u007f")
    return str(value)
