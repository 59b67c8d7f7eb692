"""Gathering how the station stands, for those who look after many of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypedDict

from drivers.events import LinkState
from drivers.living import PARTS, Part
from kiosk.config.schema import Config
from kiosk.model.elsewhere import counted
from kiosk.model.lists import Strip
from kiosk.model.outbox import OutboxCounts, OutboxItem
from kiosk.model.slip import Paper
from kiosk.station import restarts
from kiosk.store.database import keeping
from kiosk.store.database.disk import free_bytes
from kiosk.store.errors import StoreError
from kiosk.store.store import FILE_NAME, Store
from kiosk.system.clock import now_utc
from kiosk.watching.snapshot import InterfaceStand, Snapshot
from kiosk.watching.status_file import write_status

if TYPE_CHECKING:
    from kiosk.station.status_board import StatusBoard
    from kiosk.watching.server import MetricsServer

log = logging.getLogger(__name__)


class Watched:
    """Everything that can be seen from outside. ``strip`` gives the desk's newest view, ``board``
    how the interfaces stand once they are there, ``elsewhere`` what waits at a clinic of visits
    that other stations measured.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        strip: Callable[[], Strip],
        board: Callable[[], StatusBoard | None],
        elsewhere: Callable[[], Sequence[OutboxItem]] | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._strip = strip
        self._board = board
        self._elsewhere = elsewhere
        self._since = time.monotonic()
        self._started = now_utc()
        self._stopping = Event()
        self._server: MetricsServer | None = None
        self._thread: Part | None = None

    def start(self) -> None:
        """Start what is configured. A taken address is logged, never a reason not to measure."""
        table = self._config.watching
        if table is None:
            return
        if table.listen:
            from kiosk.watching.server import MetricsServer, parse_address

            server = MetricsServer(parse_address(table.listen), self.look)
            try:
                server.start()
            except OSError as error:
                log.error("metrics: %s", type(error).__name__)
            else:
                self._server = server
        if table.status_file:
            path, every = Path(table.status_file), float(table.every)
            self._thread = Part("status-file", lambda: self._write(path, every))
            self._thread.start()

    def stop(self) -> None:
        """Stop both; the file says so by its age."""
        self._stopping.set()
        if self._server is not None:
            self._server.stop()
        if self._thread is not None:
            self._thread.end(2.0)

    def look(self) -> Snapshot:
        """How it stands now. For any thread."""
        try:
            interfaces, up = self._interfaces(), True
        except StoreError:
            interfaces, up = (), False
        strip, folder = self._strip(), Path(self._config.station.data_dir)
        return Snapshot(
            station=self._config.station.id,
            version=_version(),
            started=self._started.timestamp(),
            uptime=time.monotonic() - self._since,
            store_up=up,
            interfaces=interfaces,
            devices=self._devices(strip),
            printer=strip.printer.value,
            free=free_bytes(folder),
            stored=_size(folder / FILE_NAME),
            expires=self._expires(),
            parts=_parts(),
            faults=PARTS.faults(),
            restarts=restarts.within(folder, A_DAY, now_utc()),
            elsewhere=self._others(),
            **_copies(folder),
            missing=lost.missing if (lost := self._store.found.lost) is not None else 0,
        )

    def _others(self) -> dict[str, int]:
        if self._elsewhere is None:
            return {}
        there = counted(self._elsewhere())
        return {"waiting": there.waiting, "parked": there.parked}

    def _interfaces(self) -> tuple[InterfaceStand, ...]:
        board, now = self._board(), now_utc()
        lines = board.lines() if board is not None else {}
        troubles = board.troubles() if board is not None else {}
        counts = self._store.counts_by_interface()
        return tuple(
            InterfaceStand(
                name,
                one.waiting,
                one.parked,
                one.done,
                (now - one.oldest_waiting).total_seconds() if one.oldest_waiting else 0.0,
                lines.get(name, "unknown"),
                troubles.get(name, ""),
                one.delivered,
            )
            for name, one in sorted({**dict.fromkeys(lines, _NONE), **counts}.items())
        )

    def _devices(self, strip: Strip) -> dict[str, bool]:
        found = {}
        if self._config.scale is not None:
            found["scale"] = strip.scale is LinkState.OPEN
        if strip.board is not None:
            found["length-board"] = strip.board is LinkState.OPEN
        if self._config.printer is not None:
            found["printer"] = strip.printer in {Paper.READY, Paper.PAPER_LOW}
        return found

    def _expires(self) -> dict[str, int]:
        from kiosk.station.access_ends import access_ends

        today = datetime.now(UTC).date()
        return {what: (end - today).days for what, end in access_ends(self._config).items()}

    def _write(self, path: Path, every: float) -> None:
        while True:
            try:
                write_status(path, self.look())
            except OSError as error:
                log.error("status file: %s", type(error).__name__)
            if self._stopping.wait(every):
                return


_NONE = OutboxCounts(0, 0, 0)
A_DAY = 24 * 3600.0


class _Copies(TypedDict):
    copied: float
    rehearsed: float
    copy_failed: bool


def _copies(folder: Path) -> _Copies:
    kept, now = keeping.known(folder) or keeping.Kept(), now_utc()
    return {
        "copied": kept.age(now),
        "rehearsed": kept.rehearsal_age(now),
        "copy_failed": kept.fault != "",
    }


def _parts() -> dict[str, bool]:
    missed = {*PARTS.silent(), *PARTS.lost()}
    return {kind: kind not in missed for kind in sorted({*PARTS.kinds(), *missed})}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _version() -> str:
    try:
        return version("helsestasjon-kiosk")
    except PackageNotFoundError:
        return "unknown"
