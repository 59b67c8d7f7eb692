"""Training: a whole clinic in a temporary folder, with simulated devices and a real journal.

Its store has its own random key, made in memory and gone with the process. It never opens a
configured store, and its journal is a FHIR server on this machine alone.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from kiosk.config.schema import Audiometer, Config, Journal, Panel, Printer, Scale, Station
from kiosk.demo.children import DemoChild, demo_children
from kiosk.demo.device_processes import ChildProcess, printer_process, scale_process
from kiosk.demo.fhir_server import DemoJournal
from kiosk.desk.state import Practice
from kiosk.hearing.filling import draft_of
from kiosk.hearing.protocol import shipped
from kiosk.hearing.signing import sign
from kiosk.station.audiometer.protocol_files import keep
from kiosk.store.database.key import new_key
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store

CLINIC = "Solbakken helsestasjon"
PIN = "1234"
PROTOCOL = "se-blekinge-4y"
"""The protocol that training follows: a real one, signed for nobody but the training."""
STAFF = (
    PersonRow("anne", "Anne", "health-secretary", ""),
    PersonRow("siri", "Siri", "health-secretary", ""),
)


class Demo:
    """The simulated surroundings. A context manager: leaving it ends and removes everything."""

    def __init__(self, panel: Panel, slips: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-training-"))
        self.slips = slips or self.folder / "slips"
        self.children: tuple[DemoChild, ...] = demo_children(date.today())  # noqa: DTZ011 - local ages
        self._panel = panel
        self._processes: list[ChildProcess] = []
        self.journal = DemoJournal(self.folder / "journal", self.children)
        self.scale: ChildProcess | None = None
        self.printer: ChildProcess | None = None
        self.audiometer: ChildProcess | None = None

    def __enter__(self) -> Self:
        """Start the devices and the journal."""
        try:
            self.scale = scale_process("radwag", self.folder / "scale")
            self.printer = printer_process(self.folder / "printer", self.slips)
            self.audiometer = scale_process("gsi-38", self.folder / "audiometer")
            self._processes = [self.scale, self.printer, self.audiometer]
            self._sign_protocol()
            self.journal.start()
            for process in self._processes:
                process.wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End what was started and remove the folder; slips kept elsewhere stay."""
        for process in self._processes:
            process.stop()
        self.journal.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def config(self) -> Config:
        """The configuration of the training station."""
        return Config(
            station=Station(clinic=CLINIC, data_dir=str(self.folder / "data"), id="training"),
            scale=Scale(driver="radwag", port=str(self.folder / "scale"), name="Simulert RADWAG"),
            audiometer=self._audiometer_table(),
            printer=Printer(address=f"usbip://{self.folder / 'printer'}"),
            journal=Journal(url=self.journal.base_url),
            panel=self._panel,
        )

    def _audiometer_table(self) -> Audiometer:
        # Calibrated a month ago, whenever that is: training should not begin with a warning.
        calibrated = date.today() - timedelta(days=30)  # noqa: DTZ011 - the clinic's own day
        return Audiometer(
            name="Simulert GSI 38",
            serial="T-38",
            driver="gsi-38",
            port=str(self.folder / "audiometer"),
            calibrated_on=calibrated,
            protocol=PROTOCOL,
            protocols=str(self.folder / "protocols"),
            inbox=str(self.folder / "inbox"),
            approvers=(STAFF[0].id,),
            slip="drawing",
        )

    def _sign_protocol(self) -> None:
        """Training has a protocol that states outcomes; a clinic signs its own."""
        folder = self.folder / "protocols"
        folder.mkdir()
        (self.folder / "inbox").mkdir()
        draft = draft_of(shipped()[PROTOCOL])
        text = sign(draft, "Opplæring", date.today())  # noqa: DTZ011 - the clinic's own day
        keep(folder, PROTOCOL, text)

    def open_store(self) -> Store:
        """A store of its own, marked as training, with people whose PIN is :data:`PIN`."""
        store = Store.open(self.folder / "data", new_key(), demo=True)
        for person in STAFF:
            store.add_person(person, PIN, "training")
        return store

    @property
    def practice(self) -> Practice:
        """What a newcomer may try, said on the screen."""
        child = self.children[0]
        return Practice(STAFF[0].display, PIN, child.number, f"{child.birth_date:%d%m%Y}")

    def welcome(self) -> str:
        """What to type, for the person who started it."""
        lines = [
            f"Training station. Sign in as {STAFF[0].display} or {STAFF[1].display}, PIN {PIN}.",
            "Children who do not exist (identity number, birth date, given name):",
        ]
        lines += [f"  {c.number}  {c.birth_date:%d%m%Y}  {c.given_name}" for c in self.children]
        lines += [
            f"Journal (FHIR R4): {self.journal.base_url}",
            f"Slips are kept as pictures in {self.slips}",
        ]
        return "\n".join(lines)
