"""What a machine with an installed station must do, in the order it is tried."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import tomlkit
from PIL import Image

from tests.machine.bench import CLINIC, PIN, SLOW, Bench, answers
from tests.machine.pages import blocks, commands
from tests.machine.surroundings import FTDI

Check = Callable[[Bench], str]

FIRST, SECOND = 4236, 5400
"""Grams on the serial scale, and on the HID scale."""


def install(bench: Bench) -> str:
    """The commands below "Install" of the page, in a folder with the package."""
    guest = bench.guest
    guest.run("mkdir -p /run/share && mount -t 9p -o trans=virtio,ro share /run/share")
    guest.run(f"cp /run/share/{bench.package.name} /root/")
    started = time.monotonic()
    for command in commands("installation.md", "Install"):
        guest.run(f"cd /root && {command}", given="y\n", seconds=600)
    bench.facts["install"] = f"{time.monotonic() - started:.0f} s"
    return f"{installed(bench)}, {bench.facts['install']}"


def installed(bench: Bench) -> str:
    """The package was installed before the first boot; nothing has started, nothing was made."""
    guest = bench.guest
    assert guest.run("systemctl is-enabled kiosk.service") == "enabled"
    assert bench.show("ActiveState")[0] == "inactive", "nothing starts before it is set up"
    version = guest.run("kiosk --version")
    here = guest.run(
        "find /usr/lib/kiosk -name '__editable__*'; ls /etc/kiosk; kiosk doctor || true"
    )
    assert here.splitlines()[0] == "kiosk.sample.toml", here
    assert not guest.run("ls /var/lib/kiosk"), "looking has made something"
    return version


def set_up(bench: Bench) -> str:
    """The commands below "Set up", with a file of answers; the scale is not plugged in yet."""
    guest = bench.guest
    if guest.slow > 1:
        for unit, text in SLOW.items():
            guest.run(f"mkdir -p /etc/systemd/system/{unit}.d")
            guest.write(f"/etc/systemd/system/{unit}.d/slow.conf", text)
        guest.run("systemctl daemon-reload")
    guest.write("/etc/kiosk/journal-ca.pem", bench.around.ca.read_text())
    guest.write("/root/answers.toml", answers(bench.around.url))
    said = ""
    for command in commands("installation.md", "Set up"):
        code, said = guest.attempt(f"cd /root && {command}", seconds=240)
        assert code in (0, 1), said
    guest.run("rm /root/answers.toml; kiosk check")
    owners = guest.run("stat -c '%U:%G %a' /etc/kiosk/kiosk.toml /etc/kiosk/store.key")
    assert owners.splitlines() == ["root:kiosk 640", "kiosk:kiosk 600"], owners
    return owners.replace("\n", ", ")


def first_page(bench: Bench) -> str:
    """READY comes with the first page, which an eye can read, and not before."""
    # The panel is there when the station starts, as a real one is.
    bench.glass.plug()
    seconds = bench.restart()
    # The glass itself may be a moment behind the program that has drawn.
    time.sleep(1 if bench.guest.slow == 1 else 5)
    picture = bench.glass.keep("first-page")
    assert bench.show("ActiveState", "SubState") == ["active", "running"]
    seen = bench.glass.read(picture)
    assert CLINIC in seen, f"READY, and the screen says {seen!r}"
    assert "Anne" in seen, f"READY, and the screen says {seen!r}"
    bench.facts["start to READY"] = f"{seconds:.0f} s"
    return f"READY after {seconds:.0f} s"


def own_cgroup(bench: Bench) -> str:
    """The station is where its unit says, and its limits hold there."""

    def process() -> str:
        return bench.guest.run("cat /proc/$(systemctl show kiosk -P MainPID)/comm || true")

    bench.wait(lambda: process() == "kiosk", "the station as the unit's main process")
    # A session of PAM's takes it away a moment after it has begun.
    place = "cat /proc/$(systemctl show kiosk -P MainPID)/cgroup"
    where = bench.guest.run(f"sleep 3; {place}").removeprefix("0::")
    assert where == "/system.slice/kiosk.service", f"the station is in {where}"
    most = int(bench.guest.run(f"cat /sys/fs/cgroup{where}/memory.max"))
    assert most == 600 * 1024 * 1024, f"MemoryMax is {most}"
    for unit in ("kiosk", "kiosk-display"):
        now = int(bench.show("MemoryCurrent", unit=f"{unit}.service")[0])
        bench.facts[f"memory {unit}"] = f"{now / 1e6:.0f} MB"
    journal = bench.guest.run("journalctl --no-pager -b -u kiosk -u kiosk-display")
    assert "reception only permitted" not in journal, "somebody else has notified"
    return bench.facts["memory kiosk"]


def touch(bench: Bench) -> str:
    """A finger on the glass opens the page for the PIN, once."""
    for node in bench.guest.run("ls /dev/input/event*").split():
        refused = bench.refused(node, "kiosk-display.service", "kiosk-display")
        assert not refused, refused
    bench.glass.touch("plain-lock", "user-anne")
    seen = bench.glass.wait_for("PIN-kode")
    bench.glass.keep("touched")
    bench.glass.touch("plain-pin", "back")
    bench.glass.wait_for("logge inn")
    return f"{len(seen.split())} words read"


def serial_scale(bench: Bench) -> str:
    """A USB serial adapter, plugged in for the first time after the boot."""
    pid = bench.pid()
    bench.around.scale.put(FIRST)
    bench.plug_serial()
    node = bench.wait(lambda: _nodes(bench, "/dev/ttyUSB*"), "a node for the adapter")
    _opens(bench, node)
    bench.wait(lambda: "Ingen vekt" not in bench.glass.read(), "a scale on the screen", 60)
    bench.glass.keep("serial-scale")
    assert bench.pid() == pid, "the station was restarted"
    return str(node)


def printer(bench: Bench) -> str:
    """A USB printer, plugged in for the first time after the boot."""
    bench.plug_over_ip(bench.around.printer.address[1])
    node = bench.wait(lambda: _nodes(bench, "/dev/usb/lp*"), "a node for the printer")
    _opens(bench, node)
    bench.wait(lambda: "skriver" not in bench.glass.read(), "a printer on the screen", 60)
    bench.glass.keep("printer")
    return str(node)


def measured_by_touch(bench: Bench) -> str:
    """From the locked screen to the journal, a slip included, by touches alone."""
    _to_the_scale(bench)
    _weigh(bench, bench.around.scale, FIRST)
    bench.glass.wait_for("Mottatt", 60)
    assert bench.around.weights() == [FIRST], bench.around.weights()
    bench.glass.touch("done", "print")
    bench.wait(lambda: bench.around.printer.slips, "a slip", 60)
    bench.glass.keep("measured")
    slip = bench.around.printer.slips[0]
    paper = Image.frombytes("1", (576, slip.height), bytes(byte ^ 0xFF for byte in slip.rows))
    paper.save(bench.glass.folder / "slip.png")
    return f"{FIRST} g in the journal, one slip"


def hid_scale(bench: Bench) -> str:
    """Another scale: HID, by the kernel's node, plugged in for the first time."""
    change = (
        'sed -i -e \'s/driver = "radwag"/driver = "usb-hid"/\' '
        f"-e 's/{':'.join(FTDI)}/hid:0922:8003:SIM-HID-1/' /etc/kiosk/kiosk.toml && kiosk check"
    )
    bench.guest.run(change)
    bench.restart()
    pid = bench.pid()
    bench.around.hid_scale.put(SECOND)
    bench.plug_over_ip(bench.around.hid_socket.address[1])
    node = bench.wait(lambda: _nodes(bench, "/dev/hidraw*"), "a node for the scale")
    _opens(bench, node)
    bench.wait(lambda: "Ingen vekt" not in bench.glass.read(), "a scale on the screen", 60)
    assert bench.pid() == pid, "the station was restarted"
    return str(node)


def devices(bench: Bench) -> str:
    """Every kind of device opens inside the units, for reading and writing; others do not."""
    opened = []
    for pattern, unit, user in (
        ("/dev/dri/card*", "kiosk.service", "kiosk"),
        ("/dev/ttyUSB*", "kiosk.service", "kiosk"),
        ("/dev/ttyS1", "kiosk.service", "kiosk"),
        ("/dev/hidraw*", "kiosk.service", "kiosk"),
        ("/dev/usb/lp*", "kiosk.service", "kiosk"),
        # the printer's and the HID scale's, by the station's own rules
        ("$(find /dev/bus/usb -group lp)", "kiosk.service", "kiosk"),
        ("$(find /dev/bus/usb -group plugdev)", "kiosk.service", "kiosk"),
        ("/dev/input/event*", "kiosk-display.service", "kiosk-display"),
        ("/dev/dri/card*", "kiosk-display.service", "kiosk-display"),
    ):
        node = _nodes(bench, pattern)
        assert node, f"no {pattern}"
        refused = bench.refused(node, unit, user)
        assert not refused, refused
        opened.append(node)
    assert bench.refused("/dev/kmsg"), "the sandbox lets through what the station does not need"
    for name in ("ttyUSB", "ttyACM", "usb", "hidraw"):
        assert re.search(rf"^ *\d+ {name}$", bench.guest.run("cat /proc/devices"), re.MULTILINE)
    return " ".join(dict.fromkeys(opened))


def folders(bench: Bench) -> str:
    """What the pages tell to be written is written from inside the unit, and nothing else."""
    share = "/mnt/journal"
    bench.guest.run(f"install -d -o kiosk -g kiosk {share}")
    for folder in (share, "/run/kiosk", "/var/lib/kiosk"):
        bench.as_the_unit(f"touch {folder}/tried && rm {folder}/tried")
    bench.guest.run("install -d -o kiosk -g kiosk /opt/elsewhere")
    for folder in ("/opt/elsewhere", "/etc/kiosk", "/usr/lib/kiosk"):
        said = bench.as_the_unit(f"touch {folder}/tried 2>&1 || true")
        assert re.search("Read-only|denied", said), f"the service may write in {folder}"
    bench.guest.write("/root/told.toml", '[csv]\nfolder = "/opt/elsewhere"\n')
    bench.guest.run("cat /etc/kiosk/kiosk.toml /root/told.toml > /etc/kiosk/tried.toml")
    said = bench.guest.attempt("kiosk check --config /etc/kiosk/tried.toml")[1]
    bench.guest.run("rm /etc/kiosk/tried.toml")
    assert "ReadWritePaths=/opt/elsewhere" in said, said
    return share


def closed(bench: Bench) -> str:
    """No way out by the keyboard: no other terminal, no zap, no SysRq, nobody to sign in to."""
    guest = bench.guest
    pid = bench.show("MainPID", unit="kiosk-display.service")[0]
    for keys in (("ctrl", "alt", "f1"), ("ctrl", "alt", "f2"), ("ctrl", "alt", "backspace")):
        guest.press(*keys)
        time.sleep(2 * guest.slow**0.5)
        now = bench.show("MainPID", unit="kiosk-display.service")[0]
        assert now == pid, f"{'+'.join(keys)} ends the display server"
        terminal = guest.run("cat /sys/class/tty/tty0/active")
        assert terminal == "tty7", f"{'+'.join(keys)} leads to {terminal}"
    sysrq = guest.run("cat /proc/sys/kernel/sysrq")
    assert sysrq == "0", f"SysRq is {sysrq}"
    for number in range(1, 7):
        state = bench.show("ActiveState", unit=f"getty@tty{number}.service")[0]
        assert state == "inactive", f"getty on tty{number}: {state}"
        guest.run(f"systemctl start autovt@tty{number}.service")
        state = bench.show("ActiveState", unit=f"getty@tty{number}.service")[0]
        assert state == "inactive", f"getty on tty{number} starts: {state}"
    return "tty7"


def watchdog(bench: Bench) -> str:
    """A station that hangs is started anew."""
    pid = bench.pid()
    started = time.monotonic()
    bench.guest.run(f"kill -STOP {pid}")

    def back() -> bool:
        now = bench.show("MainPID", "ActiveState")
        return now[1] == "active" and int(now[0]) not in (0, pid)

    bench.wait(back, "a station that runs again", 150)
    seconds = time.monotonic() - started
    said = bench.guest.run("journalctl --no-pager -b -u kiosk.service")
    assert "Watchdog timeout" in said
    bench.glass.wait_for("Anne", 30)
    return f"again after {seconds:.0f} s"


def display_dies(bench: Bench) -> str:
    """The display server ends: both come back by themselves."""
    before = bench.pid()
    bench.guest.run("systemctl kill -s KILL kiosk-display.service")

    def back() -> bool:
        now = bench.show("MainPID", "ActiveState")
        return now[1] == "active" and int(now[0]) not in (0, before)

    bench.wait(back, "a station on a new display", 120)
    bench.glass.wait_for("Anne", 30)
    return ""


def power_cut(bench: Bench) -> str:
    """What the screen has called saved is there after a power cut, and arrives once."""
    bench.child = 1
    _to_the_scale(bench)
    bench.around.journal.stop()
    _weigh(bench, bench.around.hid_scale, SECOND)
    bench.glass.wait_for("Lagret", 60)
    bench.guest.cut_power()
    bench.around.hid_scale.lift()
    started = time.monotonic()
    bench.guest.boot()
    bench.wait(lambda: bench.show("ActiveState")[0] == "active", "the station by itself", 180)
    bench.facts["boot to READY"] = f"{time.monotonic() - started:.0f} s"
    bench.glass.wait_for("Anne", 30)
    bench.glass.keep("after-the-power-cut")
    bench.around.journal.start()
    bench.wait(lambda: len(bench.around.weights()) >= 2, "the second weight in the journal", 240)
    assert sorted(bench.around.weights()) == [FIRST, SECOND], bench.around.weights()
    return f"boot to READY {bench.facts['boot to READY']}"


def key_as_credential(bench: Bench) -> str:
    """The key as a plain credential, by the commands of the page."""
    return _key_moved(bench, "The key as a credential", "/run/credentials/kiosk.service/kiosk.key")


def key_from_tpm(bench: Bench) -> str:
    """The key sealed by the machine's TPM, by the commands of the page."""
    bench.wait(lambda: _nodes(bench, "/dev/tpmrm0"), "a TPM")
    return _key_moved(bench, "The key in a TPM", "/run/credentials/kiosk.service/kiosk.key")


def _key_moved(bench: Bench, heading: str, place: str) -> str:
    for command in commands("installation.md", heading):
        code, said = bench.guest.attempt(command, seconds=120)
        if command.startswith("systemctl restart"):
            # An emulated TPM on a busy machine answers too late now and then; the service goes on.
            bench.wait(lambda: bench.show("ActiveState")[0] == "active", "a station", 90)
        else:
            assert code == 0, said
    bench.glass.wait_for("Anne", 30)
    bench.guest.run(f"test -s {place}")
    # A command that somebody types has the same key.
    said = bench.guest.run("kiosk user list")
    assert "Anne" in said, said
    return said.splitlines()[0]


def doctor(bench: Bench) -> str:
    """The rest of the page, which is about looking."""
    for command in commands("installation.md", "See that all is well"):
        code, said = bench.guest.attempt(command, seconds=120)
        assert code in (0, 1), said
        assert "Traceback" not in said
    assert not bench.guest.run(
        "find /var/lib/kiosk /etc/kiosk/store.key -user root 2>/dev/null || true"
    )
    return ""


def copies(bench: Bench) -> str:
    """The services of the nightly and the monthly timer: a copy is made, and read on trial."""
    guest = bench.guest
    for unit in ("kiosk-backup", "kiosk-rehearsal"):
        enabled = guest.run(f"systemctl is-enabled {unit}.timer")
        assert enabled == "enabled", f"{unit}.timer: {enabled}"
        code, said = guest.attempt(f"systemctl start {unit}.service", seconds=120)
        assert code == 0, said + guest.run(f"journalctl -b -o cat -n 12 -u {unit} --no-pager")
    made = guest.run("find /var/backups/kiosk -type f -size +0 -user kiosk")
    assert made, "no copy was made"
    return f"{len(made.splitlines())} files"


def several_stations(bench: Bench) -> str:
    """The page about a clinic's database, on both sides of the line."""
    page = "several-stations.md"
    for block in blocks(page):
        if block.language == "sql":
            bench.around.database.carry_out(block.text)
    for command in commands(page, "The key of the clinic"):
        bench.guest.run(command)
    for command in commands(page, "Every station"):
        bench.guest.run(command, given="change-me\n")
    bench.guest.write("/etc/kiosk/db-ca.pem", bench.around.ca.read_text())
    written = tomlkit.parse(bench.guest.run("cat /etc/kiosk/kiosk.toml"))
    told = next(block.text for block in blocks(page) if block.language == "toml")
    for table, keys in tomlkit.parse(told).items():
        written.setdefault(table, {}).update(keys)
    bench.guest.write("/etc/kiosk/kiosk.toml", tomlkit.dumps(written))
    for command in commands(page, "See that it works"):
        bench.guest.attempt(command, seconds=120)
    bench.guest.run("kiosk check")
    findings = json.loads(bench.guest.attempt("kiosk doctor --json", seconds=120)[1])
    (found,) = [row for row in findings if row["check"] == "clinic"]
    assert found["level"] == "fine", found
    assert bench.show("ActiveState")[0] == "active"
    return found["text"]


def update(bench: Bench) -> str:
    """The package is installed over itself; the station runs again, with what it had."""
    guest = bench.guest
    guest.run("mountpoint -q /run/share || (mkdir -p /run/share && mount -t 9p share /run/share)")
    started = time.monotonic()
    guest.run(f"dpkg -i /run/share/{bench.package.name}", seconds=300)
    bench.wait(lambda: bench.show("ActiveState")[0] == "active", "the station by itself", 60)
    bench.glass.wait_for("Anne", 30)
    return f"{time.monotonic() - started:.0f} s"


def purge(bench: Bench) -> str:
    """Nothing is lost by removing the package, and it says what is left."""
    guest = bench.guest
    guest.run("systemctl stop kiosk.service", seconds=60)
    before = guest.run("find /var/lib/kiosk /etc/kiosk /etc/credstore* -type f | sort")
    said = guest.run("apt-get purge -y kiosk", seconds=200)
    assert "kept are the store" in said, said
    after = guest.run("find /var/lib/kiosk /etc/kiosk /etc/credstore* -type f | sort")
    assert set(before.split()) - set(after.split()) <= {"/etc/kiosk/kiosk.sample.toml"}
    assert not guest.run("ls -d /usr/lib/kiosk 2>/dev/null || true")
    return f"{len(after.split())} files kept"


def _opens(bench: Bench, node: object) -> None:
    refused = bench.refused(str(node))
    assert not refused, refused


def _nodes(bench: Bench, pattern: str) -> str:
    return bench.guest.run(f"ls -d {pattern} 2>/dev/null | head -1 || true")


def _to_the_scale(bench: Bench) -> None:
    """Sign in, name the child, confirm; the page with the weight is there at the end."""
    glass, child = bench.glass, bench.around.children[bench.child]
    # The page after a visit that was saved leads on to the next child.
    seen = glass.read()
    if "logge inn" not in seen and "Finn barnet" not in seen:
        glass.touch("done", "primary")
    elif "logge inn" in seen:
        glass.touch("plain-lock", "user-anne")
        glass.wait_for("PIN-kode")
        glass.type("plain-pin", PIN)
        glass.touch("plain-pin", "primary")
    glass.wait_for("Finn barnet")
    glass.type("find", child.number + child.birth_date.strftime("%d%m%Y"))
    glass.touch("find", "primary")
    glass.wait_for("Er dette riktig barn", 60)
    glass.keep(f"identity-{bench.child}")
    glass.touch("identity", "primary")
    glass.wait_for("Hodeomkrets")


def _weigh(bench: Bench, scale, grams: int) -> None:
    glass = bench.glass
    scale.lift()
    time.sleep(3 * bench.guest.slow**0.5)
    scale.put(grams)
    glass.wait_lit(glass.place("measure", "take"))
    glass.touch("measure", "take")
    glass.wait_lit(glass.place("measure", "primary"))
    glass.touch("measure", "primary")
    glass.wait_for("Lagre for")
    glass.touch("review", "primary")


IN_THE_MACHINE: dict[str, Check] = {"the package installs as the page says": install}
IN_THE_TREE: dict[str, Check] = {"the package was installed and waits": installed}
"""One or the other comes first."""

CHECKS: dict[str, Check] = {
    "kiosk setup leaves a station that is set up": set_up,
    "READY comes with the first page": first_page,
    "the station is in its own cgroup with MemoryMax in force": own_cgroup,
    "a touch opens the page for the PIN": touch,
    "a USB serial scale plugged in after the boot is used": serial_scale,
    "a USB printer plugged in after the boot is used": printer,
    "a value goes from the scale to the journal, by touch": measured_by_touch,
    "a HID scale plugged in after the boot is used": hid_scale,
    "every kind of device opens inside its unit": devices,
    "the service writes where the pages say, and only there": folders,
    "a station that hangs is started by the watchdog": watchdog,
    "a display that dies takes nobody down for good": display_dies,
    "the power is cut and nothing acknowledged is lost": power_cut,
    "nobody gets out by the keyboard": closed,
    "the doctor and the other commands look without making": doctor,
    "the key as a plain credential opens the store": key_as_credential,
    "the key from the TPM opens the store": key_from_tpm,
    "a dated copy is made by its service, and read on trial": copies,
    "several stations: the page furnishes a database and joins it": several_stations,
    "an update brings the station back": update,
    "a purge leaves the store, its keys and the configuration": purge,
}
VITAL = 3
"""Without the first of these there is nothing to try the others on."""
