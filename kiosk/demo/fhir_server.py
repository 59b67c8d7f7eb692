"""A real FHIR R4 server on the loopback interface, for training and tests.

``sekmet-fhir`` in a process of its own, with its data in a directory of its own, bound to
127.0.0.1 only. It holds made-up children and nothing else.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from kiosk.demo.children import DemoChild
from kiosk.journal.codes import ID_SYSTEMS

FHIR_JSON = "application/fhir+json"
START_SECONDS = 30.0
"""How long the server may take to answer; it takes about two seconds on an idle machine."""


class DemoJournalError(Exception):
    """The embedded FHIR server did not come up."""


class DemoJournal:
    """One embedded server. ``start`` after ``stop`` brings it back on the same port."""

    def __init__(self, directory: Path, children: Sequence[DemoChild] = ()) -> None:
        self._directory = directory
        self._children = tuple(children)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        """The address of the FHIR base; valid from the first ``start`` on."""
        return f"http://127.0.0.1:{self._port}/fhir"

    def start(self) -> str:
        """Start the server, wait until it answers and return its base address.

        Raises :class:`DemoJournalError` if it does not come up.
        """
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _listening(self._port) as listening:
            self._port = listening.getsockname()[1]
            self._process = self._spawn(listening)
        self._wait_until_ready()
        if self._children:
            self._seed()
        return self.base_url

    def stop(self) -> None:
        """End the server and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _spawn(self, listening: socket.socket) -> subprocess.Popen[bytes]:
        settings = self._directory / "settings.json"
        settings.write_text(json.dumps(self._settings()), "utf-8")
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._directory),
            "LANG": "C.UTF-8",
            "SEKMET_CONFIG": str(settings),
        }
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-m", "kiosk.demo.fhir_child", str(listening.fileno())],
            cwd=self._directory,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[listening.fileno()],
            process_group=0,
        )

    def _settings(self) -> dict[str, Any]:
        # JSON is YAML, which is what the server reads.
        return {
            "base_url": self.base_url,
            "host": "127.0.0.1",
            "port": self._port,
            "data_dir": str(self._directory),
            "own_private_key_path": str(self._directory / "key.pem"),
            "simulator": {"enabled": False},
            "subscriptions": {"hook_token": "unused"},
            "validation": {"inbound": "strict"},
            "log_inbound": False,
        }

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                # The socket listens before the server runs, so the first request just waits.
                if _session().get(f"{self.base_url}/metadata", timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        self.stop()
        raise DemoJournalError("the embedded FHIR server did not start")

    def _seed(self) -> None:
        bundle = {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [_patient_entry(child) for child in self._children],
        }
        answer = _session().post(
            self.base_url, json=bundle, headers={"Content-Type": FHIR_JSON}, timeout=10
        )
        if answer.status_code != 200:
            self.stop()
            raise DemoJournalError("the embedded FHIR server refused the training children")


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(64)
    return listening


def _patient_entry(child: DemoChild) -> dict[str, Any]:
    system = ID_SYSTEMS[child.number_kind]
    return {
        "resource": {
            "resourceType": "Patient",
            "active": True,
            "identifier": [{"system": system, "value": child.number}],
            "name": [{"use": "official", "given": child.given_name.split()}],
            "birthDate": child.birth_date.isoformat(),
        },
        "request": {
            "method": "POST",
            "url": "Patient",
            "ifNoneExist": urlencode({"identifier": f"{system}|{child.number}"}),
        },
    }
