"""The clinic's PostgreSQL on this machine, as an administrator has it: TLS and passwords."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.postgres import _programs

SUPERUSER = "postgres"
RULES = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"


class ClinicDatabase:
    """One server, reached over TCP and only with TLS by others than this test."""

    def __init__(self, certificate: tuple[Path, Path]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-"))
        self._data = self._folder / "data"
        self._user = "postgres" if os.geteuid() == 0 else None
        copies = [self._folder / "server.crt", self._folder / "server.key"]
        for source, copy in zip(certificate, copies, strict=True):
            shutil.copy(source, copy)
            copy.chmod(0o600)
        if self._user:
            for path in (self._folder, *copies):
                shutil.chown(path, self._user)
        self._run(
            "initdb", "-D", self._data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        (self._data / "pg_hba.conf").write_text(RULES)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            "ssl": "on",
            "ssl_cert_file": str(copies[0]),
            "ssl_key_file": str(copies[1]),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [_programs() / "postgres", "-D", self._data, *options],
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def carry_out(self, text: str) -> None:
        """Carry out statements as the administrator, one after the other."""
        end = time.monotonic() + 60
        while True:
            try:
                connection = psycopg.connect(
                    f"host={self._folder} port={self.port} user={SUPERUSER}", autocommit=True
                )
                break
            except psycopg.OperationalError:
                assert time.monotonic() < end
                time.sleep(0.1)
        with connection:
            for statement in filter(str.strip, text.split(";")):
                connection.execute(statement.encode())

    def stop(self) -> None:
        """Stop it and remove everything."""
        self._process.terminate()
        self._process.wait(60)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [_programs() / program, *map(str, arguments)]
        subprocess.run(command, user=self._user, cwd=self._folder, check=True, capture_output=True)
