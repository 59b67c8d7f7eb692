"""What can be seen of a station from outside: all that matters, and nothing of anybody."""

from __future__ import annotations

import json
import re
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from kiosk.config.load import ConfigError
from kiosk.config.schema import Config, Printer, Watching
from kiosk.config.schema import Station as StationTable
from kiosk.model.lists import Strip
from kiosk.model.outbox import Failure, JournalState, OutboxCounts, OutboxStatus
from kiosk.model.visit import Delivery
from kiosk.station.station import Station
from kiosk.station.status_board import StatusBoard
from kiosk.station.watching_side import Watched
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.watching import server as serving
from kiosk.watching.openmetrics import METRICS, exposition
from kiosk.watching.server import MetricsServer, parse_address
from kiosk.watching.snapshot import InterfaceStand, Snapshot
from tests.store.samples import message, visit

ROOT = Path(__file__).parents[2]
NOW = Snapshot(
    station='north "one"',
    version="0.1.0",
    started=1_790_000_000.5,
    uptime=12.25,
    store_up=True,
    interfaces=(
        InterfaceStand("fhir-transaction", 3, 1, 40, 86_500.0, "unreachable"),
        InterfaceStand("gdt-file"),
    ),
    devices={"scale": True, "printer": False},
    printer="paper-out",
    free=10**9,
    stored=4096,
    expires={"key": 12},
)


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(text, name, **labels):
    for family in families(text).values():
        for sample in family.samples:
            if sample.name == name and sample.labels.items() >= labels.items():
                return sample.value
    raise LookupError(name)


def test_prometheus_own_parser_reads_every_metric():
    text = exposition(NOW)
    assert set(families(text)) == {metric.name for metric in METRICS}
    assert value(text, "kiosk_messages", interface="fhir-transaction", state="waiting") == 3
    assert value(text, "kiosk_oldest_waiting_seconds", interface="fhir-transaction") == 86_500
    assert value(text, "kiosk_journal_line", interface="fhir-transaction", state="stopped") == 0
    assert value(text, "kiosk_journal_line", interface="fhir-transaction", state="unreachable") == 1
    assert value(text, "kiosk_station_info", station='north "one"') == 1
    assert value(text, "kiosk_device_up", device="printer") == 0


def test_a_store_that_cannot_be_asked_is_told_and_the_rest_still_stands():
    text = exposition(replace(NOW, store_up=False, interfaces=()))
    assert value(text, "kiosk_store_up") == 0
    assert value(text, "kiosk_device_up", device="scale") == 1


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0:9435", "10.0.0.7:80", "[::]:9435", "station.local:80", "127.0.0.1", "9435", ""],
)
def test_an_address_that_others_could_reach_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_address(text)


def test_a_station_does_not_start_with_such_an_address(tmp_path):
    table = StationTable("Solbakken", data_dir=str(tmp_path))
    config = Config(station=table, watching=Watching(listen="0.0.0.0:9435"))
    store = Store.open(tmp_path, new_key())
    with pytest.raises(ConfigError, match=r"watching\.listen"):
        Station(config, store, training=False)
    store.close()


@pytest.fixture
def served():
    server = MetricsServer(("127.0.0.1", 0), lambda: NOW)
    host, port = server.start()
    yield f"http://{host}:{port}"
    server.stop()


def test_only_get_metrics_is_answered(served):
    answer = requests.get(f"{served}/metrics", timeout=5)
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text == exposition(NOW)
    assert requests.get(f"{served}/", timeout=5).status_code == 404
    assert requests.post(f"{served}/metrics", timeout=5).status_code == 501


def test_a_client_that_says_nothing_does_not_hold_the_others_for_long(served, monkeypatch):
    host, port = served.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))):
        begun = time.monotonic()
        assert requests.get(f"{served}/metrics", timeout=10).ok
        assert time.monotonic() - begun < serving.CLIENT_SECONDS + 2


def test_a_unix_socket_serves_as_well(tmp_path):
    path = tmp_path / "metrics.sock"
    path.write_text("left behind by a crash")
    server = MetricsServer(parse_address(f"unix:{path}"), lambda: NOW)
    server.start()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.endswith(b"# EOF\n")
    server.stop()
    assert not path.exists()


def test_a_real_station_tells_its_counts_and_nothing_of_a_child(tmp_path):
    table = StationTable("Solbakken", data_dir=str(tmp_path / "data"), id="north-1")
    path = tmp_path / "status.json"
    config = Config(
        station=table,
        printer=Printer("/dev/usb/lp0"),
        watching=Watching(status_file=str(path), every=3600),
    )
    store = Store.open(tmp_path / "data", new_key())
    saved = visit()
    store.save_visit(saved, [message(saved)], saved.measurements[0].performer)
    seen = []
    board = StatusBoard(seen.append)
    board.of("csv-file")(OutboxStatus(JournalState.REACHABLE, OutboxCounts(1, 0, 0)))
    unmarked = OutboxStatus(JournalState.STOPPED, OutboxCounts(1, 0, 0), Failure.FOLDER_UNMARKED)
    board.of("gdt-file")(unmarked)
    station = Station(config, store, training=False)
    watched = Watched(config, store, lambda: station.runtime.desk.station.strip, lambda: board)
    watched.start()
    deadline = time.monotonic() + 5
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    watched.stop()
    text = exposition(watched.look())
    assert value(text, "kiosk_messages", interface="fhir-transaction", state="waiting") == 1
    assert value(text, "kiosk_journal_line", interface="csv-file", state="reachable") == 1
    unmarked = {"interface": "gdt-file", "trouble": "folder-unmarked"}
    assert value(text, "kiosk_journal_trouble", **unmarked) == 1
    told = json.loads(path.read_text("utf-8"))
    assert {one["name"]: one["trouble"] for one in told["interfaces"]}["gdt-file"] == (
        "folder-unmarked"
    )
    assert (told["station"], told["store_up"]) == ("north-1", True)
    assert path.stat().st_mode & 0o777 == 0o644
    personal = [saved.child.number, saved.child.given_name, saved.child.birth_date.isoformat()]
    personal += [str(saved.id), *(m.text for m in saved.measurements)]
    personal += [m.performer.display for m in saved.measurements]
    for word in personal:
        assert word not in text
        assert word not in path.read_text("utf-8")
    station.stop()


def test_what_waits_in_the_clinics_database_is_counted_by_state(tmp_path):
    config = Config(station=StationTable("Solbakken", data_dir=str(tmp_path / "data")))
    store = Store.open(tmp_path / "data", new_key())
    saved = [visit() for _ in range(5)]
    for one in saved:
        store.save_visit(one, [message(one)], one.measurements[0].performer)
    states = [Delivery.QUEUED, Delivery.AMBIGUOUS, Delivery.REJECTED, *[Delivery.IN_FLIGHT] * 2]
    there = [replace(item, state=state) for item, state in zip(store.items(), states, strict=True)]

    def told(elsewhere):
        watched = Watched(config, store, Strip, lambda: None, elsewhere)
        return exposition(watched.look())

    text = told(lambda: there)
    assert value(text, "kiosk_elsewhere_messages", state="waiting") == 4
    assert value(text, "kiosk_elsewhere_messages", state="parked") == 1
    assert value(told(lambda: ()), "kiosk_elsewhere_messages", state="parked") == 0
    # A station on its own says nothing of a clinic's database.
    assert families(told(None))["kiosk_elsewhere_messages"].samples == []
    store.close()


def test_the_documents_name_each_metric_and_use_no_other():
    emitted = {f"{m.name}_info" if m.name == "kiosk_station" else m.name for m in METRICS}
    page = (ROOT / "docs/watching.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(kiosk_\w+)`", page, re.MULTILINE)) == emitted
    rules = yaml.safe_load((ROOT / "docs/watching/alerts.yml").read_text("utf-8"))
    dashboard = json.loads((ROOT / "docs/watching/dashboard.json").read_text("utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(asked) > 12
    assert set(re.findall(r"kiosk_\w+", " ".join(asked))) <= emitted
