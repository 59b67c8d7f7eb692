"""A5: a durable save through SQLAlchemy Core beside the standard library's bare sqlite3.

The peer writes the three rows a save is about (measurement, outbox, audit), with the same
bytes, by hand-written statements into a plain file: write-ahead log, ``synchronous=FULL``,
IMMEDIATE. Ours is the station's whole :meth:`Store.save_visit`: encrypted, checked for a second
touch, sealed in the audit chain. Rounds are interleaved; the ratio is the median of the rounds'
ratios, so that a busy machine slows both sides.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid6 import uuid7

sys.path.insert(0, str(Path(__file__).resolve().parent))

from result import Result

from kiosk.clock import now_utc
from kiosk.core.model import (
    Child,
    Device,
    Dress,
    IdKind,
    Measurement,
    Performer,
    Quantity,
    Source,
    Visit,
)
from kiosk.core.outbox import MessageKind, NewMessage
from kiosk.store import engine
from kiosk.store.key import new_key
from kiosk.store.store import Store

SAVES = 300
ROUNDS = 7
BAR = 0.45
SYNC_BAR = 1.05
BODY = b"{" + b" " * 1150 + b"}"
NURSE = Performer("u1", "Test Testesen")
RAW = b"S S     8.420 kg\r\n"

_PEER_TABLES = """
CREATE TABLE measurement (id TEXT PRIMARY KEY, visit TEXT NOT NULL, number TEXT, born TEXT,
    name TEXT, quantity TEXT, value INTEGER, text TEXT, unit TEXT, source TEXT, at INTEGER,
    entered INTEGER, offset INTEGER, performer TEXT, display TEXT, role TEXT, dress TEXT,
    raw BLOB, device TEXT, driver TEXT, serial TEXT);
CREATE TABLE outbox (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    visit TEXT NOT NULL, kind TEXT, adapter TEXT, body BLOB, sha TEXT, state TEXT,
    attempts INTEGER, due INTEGER, created INTEGER);
CREATE INDEX outbox_state ON outbox (state, sequence);
CREATE TABLE audit (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, kind TEXT,
    actor TEXT, subject TEXT, mac TEXT);
"""


def run() -> list[Result]:
    """Measure A5: the rate against bare sqlite3, its tail, and the syncs of a save."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [_round(Path(folder) / str(number)) for number in range(ROUNDS)]
        syncs = _syncs(Path(folder))
    ours, keyless, peer = (statistics.median(r[i] for r in rounds) for i in range(3))
    ratio = statistics.median(r[0] / r[2] for r in rounds)
    tail = statistics.median(r[3] for r in rounds)
    keyless_ratio = statistics.median(r[1] / r[2] for r in rounds)
    return [
        Result(
            anchor="A5",
            what=f"durable saves/s at FULL, encrypted, through SQLAlchemy Core ({SAVES} a round)",
            ours=ours,
            peer=peer,
            ratio=ratio,
            bar=f">= {BAR:.2f} x bare sqlite3 (plain file, three rows, FULL)",
            passed=ratio >= BAR,
            note=f"without encryption {keyless:.0f}/s, x {keyless_ratio:.2f}; "
            f"median of {ROUNDS} interleaved rounds",
        ),
        Result(
            anchor="A5",
            what="p99 of a save over its median",
            ours=tail,
            peer=None,
            ratio=None,
            bar="<= 10",
            passed=tail <= 10,
        ),
        _sync_result(syncs),
    ]


def _round(folder: Path) -> tuple[float, float, float, float]:
    visits = [_visit() for _ in range(SAVES)]
    times = _save_all(folder / "ours", visits)
    keyless = sum(_save_all(folder / "keyless", visits, encrypted=False))
    peer = _bare(folder / "peer", visits)
    tail = statistics.quantiles(times, n=100)[98] / statistics.median(times)
    return SAVES / sum(times), SAVES / keyless, SAVES / peer, tail


def _save_all(folder: Path, visits: list[Visit], *, encrypted: bool = True) -> list[float]:
    store = _open(folder, encrypted=encrypted)
    messages = [NewMessage(uuid7(), v.id, MessageKind.NEW, "fhir", BODY) for v in visits]
    times = []
    for visit, message in zip(visits, messages, strict=True):
        start = time.perf_counter()
        store.save_visit(visit, [message], NURSE)
        times.append(time.perf_counter() - start)
    store.close()
    return times


def _open(folder: Path, *, encrypted: bool) -> Store:
    if encrypted:
        return Store.open(folder, new_key())
    # Only here and only for the figure: the station has no switch for an unencrypted store.
    prepare: Callable[..., None] = engine._prepare
    engine._prepare = _prepare_plain
    try:
        store = Store.open(folder, new_key())
        store._write(lambda connection: connection.exec_driver_sql("SELECT 1"))
        return store
    finally:
        engine._prepare = prepare


def _prepare_plain(connection: sqlite3.Connection, _: bytes, *, reading: bool) -> None:
    for pragma in engine.PRAGMAS:
        connection.execute(pragma)


def _bare(folder: Path, visits: list[Visit]) -> float:
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in engine.PRAGMAS:
        connection.execute(pragma)
    connection.executescript(_PEER_TABLES)
    rows = [_bare_rows(visit) for visit in visits]
    start = time.perf_counter()
    for measurement, message, audit in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_insert("measurement", "", 21), measurement)
        connection.execute(_OUTBOX, message)
        connection.execute(_AUDIT, audit)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def _insert(table: str, columns: str, places: int) -> str:
    marks = ", ".join("?" * places)
    return f"INSERT INTO {table} {columns} VALUES ({marks})"


_OUTBOX = _insert(
    "outbox", "(id, visit, kind, adapter, body, sha, state, attempts, due, created)", 10
)
_AUDIT = _insert("audit", "(at, kind, actor, subject, mac)", 5)


def _bare_rows(visit: Visit) -> tuple[tuple[object, ...], ...]:
    (m,), child, now = visit.measurements, visit.child, int(time.time() * 1e6)
    who, device = m.performer, m.device or _device()
    measurement = (
        *(str(m.id), str(visit.id), child.number, child.birth_date.isoformat()),
        *(child.given_name, m.quantity.value, m.value, m.text, m.unit, m.source.value),
        *(now, now, m.offset_minutes, who.user_id, who.display, who.role, Dress.NAKED.value),
        *(m.raw, device.link_id, device.driver, device.serial),
    )
    message = (str(uuid7()), str(visit.id), "new", "fhir", BODY, "0" * 64, "queued", 0, now, now)
    return measurement, message, (now, "save", who.user_id, str(visit.id), "0" * 64)


def _device() -> Device:
    return Device("scale", "RADWAG WLC 20", "radwag", "1", "S-1")


def _visit() -> Visit:
    visit_id, now = uuid7(), now_utc()
    child = Child("10915596784", IdKind.NATIONAL, now.date(), "Testine", "Patient/7")
    weight = Measurement(
        id=uuid7(),
        visit_id=visit_id,
        quantity=Quantity.WEIGHT,
        value=8420,
        text="8.420",
        unit="kg",
        source=Source.DEVICE,
        measured_at=now,
        entered_at=now,
        offset_minutes=60,
        performer=NURSE,
        dress=Dress.NAKED,
        stability="stable",
        raw=RAW,
        device=_device(),
    )
    return Visit(visit_id, child, (weight,))


def _syncs(folder: Path) -> float | None:
    """Syncs of a save: the difference between two traced runs, or ``None`` without strace."""
    if shutil.which("strace") is None:
        return None
    few, many = (_traced(folder, saves) for saves in (50, 350))
    return None if few is None or many is None else (many - few) / 300


def _traced(folder: Path, saves: int) -> int | None:
    log = folder / f"strace-{saves}"
    strace = ["strace", "-f", "-c", "-o", str(log), "-e", "trace=fsync,fdatasync"]
    mine = [sys.executable, __file__, str(folder / f"traced-{saves}"), str(saves)]
    if subprocess.run([*strace, *mine], capture_output=True, check=False).returncode != 0:
        return None
    # A line of the summary: share, seconds, microseconds a call, calls, (errors,) name.
    lines = [line.split() for line in log.read_text().splitlines()]
    return sum(int(line[3]) for line in lines if line and line[-1] in {"fsync", "fdatasync"})


def _sync_result(syncs: float | None) -> Result:
    return Result(
        anchor="A5",
        what="syncs a save (fsync and fdatasync, counted by strace)",
        ours=syncs if syncs is not None else float("nan"),
        peer=None,
        ratio=None,
        bar=f"<= {SYNC_BAR:.2f} and no save without one",
        passed=syncs is not None and 1.0 <= syncs <= SYNC_BAR,
        note="" if syncs is not None else "strace is missing or not permitted: not counted",
    )


if __name__ == "__main__":
    _save_all(Path(sys.argv[1]), [_visit() for _ in range(int(sys.argv[2]))])
