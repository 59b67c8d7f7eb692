"""Made-up desks on which a device is set up or compared."""

from __future__ import annotations

from decimal import Decimal

from drivers.driver import Line
from drivers.events import Quantity, Reading, Stability
from drivers.first_day import Display, Load
from kiosk.desk.pages import SetUpPrinter
from kiosk.desk.state import Desk, Screen
from kiosk.model.listening import Likely
from kiosk.model.lists import Equipped, PluggedIn, PortKind
from kiosk.weighing.setting_up import FirstDay, SettingUp, SetUpFault
from kiosk.weighing.typed_display import TypedDisplay
from tests.desk.flat_desk import replaced as replace
from tests.ui.states import STATUS

PORTS = (
    PluggedIn(PortKind.SCALE, "seca 757", "usb-serial:0403:6001:A9XK21QD", used=True, weighs=True),
    PluggedIn(PortKind.SCALE, "FT232R USB UART", "/dev/serial/by-id/usb-FTDI_FT232R-if00-port0"),
    PluggedIn(PortKind.PRINTER, "TM-T20III", "usb:04b8:0e28:5839"),
    PluggedIn(PortKind.SCALE, "Prolific USB-Serial Controller", "usb-port:1-1.4", used=True),
    PluggedIn(PortKind.PRINTER, "/dev/usb/lp1", "/dev/usb/lp1"),
)
KERN = Likely("kern", "KERN balances (KERN, print and remote commands)", {}, Line())
RADWAG = Likely("radwag", "RADWAG medical scales and balances", {}, Line())
SMA = Likely("sma", "Scales that speak SMA SCP-0499", {}, Line())


def load(text: str = "4,236", read: str = "4.236", unit: str = "kg") -> Load:
    value = Reading(Quantity.WEIGHT, Decimal(read), unit, Stability.STABLE, raw=b"x")
    return Load(Display(text.replace(",", "."), unit), value)


def desk(screen: Screen, **fields: object) -> Desk:
    scale = Equipped("seca 757", PORTS[0].address, "seca-rs232")
    here = replace(STATUS, scale=scale, approvers=("anne",))
    return replace(here, screen=screen, **{"ports": PORTS, **fields})


def setting_up(**fields: object) -> Desk:
    state = SettingUp(PORTS[1].address, PORTS[1].name, 1, **fields)
    return desk(Screen.SET_UP, setting_up=state)


def trial(**fields: object) -> Desk:
    under = desk(Screen.EQUIPMENT).page
    page = SetUpPrinter(PORTS[2].address, PORTS[2].name, under, **fields)
    return desk(Screen.SET_UP_PRINTER, trial=page)


def day(*loads: Load, **fields: object) -> Desk:
    return desk(Screen.FIRST_DAY, first_day=FirstDay("seca 757", loads=loads, **fields))


TEN = tuple(load(f"{n},236", f"{n}.236") for n in range(1, 11))
DEVICE_STATES: dict[str, Desk] = {
    "equipment": desk(Screen.EQUIPMENT),
    "equipment-looking": desk(Screen.EQUIPMENT, ports=None),
    "equipment-none": desk(Screen.EQUIPMENT, ports=()),
    "set-up": setting_up(),
    "set-up-several": setting_up(likely=(KERN, RADWAG, SMA)),
    "set-up-weigh": setting_up(likely=(KERN,), chosen=KERN),
    "set-up-typed": setting_up(likely=(KERN,), chosen=KERN, display=TypedDisplay("4,236")),
    "set-up-listens": setting_up(
        likely=(KERN,), chosen=KERN, display=TypedDisplay("4,236", since=100.0)
    ),
    "set-up-silent": setting_up(
        likely=(KERN,), chosen=KERN, display=TypedDisplay("4,236", silent=True)
    ),
    "set-up-proved": setting_up(likely=(KERN,), chosen=KERN, proof=load()),
    "set-up-not-mine": replace(
        setting_up(likely=(KERN,), chosen=KERN, proof=load()), approvers=("bo",)
    ),
    "set-up-keeping": setting_up(likely=(KERN,), chosen=KERN, proof=load(), keeping=True),
    **{
        f"set-up-{fault.value}": setting_up(
            likely=(KERN,), chosen=KERN, proof=load(read="42.36"), fault=fault
        )
        if fault in {SetUpFault.DIFFERS, SetUpFault.EMPTY}
        else setting_up(fault=fault)
        for fault in SetUpFault
    },
    "printer-printing": trial(),
    "printer-printed": trial(sent=True, model="TM-T20III"),
    "printer-chosen": trial(sent=True, width=576),
    "printer-no-slip": trial(sent=False),
    "printer-not-mine": replace(trial(sent=True, width=384), approvers=()),
    "first-day": day(),
    "first-day-some": day(*TEN[:3]),
    "first-day-wrong": day(*TEN[:3], load("9,420", "94.20")),
    "first-day-done": day(*TEN),
    "first-day-not-all": day(*TEN[:8], load("9,420", "94.20"), TEN[9]),
    "first-day-kept": day(*TEN, kept="scale-20261123-113000.toml"),
    "first-day-failed": day(*TEN, failed=True),
}
