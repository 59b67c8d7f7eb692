"""A whole station in this process: simulated scale and printer, a real FHIR server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_printer import SimulatedPrinter
from kiosk.config.schema import Config, Journal, Printer, Scale
from kiosk.config.schema import Station as StationTable
from kiosk.demo.children import DemoChild, demo_children
from kiosk.demo.fhir_server import DemoJournal
from kiosk.desk.child_form import Field
from kiosk.desk.state import Desk, Screen
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from tests.desk.every import messages as m
from tests.patience import until


class Clinic:
    def __init__(self, folder: Path, driver: str = "radwag") -> None:
        self.folder = folder
        self.children: tuple[DemoChild, ...] = demo_children(date.today())
        self.journal = DemoJournal(folder / "journal", self.children)
        self.scale = SimulatedScale(find_driver(driver), folder / "scale")
        self.printer = SimulatedPrinter()
        self.journal.start()
        self.scale.start()
        config = Config(
            station=StationTable(clinic="Solbakken", data_dir=str(folder / "data"), id="e2e"),
            scale=Scale(driver=driver, port=str(folder / "scale")),
            printer=Printer(address=self.printer.url),
            journal=Journal(url=self.journal.base_url, doubt=0),
        )
        self.station = Station(config, Store.open(folder / "data", new_key()), training=False)
        self.station.start()
        self.station.sign_in_service()

    def close(self) -> None:
        self.station.stop()
        self.scale.stop()
        self.printer.stop()
        self.journal.stop()

    @property
    def desk(self) -> Desk:
        return self.station.runtime.desk

    def touch(self, *messages: m.Touch) -> None:
        for message in messages:
            self.station.runtime.touch(message)

    def until(self, reached: Callable[[Desk], object]) -> float:
        """Wait until the desk shows it; returns how long that took, in seconds."""
        return until(
            lambda: reached(self.desk), lambda: self.desk.station.strip, meanwhile=self.look
        )

    def look(self) -> None:
        """What the screen's clock does."""
        self.station.runtime.feed(self.station.bus.wait(0.05))
        self.station.runtime.tick()

    def open_child(self, child: DemoChild) -> None:
        for field, text in (
            (Field.NUMBER, child.number),
            (Field.BIRTH_DATE, child.birth_date.strftime("%d%m%Y")),
            (Field.GIVEN_NAME, child.given_name),
        ):
            self.touch(m.ActivateField(field), *(m.TypeKey(c) for c in text))
        self.touch(m.FindChild())
        self.until(lambda d: d.screen is not Screen.FIND)
        self.touch(m.ConfirmChild())

    def weigh(self, grams: int) -> None:
        self.scale.lift()
        self.until(lambda d: d.station.weighing.hold.value == "empty")
        self.scale.put(grams, wriggle=0.2)
        self.until(lambda d: d.station.weighing.offer is not None)
        assert self.desk.station.weighing.offer is not None
        self.touch(m.TakeWeight(self.desk.station.weighing.offer.key))

    def save(self) -> None:
        self.touch(m.OpenReview(), m.Save())
        self.until(lambda d: d.visit is None or not d.visit.saving)
