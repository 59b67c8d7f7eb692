"""Carries out what the desk wants done with devices: looks what is there, tries, keeps, uses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from drivers.attached import Attached, attached
from drivers.claiming import Verdict, claims_on
from drivers.driver import Driver, Kind, Line
from drivers.first_day import report
from drivers.folder import Folder
from drivers.link import Link
from drivers.printers.jobs import Job, JobChange, JobState
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from drivers.profile_file import READABLE
from drivers.registry import all_drivers
from kiosk.config import own_devices, schema
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config
from kiosk.desk.messages import News
from kiosk.desk.registering import Carrier, carries_out
from kiosk.features.calibrate import DeviceKept, KeepScale
from kiosk.features.equipment import ListPorts, PortsListed
from kiosk.features.first_day import FirstDayKept, KeepFirstDay
from kiosk.features.set_up_printer import KeepPrinter, SlipTried, TrySlip
from kiosk.features.set_up_scale import ScaleSet
from kiosk.model.lists import PluggedIn, PortKind
from kiosk.model.performer import Device
from kiosk.station import learned_profile
from kiosk.station.checking.scale_setup import (
    ScaleSetup,
    driver_folder,
    equipped,
    is_teachable,
    scale_setup,
    weighing_of,
)
from kiosk.station.ear import same_port

PRINTER_CLASS: Final = 0x07
"""USB's number for printers."""

NODES: Final = Path("/dev/usb")
SLIP_SECONDS: Final = 20.0
ENDED: Final = frozenset(JobState) - {JobState.QUEUED, JobState.SENDING, JobState.SENT}
CAME_OUT: Final = frozenset({JobState.CONFIRMED, JobState.SENT})
FOLDER: Final = "confirmed"
"""Where the records of first days lie, beside the store: plain files that can be shared."""

Use = Callable[[Config, ScaleSetup], None]
"""Uses another scale from now on."""


class DeviceSide:
    """The hands for devices. ``use`` puts another scale in the place of the one there is."""

    def __init__(
        self,
        config: Callable[[], Config],
        post: Callable[[News], None],
        use: Use,
        note: Callable[[str, str, str], object],
    ) -> None:
        """``config`` is what the station runs with now; ``note`` leaves an audit row."""
        self._config, self._post, self._use, self._note = config, post, use, note
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(ListPorts, self._list_ports),
            carries_out(KeepScale, self._keep_scale),
            carries_out(TrySlip, self._try_slip),
            carries_out(KeepPrinter, self._keep_printer),
            carries_out(KeepFirstDay, self._keep_first_day),
        )

    def drivers(self) -> dict[str, Driver]:
        """Every driver, the clinic's own too."""
        return dict(all_drivers(driver_folder(self._config())))

    def _list_ports(self, _: ListPorts) -> None:
        config = self._config()
        taken = [one.port for one in _measuring(config) if one is not None]
        scales = [one for one in self.drivers().values() if one.kind is Kind.SCALE]
        found = attached()
        own_port = config.scale.port if config.scale is not None else ""
        ports = [*_scales(found, scales, taken, own_port), *_printers(found, config)]
        if config.scale is not None and not any(
            same_port(one.address, config.scale.port) for one in ports
        ):
            # The address of a pseudo-terminal or over the network is in no list.
            name = config.scale.name or config.scale.driver
            own = PluggedIn(PortKind.SCALE, name, config.scale.port, used=True, weighs=True)
            ports.insert(0, own)
        self._post(PortsListed(tuple(ports)))

    def _keep_scale(self, effect: KeepScale) -> None:
        """Check it as ``kiosk setup`` does, write it down, and use it."""
        config, now = self._config(), datetime.now(UTC)
        before = config.scale
        table = schema.Scale(
            driver=effect.likely.driver,
            port=effect.port,
            id=before.id if before is not None else "scale",
            settings={} if effect.learned is not None else dict(effect.likely.settings),
            line=_line(effect.likely.line, self.drivers()[effect.likely.driver].line),
        )
        if effect.learned is not None:
            folder = Path(config.station.data_dir)
            path = learned_profile.keep(folder, table, effect.learned, now)
            table = msgspec.structs.replace(table, profile=str(path))
        changed = msgspec.structs.replace(config, scale=table)
        setup = scale_setup(changed)
        assert setup is not None
        own_devices.keep(config, "scale", table, now)
        self._use(changed, setup)
        scale = equipped(table, setup)
        assert scale is not None
        driver = setup.driver
        device = Device(table.id, scale.name, driver.key, driver.version, table.serial)
        weighing = weighing_of(table, setup)
        self._post(ScaleSet(scale, weighing, device, is_teachable(setup)))
        self._note("scale-set-up", effect.user_id, driver.key)
        self._post(DeviceKept(kept=True))

    def _try_slip(self, effect: TrySlip) -> None:
        from kiosk.receipts.width_slip import draw_width_slip

        memory = _Memory()
        printer = Printer(printer_factory(effect.address), memory, on_change=memory.tell)
        printer.start()
        try:
            printer.submit(Job("trial", draw_width_slip(), 1, SLIP_SECONDS))
            memory.ended.wait(SLIP_SECONDS)
        finally:
            printer.stop()
        self._post(SlipTried(effect.address, memory.state in CAME_OUT))

    def _keep_printer(self, effect: KeepPrinter) -> None:
        config = self._config()
        before = config.printer or schema.Printer(effect.address)
        table = msgspec.structs.replace(before, address=effect.address, width=effect.width)
        own_devices.keep(config, "printer", table, datetime.now(UTC))
        self._note("printer-set-up", effect.user_id, "")
        self._post(DeviceKept(kept=True))

    def _keep_first_day(self, effect: KeepFirstDay) -> None:
        config, now = self._config(), datetime.now(UTC)
        setup = scale_setup(config)
        if setup is None or config.scale is None:
            raise ConfigError([])
        about = {"model": effect.model, "signed": effect.signed, "on": now.date().isoformat()}
        text = report(setup.driver, setup.settings, effect.loads, about)
        name = f"{config.scale.id}-{now:%Y%m%d-%H%M%S}.toml"
        with Folder.made(Path(config.station.data_dir)) as own, own.inside(FOLDER, 0o755) as place:
            place.write_new(name, text.encode("utf-8"), READABLE)
        self._note("scale-compared", effect.user_id, setup.driver.key)
        self._post(FirstDayKept(name))


def failed(effect: object) -> News | None:
    """What to say where one of these could not be carried out; ``None`` for any other effect."""
    match effect:
        case KeepScale() | KeepPrinter():
            return DeviceKept(kept=False)
        case TrySlip(address=address):
            return SlipTried(address, sent=False)
        case KeepFirstDay():
            return FirstDayKept("")
        case ListPorts():
            return PortsListed(())
    return None


def swapped(links: Sequence[Link], new: Link) -> tuple[Link, ...]:
    """The links with a new one in the place of the one of its name, which is stopped."""
    for link in links:
        if link.link_id == new.link_id:
            link.stop()
    return (new, *(link for link in links if link.link_id != new.link_id))


def _measuring(config: Config) -> tuple[schema.Scale | schema.Audiometer | None, ...]:
    return config.scale, config.length_board, config.audiometer


def _scales(
    found: Sequence[Attached], drivers: Sequence[Driver], taken: Sequence[str], own: str
) -> list[PluggedIn]:
    likely = {Verdict.CLAIMS, Verdict.POSSIBLE}
    return [
        PluggedIn(
            PortKind.SCALE,
            one.name or one.node,
            one.address,
            used=any(same_port(one.address, port) for port in taken if port),
            weighs=bool(own) and same_port(one.address, own),
        )
        for one in found
        if likely & {claim.verdict for claim in claims_on(one, drivers)}
    ]


def _printers(found: Sequence[Attached], config: Config) -> list[PluggedIn]:
    used = config.printer.address if config.printer is not None else ""
    nodes = [(str(node), str(node)) for node in sorted(NODES.glob("lp*"))]
    usb = [
        (one.address, one.name)
        for one in found
        if one.kind == "usb" and PRINTER_CLASS in one.interface_classes
    ]
    known = usb or nodes
    return [
        PluggedIn(PortKind.PRINTER, name or address, address, used=address == used)
        for address, name in known
    ]


def _line(line: Line, own: Line) -> schema.ScaleLine | None:
    """What the configuration has to say of a line that is not the driver's own."""
    if line == own:
        return None
    return schema.ScaleLine(
        baud=line.baud,
        bits=8 if line.bits == 8 else 7,
        parity="E" if line.parity == "E" else "O" if line.parity == "O" else "N",
        stop=2 if line.stop == 2 else 1,
    )


class _Memory:
    """A job's steps, kept as long as the try lasts: a trial slip is about nobody."""

    def __init__(self) -> None:
        self.state = JobState.QUEUED
        self.ended = threading.Event()

    def record(self, change: JobChange) -> None:
        """Remember the newest step."""
        self.state = change.state

    def tell(self, change: JobChange) -> None:
        """See whether it has come to an end."""
        if change.state in ENDED:
            self.ended.set()
