"""Setting up devices on the screen: what is plugged in, which driver reads it, what proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.events import Stamped
from kiosk.desk.messages import DeskNews, Effect, Moment, Touch
from kiosk.desk.notices import Notice
from kiosk.desk.pages import (
    Calibrate,
    ComparingScale,
    DevicePage,
    Equipment,
    SetUp,
    SetUpPrinter,
    Status,
)
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.session import Session
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features import calibrate, devices
from kiosk.features.calibrate import (
    BeginAnew,
    DeviceKept,
    KeepScale,
    SetDisplayUnit,
    SubmitDisplay,
    may_set_up,
    numbered,
)
from kiosk.features.devices import DevicePlugged
from kiosk.features.ear import EarLost
from kiosk.features.first_day import weighed
from kiosk.features.set_up_printer import KeepPrinter, TrySlip
from kiosk.features.set_up_scale import each
from kiosk.model.lists import PluggedIn, PortKind
from kiosk.weighing import setting_up as su
from kiosk.weighing import typed_display
from kiosk.weighing.setting_up import FirstDay, SettingUp, SetUpFault
from kiosk.weighing.teaching_steps import LineFault, Teaching
from kiosk.weighing.typed_display import TypedDisplay


@dataclass(frozen=True, slots=True)
class OpenEquipment(Touch):
    """Show what is plugged in, and what the station uses."""


@dataclass(frozen=True, slots=True)
class SetUpDevice(Touch):
    """Set up what is plugged in there."""

    address: str


@dataclass(frozen=True, slots=True)
class KeepDevice(Touch):
    """What was proved is right: use the device."""


@dataclass(frozen=True, slots=True)
class PortsListed(DeskNews):
    """What is plugged in and could be a scale or a printer."""

    ports: tuple[PluggedIn, ...]


@dataclass(frozen=True, slots=True)
class ListPorts(Effect):
    """Look what is plugged in; answered by ``PortsListed``."""

    answered_by = (PortsListed,)


def open_equipment(desk: Desk) -> Step:
    """What is plugged in. Never while a child is open, or a form is being filled in."""
    page, session = desk.page, desk.session
    if not isinstance(page, Status) or session is None:
        return desk, ()
    if session.has_work:
        return desk.told(Notice.CHILD_IS_OPEN), ()
    return desk.turned(Equipment(page)), (ListPorts(),)


def ports_listed(desk: Desk, message: PortsListed) -> Step:
    """Show what is plugged in."""

    def take(session: Session) -> Session:
        page = session.page
        if not isinstance(page, Equipment):
            return session
        return session.put(replace(page, ports=message.ports))

    return told_sessions(desk, take)


def device_plugged(desk: Desk, message: DevicePlugged) -> Step:
    """Something came or went: look again, where it is listed."""
    desk, effects = devices.device_plugged(desk, message)
    return desk, (*effects, ListPorts()) if isinstance(desk.page, Equipment) else effects


def set_up(desk: Desk, message: SetUpDevice) -> Step:
    """Begin with what is plugged in there."""
    page = desk.page
    if not isinstance(page, Equipment):
        return desk, ()
    port = next((one for one in page.ports or () if one.address == message.address), None)
    if port is None or not port.may_be_set_up:
        return desk, ()
    if port.kind is PortKind.PRINTER:
        printing = SetUpPrinter(port.address, port.name, page)
        return desk.turned(printing), (TrySlip(port.address),)
    desk, number = numbered(desk)
    return desk.turned(SetUp(SettingUp(port.address, port.name, number), page)), ()


def begin_anew(desk: Desk) -> Step:
    """Listen to the port again, print the slip again, or take the loads again."""
    match desk.page:
        case Calibrate():
            return calibrate.begin_anew(desk)
        case SetUp(setting_up=state) as page if not state.keeping:
            desk, number = numbered(desk)
            return desk.put(replace(page, setting_up=su.begun_anew(state, number))), ()
        case SetUpPrinter(keeping=False) as page:
            again = SetUpPrinter(page.address, page.name, page.under)
            return desk.put(again), (TrySlip(page.address),)
        case ComparingScale(first_day=day) as page if not day.keeping:
            return desk.put(replace(page, first_day=FirstDay(day.name, day.once))), ()
    return desk, ()


def ear_lost(desk: Desk, message: EarLost) -> Step:
    """The port is not to be had, whatever it was listened to for."""
    desk, effects = calibrate.ear_lost(desk, message)
    return each(desk, message.number, lambda one: one.ended(SetUpFault.LOST)), effects


def device_event(desk: Desk, message: Stamped, moment: Moment, rules: DeskRules) -> Step:
    """Every event of a device; whoever compares the scale in use sees its readings too."""
    desk, effects = devices.device_event(desk, message, moment, rules)
    return weighed(desk, message), effects


def typed(desk: Desk, pressed: str) -> Desk:
    """One key of a display."""
    return _display(desk, lambda one: typed_display.key(one, pressed))


def set_unit(desk: Desk, message: SetDisplayUnit) -> Step:
    """The unit on the scale's display."""
    if isinstance(desk.page, Calibrate):
        return calibrate.set_unit(desk, message)
    unit = message.unit
    changed = _display(desk, lambda one: one if one.since is not None else replace(one, unit=unit))
    return changed, ()


def submit_display(desk: Desk, moment: Moment) -> Step:
    """A display is typed: compare it."""
    now = moment.monotonic
    match desk.page:
        case SetUp(setting_up=state) as page:
            once = su.speaks_once(state.chosen)
            return desk.put(replace(page, setting_up=su.submitted(state, now, once=once))), ()
        case ComparingScale(first_day=day) as page:
            return desk.put(replace(page, first_day=su.first_day_submitted(day, now))), ()
    return calibrate.submit_display(desk, moment)


def _display(desk: Desk, step: Callable[[TypedDisplay], TypedDisplay]) -> Desk:
    match desk.page:
        case SetUp(setting_up=state) as page if state.weighs:
            changed = replace(state, display=step(state.display))
            return desk.put(replace(page, setting_up=changed))
        case ComparingScale(first_day=day) as page if not day.is_full:
            return desk.put(replace(page, first_day=replace(day, display=step(day.display))))
    return desk


def keep_device(desk: Desk) -> Step:
    """Use what was proved; by somebody with the right to."""
    user = desk.user
    if user is None or not isinstance(desk.page, SetUp | SetUpPrinter):
        return desk, ()
    if not may_set_up(desk):
        return desk.told(Notice.NOT_AN_APPROVER), ()
    match desk.page:
        case SetUp(setting_up=SettingUp(keeping=False, fault=None) as state) as page:
            if state.proof is None or state.chosen is None:
                return desk, ()
            kept = desk.put(replace(page, setting_up=replace(state, keeping=True)))
            return kept, (KeepScale(state.port, state.chosen, user.user_id),)
        case SetUpPrinter(keeping=False, width=width) as page if width:
            keeping = desk.put(replace(page, keeping=True))
            return keeping, (KeepPrinter(page.address, width, user.user_id),)
    return desk, ()


def device_kept(desk: Desk, message: DeviceKept) -> Step:
    """It is in use, or could not be written."""

    def take(session: Session) -> Session:
        page = session.page
        match page:
            case SetUp(setting_up=SettingUp(keeping=True) as state) if message.kept:
                return session.turned(page.under.under, Notice.DEVICE_KEPT)
            case SetUp(setting_up=SettingUp(keeping=True) as state):
                return session.put(replace(page, setting_up=state.ended(SetUpFault.NOT_KEPT)))
            case Calibrate(calibrating=Teaching(keeping=True)) if message.kept:
                return session.turned(status_under(page.under), Notice.DEVICE_KEPT)
            case Calibrate(calibrating=Teaching(keeping=True) as taught):
                return session.put(replace(page, calibrating=taught.ended(LineFault.NOT_KEPT)))
            case SetUpPrinter(keeping=True) if message.kept:
                return session.turned(page.under.under, Notice.PRINTER_KEPT)
            case SetUpPrinter(keeping=True):
                return session.put(replace(page, keeping=False, failed=True))
        return session

    return told_sessions(desk, take)


def status_under(page: Status | Equipment) -> Status:
    """The page of devices and messages below."""
    return page.under if isinstance(page, Equipment) else page


def is_writing(page: object) -> bool:
    """Whether something is being written that is waited for."""
    match page:
        case SetUp(setting_up=SettingUp(keeping=True)) | SetUpPrinter(keeping=True):
            return True
        case ComparingScale(first_day=FirstDay(keeping=True)):
            return True
    return False


def time_passed(desk: Desk, now: float) -> Desk:
    """Let a comparison that hears nothing end."""
    page = desk.page
    if not isinstance(page, DevicePage):
        return desk
    return _display(desk, lambda one: typed_display.time_passed(one, now))


HANDLERS: tuple[Registered, ...] = (
    on(Stamped, device_event),
    on(DevicePlugged, device_plugged),
    on(OpenEquipment, open_equipment),
    on(PortsListed, ports_listed),
    on(SetUpDevice, set_up),
    on(BeginAnew, begin_anew),
    on(SetDisplayUnit, set_unit),
    on(SubmitDisplay, submit_display),
    on(EarLost, ear_lost),
    on(KeepDevice, keep_device),
    on(DeviceKept, device_kept),
)
