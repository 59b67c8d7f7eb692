"""One HTTP connection under a deadline that a slow server cannot stretch.

``requests`` bounds each socket operation, not the whole: a server that drips a byte at a time
holds a request for ever. Here every connection hands a duplicate of its socket to a
:class:`Wire`, whose watchdog shuts it down when the time is up, in any phase after the address
was found. The wire also knows whether a first byte may have left.
"""

from __future__ import annotations

import contextlib
import socket
import time
from threading import Condition
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from drivers.living import Part


class Wire:
    """The socket of the request that is running, and until when it may run.

    ``left`` tells whether bytes of the current request may have left, ``cut`` whether it was
    ended from here, ``ended`` whether there are to be no more requests. One request at a time;
    ``abort`` may come from any thread.
    """

    def __init__(self) -> None:
        self.left = False
        self.cut = False
        self.ended = False
        self._changed = Condition()
        self._until: float | None = None
        self._handle: socket.socket | None = None
        self._closed = False
        self._watchdog: Part | None = None
        self._sleeps_until: float | None = None

    def arm(self, seconds: float) -> None:
        """Begin a request that may take this long."""
        with self._changed:
            self.left = self.cut = False
            self._until = time.monotonic() + seconds
            if self._watchdog is None:
                self._watchdog = Part("journal-deadline", self._watch, ends=True)
                self._watchdog.start()
                # It sleeps until a deadline that is not known yet.
                self._watchdog.sign.rests()
            elif self._sleeps_until is None or self._sleeps_until > self._until:
                self._changed.notify()

    def disarm(self) -> None:
        """The request is over. The watchdog is left asleep: waking it would cost each request."""
        self._until = None

    def abort(self) -> None:
        """End the request that is running, if any, and let no other begin."""
        with self._changed:
            self.ended = True
            if self._until is not None:
                self._shut()

    def attach(self, sock: socket.socket) -> None:
        """A connection was made; TLS may still have to be agreed on."""
        # A duplicate survives the wrapping into TLS and reaches the same connection.
        handle = socket.socket(fileno=socket.dup(sock.fileno()))
        with self._changed:
            self._drop_handle()
            self._handle = handle
            if self.cut:
                self._shut()

    def close(self) -> None:
        """End the watchdog and let go of the socket."""
        with self._changed:
            self._closed = True
            self._drop_handle()
            self._changed.notify()

    def _drop_handle(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _shut(self) -> None:
        self.cut = True
        if self._handle is not None:
            # The peer may have gone first, which is just as good.
            with contextlib.suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                until = self._sleeps_until = self._until
                left = None if until is None else until - time.monotonic()
                if left is None or left > 0:
                    self._changed.wait(left)
                else:
                    self._shut()
                    self._until = None


def adapter_for(wire: Wire) -> HTTPAdapter:
    """Return a transport adapter whose one connection reports to ``wire``. It never retries."""

    class PlainConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            wire.attach(sock)
            return sock

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            wire.left = True
            super().send(data)

    class SecureConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            wire.attach(sock)
            return sock

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            wire.left = True
            super().send(data)

        def _tunnel(self) -> None:
            try:
                super()._tunnel()  # of http.client, for a proxy
            finally:
                # That was for the proxy: of the request nothing has left yet.
                wire.left = False

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    pools = {"http": PlainPool, "https": SecurePool}

    class Adapter(HTTPAdapter):
        def proxy_manager_for(self, proxy: Any, **settings: Any) -> Any:
            manager = super().proxy_manager_for(proxy, **settings)
            manager.pool_classes_by_scheme = pools
            return manager

    adapter = Adapter(pool_connections=1, pool_maxsize=1, max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = pools
    return adapter
