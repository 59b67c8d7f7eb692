"""Starting the service at the end, where systemd runs the machine."""

from __future__ import annotations

from kiosk.cli.setting_up.bench import Bench, is_systemd, say, systemctl
from kiosk.language.texts import tr
from kiosk.system import service_unit


def running() -> bool:
    """Whether the station runs now; then its devices are taken."""
    return is_systemd() and systemctl("is-active", "--quiet", service_unit.UNIT)


def stop() -> None:
    """Let go of the devices for as long as the set-up takes."""
    systemctl("stop", service_unit.UNIT)


def start() -> None:
    """Let the station go on as it was."""
    systemctl("start", service_unit.UNIT)


def service_step(bench: Bench, *, was_running: bool) -> None:
    """Start the station, now and at each boot."""
    bench.heading(tr("Tjenesten"))
    if not is_systemd():
        say("  " + tr("systemd kjører ikke her. Start stasjonen med: kiosk run"))
        return
    question = tr("Starte stasjonen nå og ved hver oppstart?")
    if not was_running and not bench.asker.confirm("service.start", question, default=True):
        return
    if systemctl("enable", service_unit.UNIT) and systemctl("restart", service_unit.UNIT):
        say("  " + tr("Stasjonen er startet."))
        return
    bench.trouble.append("service")
    say(
        "  "
        + tr("Stasjonen startet ikke. Se: journalctl -u {unit} -n 30").format(
            unit=service_unit.UNIT
        )
    )
