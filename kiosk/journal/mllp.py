"""The minimal lower layer protocol of HL7: one message out, one answer back, under a deadline.

Source: HL7 v2 transport specification, MLLP release 1: ``<VT>`` message ``<FS><CR>``. The line is
kept open between messages; after anything but a whole answer it is closed, so that a late answer
cannot be taken for the answer to the next message.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from kiosk.journal.contract import NoAnswer, Trouble
from kiosk.journal.failing import failure_word

START, END = b"\x0b", b"\x1c\r"
MAX_ANSWER = 256 * 1024
"""Bytes of an answer that are read; an acknowledgement is a few hundred."""


@dataclass(frozen=True, slots=True)
class MllpAddress:
    """Where the receiver listens. Times are seconds; ``deadline`` bounds a whole exchange."""

    host: str
    port: int
    tls: bool = True
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    connect_timeout: float = 3.0
    deadline: float = 30.0


class MllpLine:
    """One connection, opened when it is needed. One thread uses it; ``abort`` is for any."""

    def __init__(self, address: MllpAddress) -> None:
        self._address = address
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._ended = False

    def exchange(self, message: bytes) -> bytes | NoAnswer:
        """Send a message and return the answer without its frame."""
        until = time.monotonic() + self._address.deadline
        trouble = self._opened(until)
        if trouble is not None:
            return trouble
        line = self._socket
        assert line is not None
        try:
            line.settimeout(max(until - time.monotonic(), 0.001))
            line.sendall(START + message + END)
            return self._answer(line, until)
        except (OSError, ValueError) as error:
            self.close()
            return NoAnswer(Trouble.NO_ANSWER, _word(error))

    def reach(self) -> NoAnswer | None:
        """Open the line if it is not; what is wrong if that cannot be done."""
        return self._opened(time.monotonic() + self._address.connect_timeout)

    def abort(self) -> None:
        """Cut what is running; from now on nothing is sent."""
        with self._lock:
            self._ended = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; the next message opens another."""
        with self._lock:
            line, self._socket = self._socket, None
        if line is not None:
            line.close()

    def _opened(self, until: float) -> NoAnswer | None:
        if self._ended:
            return NoAnswer(Trouble.NOT_CONNECTED, "ended")
        if self._socket is not None and _is_quiet(self._socket):
            return None
        self.close()
        seconds = min(self._address.connect_timeout, max(until - time.monotonic(), 0.001))
        try:
            opened = self._connect(seconds)
        except ssl.SSLCertVerificationError as error:
            return NoAnswer(Trouble.CERTIFICATE, f"certificate: {error.verify_message}")
        except OSError as error:
            return NoAnswer(Trouble.NOT_CONNECTED, _word(error))
        with self._lock:
            self._socket = opened
        return None

    def _connect(self, seconds: float) -> socket.socket:
        where = self._address
        plain = socket.create_connection((where.host, where.port), seconds)
        if not where.tls:
            return plain
        try:
            context = ssl.create_default_context(
                cafile=str(where.ca_file) if where.ca_file else None
            )
            if where.client_cert is not None:
                key = str(where.client_key) if where.client_key else None
                context.load_cert_chain(str(where.client_cert), key)
            return context.wrap_socket(plain, server_hostname=where.host)
        except BaseException:
            plain.close()
            raise

    def _answer(self, line: socket.socket, until: float) -> bytes:
        read = b""
        while END not in read:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("deadline")
            line.settimeout(left)
            part = line.recv(64 * 1024)
            if not part:
                raise ValueError("cut-short")
            read += part
            if len(read) > MAX_ANSWER:
                raise ValueError("answer-too-long")
        message, _, rest = read.partition(END)
        if not message.startswith(START) or rest:
            raise ValueError("not-a-frame")
        return message[len(START) :]


def _is_quiet(line: socket.socket) -> bool:
    """Whether the line is open and nothing stands in it that nobody asked for."""
    line.settimeout(0)
    try:
        line.recv(1, 0 if isinstance(line, ssl.SSLSocket) else socket.MSG_PEEK)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False


def _word(error: Exception) -> str:
    return str(error) if type(error) is ValueError else failure_word(error)
