"""An MLLP receiver on loopback that can misbehave on demand. It counts what it has taken."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import UTC, datetime

import hl7

START, END = b"\x0b", b"\x1c\r"


class MllpReceiver:
    """``behave`` gets (number, control id) and returns the answer, or None to close the line.

    The pieces of an answer may be a list, in which a number is a wait and None closes the line.
    """

    def __init__(self, behave=None, context: ssl.SSLContext | None = None) -> None:
        self.behave = behave or (lambda number, control: ack(control))
        self.received: list[str] = []
        self.connections = 0
        self._context = context
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def messages(self) -> dict[str, str]:
        """What a receiver that knows repetitions by MSH-10 keeps."""
        return {control_of(text): text for text in self.received}

    def stop(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            if self._context is not None:
                line = self._context.wrap_socket(line, server_side=True)
            data = b""
            while part := line.recv(65536):
                data += part
                while END in data:
                    message, _, data = data.partition(END)
                    text = message.removeprefix(START).decode("utf-8")
                    self.received.append(text)
                    answer = self.behave(len(self.received), control_of(text))
                    if answer is None:
                        return
                    for piece in answer if isinstance(answer, list) else [answer]:
                        if piece is None:
                            return
                        if isinstance(piece, float):
                            time.sleep(piece)
                        else:
                            line.sendall(piece)
        except (OSError, ssl.SSLError):
            pass
        finally:
            line.close()


def _before(receiver: list[bytes], control: str) -> bytes:
    """The answer of the message before once more, then the answer."""
    receiver.append(ack(control))
    return b"".join(receiver[-2:])


def manners() -> dict:
    """Receivers that take every message and say so each in a way of their own.

    Each is a function of the control id; pieces of a list are sent one by one, numbers are waits.
    """
    told: list[bytes] = []
    return {
        "an LF after the frame": lambda c: ack(c) + b"\n",
        "CR LF before the frame": lambda c: b"\r\n" + ack(c),
        "no CR after the frame": lambda c: ack(c)[:-1],
        "an LF that comes later": lambda c: [ack(c), 0.05, b"\n"],
        "lines ended by LF": lambda c: ack(c).replace(b"\r", b"\n"),
        "lines ended by CR LF": lambda c: ack(c)[:-2].replace(b"\r", b"\r\n") + END,
        "CA and AA in one packet": lambda c: ack(c, "CA") + ack(c),
        "CA, and AA a moment later": lambda c: [ack(c, "CA"), 0.1, ack(c)],
        "only CA": lambda c: ack(c, "CA"),
        "MSA-2 cut to 20": lambda c: ack(c[:20]),
        "MSA-2 with a space": lambda c: ack(f"{c} "),
        "the answer twice": lambda c: ack(c) * 2,
        "the answer again, later": lambda c: [ack(c), 0.05, ack(c)],
        "the answer before once more": lambda c: _before(told, c),
        "answers to others first": lambda c: ack("8811") + ack("", "AE") + ack(c),
        "half an answer begun anew": lambda c: ack(c)[:30] + ack(c),
    }


def control_of(text: str) -> str:
    return str(hl7.parse(text).segment("MSH")[10])


def ack(control: str, code: str = "AA", error: str = "", words: str = "") -> bytes:
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    segments = [f"MSH|^~\\&|J|J|K|K|{now}||ACK^R01|{now}|P|2.5", f"MSA|{code}|{control}|{words}"]
    if error:
        segments.append(f"ERR|||{error}^x^HL70357|E||||{words}")
    return START + "\r".join(segments).encode() + b"\r" + END
