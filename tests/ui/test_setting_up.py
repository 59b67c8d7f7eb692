"""A known scale on a pty is set up by touches, compared ten times, and weighs a child at once."""

from __future__ import annotations

import threading
import time
import tomllib
from decimal import Decimal
from pathlib import Path

import msgspec

from drivers.attached import Attached
from drivers.events import Quantity, Reading, Stability
from drivers.first_day import LOADS
from drivers.profile import sample_settings
from drivers.registry import find_driver
from drivers.simulators.pty_port import PtyPort
from kiosk.config import own_devices
from kiosk.desk.state import Screen
from kiosk.station import device_side, recognising
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.ui.hands import offered, open_a_child, signed_in

RADWAG = find_driver("radwag")


class Radwag:
    """A scale on a pty that sends what lies on it, ten times a second."""

    def __init__(self, path: Path) -> None:
        self.port, self.grams = PtyPort(path), 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        settings = {**sample_settings(RADWAG), "request": "continuous"}
        while not self._stopping.wait(0.1):
            value = Decimal(self.grams) / 1000
            event = Reading(Quantity.WEIGHT, value.quantize(Decimal("0.001")), "kg", STABLE)
            if self.port.is_open():
                self.port.write(RADWAG.render(event, settings))

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.port.close()


STABLE = Stability.STABLE


def test_a_known_scale_is_set_up_by_touches_and_weighs_a_child(start, tmp_path, monkeypatch):
    path = tmp_path / "port"
    scale = Radwag(path)
    plugged = Attached("serial", "FT232R USB UART", str(path), address=str(path))
    monkeypatch.setattr(device_side, "attached", lambda: (plugged,))
    monkeypatch.setattr(recognising, "attached", lambda: (plugged,))
    try:
        hands = signed_in(start())
        hands.runtime.touch(m.OpenStatus())
        hands.touch("equipment")
        hands.until(lambda desk: flat(desk).ports)
        scale.grams = 4236
        hands.touch("set-up-0")
        hands.until(lambda desk: flat(desk).setting_up.likely)
        state = flat(hands.desk).setting_up
        if state.chosen is None:
            names = [one.driver for one in state.likely]
            hands.touch(f"choice-{names.index('radwag')}")
        hands.type("4,236")
        hands.touch("primary")
        hands.until(lambda desk: flat(desk).setting_up.proof)
        assert hands.desk.station.scale is None
        hands.touch("primary")
        hands.until(lambda desk: desk.screen is Screen.STATUS)
        assert hands.desk.station.scale.driver == "radwag"
        the_next_start_knows_it(hands.station.config)
        compare_ten(hands, scale)
        scale.grams = 0
        open_a_child(hands)
        hands.until(lambda _: scale.port.is_open())
        time.sleep(1)
        scale.grams = 8420
        hands.until(lambda desk: offered(desk) == "8.420")
        hands.runtime.touch(m.TakeWeight(hands.desk.station.weighing.offer.key))
        hands.until(lambda desk: desk.visit.drafts)
        for message in (m.OpenReview(), m.Save()):
            hands.runtime.touch(message)
        hands.until(lambda desk: desk.screen is Screen.DONE and desk.saved)
        (saved,) = hands.station.store.visit(hands.desk.saved.id).measurements
        assert (saved.value, saved.device.driver) == (8420, "radwag")
    finally:
        scale.close()


def the_next_start_knows_it(config):
    written = {"station": msgspec.to_builtins(config.station)}
    merged = own_devices.merged(written)
    assert merged["scale"]["driver"] == "radwag"
    assert merged["scale"]["port"] == config.scale.port


def compare_ten(hands, scale):
    hands.touch("equipment")
    hands.until(lambda desk: flat(desk).ports)
    hands.touch("compare-0")
    for n in range(LOADS):
        scale.grams = 1000 * (n + 1) + 236
        # The load before is past.
        time.sleep(0.4)
        hands.type(f"{n + 1},236")
        hands.touch("primary")
        hands.until(lambda desk, n=n: len(flat(desk).first_day.loads) == n + 1)
    hands.touch("primary")
    hands.until(lambda desk: flat(desk).first_day.kept)
    folder = Path(hands.station.config.station.data_dir) / device_side.FOLDER
    record = tomllib.loads((folder / flat(hands.desk).first_day.kept).read_text("utf-8"))
    assert record["confirmed"] is True
    assert (record["driver"], record["signed"], len(record["load"])) == ("radwag", "Anne", LOADS)
    hands.runtime.touch(m.Back())
    hands.runtime.touch(m.Back())
