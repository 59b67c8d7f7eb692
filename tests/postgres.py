"""A real PostgreSQL for tests: its own cluster in a temporary folder, reached over a socket."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

SUPERUSER = "kiosk"


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    assert on_path, "PostgreSQL is missing: install Debian's package postgresql"
    return Path(on_path).resolve().parent


class PostgresServer:
    """One server with as many empty databases as are asked for."""

    def __init__(self, folder: Path, connections: int = 60) -> None:
        self.folder, self._connections = folder, connections
        self._data, self._numbers = folder / "data", itertools.count(1)
        # PostgreSQL refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        command = [_programs() / "initdb", "-D", self._data, "-U", SUPERUSER, "-A", "trust"]
        options = ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run(
            [*command, *options], user=self._user, cwd=folder, check=True, capture_output=True
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": str(self._connections),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [_programs() / "postgres", "-D", self._data, *options],
                user=self._user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._conninfo("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < until
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT cuts the connections, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"clinic_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def dump(self, address: str) -> Path:
        """Copy a database as an administrator does."""
        name = address.partition("@/")[2].partition("?")[0]
        file = self.folder / f"{name}.dump"
        self._tool("pg_dump", "-Fc", "-f", file, name)
        return file

    def play_back(self, address: str, file: Path) -> None:
        """Put a database back to what it was when it was copied."""
        name = address.partition("@/")[2].partition("?")[0]
        self.run(f"DROP DATABASE {name} WITH (FORCE)")
        self.run(f"CREATE DATABASE {name}")
        self._tool("pg_restore", "-d", name, file)

    def _tool(self, program: str, *arguments: str | Path) -> None:
        command = [_programs() / program, "-h", self.folder, "-U", SUPERUSER, *arguments]
        subprocess.run(command, user=self._user, cwd=self.folder, check=True, capture_output=True)

    def url(self, name: str, user: str = SUPERUSER) -> str:
        """The address of a database as the configuration has it."""
        return f"postgresql+psycopg://{user}@/{name}?host={self.folder}"

    def run(self, statement: str, name: str = "postgres") -> None:
        """Carry out a statement as the superuser."""
        with psycopg.connect(self._conninfo(name), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _conninfo(self, name: str) -> str:
        return f"host={self.folder} user={SUPERUSER} dbname={name} connect_timeout=5"


@contextmanager
def running(connections: int = 60) -> Iterator[PostgresServer]:
    """A running server that is gone afterwards."""
    # The path of a socket may have 107 characters, which those of pytest's folders may exceed.
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-"))
    server = PostgresServer(folder, connections)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(FileNotFoundError):
            (folder.parent / f"{folder.name}.log").unlink()
