"""The one entrance to the desk: a message comes in, the next desk and its effects go out.

To add a feature, name its module in ``FEATURES``.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.desk.messages import Message, Moment, Touch
from kiosk.desk.registering import Handler, Registered
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step
from kiosk.features import (
    appearance,
    calibrate,
    change,
    devices,
    doubts,
    ear,
    entry,
    equipment,
    find,
    first_day,
    going_back,
    identity,
    length,
    measure,
    messages,
    overdue,
    save,
    second_reading,
    set_up_printer,
    set_up_scale,
    sign_in,
    slip,
    status,
    today,
    with_adult,
)
from kiosk.features.answering import may_touch
from kiosk.features.appearance import (
    OpenHelp,
    OpenLook,
    SetLook,
)
from kiosk.features.going_back import Back
from kiosk.features.hearing import audiogram, begin, check, follow_up, protocol, receive, record
from kiosk.features.messages import (
    LookAtMessage,
)
from kiosk.features.sign_in import ChooseUser, PinKey, SubmitPin
from kiosk.features.status import (
    ChangeLanguage,
    DismissNotice,
    OpenStatus,
    Touched,
    TryNow,
)

FEATURES = (
    sign_in,
    find,
    identity,
    entry,
    devices,
    measure,
    doubts,
    with_adult,
    length,
    second_reading,
    save,
    slip,
    status,
    messages,
    today,
    change,
    calibrate,
    equipment,
    set_up_scale,
    set_up_printer,
    first_day,
    overdue,
    going_back,
    appearance,
    begin,
    record,
    audiogram,
    check,
    follow_up,
    protocol,
    receive,
)
REGISTERED: tuple[Registered, ...] = tuple(one for each in FEATURES for one in each.HANDLERS)
"""What takes each message: every feature says it of its own."""

HANDLERS: dict[type, Handler] = {one.kind: one.handler for one in REGISTERED}

OPEN_TO_ANYBODY: tuple[type, ...] = (
    ChooseUser,
    PinKey,
    SubmitPin,
    OpenStatus,
    LookAtMessage,
    Back,
    DismissNotice,
    Touched,
    TryNow,
    ChangeLanguage,
    OpenHelp,
    OpenLook,
    SetLook,
)
"""Touches that need no signed-in person. None of them shows or changes anything of a child."""


def update(desk: Desk, message: Message, moment: Moment, rules: DeskRules) -> Step:
    """Take one message. A touch without a signed-in person does nothing but sign in.

    What lies over the page is answered before anything else is touched. Whatever the message
    was: where another child is open after it, what came before is closed off, and the ear
    listens for the page that is in front then.
    """
    station = desk.station
    if isinstance(message, Touch):
        woken = station.blanked
        station = replace(station, touched_at=moment.monotonic, blanked=False)
        desk = replace(desk, station=station)
        if woken:
            # The finger meant the dark screen, not what lay under it.
            return desk, ()
        if desk.user is None and not isinstance(message, OPEN_TO_ANYBODY):
            return desk, ()
        if not may_touch(desk.over, message):
            return desk, ()
    desk = replace(desk, station=replace(station, today=moment.today))
    after, effects = HANDLERS[type(message)](desk, message, moment, rules)
    after = doubts.kept_apart(desk, after, moment)
    return after, (*effects, *ear.followed(desk, after))


__all__ = ["HANDLERS", "REGISTERED", "Step", "update"]
