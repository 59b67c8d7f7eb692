"""The real station for A7 and A8: configured, with a store, a simulated scale and printer."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_printer import SimulatedPrinter
from kiosk.store.database.key import create_key_file
from kiosk.store.people.people import PersonRow
from kiosk.store.store import Store


@contextmanager
def configured() -> Iterator[tuple[list[str], str]]:
    """Yield the command line and the variable that names the file written when it is ready."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = create_key_file(folder / "key")
        store = Store.open(folder / "data", key)
        store.add_person(PersonRow("anne", "Anne", "health-secretary", ""), "2580", "bench")
        store.close()
        scale = SimulatedScale(find_driver("radwag"), folder / "scale")
        scale.start()
        printer = SimulatedPrinter()
        config = folder / "kiosk.toml"
        config.write_text(
            f'[station]\nclinic = "Solbakken"\ndata_dir = "{folder / "data"}"\n'
            f'[database]\nkey_file = "{folder / "key"}"\n'
            f'[scale]\ndriver = "radwag"\nport = "{folder / "scale"}"\n'
            f'[printer]\naddress = "{printer.url}"\n'
            "[panel]\nfullscreen = false\n"
        )
        try:
            command = [sys.executable, "-m", "kiosk", "run", "--config", str(config)]
            yield command, "KIOSK_READY_FILE"
        finally:
            scale.stop()
            printer.stop()
