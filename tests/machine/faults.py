"""Faults that units have had, each put back into an installed machine to see that it is found."""

from __future__ import annotations

from dataclasses import dataclass

from tests.machine.bench import Bench

STATION = "/usr/lib/systemd/system/kiosk.service"
DISPLAY = "/usr/lib/systemd/system/kiosk-display.service"
SCREEN = "/usr/share/X11/xorg.conf.d/90-kiosk.conf"
ZAP = r"""Section "InputClass"\nIdentifier "zap"\nMatchIsKeyboard "on"
Option "XkbOptions" "terminate:ctrl_alt_bksp"\nEndSection\n"""
"""What Debian sets where somebody has asked for it when the keyboard was set up."""

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
    """What is done to the machine, which check must notice, and what it must say (a pattern).

    ``starts``: the station comes up with it. ``reboot``: it shows after a boot only.
    """

    command: str
    found_by: str
    says: str
    starts: bool = True
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
        FIRST_PAGE,
        "243/CREDENTIALS",
        starts=False,
    ),
    "display-without-setuid": Fault(
        _in(DISPLAY, "SystemCallFilter=~", "SystemCallFilter=~@privileged @resources @obsolete"),
        FIRST_PAGE,
        "virtual core keyboard|xkbcomp",
        starts=False,
    ),
    "session-of-pam": Fault(
        _in(STATION, r"\[Service\]", r"[Service]\nPAMName=login\nNotifyAccess=all"),
        CGROUP,
        "the station is in .*session-",
        starts=False,
    ),
    "somebody-else-says-ready": Fault(
        _in(
            STATION,
            "ExecStart=",
            'ExecStart=/bin/sh -c "systemd-notify --ready; exec /usr/bin/kiosk run"',
        )
        + " && "
        + _in(STATION, "NotifyAccess=", "NotifyAccess=all"),
        FIRST_PAGE,
        "READY, and the screen says",
        starts=False,
    ),
    "input-read-only": Fault(
        _in(DISPLAY, "DeviceAllow=char-input", "DeviceAllow=char-input r"),
        TOUCH,
        r"/dev/input/event\d+ .*not permitted",
    ),
    "no-hidraw": Fault(
        _in(STATION, "DeviceAllow=char-hidraw", ""), HID, r"/dev/hidraw\d+ .*not permitted"
    ),
    "usbmisc-for-usb": Fault(
        _in(STATION, "DeviceAllow=char-usb rw", "DeviceAllow=char-usbmisc rw"),
        PRINTER,
        r"/dev/usb/lp\d+ .*not permitted",
    ),
    "modules-only-with-the-cable": Fault(
        "rm /usr/lib/modules-load.d/kiosk.conf",
        SERIAL,
        r"/dev/ttyUSB\d+ .*not permitted",
        reboot=True,
    ),
    "terminals-switch": Fault(
        f"sed -i /DontVTSwitch/d {SCREEN}",
        KEYBOARD,
        r"ctrl\+alt\+f1 leads to tty1",
    ),
    "display-is-zapped": Fault(
        f"sed -i /DontZap/d {SCREEN} && printf '{ZAP}' >> {SCREEN}",
        KEYBOARD,
        r"ctrl\+alt\+backspace ends the display server",
    ),
    "keys-to-the-kernel": Fault(
        "rm /usr/lib/sysctl.d/60-kiosk.conf", KEYBOARD, r"SysRq is [1-9]", reboot=True
    ),
    "getty-on-the-screen": Fault(
        "rm -r /usr/lib/systemd/system/getty@.service.d", KEYBOARD, r"getty on tty\d"
    ),
}
"""Each fault has one line of a unit, or one file, that keeps it away."""

IN_THE_TEXT = tuple(name for name, fault in FAULTS.items() if "sed -i 's" in fault.command)
"""Those that can be seen without a boot, too."""


def put_back(bench: Bench, name: str) -> None:
    """Bring the fault back, and start what it concerns anew."""
    fault = FAULTS[name]
    bench.guest.run(f"set -e; {fault.command}")
    if fault.reboot:
        bench.guest.run("sync")
        bench.guest.cut_power()
        bench.guest.boot()
        bench.wait(lambda: bench.show("ActiveState")[0] == "active", "the station", 180)
        return
    bench.guest.run("systemctl daemon-reload; systemctl restart --no-block kiosk-display.service")
    if fault.starts:
        bench.restart()
