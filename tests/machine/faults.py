"""Faults that units have had, each put back into an installed machine to see that it is found."""

from __future__ import annotations

from dataclasses import dataclass

from tests.machine.bench import Bench

STATION = "/usr/lib/systemd/system/kiosk.service"
DISPLAY = "/usr/lib/systemd/system/kiosk-display.service"
FIRST_PAGE = "READY comes with the first page"
TPM = "the key from the TPM opens the store"
CGROUP = "the station is in its own cgroup with MemoryMax in force"
TOUCH = "a touch opens the page for the PIN"
SERIAL = "a USB serial scale plugged in after the boot is used"
PRINTER = "a USB printer plugged in after the boot is used"
HID = "a HID scale plugged in after the boot is used"
KEYBOARD = "nobody gets out by the keyboard"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the machine, whether it is booted again, and which checks must notice."""

    command: str
    found_by: tuple[str, ...]
    reboot: bool = False


def _in(unit: str, before: str, after: str) -> str:
    return f"grep -q '{before}' {unit} && sed -i 's#^{before}.*#{after}#' {unit}"


FAULTS = {
    "credential-with-a-dash": Fault(
        _in(
            STATION,
            r"\[Service\]",
            r"[Service]\n"
            r"LoadCredentialEncrypted=-kiosk.key:/etc/credstore.encrypted/kiosk.key",
        ),
        (FIRST_PAGE,),
    ),
    "display-without-setuid": Fault(
        _in(DISPLAY, "SystemCallFilter=~", "SystemCallFilter=~@privileged @resources @obsolete"),
        (FIRST_PAGE,),
    ),
    "session-of-pam": Fault(
        _in(STATION, r"\[Service\]", r"[Service]\nPAMName=login\nNotifyAccess=all"),
        (CGROUP, FIRST_PAGE),
    ),
    "somebody-else-says-ready": Fault(
        _in(
            STATION,
            "ExecStart=",
            'ExecStart=/bin/sh -c "systemd-notify --ready; exec /usr/bin/kiosk run"',
        )
        + " && "
        + _in(STATION, "NotifyAccess=", "NotifyAccess=all"),
        (FIRST_PAGE,),
    ),
    "input-read-only": Fault(
        _in(DISPLAY, "DeviceAllow=char-input", "DeviceAllow=char-input r"), (TOUCH,)
    ),
    "no-hidraw": Fault(_in(STATION, "DeviceAllow=char-hidraw", ""), (HID,)),
    "usbmisc-for-usb": Fault(
        _in(STATION, "DeviceAllow=char-usb rw", "DeviceAllow=char-usbmisc rw"), (PRINTER,)
    ),
    "modules-only-with-the-cable": Fault(
        "rm /usr/lib/modules-load.d/kiosk.conf", (SERIAL,), reboot=True
    ),
    "terminals-switch": Fault("rm /usr/share/X11/xorg.conf.d/90-kiosk.conf", (KEYBOARD,)),
    "getty-on-the-screen": Fault(
        "rm -r /usr/lib/systemd/system/getty@.service.d", (KEYBOARD,), reboot=True
    ),
}

IN_THE_TEXT = tuple(name for name, fault in FAULTS.items() if "sed" in fault.command)
"""Those that can be seen without a boot, too."""


def put_back(bench: Bench, name: str) -> None:
    """Bring the fault back, and start what it concerns anew."""
    fault = FAULTS[name]
    bench.guest.run(f"set -e; {fault.command}")
    if fault.reboot:
        bench.guest.run("sync")
        bench.guest.cut_power()
        bench.guest.boot()
    else:
        bench.guest.run(
            "systemctl daemon-reload; systemctl restart kiosk-display.service", check=False
        )
        bench.guest.attempt("systemctl restart kiosk.service", seconds=90)
