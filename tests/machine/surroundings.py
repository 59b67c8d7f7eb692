"""What stands around the machine, on this one: journal, scales, printer, the clinic's database."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path

import requests

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_printer import SimulatedPrinter
from drivers.simulators.usbip_scale import HidScalePort
from drivers.simulators.usbip_socket import UsbSocket
from kiosk.demo.children import demo_children
from kiosk.demo.fhir_server import DemoJournal
from tests.machine.database import ClinicDatabase

JOURNAL = "journal.test"
"""The name the machine knows this one by; see ``disks.FURNISH``."""

DATABASE = "db.clinic.example"
"""The clinic's database, as the page calls it."""

FTDI = ("usb-serial:0403:6001", "A9XK21QD")


class Surroundings:
    """Everything a station is connected to. Left as a context manager, it is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children = demo_children(date.today())
        self.journal = DemoJournal(folder / "journal", self.children)
        self.scale = SimulatedScale(find_driver("radwag"), folder / "scale")
        self.hid_socket = UsbSocket(HidScalePort)
        self.hid_scale = SimulatedScale(find_driver("usb-hid"), self.hid_socket.plug)
        self.printer = SimulatedPrinter()
        self._stack = ExitStack()

    def __enter__(self):
        certificate = self.ca, _ = make_certificate(self.folder)
        for device in (self.scale, self.hid_scale):
            device.start()
            self._stack.callback(device.stop)
        self._stack.callback(self.hid_socket.stop)
        self._stack.callback(self.printer.stop)
        self.journal.start()
        self._stack.callback(self.journal.stop)
        self.front = Front(certificate, self.journal.base_url)
        self._stack.callback(self.front.stop)
        self.database = ClinicDatabase(certificate)
        self._stack.callback(self.database.stop)
        return self

    def __exit__(self, *_):
        self._stack.close()

    @property
    def url(self) -> str:
        """The address of the journal, for the machine's configuration."""
        return f"https://{JOURNAL}:{self.front.port}/fhir"

    def weights(self) -> list[int]:
        """Every weight the journal has, in grams."""
        session = requests.Session()
        session.trust_env = False
        page = session.get(f"{self.journal.base_url}/Observation?_count=200", timeout=20).json()
        values = [e["resource"].get("valueQuantity", {}) for e in page.get("entry", [])]
        return [round(v["value"] * 1000) for v in values if v.get("unit") == "kg"]


class Front:
    """TLS before a server that speaks without: each connection is handed through."""

    def __init__(self, certificate: tuple[Path, Path], url: str) -> None:
        self._behind = int(re.search(r":(\d+)/", url)[1])
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(plain,), daemon=True).start()

    def _connect(self, plain: socket.socket) -> None:
        with suppress(OSError), plain:
            plain.settimeout(120)
            with self._context.wrap_socket(plain, server_side=True) as near:
                try:
                    far = socket.create_connection(("127.0.0.1", self._behind), timeout=120)
                except OSError:
                    return
                with far:
                    back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
                    back.start()
                    _pass_on(near, far)
                    back.join(120)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate, which is its own authority, and its key."""
    names = ",".join(f"DNS:{name}" for name in (JOURNAL, DATABASE))
    certificate, key = folder / "certificate.pem", folder / "certificate.key"
    command = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-days", "9", "-subj", f"/CN={JOURNAL}"),
        *("-addext", f"subjectAltName={names}", "-keyout", key, "-out", certificate),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def bus_id(port: int) -> str:
    """The newest device that a USB/IP server of this machine offers."""
    command = ["usbip", "--tcp-port", str(port), "list", "-r", "127.0.0.1"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.findall(r"^\s+(\d+-\d+):", listed, re.MULTILINE)[-1]


def places() -> dict[str, dict[str, list[int]]]:
    """Where the buttons of each page are, in pixels of a 1280 x 800 screen."""
    command = [sys.executable, "-m", "tests.e2e.where", "--plain"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])
