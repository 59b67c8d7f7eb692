"""What runs beside the desk: scale link, printer, and the two lines to the journal.

Apart from the station itself because its libraries take a while to import: the first page is on
the screen before this module is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from drivers.link import Link
from drivers.printers.jobs import JobState, recover
from drivers.printers.models import SAFE_WIDTH
from drivers.printers.open import printer_factory
from drivers.printers.printer import Printer
from drivers.registry import all_drivers
from drivers.watching import Watcher
from kiosk.config.schema import Audiometer, Config, Scale
from kiosk.desk.messages import News
from kiosk.journal.look_up import Looker
from kiosk.journal.sender import Sender
from kiosk.receipts import languages
from kiosk.station import journal_side as journal
from kiosk.station.checking.scale_setup import ScaleSetup, driver_folder
from kiosk.station.clinic.clinic import Clinic
from kiosk.station.clinic.clinic_echo import ClinicEcho
from kiosk.station.plugging import Plugging
from kiosk.station.printing import SlipPress, job_news, printer_news
from kiosk.station.senders import clinic_senders, own_senders
from kiosk.station.status_board import StatusBoard
from kiosk.store.store import Store

Post = Callable[[News], None]


class Stoppable(Protocol):
    """A thread with an end."""

    def stop(self) -> object:
        """End it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The running parts; ``None`` where one is not configured. ``links`` read scale, board and
    audiometer; another takes the place of one where a device is set up anew. ``taken``
    are the addresses that are no news when something is plugged in.
    """

    links: list[Link]
    printer: Printer | None
    looker: Looker | None
    senders: tuple[Sender, ...]
    board: StatusBoard
    press: SlipPress | None
    watcher: Watcher | None = None
    echo: ClinicEcho | None = None
    taken: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start their threads."""
        others = (self.printer, self.looker, *self.senders, self.watcher, self.echo)
        for part in (*self.links, *others):
            if part is not None:
                part.start()

    def stop(self) -> None:
        """End their threads, the devices first."""
        parts: tuple[Stoppable | None, ...] = (
            self.looker,
            *self.senders,
            self.echo,
            self.printer,
        )
        if self.watcher is not None:
            self.watcher.stop()
        for part in (*self.links, *parts):
            if part is not None:
                part.stop()


Setups = tuple[ScaleSetup | None, ScaleSetup | None, ScaleSetup | None]
"""The checked setups of the scale, the length board and the audiometer."""


def assemble(
    config: Config,
    store: Store,
    post: Post,
    setups: Setups,
    *,
    clinic: Clinic | None = None,
    training: bool,
) -> Parts:
    """Build the parts of a configuration that was checked before; nothing is started."""
    printer = _printer(config, store, post)
    endpoint = journal.endpoint_of(config)
    connect = journal.connector(endpoint, config) if endpoint else None
    board = StatusBoard(post)
    links = list(_links(config, post, setups))
    taken = [one.port for one in _measuring(config) if one is not None and one.port]
    if clinic is None:
        echo, senders = None, own_senders(config, store, board)
    else:
        echo, senders = clinic_senders(config, store, clinic, board, post)
    return Parts(
        links=links,
        printer=printer,
        looker=Looker(connect) if connect else None,
        senders=senders,
        echo=echo,
        board=board,
        press=_press(config, printer, training=training),
        watcher=_watcher(config, post, links, taken),
        taken=taken,
    )


def _wake(links: list[Link]) -> None:
    for link in links:
        link.wake()


def _watcher(config: Config, post: Post, links: list[Link], taken: list[str]) -> Watcher:
    """Watch what is plugged in. The drivers are known to load: the scale's came from them."""
    plugging = Plugging(
        [partial(_wake, links)],
        post,
        tuple(all_drivers(driver_folder(config)).values()),
        taken,
    )
    return Watcher(plugging.changed)


def _measuring(config: Config) -> tuple[Scale | Audiometer | None, ...]:
    return config.scale, config.length_board, config.audiometer


def _links(config: Config, post: Post, setups: Setups) -> Iterator[Link]:
    for device, setup in zip(_measuring(config), setups, strict=True):
        if device is not None and setup is not None:
            yield Link(
                device.id,
                setup.driver,
                device.port,
                post,
                settings=setup.settings,
                line=setup.line,
            )


def _printer(config: Config, store: Store, post: Post) -> Printer | None:
    if config.printer is None:
        return None
    left = recover(store.open_print_jobs())
    for change in left:
        store.record(change)
    return Printer(
        printer_factory(config.printer.address),
        store,
        on_status=lambda status: post(printer_news(status)),
        on_change=lambda change: post(job_news(change)),
        suspect=any(change.state is JobState.UNCERTAIN for change in left),
        width=config.printer.width,
    )


def _press(config: Config, printer: Printer | None, *, training: bool) -> SlipPress | None:
    table = config.printer
    if printer is None or table is None:
        return None
    return SlipPress(
        printer.submit,
        clinic=config.station.clinic if table.clinic_name else None,
        expire_after=float(table.expire_after),
        training=training,
        languages=languages.offered(table.reviewers),
        audiogram=config.audiometer is not None and config.audiometer.slip == "drawing",
        width=lambda: printer.width or SAFE_WIDTH,
    )
