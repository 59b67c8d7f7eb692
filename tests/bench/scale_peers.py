"""Other libraries that ask an MT-SICS scale for its weight, each behind one function.

Every one runs its own, unchanged code on a port in memory. What is not installed is left out by
name. Two kinds: a *driver* returns a value, a *transport* the text of an answer for its caller
to judge.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tty
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from tests.bench.hostile import Outcome, Stream
from tests.bench.scripted_port import TIMEOUT, ScriptedPort

Answer = Outcome | str | None
"""A value with what was told about it, the text of an answer, or an honest "no value"."""


@dataclass(frozen=True, slots=True)
class Peer:
    """``open`` gives a function that asks once; it raises whatever the library raises."""

    name: str
    module: str
    open: Callable[[], contextlib.AbstractContextManager[Callable[[Stream], Answer]]]

    @property
    def installed(self) -> bool:
        """Whether the library can be imported here."""
        return find_spec(self.module) is not None


@contextlib.contextmanager
def _pylabrobot() -> Iterator[Callable[[Stream], Answer]]:
    from pylabrobot.scales.mettler_toledo_backend import MettlerToledoWXS205SDUBackend

    with ThreadPoolExecutor(max_workers=1) as executor:

        def ask(stream: Stream) -> Answer:
            backend = MettlerToledoWXS205SDUBackend(port="memory")
            backend.io._ser = ScriptedPort(stream)
            backend.io._executor = executor
            value = asyncio.run(backend.read_weight_value_immediately())
            # Its own code lets nothing but grams through; whether it was stable is not told.
            return Outcome(Decimal(str(value)), "g", "")

        yield ask


@contextlib.contextmanager
def _mettler_toledo_device() -> Iterator[Callable[[Stream], Answer]]:
    from mettler_toledo_device import MettlerToledoDevice
    from serial_interface import SerialInterface

    with _pty() as name:
        line = SerialInterface(port=name, timeout=TIMEOUT, write_write_delay=0.0)
        device = MettlerToledoDevice.__new__(MettlerToledoDevice)
        device.debug = False
        device._serial_device = line
        yield lambda stream: _ask_mettler(device, ScriptedPort(stream))
        line.close()


def _ask_mettler(device: Any, port: ScriptedPort) -> Answer:
    device._serial_device.write = port.write
    device._serial_device.readline = port.readline
    value, *told = device.get_weight()
    state = {"S": "stable", "D": "moving"}.get(told[-1], told[-1])
    return Outcome(Decimal(str(value)), " ".join(told[:-1]), state)


@contextlib.contextmanager
def _pymeasure() -> Iterator[Callable[[Stream], Answer]]:
    from pymeasure.adapters import SerialAdapter

    def ask(stream: Stream) -> Answer:
        adapter = SerialAdapter(
            ScriptedPort(stream), write_termination="\r\n", read_termination="\r\n"
        )
        adapter.write("SI")
        return str(adapter.read())

    yield ask


@contextlib.contextmanager
def _pyvisa() -> Iterator[Callable[[Stream], Answer]]:
    import pyvisa

    with _pty() as name:
        manager = pyvisa.ResourceManager("@py")
        scale = manager.open_resource(
            f"ASRL{name}::INSTR",
            read_termination="\r\n",
            write_termination="\r\n",
            timeout=TIMEOUT * 1000,
        )
        session = manager.visalib.sessions[scale.session]
        real = session.interface

        def ask(stream: Stream) -> Answer:
            session.interface = ScriptedPort(stream)
            return str(scale.query("SI"))

        yield ask
        session.interface = real
        scale.close()
        manager.close()


@contextlib.contextmanager
def _pty() -> Iterator[str]:
    """Yield the name of a terminal that libraries can open; nothing is ever sent over it."""
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        yield os.ttyname(slave)
    finally:
        os.close(master)
        os.close(slave)


PEERS = (
    Peer("PyLabRobot", "pylabrobot", _pylabrobot),
    Peer("mettler_toledo_device", "mettler_toledo_device", _mettler_toledo_device),
    Peer("pymeasure SerialAdapter", "pymeasure", _pymeasure),
    Peer("pyvisa-py", "pyvisa_py", _pyvisa),
)
