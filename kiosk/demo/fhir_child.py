"""The process around the embedded FHIR server: serves an inherited socket, ends with its parent.

Started as ``python -m kiosk.demo.fhir_child SOCKET`` with the settings file in
``SEKMET_CONFIG``. The server is the package ``sekmet-fhir`` as it is; only its socket and its
end are arranged here, so that no port is raced for and nothing outlives the station.
"""

from __future__ import annotations

import os
import socket
import sys
from threading import Thread

import uvicorn


def _end_with_parent() -> None:
    # The parent holds the other end of standard input; it closes however the parent ends.
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


def main(argv: list[str]) -> None:
    """Serve until the parent ends; ``argv`` holds the number of the listening socket."""
    listening = socket.socket(fileno=int(argv[0]))
    Thread(target=_end_with_parent, daemon=True).start()
    config = uvicorn.Config(
        "sekmet.main:app_factory", factory=True, log_level="error", access_log=False
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1:])
