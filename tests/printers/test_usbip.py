"""The USB/IP server, client and pyusb backend, down to the bytes of the protocol."""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

import pytest
import usb.core
import usb.util
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers.open import printer_factory
from drivers.printers.transports import LostCause, PrinterLost
from drivers.simulators.printer_mechanism import PrinterOptions
from drivers.simulators.usbip_importer import Importer
from drivers.simulators.usbip_printer import PRODUCT, VENDOR, SimulatedPrinter, serve_printer
from drivers.usbip import wire
from drivers.usbip.backend import UsbipBackend
from drivers.usbip.client import DeviceBusy, DeviceGone, ImportedDevice, list_devices


@pytest.fixture
def printer():
    with SimulatedPrinter(serial="SIM0042") as device:
        yield device


@pytest.fixture
def device(printer):
    found = usb.core.find(backend=UsbipBackend(printer.address), idVendor=VENDOR)
    yield found
    usb.util.dispose_resources(found)


def test_the_list_is_the_protocols_bytes(printer):
    with socket.create_connection(printer.address) as connection:
        connection.sendall(bytes.fromhex("0111 8005 00000000"))
        head = connection.recv(12, socket.MSG_WAITALL)
        record = connection.recv(312 + 4, socket.MSG_WAITALL)
    assert head == bytes.fromhex("0111 0005 00000000 00000001")
    assert record[256:259] == b"1-1"
    assert struct.unpack_from(">III", record, 288) == (1, 1, 2)
    assert struct.unpack_from(">HHH", record, 300) == (VENDOR, PRODUCT, 0x0100)
    assert record[-4:] == bytes((7, 1, 2, 0))


def test_an_unknown_bus_id_is_refused(printer):
    with pytest.raises(DeviceBusy):
        ImportedDevice(printer.address, "9-9")


def test_a_second_client_is_refused_until_the_first_gives_back(printer):
    first = ImportedDevice(printer.address, "1-1")
    with pytest.raises(DeviceBusy):
        ImportedDevice(printer.address, "1-1")
    first.close()


def test_pyusb_sees_descriptors_and_strings(device):
    assert (device.idVendor, device.idProduct) == (VENDOR, PRODUCT)
    assert (device.manufacturer, device.product) == ("EPSON", "TM-SIM")
    assert device.serial_number == "SIM0042"
    interface = device[0][(0, 0)]
    assert (interface.bInterfaceClass, interface.bInterfaceProtocol) == (7, 2)
    assert [endpoint.bEndpointAddress for endpoint in interface] == [0x01, 0x82]


def test_a_read_with_nothing_to_read_times_out_on_time(device):
    start = time.monotonic()
    with pytest.raises(usb.core.USBTimeoutError):
        device.read(0x82, 64, 50)
    assert 0.04 < time.monotonic() - start < 0.5


def test_a_write_that_stops_midway_returns_its_short_count(printer, device):
    printer.stall(after=1234)
    assert device.write(0x01, b"\0" * 3000, 50) == 1234
    assert len(printer.mechanism.received) == 1234


def test_a_write_of_which_nothing_left_times_out(printer, device):
    printer.stall()
    with pytest.raises(usb.core.USBTimeoutError):
        device.write(0x01, b"abc", 50)


def test_a_waiting_read_does_not_block_writes(device):
    import threading

    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(bytes(device.read(0x82, 64, 2000))))
    thread.start()
    time.sleep(0.02)
    device.write(0x01, b"\x10\x04\x01", 500)
    thread.join(3)
    assert answers == [b"\x12"]


def test_unplugging_ends_a_waiting_read_at_once_with_errno_19(printer, device):
    import threading

    threading.Timer(0.05, printer.unplug).start()
    start = time.monotonic()
    with pytest.raises(usb.core.USBError) as error:
        device.read(0x82, 64, 5000)
    assert error.value.errno == 19
    assert time.monotonic() - start < 1
    with pytest.raises(usb.core.USBError) as error:
        device.write(0x01, b"abc", 100)
    assert error.value.errno == 19


def test_a_replugged_device_has_another_number(printer, device):
    assert device.address == 1
    printer.unplug()
    assert list_devices(printer.address) == ()
    printer.replug()
    found = usb.core.find(backend=UsbipBackend(printer.address), idVendor=VENDOR)
    assert found.address == 2


def test_a_request_the_device_does_not_know_stalls(device):
    with pytest.raises(usb.core.USBError) as error:
        device.ctrl_transfer(0xA1, 77, 0, 0, 8)
    assert error.value.errno == 32


def test_without_a_count_the_backend_raises_instead_of_guessing():
    with SimulatedPrinter(tells_count=False) as printer:
        device = usb.core.find(backend=UsbipBackend(printer.address), idVendor=VENDOR)
        printer.stall(after=10)
        with pytest.raises(usb.core.USBError) as error:
            device.write(0x01, bytes(100), 50)
        assert error.value.errno == 5
        with pytest.raises(usb.core.USBTimeoutError):
            device.read(0x82, 64, 20)
        usb.util.dispose_resources(device)


def test_no_server_means_no_devices_and_a_lost_printer():
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = free.getsockname()
    assert list_devices(address) == ()
    with pytest.raises(DeviceGone):
        ImportedDevice(address, "1-1")
    with pytest.raises(PrinterLost) as lost:
        printer_factory(f"usbip://127.0.0.1:{address[1]}")()
    assert lost.value.cause is LostCause.NOT_FOUND


def test_a_server_that_speaks_something_else_is_no_server():
    with socket.create_server(("127.0.0.1", 0)) as server:
        import threading

        def answer() -> None:
            connection, _ = server.accept()
            connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        assert list_devices(server.getsockname()) == ()


@given(st.binary(max_size=200))
def test_a_record_survives_the_wire_and_noise_never_hangs(noise):
    record = wire.DeviceRecord("1-7", 1, 7, 2, 3, 4, 5, (7, 1, 2), 1, 1, 1)
    assert wire.DeviceRecord.unpack(record.pack()) == record
    left, right = socket.socketpair()
    right.sendall(noise)
    right.close()
    with left, pytest.raises(wire.WireError):
        [wire.read_command(left) for _ in range(10)]


def test_noise_does_not_stop_the_server(printer):
    for noise in (
        b"\xff" * 100,
        b"\x01\x11\x80\x03" + bytes(4) + b"1-1".ljust(32, b"\0") + b"x" * 90,
    ):
        with socket.create_connection(printer.address) as connection:
            connection.sendall(noise)
    end = time.monotonic() + 2
    while time.monotonic() < end:
        try:
            ImportedDevice(printer.address, "1-1").close()
            return
        except DeviceBusy:
            time.sleep(0.01)
    pytest.fail("the device stayed taken")


def test_a_unix_socket_works_as_well(tmp_path: Path):
    path = str(tmp_path / "usb")
    with SimulatedPrinter(address=path) as printer:
        line = printer_factory(printer.url)()
        assert "MDL:TM-SIM" in line.device_id()
        line.close()
    assert not Path(path).exists()


def test_the_class_requests_of_a_printer(printer):
    line = printer_factory(printer.url)()
    assert line.device_id().startswith("MFG:EPSON;CMD:ESC/POS;")
    assert line.port_status().fine
    printer.paper_out()
    assert line.port_status().paper_empty
    line.write(b"\x1dv0\x00\x48\x00\x10\x00" + bytes(100), time.monotonic() + 1)
    assert printer.mechanism.waiting == 108
    assert line.soft_reset()
    assert printer.mechanism.waiting == 0
    line.close()


def test_status_is_answered_while_the_data_pipe_is_blocked(printer):
    line = printer_factory(printer.url)()
    printer.paper_out()
    assert line.write(bytes(6000), time.monotonic() + 0.05) == 4096
    assert line.port_status().paper_empty
    line.close()


def test_a_served_printer_writes_each_slip_as_a_picture(tmp_path: Path):
    from PIL import Image

    device = serve_printer(("127.0.0.1", 0), tmp_path, PrinterOptions())
    line = printer_factory(device.url)()
    row = bytes(range(72))
    data = b"\x1dv0\x00\x48\x00\x01\x00" + row + b"\x1dVB\x00"
    line.write(data * 2, time.monotonic() + 1)
    device.wait_slips(2)
    line.close()
    device.stop()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["slip-0001.png", "slip-0002.png"]
    with Image.open(tmp_path / files[0]) as picture:
        assert (picture.mode, picture.size) == ("1", (576, 1))
        assert bytes(255 - byte for byte in picture.tobytes()) == row


def test_the_strict_reader_flags_what_it_does_not_understand(printer):
    line = printer_factory(printer.url)()
    line.write(
        b"\x1bQ" + b"\xe6" + b"\x1dv0\x01\x48\x00\x01\x00" + b"\x1dr\x01", time.monotonic() + 1
    )
    assert line.read(1) == b"\x00"
    assert printer.unknown == [b"\x1bQ", b"\xe6", b"\x1dv0\x01\x48\x00\x01\x00"]
    line.close()


def test_nothing_gets_through_a_cable_that_is_out():
    """A write that waited for room in the buffer is over, whatever room there is later."""
    with SimulatedPrinter(PrinterOptions()) as printer:
        printer.stall()
        here, there = socket.socketpair()
        with here, there:
            client = Importer(there, printer._function, tells_count=True)
            write = wire.Submit(1, 1, wire.OUT, 1, 5, bytes(8), b"bytes")
            with client._lock:
                client._obey(write)
            client.unplug()
            printer.unstall()
            client.pump()
            assert not printer.mechanism.received
