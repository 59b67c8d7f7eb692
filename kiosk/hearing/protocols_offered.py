"""The protocols a station offers: the shipped ones, and the clinic's own in place of them.

A clinic's file that cannot be used is told by name and never passed over in silence. Where it
stood in for a shipped protocol, that one is offered again: unsigned, so that no outcome is stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kiosk.hearing.protocol import Protocol, ProtocolError, read_protocol


class Problem(NamedTuple):
    """A file of the clinic that is not used, and why: words for the screen, not for the log."""

    name: str
    what: str


class Shelf(NamedTuple):
    """The protocols by id, and the clinic's files that are not among them."""

    protocols: Mapping[str, Protocol]
    problems: tuple[Problem, ...]


def shelf_of(texts: Mapping[str, str], shipped: Mapping[str, Protocol]) -> Shelf:
    """Put the clinic's files (text by file name) over the shipped protocols.

    A file is named after its protocol, ``<id>.toml``: no two can claim one id.
    """
    found, problems = dict(shipped), []
    for name, text in texts.items():
        try:
            protocol = read(text, name)
        except ProtocolError as error:
            problems.append(Problem(name, str(error)))
            continue
        if name == f"{protocol.id}.toml":
            found[protocol.id] = protocol
        else:
            problems.append(Problem(name, f"{name}: holds the protocol {protocol.id}"))
    return Shelf(found, tuple(problems))


def read(text: str, name: str) -> Protocol:
    """Read a protocol from outside; :class:`ProtocolError` is all it raises, whatever the text."""
    try:
        return read_protocol(text, name)
    # What a file of another shape runs into: a number where a table should be, an infinite level,
    # a thousand brackets.
    except (AttributeError, OverflowError, RecursionError) as error:
        raise ProtocolError(f"{name}: {type(error).__name__}") from None


def for_age(protocols: Iterable[Protocol], months: int) -> tuple[Protocol, ...]:
    """All protocols in the order to propose them for a child of so many completed months.

    Those that fit the age come first, the signed before the others, then by id.
    """
    return tuple(
        sorted(protocols, key=lambda one: (not fits(one, months), not is_signed(one), one.id))
    )


def fits(protocol: Protocol, months: int) -> bool:
    """Whether it is made for this age in completed months; both ends belong to it."""
    youngest, oldest = protocol.ages_months
    return youngest <= months <= oldest


def is_signed(protocol: Protocol) -> bool:
    """Whether it is whole and approved, so that an outcome can be stated."""
    return not protocol.gaps


def can_be_recorded(protocol: Protocol) -> bool:
    """Whether it says which tones at which levels: enough to record a test, signed or not."""
    return not {"order", "level"} & set(protocol.gaps)


def to_fill_in(protocols: Iterable[Protocol]) -> Mapping[str, tuple[str, ...]]:
    """What each protocol still lacks, by id; the whole ones are left out."""
    return {one.id: one.gaps for one in protocols if one.gaps}
