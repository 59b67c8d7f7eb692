"""A touchscreen of the kernel's own making (uinput), run inside the machine by its Python.

``touchscreen.py WIDTH HEIGHT FIFO`` plugs it in and then reads lines from the FIFO: ``X Y PAUSE``
puts a finger down at a pixel, lifts it, and waits PAUSE seconds. It stays until it reads ``end``.
"""

import fcntl
import os
import struct
import sys
import time

SET_EVENT, SET_KEY, SET_ABSOLUTE, SET_PROPERTY = 0x40045564, 0x40045565, 0x40045567, 0x4004556E
SETUP, SETUP_ABSOLUTE, CREATE = 0x405C5503, 0x401C5504, 0x5501
SYN, KEY, ABSOLUTE = 0, 1, 3
TOUCH = 0x14A
X, Y, SLOT, MT_X, MT_Y, ID = 0x00, 0x01, 0x2F, 0x35, 0x36, 0x39
DIRECT = 1


def main():
    width, height = int(sys.argv[1]), int(sys.argv[2])
    device = os.open("/dev/uinput", os.O_WRONLY)
    for order, values in (
        (SET_EVENT, (SYN, KEY, ABSOLUTE)),
        (SET_KEY, (TOUCH,)),
        (SET_PROPERTY, (DIRECT,)),
        (SET_ABSOLUTE, (X, Y, SLOT, MT_X, MT_Y, ID)),
    ):
        for value in values:
            fcntl.ioctl(device, order, value)
    most = {X: width - 1, Y: height - 1, MT_X: width - 1, MT_Y: height - 1, SLOT: 9, ID: 65535}
    for axis, end in most.items():
        fcntl.ioctl(device, SETUP_ABSOLUTE, struct.pack("Hxx6i", axis, 0, 0, end, 0, 0, 0))
    name = b"Test touchscreen"
    fcntl.ioctl(device, SETUP, struct.pack("HHHH80sI", 3, 0x1209, 0x0002, 1, name, 0))
    fcntl.ioctl(device, CREATE)
    serve(device, sys.argv[3])


def serve(device, fifo):
    number = 0
    while True:
        with open(fifo) as lines:  # noqa: PTH123 - starts with what is there
            for line in lines:
                if line.strip() == "end":
                    return
                x, y, pause = line.split()
                number += 1
                touch(device, int(x), int(y), number)
                time.sleep(float(pause))


def touch(device, x, y, number):
    say(
        device,
        (ABSOLUTE, SLOT, 0),
        (ABSOLUTE, ID, number),
        (ABSOLUTE, MT_X, x),
        (ABSOLUTE, MT_Y, y),
    )
    say(device, (KEY, TOUCH, 1), (ABSOLUTE, X, x), (ABSOLUTE, Y, y), (SYN, 0, 0))
    time.sleep(0.1)
    say(device, (ABSOLUTE, ID, -1), (KEY, TOUCH, 0), (SYN, 0, 0))


def say(device, *events):
    os.write(device, b"".join(struct.pack("llHHi", 0, 0, *event) for event in events))


if __name__ == "__main__":
    main()
