"""Runs the station's unchanged links and printers against a real kernel. See ``make test-kernel``.

A machine with Debian's kernel is started in QEMU, without KVM and without root. Inside, the files
of ``in_guest.py`` are run by pytest. USB devices come from two sides: our simulators over USB/IP
(HID, CDC ACM, printer), and QEMU's own USB serial adapter, an FTDI chip nobody here wrote, behind
which simulated scales speak on ptys of this machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from tests.kernel.machine import READ_ONLY, Boot, Machine, make_initrd, unpack_kernel

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
CACHE = REPOSITORY / ".kernel"
SCALES = {"a": 4236, "b": 8420}
"""Two scales, and what lies on each."""


def main() -> int:
    """Return the exit code of the tests inside."""
    started = time.monotonic()
    root = unpack_kernel(CACHE)
    what = {
        "SCRIPT": str(HERE / "guest.sh"),
        "PYTHON": sys.executable,
        "REPOSITORY": str(REPOSITORY),
    }
    initrd = make_initrd(root, CACHE, what)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scales = {
            key: SimulatedScale(find_driver("radwag"), folder / f"scale-{key}") for key in SCALES
        }
        for key, scale in scales.items():
            scale.start()
            scale.put(SCALES[key])
        code = _run(root, initrd, folder, scales)
        for scale in scales.values():
            scale.stop()
    print(f"real kernel: {time.monotonic() - started:.0f} s")
    return code


def _run(root: Path, initrd: Path, folder: Path, scales: dict[str, SimulatedScale]) -> int:
    boot = Boot(
        kernel=next((root / "boot").glob("vmlinuz-*")),
        initrd=initrd,
        append="console=ttyS0 loglevel=3 panic=-1",
        devices=(
            *("-virtfs", f"local,path=/,mount_tag=host,{READ_ONLY}"),
            *("-device", "virtserialport,chardev=control,name=control"),
        ),
        ptys={key: folder / f"scale-{key}" for key in scales},
    )
    machine = Machine(boot, folder)
    orders = {
        "plug": Machine.plug,
        "pull": Machine.pull,
        "put": lambda _, key, grams: scales[key].put(int(grams)),
    }
    try:
        return machine.serve(orders)
    finally:
        machine.end()


if __name__ == "__main__":
    sys.exit(main())
