"""A protocol as the TOML text that :func:`kiosk.hearing.protocol.read_protocol` reads.

The same content is always written with the same words, and what a shipped file leaves out is left
out here too: the content hash of a protocol that was only signed stays what it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from kiosk.hearing.protocol import Condition, Criterion, Protocol

_DEFAULTS = {one.name: one.default for one in fields(Protocol)}
_PLAIN = ("transducer", "step_db", "presentations", "responses_needed")


def write_protocol(protocol: Protocol) -> str:
    """Write a protocol with its signature as TOML; ``hash`` is not written, it is of the text.

    Raises :class:`UnicodeEncodeError` for a text that UTF-8 cannot hold (half a surrogate pair).
    """
    lines = [*_head(protocol), *_criteria(protocol)]
    text = "\n".join(lines) + "\n"
    text.encode("utf-8")
    return text


def _head(protocol: Protocol) -> Iterator[str]:
    for key in ("id", "version", "source"):
        yield f"{key} = {_text(getattr(protocol, key))}"
    yield f"ages_months = {_numbers(protocol.ages_months)}"
    if protocol.order:
        yield f"order = {_numbers(protocol.order)}"
    for key in _PLAIN:
        value = getattr(protocol, key)
        if value != _DEFAULTS[key]:
            yield f"{key} = {_text(value) if isinstance(value, str) else value}"
    if protocol.approved_by:
        yield f"approved_by = {_text(protocol.approved_by)}"
    if protocol.approved_on is not None:
        yield f"approved_on = {protocol.approved_on.isoformat()}"


def _criteria(protocol: Protocol) -> Iterator[str]:
    if protocol.level:
        yield from _table("level", {str(hz): str(protocol.level[hz]) for hz in protocol.order})
    if protocol.passes is not None:
        # n is written with the rule that has one, and is an error with the other.
        n = {"n": str(protocol.passes.n)} if protocol.passes.n else {}
        yield from _table("pass", {"rule": _text(protocol.passes.rule.value), **n})
    if protocol.retest is not None:
        days = {
            "after_days_min": protocol.retest.after_days_min,
            "after_days_max": protocol.retest.after_days_max,
        }
        told = {key: str(value) for key, value in days.items() if value is not None}
        rows = _conditions(protocol.retest.any_of)
        yield from _table(
            "retest", {**told, **({"any_of": rows} if protocol.retest.any_of else {})}
        )
    if protocol.refer is not None:
        rows = _conditions(protocol.refer.any_of)
        yield from _table("refer", {"to": _text(protocol.refer.to), "any_of": rows})


def _table(name: str, values: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield f"[{name}]"
    yield from (f"{key} = {value}" for key, value in values.items())


def _conditions(conditions: Iterable[Condition]) -> str:
    rows = "".join(f"  {{ {', '.join(_condition(one))} }},\n" for one in conditions)
    return f"[\n{rows}]"


def _condition(condition: Condition) -> Iterator[str]:
    yield f"criterion = {_text(condition.criterion.value)}"
    if condition.criterion is Criterion.COUNT or condition.n != 1:
        yield f"n = {condition.n}"
    if condition.criterion is not Criterion.PERSISTS:
        yield f"db = {condition.db}"
        yield f"hz = {_numbers(condition.hz)}"


def _numbers(numbers: Iterable[int]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def _text(value: str) -> str:
    # A JSON text is a TOML basic string but for the delete character, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
