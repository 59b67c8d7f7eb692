"""A5: a durable save through SQLAlchemy Core beside the standard library's bare sqlite3.

Ours is the station's whole :meth:`Store.save_visit`: encrypted, checked for a second touch,
sealed in the audit chain. The peer writes the same rows into the same tables by hand-written
statements, with everything computed beforehand, into a plain file: write-ahead log,
``synchronous=FULL``, IMMEDIATE. A second, harsher peer writes three rows only (measurement,
message, audit) and is shown without a bar. Rounds are interleaved and the best of each side
counts: a busy machine only slows.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Table, create_engine
from sqlalchemy.pool import StaticPool
from uuid6 import uuid7

from kiosk.model.outbox import MessageKind, NewMessage
from kiosk.model.performer import Device, Performer
from kiosk.model.visit import Child, Dress, IdKind, Measurement, Quantity, Source, Visit
from kiosk.store import tables as t
from kiosk.store.audit import END
from kiosk.store.database import engine
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.store.times import micros
from kiosk.store.visits import saved as visits_module
from kiosk.system.clock import now_utc
from tests.bench.result import Result

SAVES = 300
ROUNDS = 9
BAR = 0.45
SYNC_BAR = 1.05
BODY = b"{" + b" " * 1150 + b"}"
NURSE = Performer("u1", "Test Testesen")
RAW = b"S S     8.420 kg\r\n"

MOVE_END = "UPDATE audit SET subject = ?, mac = ? WHERE sequence = ?"
THREE_ROWS = (t.measurement, t.outbox, t.audit)
ALL_ROWS = (t.visit, *THREE_ROWS)


def run() -> list[Result]:
    """Measure A5: the rate against bare sqlite3, its tail, and the syncs of a save."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [_round(Path(folder) / str(number)) for number in range(ROUNDS)]
        syncs = _syncs(Path(folder))
    ours, keyless, peer, three = (max(r[i] for r in rounds) for i in range(4))
    ratio, plain, harsh = ours / peer, keyless / peer, ours / three
    tail = statistics.median(r[4] for r in rounds)
    saves = f"durable saves/s at FULL, encrypted, through SQLAlchemy Core ({SAVES} a round)"
    note = f"without encryption {keyless:.0f}/s, x {plain:.2f}; best of {ROUNDS} interleaved rounds"
    bar = f">= {BAR:.2f} x bare sqlite3 with the same rows, plain file, FULL"
    return [
        Result("A5", saves, ours, peer, ratio, bar, ratio >= BAR, note),
        Result("A5", saves, ours, three, harsh, "none: the peer writes three rows, not five", True),
        Result("A5", "p99 of a save over its median", tail, None, None, "<= 10", tail <= 10),
        _sync_result(syncs),
    ]


def _round(folder: Path) -> tuple[float, float, float, float, float]:
    visits = [_visit() for _ in range(SAVES)]
    times = _save_all(folder / "ours", visits)
    seconds = (
        sum(times),
        sum(_save_all(folder / "keyless", visits, encrypted=False)),
        _bare(folder / "bare", visits, ALL_ROWS),
        _bare(folder / "three", visits, THREE_ROWS),
    )
    tail = statistics.quantiles(times, n=100)[98] / statistics.median(times)
    ours, keyless, peer, three = (SAVES / s for s in seconds)
    return ours, keyless, peer, three, tail


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
    unlock: Callable[..., None] = engine._unlock
    engine._unlock = lambda *_: None
    try:
        store = Store.open(folder, new_key())
        store._write(lambda connection: connection.exec_driver_sql("SELECT 1"))
        return store
    finally:
        engine._unlock = unlock


def _bare(folder: Path, visits: list[Visit], tables: Sequence[Table]) -> float:
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in engine.PRAGMAS:
        connection.execute(pragma)
    # Of the three rows the measurement names a visit that is not written.
    connection.execute(f"PRAGMA foreign_keys={'ON' if t.visit in tables else 'OFF'}")
    plain = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    t.metadata.create_all(plain)
    connection.execute("INSERT INTO audit VALUES (?, 0, 'end', '', '0', '')", (END,))
    saves = [_bare_rows(number, visit, tables) for number, visit in enumerate(visits, 1)]
    start = time.perf_counter()
    for end, rows in saves:
        connection.execute("BEGIN IMMEDIATE")
        for statement, row in rows:
            connection.execute(statement, row)
        if t.visit in tables:
            connection.execute(MOVE_END, end)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    plain.dispose()
    return seconds


Rows = list[tuple[str, tuple[object, ...]]]


def _bare_rows(
    number: int, visit: Visit, tables: Sequence[Table]
) -> tuple[tuple[object, ...], Rows]:
    now, seal, (m,) = now_utc(), f"{number:064x}", visit.measurements
    values = {
        "visit": visits_module._visit_row(visit, seal, now),
        "measurement": {"place": 0, **visits_module._row(m)},
        "outbox": {
            "id": str(uuid7()),
            "visit_id": str(visit.id),
            "kind": "new",
            "adapter": "fhir",
            "body": BODY,
            "body_sha256": seal,
            "state": "queued",
            "attempts": 0,
            "due": micros(now),
            "created": micros(now),
            "detail": "",
            "remote": "",
        },
        "audit": {
            "sequence": number,
            "at": micros(now),
            "kind": "save",
            "actor": NURSE.user_id,
            "subject": str(visit.id),
            "mac": seal,
        },
    }
    return (str(number), seal, END), [_insert(table, values[table.name]) for table in tables]


def _insert(table: Table, row: dict[str, object]) -> tuple[str, tuple[object, ...]]:
    marks = ", ".join("?" * len(row))
    statement = f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({marks})"
    return statement, tuple(row.values())


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
