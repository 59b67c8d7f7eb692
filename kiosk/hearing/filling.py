"""A clinic fills in a protocol and signs it: small steps at the screen, a file at the end.

What may be chosen is data in ``filling.toml``; nothing is suggested. Conditions that came with the
protocol are kept as they are, or taken out as a whole. A draft may be half done and contradict
itself on the way: :func:`faults` says so, and nothing with a fault is signed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from kiosk.hearing.protocol import Condition, Criterion, Pass, PassRule, Protocol, Refer, Retest

EARS = 2


class Fault(StrEnum):
    """What is missing in a draft, or contradicts the rest of it.

    ``PASS_COUNT``: not between one and all the tones of both ears. ``REFER_WITHOUT_RETEST``: a
    referral for what persists, but no retest it could persist at. ``CONDITION_NOT_TESTED``: a
    condition that was kept looks at a frequency that is no longer tested. ``NOT_SIGNED``: no name.
    """

    NO_FREQUENCY = "no-frequency"
    LEVEL_MISSING = "level-missing"
    PASS_MISSING = "pass-missing"  # noqa: S105 - no secret: passing a hearing test
    PASS_COUNT = "pass-count"  # noqa: S105
    DAYS_REVERSED = "days-reversed"
    REFER_TO_MISSING = "refer-to-missing"
    REFER_WITHOUT_RETEST = "refer-without-retest"
    CONDITION_NOT_TESTED = "condition-not-tested"
    NOT_SIGNED = "not-signed"


class ProtocolFaulty(ValueError):  # noqa: N818 - names what happened
    """A draft that cannot be signed: ``faults`` say why. The draft stays as it is."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen: ``frequencies`` in Hz, ``levels`` in dB HL."""

    frequencies: tuple[int, ...]
    levels: range
    filled_in: str


@cache
def choices() -> Choices:
    """The frequencies and levels that the screen offers."""
    data = tomllib.loads(
        files("kiosk.hearing").joinpath("filling.toml").read_text("utf-8"),
    )
    level = data["level"]
    levels = range(level["lowest"], level["highest"] + 1, level["step"])
    return Choices(tuple(data["frequencies"]), levels, data["filled_in"])


@dataclass(frozen=True, slots=True)
class ProtocolDraft:
    """A protocol being filled in. ``level`` (dB HL) outlives a frequency that is taken out.

    So a tap beside the right place costs one tap, and not the level too.
    """

    source: Protocol
    order: tuple[int, ...]
    level: Mapping[int, int]
    passes: Pass | None
    retest: Retest | None
    refer: Refer | None

    @property
    def protocol(self) -> Protocol:
        """What the draft says so far, unsigned and without a hash."""
        return replace(
            self.source,
            order=self.order,
            level={hz: self.level[hz] for hz in self.order if hz in self.level},
            passes=self.passes,
            retest=self.retest,
            refer=self.refer,
            approved_by="",
            approved_on=None,
            hash="",
        )


def draft_of(protocol: Protocol) -> ProtocolDraft:
    """Start from a protocol: a shipped one, or the clinic's own."""
    return ProtocolDraft(
        protocol,
        protocol.order,
        dict(protocol.level),
        protocol.passes,
        protocol.retest,
        protocol.refer,
    )


def toggle_frequency(draft: ProtocolDraft, hz: int) -> ProtocolDraft:
    """Test a frequency (Hz), or do not; raises :class:`ValueError` for one that is not offered.

    The protocol's own frequencies keep its order, others come after them as they were chosen.
    """
    own = draft.source.order
    if hz not in own and hz not in choices().frequencies:
        raise ValueError(f"{hz} Hz is not offered")
    if hz in draft.order:
        return replace(draft, order=tuple(one for one in draft.order if one != hz))
    chosen = {*draft.order, hz}
    added = [one for one in (*draft.order, hz) if one not in own]
    return replace(draft, order=(*(one for one in own if one in chosen), *added))


def set_level(draft: ProtocolDraft, hz: int, db: int) -> ProtocolDraft:
    """Set the screening level of one tested frequency.

    ``hz`` is Hz; ``db`` is dB HL, -10 to 60 in steps of 5. Raises :class:`ValueError` for others.
    """
    if hz not in draft.order:
        raise ValueError(f"{hz} Hz is not tested")
    _check_level(db)
    return replace(draft, level={**draft.level, hz: db})


def set_all_levels(draft: ProtocolDraft, db: int) -> ProtocolDraft:
    """Set one screening level for all tested frequencies, as :func:`set_level` does."""
    _check_level(db)
    return replace(draft, level={**draft.level, **dict.fromkeys(draft.order, db)})


def _check_level(db: int) -> None:
    if db not in choices().levels:
        raise ValueError(f"{db} dB HL is not offered")


def set_pass(draft: ProtocolDraft, rule: PassRule, n: int = 0) -> ProtocolDraft:
    """Say what passes: all tones, or at least ``n`` of the tones of both ears together."""
    return replace(draft, passes=Pass(rule, n if rule is PassRule.COUNT else 0))


def set_retest(draft: ProtocolDraft, days_min: int, days_max: int | None) -> ProtocolDraft:
    """Test again after so many days at least, and at most (``None``: no end).

    The protocol's own conditions are kept; without any, whenever the test is not passed. Raises
    :class:`ValueError` for days before today.
    """
    if days_min < 0 or (days_max is not None and days_max < 0):
        raise ValueError("a retest before the test")
    conditions = draft.retest.any_of if draft.retest is not None else ()
    return replace(draft, retest=Retest(conditions, days_min, days_max))


def clear_retest(draft: ProtocolDraft) -> ProtocolDraft:
    """Take the retest out, its conditions too."""
    return replace(draft, retest=None)


def set_refer(draft: ProtocolDraft, to: str) -> ProtocolDraft:
    """Say whom to refer to: what persists at the retest, or what the protocol's conditions say."""
    conditions = draft.refer.any_of if draft.refer is not None else ()
    return replace(draft, refer=Refer(to.strip(), conditions or (Condition(Criterion.PERSISTS),)))


def clear_refer(draft: ProtocolDraft) -> ProtocolDraft:
    """Take the referral out, its conditions too."""
    return replace(draft, refer=None)


def faults(draft: ProtocolDraft) -> tuple[Fault, ...]:
    """What is still missing or contradictory, in the order of the page; empty when it is whole."""
    found = {
        Fault.NO_FREQUENCY: not draft.order,
        Fault.LEVEL_MISSING: any(hz not in draft.level for hz in draft.order),
        Fault.PASS_MISSING: draft.passes is None,
        Fault.PASS_COUNT: _is_count_wrong(draft),
        Fault.DAYS_REVERSED: _are_days_reversed(draft.retest),
        Fault.REFER_TO_MISSING: draft.refer is not None and not draft.refer.to.strip(),
        Fault.REFER_WITHOUT_RETEST: draft.retest is None and _refers_what_persists(draft),
        Fault.CONDITION_NOT_TESTED: _looks_elsewhere(draft),
    }
    return tuple(fault for fault, is_so in found.items() if is_so)


def _is_count_wrong(draft: ProtocolDraft) -> bool:
    passes = draft.passes
    if passes is None or passes.rule is not PassRule.COUNT or not draft.order:
        return False
    return not 1 <= passes.n <= EARS * len(draft.order)


def _are_days_reversed(retest: Retest | None) -> bool:
    if retest is None or retest.after_days_min is None or retest.after_days_max is None:
        return False
    return retest.after_days_min > retest.after_days_max


def _refers_what_persists(draft: ProtocolDraft) -> bool:
    conditions = draft.refer.any_of if draft.refer is not None else ()
    return any(one.criterion is Criterion.PERSISTS for one in conditions)


def _looks_elsewhere(draft: ProtocolDraft) -> bool:
    kept = [one.any_of for one in (draft.retest, draft.refer) if one is not None]
    return any(hz not in draft.order for rows in kept for row in rows for hz in row.hz)
