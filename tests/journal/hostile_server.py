"""A server that misbehaves on purpose: raw sockets in a thread, one script a connection."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Self

Script = Callable[["Talk"], None]


class Talk:
    """One connection: what was asked, and ways to answer badly."""

    def __init__(self, sock: socket.socket, ending: Event) -> None:
        self.sock = sock
        self.ending = ending
        self.head = b""
        self.body = b""

    def read_request(self) -> bool:
        """Read one whole request; ``False`` at the end of the connection."""
        data = b""
        while b"\r\n\r\n" not in data:
            if not (got := self.sock.recv(65536)):
                return False
            data += got
        self.head, _, rest = data.partition(b"\r\n\r\n")
        wanted = 0
        for line in self.head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                wanted = int(line.split(b":")[1])
        while len(rest) < wanted:
            rest += self.sock.recv(65536)
        self.body = rest
        return True

    def answer(self, status: int, body: bytes = b"", *headers: str, length: int = -1) -> None:
        size = len(body) if length < 0 else length
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers]
        self.sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def drip(self, data: bytes, pause: float = 0.05) -> None:
        for byte in data:
            if self.ending.wait(pause):
                return
            self.sock.sendall(bytes([byte]))

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Hostile:
    """Listens on loopback and runs ``script`` on each connection."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.script = script
        self.requests: list[tuple[bytes, bytes]] = []
        self._tls = tls
        self._ending = Event()
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}/fhir"

    def _serve(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(OSError):
                sock, _ = self._listening.accept()
                Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            wrapped = self._handshaken(sock)
            self._open.append(wrapped)
            with wrapped:
                talk = Talk(wrapped, self._ending)
                while talk.read_request():
                    self.requests.append((talk.head, talk.body))
                    self.script(talk)

    def _handshaken(self, sock: socket.socket) -> socket.socket:
        """The line after the handshake. One that is refused is closed when the client has gone.

        Closed at once, with something of the client's unread, it is reset, and whether the alert
        that says why is read before is a matter of luck.
        """
        if not isinstance(self._tls, ssl.SSLContext):
            return self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
        below = sock.dup()
        with contextlib.closing(below):
            try:
                return self._tls.wrap_socket(below.dup(), server_side=True)
            except ssl.SSLError:
                below.settimeout(5)
                below.shutdown(socket.SHUT_WR)
                while below.recv(4096):
                    pass
                raise
            finally:
                sock.close()

    def close(self) -> None:
        self._ending.set()
        for sock in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def certificate(directory: Path, name: str, host: str = "localhost", days: int = 2) -> Path:
    """Make a self-signed certificate with the ``openssl`` command; returns cert and key in one."""
    path = directory / f"{name}.pem"
    key = directory / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", str(days), "-subj", f"/CN={host}"]
    command += ["-addext", f"subjectAltName=DNS:{host}", "-keyout", str(key), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return path


def tls_server(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
