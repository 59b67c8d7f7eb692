"""The tones of several records side by side: joined where they agree, left to a person elsewhere.

No level is changed, compared or chosen here. Two different answers about one point stay two until a
person has picked one; a masked and an unmasked tone are two points. Only *not tested* gives way by
itself, because it says nothing that a test could contradict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from drivers.hearing import Ear, Masking, Response, Tone, Transducer

_EARS = (Ear.RIGHT, Ear.LEFT, Ear.BOTH)
_PATHS = tuple(Transducer)
_MASKINGS = (Masking.NONE, Masking.MASKED, Masking.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the audiogram: everything but the answer. ``hz`` is in hertz."""

    ear: Ear
    transducer: Transducer
    hz: int
    masking: Masking


@dataclass(frozen=True, slots=True)
class Conflict:
    """A point with several answers, in the order in which they came.

    ``chosen`` is the index of the one a person picked. An answer that comes later goes to the end,
    so an index always means the same answer.
    """

    place: Place
    alternatives: tuple[Tone, ...]
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """One audiogram. ``tones`` has no point of a conflict that nobody has decided."""

    tones: tuple[Tone, ...]
    conflicts: tuple[Conflict, ...]


def place_of(tone: Tone) -> Place:
    """Where a tone stands."""
    return Place(tone.ear, tone.transducer, tone.hz, tone.masking)


def join(tones: Iterable[Tone], before: Iterable[Conflict] = ()) -> Joined:
    """Join tones in the order in which they came.

    A choice made ``before`` holds as long as its alternatives are the same: a person who picked has
    not seen an answer that came later. The result goes from the right ear over the left to both;
    air, insert phone, bone, free field, unknown; frequencies upwards.
    """
    answers, untested = _sorted_out(tones)
    decided = {(c.place, c.alternatives): c.chosen for c in before}
    conflicts = [
        Conflict(place, tuple(found), decided.get((place, tuple(found))))
        for place, found in answers.items()
        if len(found) > 1
    ]
    agreed = [found[0] for found in answers.values() if len(found) == 1]
    picked = [c.alternatives[c.chosen] for c in conflicts if c.chosen is not None]
    return Joined(
        tuple(sorted([*agreed, *picked, *untested], key=lambda tone: _rank(place_of(tone)))),
        tuple(sorted(conflicts, key=lambda conflict: _rank(conflict.place))),
    )


def decide(joined: Joined, place: Place, index: int | None) -> tuple[Conflict, ...]:
    """Return the conflicts with one decided, or open again for ``None``.

    Raises :class:`ValueError` if there is no conflict at ``place``, or no alternative ``index``.
    """
    found = next((c for c in joined.conflicts if c.place == place), None)
    if found is None:
        raise ValueError("there is nothing to choose at this place")
    if index is not None and not 0 <= index < len(found.alternatives):
        raise ValueError("there is no such alternative")
    return tuple(replace(c, chosen=index) if c is found else c for c in joined.conflicts)


def _sorted_out(tones: Iterable[Tone]) -> tuple[dict[Place, list[Tone]], list[Tone]]:
    """Return the different answers of each point, and *not tested* where there is no answer."""
    answers: dict[Place, list[Tone]] = {}
    untested: dict[Place, Tone] = {}
    for tone in tones:
        if tone.response is Response.NOT_TESTED:
            untested.setdefault(place_of(tone), tone)
        elif tone not in (found := answers.setdefault(place_of(tone), [])):
            found.append(tone)
    # What was not tested was often not masked or unmasked either: any answer there replaces it.
    somehow = {replace(place, masking=Masking.UNKNOWN) for place in answers}
    left = [tone for at, tone in untested.items() if at not in answers and at not in somehow]
    return answers, left


def _rank(place: Place) -> tuple[int, int, int, int]:
    return (
        _EARS.index(place.ear),
        _PATHS.index(place.transducer),
        place.hz,
        _MASKINGS.index(place.masking),
    )
