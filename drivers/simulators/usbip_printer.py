"""A simulated ESC/POS receipt printer on USB, reachable over USB/IP.

Class 7, subclass 1, protocol 2 (two-way), with the three class requests of the *USB Device
Class Definition for Printing Devices* 1.1. Like most receipt printers it has its own power
supply, so that pulling the cable leaves its buffers as they are.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from drivers.folder import replace_file
from drivers.simulators.printer_mechanism import Mechanism, PrinterOptions
from drivers.simulators.printer_paper import Slip
from drivers.simulators.usbip_server import UsbipServer
from drivers.simulators.usbip_standard import Setup
from drivers.usbip.client import Address

VENDOR, PRODUCT = 0x04B8, 0x0E28
DEVICE_ID = b"MFG:EPSON;CMD:ESC/POS;MDL:TM-SIM;CLS:PRINTER;DES:Simulated receipt printer;"
GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET = 0, 1, 2
BULK_OUT, BULK_IN = 0x01, 0x82
LOOPBACK: Address = ("127.0.0.1", 0)


class PrinterFunction:
    """The USB face of a printer mechanism."""

    def __init__(self, mechanism: Mechanism, serial: str) -> None:
        self._mechanism = mechanism
        self.device_descriptor = struct.pack(
            "<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 64, VENDOR, PRODUCT, 0x0100, 1, 2, 3, 1
        )
        self.configuration = (
            struct.pack("<BBHBBBBB", 9, 2, 32, 1, 1, 0, 0xC0, 1)
            + struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 2, 7, 1, 2, 0)
            + struct.pack("<BBBBHB", 7, 5, BULK_OUT, 2, 64, 0)
            + struct.pack("<BBBBHB", 7, 5, BULK_IN, 2, 64, 0)
        )
        self.strings: tuple[str, ...] = ("EPSON", "TM-SIM", serial)

    def control(self, setup: Setup, data: bytes) -> bytes | None:  # noqa: ARG002 - no data stage
        """Answer the printer class's requests; anything else stalls."""
        if setup.kind != 1:
            return None
        if setup.request == GET_DEVICE_ID:
            return struct.pack(">H", len(DEVICE_ID) + 2) + DEVICE_ID
        if setup.request == GET_PORT_STATUS:
            return bytes((self._mechanism.port_byte(),))
        if setup.request == SOFT_RESET and self._mechanism.options.soft_reset:
            self._mechanism.clear()
            return b""
        return None

    def write(self, endpoint: int, data: bytes) -> int:  # noqa: ARG002 - there is one
        """Into the receive buffer, as far as there is room."""
        return self._mechanism.accept(data)

    def read(self, endpoint: int, limit: int) -> bytes:  # noqa: ARG002 - there is one
        """What the printer has to say."""
        return self._mechanism.say(limit)

    def listen(self, ready: Callable[[], None]) -> None:
        """Pass on when a parked transfer may go on."""
        self._mechanism.listen(ready)


class SimulatedPrinter:
    """A printer, its paper and its cable, on a USB/IP server of its own."""

    def __init__(
        self,
        options: PrinterOptions | None = None,
        *,
        address: Address = LOOPBACK,
        serial: str = "SIM0001",
        tells_count: bool = True,
        on_slip: Callable[[Slip], None] | None = None,
    ) -> None:
        """Start it, plugged in, with paper. ``on_slip`` is called with each cut slip."""
        self.slips: list[Slip] = []
        self._on_slip = on_slip
        self._cut = threading.Condition()
        self.mechanism = Mechanism(options or PrinterOptions(), self._collect)
        self._function = PrinterFunction(self.mechanism, serial)
        self._server = UsbipServer(address, tells_count)
        self.address = self._server.start()
        self._bus_id = self._server.plug(self._function)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address for :func:`drivers.printers.open.printer_factory`."""
        if isinstance(self.address, tuple):
            return f"usbip://{self.address[0]}:{self.address[1]}"
        return f"usbip://{self.address}"

    @property
    def unknown(self) -> list[bytes]:
        """Every byte sequence the printer did not understand."""
        return self.mechanism.unknown

    def wait_slips(self, count: int, seconds: float = 5) -> list[Slip]:
        """Wait until ``count`` slips were cut. Raises :class:`TimeoutError`."""
        with self._cut:
            if not self._cut.wait_for(lambda: len(self.slips) >= count, seconds):
                raise TimeoutError(f"{len(self.slips)} of {count} slips")
            return list(self.slips)

    def paper_out(self, after_rows: int = 0) -> None:
        """Let the roll end, at once or after so many more printed rows."""
        if after_rows:
            self.mechanism.run_out_after(after_rows)
        else:
            self.mechanism.set_paper(present=False)

    def paper_in(self) -> None:
        """Put a new roll in. What is still in the buffers comes out on it."""
        self.mechanism.set_paper(present=True)

    def open_cover(self) -> None:
        """Open the cover."""
        self.mechanism.set_cover(is_open=True)

    def close_cover(self) -> None:
        """Close the cover."""
        self.mechanism.set_cover(is_open=False)

    def unplug(self) -> None:
        """Pull the USB cable; the printer keeps its power and its buffers."""
        self._server.unplug(self._bus_id)

    def replug(self) -> None:
        """Put the USB cable back; the device gets a new number."""
        self._bus_id = self._server.plug(self._function)

    def power_cycle(self) -> None:
        """Switch off and on: buffers are empty, the cable was out meanwhile."""
        self.unplug()
        self.mechanism.power_on()
        self.replug()

    def stall(self, after: int = 0) -> None:
        """Take only ``after`` more bytes, with nothing visibly wrong."""
        self.mechanism.set_quota(after)

    def unstall(self) -> None:
        """Take bytes again."""
        self.mechanism.set_quota(None)

    def stop(self) -> None:
        """Switch off and stop the server."""
        self._server.stop()
        self.mechanism.stop()

    def _collect(self, slip: Slip) -> None:
        # Whoever waits for the slip also waits for what is done with it, such as its picture.
        if self._on_slip is not None:
            self._on_slip(slip)
        with self._cut:
            self.slips.append(slip)
            self._cut.notify_all()


def serve_printer(
    address: Address, out_dir: Path, options: PrinterOptions | None = None
) -> SimulatedPrinter:
    """Run a simulated printer that writes each slip to ``out_dir`` as ``slip-0001.png`` and on.

    Returns at once; ``stop()`` ends it. A file appears complete or not at all, and numbers
    go on after those already there. Prints at 150 mm/s unless ``options`` say otherwise.
    Raises OSError if the address or the folder cannot be used.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in out_dir.glob("slip-*.png"))

    def keep(slip: Slip) -> None:
        nonlocal number
        number += 1
        replace_file(out_dir / f"slip-{number:04}.png", slip.png(), 0o644)

    return SimulatedPrinter(
        options or PrinterOptions(rows_per_second=1200), address=address, on_slip=keep
    )
