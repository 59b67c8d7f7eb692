import errno
import os
import socket
import termios
import threading
import tty
from pathlib import Path

import pytest
import serial

from drivers.driver import Line
from drivers.events import LinkState
from drivers.transports.base import LinkLost, LossCause, opening_cause
from drivers.transports.opening import open_transport
from tests.links.line_bench import tiny_driver


@pytest.fixture
def pty():
    device, port = os.openpty()
    tty.setraw(port)
    name = os.ttyname(port)
    os.close(port)
    yield device, name
    try:
        os.close(device)
    except OSError:
        return


def test_bytes_go_both_ways_and_silence_is_empty(pty):
    device, name = pty
    port = open_transport(name, Line())
    os.write(device, b"\x00\xff4.236")
    assert port.read(1.0) == b"\x00\xff4.236"
    assert port.read(0.01) == b""
    port.write(b"SI\r\n")
    assert os.read(device, 10) == b"SI\r\n"
    port.close()
    port.close()


@pytest.mark.parametrize(
    "line", [Line(1200, 8, "E"), Line(2400, 7, "O", 2), Line(handshake="xonxoff")], ids=str
)
def test_settings_that_a_pty_ignores_do_not_stop_it_from_opening(pty, line):
    _, name = pty
    open_transport(name, line).close()


def test_a_setting_that_no_port_knows_is_a_loss(pty):
    _, name = pty
    with pytest.raises(LinkLost) as caught:
        open_transport(name, Line(parity="X"))
    assert caught.value.cause is LossCause.IO


def test_bytes_that_waited_in_the_port_are_flushed_at_opening(pty):
    device, name = pty
    os.write(device, b"old" * 70)
    port = open_transport(name, Line())
    os.write(device, b"new")
    assert port.read(1.0) == b"new"
    port.close()


def test_a_pulled_cable_is_unplugged_for_reading_and_writing(pty):
    device, name = pty
    port = open_transport(name, Line())
    os.close(device)
    with pytest.raises(LinkLost) as caught:
        port.read(1.0)
    assert caught.value.cause is LossCause.UNPLUGGED
    with pytest.raises(LinkLost) as caught:
        port.write(b"SI\r\n")
    assert caught.value.cause is LossCause.UNPLUGGED
    port.close()


def test_a_port_that_nobody_empties_does_not_block_for_long(pty):
    _, name = pty
    port = open_transport(name, Line())
    with pytest.raises(LinkLost) as caught:
        port.write(bytes(100_000))
    assert caught.value.cause is LossCause.IO
    port.close()


def test_a_port_is_held_exclusively(pty):
    _, name = pty
    port = open_transport(name, Line())
    with pytest.raises(LinkLost) as caught:
        open_transport(name, Line())
    assert caught.value.cause is LossCause.BUSY
    port.close()
    open_transport(name, Line()).close()


def test_a_missing_port_is_absent_and_a_file_is_no_port(tmp_path):
    with pytest.raises(LinkLost) as caught:
        open_transport(str(tmp_path / "none"), Line())
    assert caught.value.cause is LossCause.ABSENT
    (tmp_path / "file").write_text("no tty")
    with pytest.raises(LinkLost):
        open_transport(str(tmp_path / "file"), Line())


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open everything")
def test_a_port_without_access_names_permission(tmp_path):
    (tmp_path / "port").touch(mode=0)
    with pytest.raises(LinkLost) as caught:
        open_transport(str(tmp_path / "port"), Line())
    assert caught.value.cause is LossCause.PERMISSION


def open_refused() -> None:
    """Fail as pyserial does: the number is only in the error behind the error."""
    try:
        raise PermissionError(errno.EACCES, "denied")
    except PermissionError:
        raise serial.SerialException("could not open port") from None


def test_an_access_error_is_named_permission_wherever_it_is_wrapped():
    with pytest.raises(serial.SerialException) as caught:
        open_refused()
    assert opening_cause(caught.value) is LossCause.PERMISSION
    assert opening_cause(termios.error(errno.EBUSY, "busy")) is LossCause.BUSY
    assert opening_cause(RuntimeError("no number")) is LossCause.IO


def test_opening_two_hundred_times_leaks_no_descriptor(pty, tmp_path):
    _, name = pty
    (tmp_path / "file").write_text("no tty")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(200):
        port = open_transport(name, Line())
        for refused in (name, str(tmp_path / "file")):
            with pytest.raises(LinkLost):
                open_transport(refused, Line())
        port.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.fixture
def converter():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_a_link_reads_a_device_behind_a_converter_and_comes_back(converter, listener):
    server, address = converter

    def serve() -> None:
        for text in (b"1.000\r\n", b"2.000\r\n"):
            connection, _ = server.accept()
            with connection:
                threading.Event().wait(0.1)
                connection.sendall(text)
                threading.Event().wait(0.1)

    threading.Thread(target=serve, daemon=True).start()
    link = listener.link(tiny_driver(), address)
    link.start()
    listener.weight("1.000")
    assert listener.state(LinkState.LOST).hint == "unplugged"
    listener.weight("2.000")
    link.stop()


def test_a_converter_that_is_not_there_is_absent(converter):
    server, address = converter
    server.close()
    with pytest.raises(LinkLost) as caught:
        open_transport(address, Line())
    assert caught.value.cause is LossCause.ABSENT


def test_bytes_reach_a_converter_and_a_closed_connection_is_a_loss(converter):
    server, address = converter
    port = open_transport(address, Line())
    connection, _ = server.accept()
    port.write(b"SI\r\n")
    assert connection.recv(10) == b"SI\r\n"
    connection.close()
    with pytest.raises(LinkLost) as caught:
        port.read(1.0)
    assert caught.value.cause is LossCause.UNPLUGGED
    port.close()
