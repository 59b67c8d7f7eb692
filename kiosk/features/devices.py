"""What the measuring devices say, given to the weighing or to the length offer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from drivers.events import LinkStatus, Stamped
from kiosk.desk.messages import DeskNews, Moment
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step
from kiosk.features import calibrate, length
from kiosk.features.hearing import receive
from kiosk.model.lists import NewDevice
from kiosk.weighing import gate
from kiosk.weighing.length import is_length


@dataclass(frozen=True, slots=True)
class DevicePlugged(DeskNews):
    """A device nobody uses yet came, or left again. ``address`` is for the configuration."""

    name: str
    address: str
    here: bool


def device_event(desk: Desk, message: Stamped, moment: Moment, rules: DeskRules) -> Step:
    """Every event of the scale counts, on every screen: the gate must see the lift."""
    if _is_audiometer(message.link_id, desk):
        return receive.tones_arrived(desk, message, moment)
    desk = calibrate.hear(desk, message)
    if is_length(message):
        return length.length_event(desk, message), ()
    if _is_board(message.link_id, rules):
        return desk, ()
    state = gate.event_arrived(desk.station.weighing, message)
    return _with_weighing(desk, state), ()


def device_link(desk: Desk, message: LinkStatus, rules: DeskRules) -> Step:
    """The scale or the length board came, went or fell silent."""
    if _is_audiometer(message.link_id, desk):
        return _audiometer_link(desk, message), ()
    if _is_board(message.link_id, rules):
        strip = replace(desk.station.strip, board=message.state)
        return replace(desk, station=replace(desk.station, strip=strip)), ()
    return _with_weighing(desk, gate.scale_changed(desk.station.weighing, message)), ()


def device_plugged(desk: Desk, message: DevicePlugged) -> Step:
    """Remember a device nobody uses yet, for the page of devices; forget it when it leaves."""
    if message.here:
        new = NewDevice(message.name, message.address)
        return replace(desk, station=replace(desk.station, new_device=new)), ()
    known = desk.station.new_device
    if known is None or known.address != message.address:
        return desk, ()
    return replace(desk, station=replace(desk.station, new_device=None)), ()


def _is_audiometer(link_id: str, desk: Desk) -> bool:
    audiometer = desk.station.audiometer
    return audiometer is not None and link_id == audiometer.device.link_id


def _is_board(link_id: str, rules: DeskRules) -> bool:
    return rules.length_board is not None and link_id == rules.length_board.link_id


def _with_weighing(desk: Desk, state: gate.Weighing) -> Desk:
    strip = replace(desk.station.strip, scale=state.state, scale_hint=state.hint)
    return replace(desk, station=replace(desk.station, weighing=state, strip=strip))


def _audiometer_link(desk: Desk, message: LinkStatus) -> Desk:
    """The audiometer's cable came or went."""
    return replace(desk, station=replace(desk.station, audiometer_link=message.state))


HANDLERS: tuple[Registered, ...] = (on(LinkStatus, device_link),)
