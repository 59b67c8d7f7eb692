"""The minimal lower layer protocol of HL7: one message out, its answer back, under a deadline.

The line is kept open between messages; after anything but the answer alone it is closed, so that
what comes late or twice does not stand before the answer to the next message.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

from kiosk.journal.contract import NoAnswer, Trouble
from kiosk.journal.failure_words import failure_word, own_certificate_words
from kiosk.journal.hl7.mllp_frames import END, NOT_A_FRAME, START, Frames
from kiosk.journal.http.own_files import unusable_file

MAX_ANSWER = 256 * 1024
"""Bytes of an answer that are read; an acknowledgement is a few hundred."""

HALF, TOO_LONG = "half-an-answer", "answer-too-long"
NOT_READ = frozenset({HALF, TOO_LONG, NOT_A_FRAME})
"""Words for an answer that came and could not be read. All others say that none came."""


class Listener(Protocol):
    """Who knows which of the receiver's messages is the answer."""

    def hear(self, message: bytes) -> float | None:
        """Take a message; how many seconds more to listen, ``None`` for as long as before."""

    @property
    def is_answered(self) -> bool:
        """Whether one of them was the answer."""

    @property
    def strays(self) -> int:
        """How many of them were none of the answer."""


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

    def exchange(self, message: bytes, listener: Listener) -> NoAnswer | None:
        """Send a message and let the listener hear what comes back.

        ``None`` if it heard all it wanted; else why no more came. It may have heard enough even so.
        """
        until = time.monotonic() + self._address.deadline
        trouble = self._opened(until)
        if trouble is not None:
            return trouble
        line = self._socket
        assert line is not None
        try:
            line.settimeout(max(until - time.monotonic(), 0.001))
            line.sendall(START + message + END)
            whole = _heard(line, until, listener)
            if not listener.is_answered:
                raise TimeoutError if whole else ValueError(HALF)
            if not whole or listener.strays:
                self.close()
        except (OSError, ValueError) as error:
            self.close()
            if own := own_certificate_words([error]):
                # Nothing is read of who is not let in: with TLS 1.3 that is told only now.
                return NoAnswer(Trouble.SIGN_IN, own)
            return NoAnswer(Trouble.NO_ANSWER, _word(error))
        return None

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
        try:
            context = self._context()
        except OSError:
            where = self._address
            word = unusable_file(where.ca_file, where.client_cert, where.client_key)
            return NoAnswer(Trouble.CONFIGURATION, word or "os-error")
        seconds = min(self._address.connect_timeout, max(until - time.monotonic(), 0.001))
        try:
            opened = self._connect(seconds, context)
        except ssl.SSLCertVerificationError as error:
            return NoAnswer(Trouble.CERTIFICATE, f"certificate: {error.verify_message}")
        except OSError as error:
            if own := own_certificate_words([error]):
                return NoAnswer(Trouble.SIGN_IN, own)
            return NoAnswer(Trouble.NOT_CONNECTED, _word(error))
        with self._lock:
            self._socket = opened
        return None

    def _context(self) -> ssl.SSLContext | None:
        """What TLS needs, before anything is connected; raises :class:`OSError`."""
        where = self._address
        if not where.tls:
            return None
        context = ssl.create_default_context(cafile=str(where.ca_file) if where.ca_file else None)
        if where.client_cert is not None:
            key = str(where.client_key) if where.client_key else None
            context.load_cert_chain(str(where.client_cert), key)
        return context

    def _connect(self, seconds: float, context: ssl.SSLContext | None) -> socket.socket:
        where = self._address
        plain = socket.create_connection((where.host, where.port), seconds)
        if context is None:
            return plain
        try:
            return context.wrap_socket(plain, server_hostname=where.host)
        except BaseException:
            plain.close()
            raise


def _heard(line: socket.socket, until: float, listener: Listener) -> bool:
    """Listen until the listener has enough; tells whether the line ended between two frames."""
    frames, read, enough = Frames(), 0, False
    while not enough:
        part = _part(line, until)
        if part is None:
            return frames.is_between
        if not part:
            raise ValueError("cut-short" if frames.is_between else HALF)
        read += len(part)
        if read > MAX_ANSWER:
            raise ValueError(TOO_LONG)
        for message in frames.feed(part):
            more = listener.hear(message)
            until = min(until, time.monotonic() + more) if more is not None else until
            enough = enough or more == 0
    return frames.is_between


def _part(line: socket.socket, until: float) -> bytes | None:
    """What comes next, ``None`` if nothing more does in time, nothing at the end of the line."""
    left = until - time.monotonic()
    if left <= 0:
        return None
    line.settimeout(left)
    try:
        return line.recv(64 * 1024)
    except TimeoutError:
        return None


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
