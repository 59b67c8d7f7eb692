"""The process of the simulated printer: ``python -m kiosk.demo.printer_child SOCKET FOLDER``.

Ends when its standard input does, so that it never outlives the station that started it.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(argv: list[str]) -> None:
    """Serve a USB printer over USB/IP and keep each slip as a picture."""
    from drivers.simulators.usbip_printer import serve_printer

    socket, folder = argv
    printer = serve_printer(socket, Path(folder))
    print("ready", flush=True)  # noqa: T201 - tells the parent
    for line in sys.stdin:
        command = {
            "paper-out": printer.paper_out,
            "paper-in": printer.paper_in,
            "cover-open": printer.open_cover,
            "cover-close": printer.close_cover,
            "unplug": printer.unplug,
            "replug": printer.replug,
        }.get(line.strip())
        if command is not None:
            command()
    printer.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
