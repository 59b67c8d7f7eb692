"""Every transport counts exactly and loses nothing; only PrinterLost leaves it."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.printers import kernel_node, tcp_line
from drivers.printers.kernel_node import KernelNode
from drivers.printers.open import printer_factory
from drivers.printers.serial_line import SerialLine
from drivers.printers.tcp_line import TcpLine
from drivers.printers.transports import LostCause, PrinterLost


def soon(seconds: float = 0.2) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def fifo(tmp_path: Path) -> str:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    return str(path)


def test_a_node_hands_over_requests_and_counts_what_was_taken(fifo):
    node = KernelNode(fifo)
    assert node.write(b"abc", soon()) == 3
    assert node.read(0.1) == b"abc"
    assert node.in_doubt() == 0
    node.close()


def test_a_node_that_takes_no_more_gives_a_short_count_at_the_deadline(fifo):
    node = KernelNode(fifo)
    start = time.monotonic()
    count = node.write(bytes(200_000), soon())
    assert 0 < count < 200_000
    assert 0.1 < time.monotonic() - start < 2
    held = sum(iter(lambda: len(node.read(0)), 0))
    assert held == count + node.in_doubt()
    node.close()


def test_a_request_left_with_the_kernel_is_counted_once_the_printer_took_it(fifo, monkeypatch):
    node = KernelNode(fifo)
    taken = [False]
    wait = node._wait
    monkeypatch.setattr(node, "_wait", lambda what, s: taken[0] and wait(what, s))
    assert node.write(b"strip", soon(0.05)) == 0
    assert node.in_doubt() == 5
    assert node.write(b"other", soon(0.05)) == 0
    taken[0] = True
    assert node.write(b"strip", soon(0.05)) == 5
    assert node.in_doubt() == 0
    assert node.read(0.1) == b"strip"
    node.close()


def test_no_paper_at_a_node_is_a_short_count_and_no_error(fifo, monkeypatch):
    node = KernelNode(fifo)

    def no_space(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "no paper")

    monkeypatch.setattr(kernel_node.os, "write", no_space)
    assert node.write(b"abc", soon(0.05)) == 0
    assert node.in_doubt() == 0
    node.close()


def test_status_identity_and_reset_of_a_node_are_ioctls(fifo, monkeypatch):
    node = KernelNode(fifo)
    assert node.port_status() is None
    assert node.device_id() == ""
    assert not node.soft_reset()
    asked: list[int] = []

    def ioctl(fd: int, request: int, buffer: bytearray) -> int:
        asked.append(request)
        if request == kernel_node.LPGETSTATUS:
            buffer[0] = 0x30
        elif request == kernel_node.DEVICE_ID_IOCTL:
            buffer[:10] = b"\x00\x0aMFG:ABC;"
        return 0

    monkeypatch.setattr(kernel_node.fcntl, "ioctl", ioctl)
    status = node.port_status()
    assert status is not None
    assert status.paper_empty
    assert node.device_id() == "MFG:ABC;"
    assert node.soft_reset()
    assert asked == [0x060B, 0x84005001, 0x5007]
    node.close()


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOENT, LostCause.NOT_FOUND),
        (errno.EBUSY, LostCause.BUSY),
        (errno.EACCES, LostCause.NOT_ALLOWED),
        (errno.EIO, LostCause.BROKEN),
    ],
)
def test_a_node_that_cannot_be_opened_says_why(monkeypatch, number, cause):
    def refuse(path: str, flags: int) -> int:
        raise OSError(number, "no")

    monkeypatch.setattr(kernel_node.os, "open", refuse)
    with pytest.raises(PrinterLost) as lost:
        KernelNode("/dev/usb/lp0")
    assert lost.value.cause is cause


def gone(action: Callable[[], object]) -> None:
    with pytest.raises(PrinterLost) as lost:
        action()
    assert lost.value.cause is LostCause.UNPLUGGED


def test_an_unplugged_node_is_lost_in_read_and_write():
    master, slave = os.openpty()
    tty.setraw(slave)
    node = KernelNode(os.ttyname(slave))
    os.close(slave)
    os.close(master)
    gone(lambda: node.read(0.1))
    gone(lambda: node.write(b"abc", soon()))
    node.close()


def test_a_serial_printer_is_written_read_and_counted():
    master, slave = os.openpty()
    tty.setraw(master)
    line = SerialLine(os.ttyname(slave), 38400, "none")
    assert line.write(b"\x1b@\x11\x13\x00", soon()) == 5
    assert os.read(master, 10) == b"\x1b@\x11\x13\x00"
    os.write(master, b"\x12\x12")
    start = time.monotonic()
    assert line.read(1) == b"\x12\x12"
    assert time.monotonic() - start < 0.5
    assert (line.port_status(), line.device_id(), line.soft_reset()) == (None, "", False)
    line.close()
    os.close(master)
    os.close(slave)


def test_a_serial_printer_that_holds_back_gives_a_short_count_and_doubt():
    master, slave = os.openpty()
    tty.setraw(slave)
    line = SerialLine(os.ttyname(slave), 38400, "none")
    count = line.write(bytes(60_000), soon())
    assert count < 60_000
    assert line.in_doubt() > 0
    line.close()
    os.close(master)
    os.close(slave)


def test_an_unplugged_serial_printer_is_lost():
    master, slave = os.openpty()
    line = SerialLine(os.ttyname(slave), 38400, "none")
    os.close(slave)
    os.close(master)
    gone(lambda: line.read(0.1))
    gone(lambda: line.write(b"abc", soon()))
    line.close()


def test_a_serial_port_in_use_or_missing_says_so(tmp_path):
    master, slave = os.openpty()
    line = SerialLine(os.ttyname(slave), 38400, "none")
    with pytest.raises(PrinterLost) as lost:
        SerialLine(os.ttyname(slave), 38400, "none")
    assert lost.value.cause is LostCause.BUSY
    with pytest.raises(PrinterLost) as lost:
        SerialLine(str(tmp_path / "none"))
    assert lost.value.cause is LostCause.NOT_FOUND
    line.close()
    os.close(master)
    os.close(slave)


@pytest.fixture
def raw_port():
    server = socket.create_server(("127.0.0.1", 0))
    yield server
    server.close()


def test_a_network_printer_is_written_read_and_counted(raw_port):
    line = TcpLine(*raw_port.getsockname())
    peer, _ = raw_port.accept()
    assert line.write(b"abc", soon()) == 3
    assert peer.recv(10) == b"abc"
    assert line.in_doubt() == 0
    peer.sendall(b"\x12")
    assert line.read(1) == b"\x12"
    assert line.read(0) == b""
    line.close()
    peer.close()


def test_a_network_printer_that_stops_reading_gives_a_short_count(raw_port):
    line = TcpLine(*raw_port.getsockname())
    peer, _ = raw_port.accept()
    count = line.write(bytes(20_000_000), soon(0.5))
    assert 0 < count < 20_000_000
    assert line.in_doubt() > 0
    line.close()
    peer.close()


def test_a_network_printer_that_goes_away_is_lost(raw_port):
    line = TcpLine(*raw_port.getsockname())
    peer, _ = raw_port.accept()
    peer.close()
    gone(lambda: line.read(1))
    line.close()


def test_a_network_printer_that_is_not_there_is_not_found(monkeypatch):
    def fail(address: tuple[str, int], timeout: float) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(tcp_line.socket, "create_connection", fail)
    with pytest.raises(PrinterLost) as lost:
        TcpLine("192.0.2.1")
    assert lost.value.cause is LostCause.NOT_FOUND


def test_a_network_printer_that_refuses_is_busy(raw_port):
    address = raw_port.getsockname()
    raw_port.close()
    with pytest.raises(PrinterLost) as lost:
        TcpLine(*address)
    assert lost.value.cause is LostCause.BUSY


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lp0",
        "usb:04b8",
        "usb:4b8:0e28",
        "usb:04b8:wxyz",
        "usbip://",
        "serial:",
        "serial:/dev/ttyS0?baud=fast",
        "serial:/dev/ttyS0?speed=9600",
        "serial:/dev/ttyS0?handshake=dsrdtr",
        "tcp://",
        "tcp://printer:99999",
        "http://printer",
    ],
)
def test_an_address_that_means_nothing_is_refused(url):
    with pytest.raises(ValueError, match=r"\w"):
        printer_factory(url)


def test_addresses_open_what_they_name(raw_port, fifo):
    host, port = raw_port.getsockname()
    line = printer_factory(f"tcp://{host}:{port}")()
    assert isinstance(line, TcpLine)
    line.close()
    node = printer_factory(fifo)()
    assert isinstance(node, KernelNode)
    node.close()
    master, slave = os.openpty()
    serial = printer_factory(f"serial:{os.ttyname(slave)}?baud=9600&handshake=xonxoff")()
    assert isinstance(serial, SerialLine)
    assert serial.rate == 960
    serial.close()
    os.close(master)
    os.close(slave)


def test_a_usb_printer_that_is_not_there_is_lost_and_nothing_else():
    with pytest.raises(PrinterLost):
        printer_factory("usb:04b8:0e28:NOSUCH")()


def test_sixty_kilobytes_arrive_in_order_through_a_slow_reader(fifo):
    node = KernelNode(fifo)
    data = os.urandom(100_000)
    got = bytearray()
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)

    def drain() -> None:
        fcntl.fcntl(reader, fcntl.F_SETFL, 0)
        while len(got) < len(data):
            got.extend(os.read(reader, 3000))
            time.sleep(0.001)

    thread = threading.Thread(target=drain)
    thread.start()
    sent = 0
    while sent < len(data):
        sent += node.write(data[sent:], soon(0.02))
    thread.join(10)
    assert bytes(got) == data
    os.close(reader)
    node.close()
