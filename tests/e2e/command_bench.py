"""A configured station for the real command line: files, simulated scale, printer, journal."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_printer import SimulatedPrinter
from kiosk.demo.children import DemoChild, demo_children
from kiosk.demo.fhir_server import DemoJournal
from kiosk.store.database.key import create_key_file
from kiosk.store.store import Store


class Commands:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children = demo_children(date.today())
        self.journal = DemoJournal(folder / "journal", self.children)
        self.scale = SimulatedScale(find_driver("radwag"), folder / "scale")
        self.printer = SimulatedPrinter()
        self.key_file = folder / "store.key"
        # No command that measures begins a store.
        Store.open(folder / "data", create_key_file(self.key_file)).close()
        self.journal.start()
        self.scale.start()
        self.config = folder / "kiosk.toml"
        self.write_config()

    def write_config(self, extra: str = "", journal: str = "") -> None:
        self.config.write_text(
            f"""
[station]
clinic = "Solbakken helsestasjon"
data_dir = "{self.folder / "data"}"
id = "commands"
{extra}
[scale]
driver = "radwag"
port = "{self.folder / "scale"}"
[printer]
address = "{self.printer.url}"
[journal]
url = "{journal or self.journal.base_url}"
[database]
key_file = "{self.key_file}"
"""
        )

    def close(self) -> None:
        self.scale.stop()
        self.printer.stop()
        self.journal.stop()

    def start(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "kiosk", arguments[0], "--config", str(self.config)]
        return subprocess.Popen(
            [*command, *arguments[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str, seconds: float = 60) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=seconds)
        return process.returncode, out, err

    def measure(self, child: DemoChild, *more: str) -> subprocess.Popen:
        return self.start(
            "measure",
            *("--identifier", child.number, "--birth-date", child.birth_date.isoformat()),
            *("--given", child.given_name, "--json", *more),
        )

    def baby(self, grams: int) -> None:
        self.scale.lift()
        self.scale.put(grams, wriggle=0.3)


def facts(out: str) -> dict:
    return json.loads(out.strip().splitlines()[-1])
