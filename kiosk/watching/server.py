"""A small HTTP server on this machine alone: ``GET /metrics``, one client at a time."""

from __future__ import annotations

import contextlib
import socketserver
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from drivers.living import Part
from kiosk.watching.openmetrics import CONTENT_TYPE, exposition
from kiosk.watching.snapshot import Snapshot

CLIENT_SECONDS = 3.0
"""How long one client may take; the next one waits for it."""

Address = tuple[str, int] | Path


LONGEST = len("unix:") + 107
"""Bytes that the kernel takes as the path of a socket."""


def parse_address(text: str) -> Address:
    """Read ``127.0.0.1:9435`` or ``unix:/run/kiosk/metrics.sock``.

    Raises :class:`ValueError` for anything that could be reached from another machine.
    """
    if text.startswith("unix:/"):
        if len(text.encode()) > LONGEST:
            raise ValueError("a path too long for a socket")
        return Path(text.removeprefix("unix:"))
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError("not an address with a port")
    if not ip_address(host.strip("[]")).is_loopback:
        raise ValueError("only addresses of this machine")
    return host.strip("[]"), int(port)


class MetricsServer:
    """Serves what ``look`` returns. ``start`` raises :class:`OSError` for a taken address."""

    def __init__(self, address: Address, look: Callable[[], Snapshot]) -> None:
        self._address = address
        self._look = look
        self._server: socketserver.BaseServer | None = None
        self._part: Part | None = None

    def start(self) -> Address:
        """Listen; returns the address, with the port that was picked for port 0."""
        handler = _handler(self._look)
        if isinstance(self._address, Path):
            self._address.unlink(missing_ok=True)
            self._server = socketserver.UnixStreamServer(str(self._address), handler)
        else:
            server = HTTPServer(self._address, handler)
            self._server, self._address = server, (self._address[0], server.server_port)
        self._part = Part("metrics", self._server.serve_forever)
        # Asked for between two clients, and twice a second where there is none.
        self._server.service_actions = self._part.sign.seen  # type: ignore[method-assign]
        self._part.start()
        return self._address

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            if self._part is not None:
                self._part.end(CLIENT_SECONDS)
            self._server.server_close()
        if isinstance(self._address, Path):
            with contextlib.suppress(OSError):
                self._address.unlink(missing_ok=True)


def _handler(look: Callable[[], Snapshot]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = CLIENT_SECONDS
        server_version, sys_version = "kiosk", ""

        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            body = exposition(look()).encode("utf-8")
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Who asks is of no interest."""

    return Handler
