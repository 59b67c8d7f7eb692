"""What holds of a visit after the ways back were taken. Pure; what was saved stays readable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kiosk.model.visit import Change, ChangeKind, Child, Measurement, NewValue, Rule, Source, Visit

TAKEN_OUT = frozenset({ChangeKind.WRONG_CHILD, ChangeKind.WITHDRAWN, ChangeKind.NUMBERED})


def current(visit: Visit) -> Visit:
    """The visit with the values that hold now. A withdrawn one keeps its last values."""
    newest: dict[UUID, tuple[Change, NewValue]] = {}
    for change in visit.changes:
        newest.update({value.measurement_id: (change, value) for value in change.values})
    measured = tuple(
        _corrected(one, *newest[one.id]) if one.id in newest else one for one in visit.measurements
    )
    anew = {test.id: test for change in visit.changes for test in change.hearing}
    hearing = tuple(anew.get(test.id, test) for test in visit.hearing)
    return replace(visit, measurements=measured, hearing=hearing)


def _corrected(one: Measurement, change: Change, new: NewValue) -> Measurement:
    """The same measurement with the typed value. Who measured, when and how stays."""
    return replace(
        one,
        value=new.value,
        text=new.text,
        unit=new.unit,
        position=new.position,
        odd_reason=new.odd_reason,
        entered_at=change.made_at,
        source=Source.TYPED,
        stability="",
        raw=b"",
        device=None,
        rule=Rule.SINGLE,
        readings=(),
    )


def moved(
    visit: Visit, visit_id: UUID, child: Child, made_at: datetime, new_id: Callable[[], UUID]
) -> Visit:
    """The values that hold, as a new visit of the right child: new ids, the original times."""
    now = current(visit)
    measured = tuple(
        replace(one, id=new_id(), visit_id=visit_id, entered_at=made_at) for one in now.measurements
    )
    hearing = tuple(replace(test, id=new_id(), entered_at=made_at) for test in now.hearing)
    return Visit(visit_id, child, measured, hearing=hearing)
