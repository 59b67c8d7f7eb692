"""A network printer's raw port: it serves one client, and the next ones wait in the line.

What a waiting client sends is kept by the network until its turn comes, as on a real printer.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import Self

from drivers.simulators.printer_mechanism import Mechanism, PrinterOptions
from drivers.simulators.printer_paper import Slip


class RawPort:
    """A simulated printer on a loopback port."""

    def __init__(
        self, options: PrinterOptions | None = None, address: tuple[str, int] = ("127.0.0.1", 0)
    ) -> None:
        self.slips: list[Slip] = []
        self.mechanism = Mechanism(options or PrinterOptions(), self.slips.append)
        self._server = socket.create_server(address)
        self.port: int = self._server.getsockname()[1]
        self._stopped = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self.mechanism.stop()
        self._server.close()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def hold(self) -> socket.socket:
        """Another client that is served until it closes."""
        return socket.create_connection(("127.0.0.1", self.port))

    def _serve(self) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(OSError), self._server.accept()[0] as client:
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        pending = b""
        while not self._stopped.is_set():
            if said := self.mechanism.say(512):
                client.sendall(said)
            pending = pending[self.mechanism.accept(pending) :]
            if not pending and select.select([client], [], [], 0.002)[0]:
                pending = client.recv(1024)
                if not pending:
                    return
