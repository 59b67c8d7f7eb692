"""What is wrong with the scale's port or line and what to do, for who looks after the station."""

from __future__ import annotations

from drivers.hints import UNREAD, Hint
from drivers.host import Rival, access_to, holders, rivals
from drivers.transports.base import LossCause
from drivers.transports.opening import file_behind
from kiosk.language.texts import tr


def loss_words(cause: LossCause, address: str) -> str:
    """Return why the port did not open; names the group or the program where that is known."""
    if cause is LossCause.PERMISSION:
        return _permission_words(address)
    if cause is LossCause.BUSY:
        return _busy_words(address)
    if cause in {LossCause.ABSENT, LossCause.UNPLUGGED, LossCause.TAKEN}:
        if Rival.BRLTTY in rivals():
            return tr("Porten er borte, og brltty er installert: det tar seriekabler. Fjern det.")
        return tr("Vektens port finnes ikke. Er kabelen i?")
    if cause is LossCause.AMBIGUOUS:
        return tr("Flere enheter passer til adressen. Bruk usb-port: fra «kiosk devices».")
    return tr("Vektens port kan ikke leses. Sjekk kabelen.")


def hint_words(hint: Hint) -> str:
    """Return what a line that makes no sense suffers from."""
    words = {
        Hint.SILENT: tr("Porten er åpen, men vekten svarer ikke. Er den på?"),
        Hint.SILENT_OR_PARITY: tr(
            "Porten er åpen, men taus. Er vekten på? Sjekk parity og bits i [scale.line]."
        ),
        Hint.ECHO: tr("Porten sender bare tilbake det som skrives. Sjekk kabelen."),
        Hint.FOREIGN_COMMANDS: tr(
            "Noe skriver modemkommandoer på porten. Installer udev-reglene eller fjern "
            "ModemManager."
        ),
        Hint.WRONG_PARITY: tr("Vekten sender 7 bit med paritet. Sett bits og parity."),
        Hint.WRONG_SPEED: tr("Hastigheten er trolig feil. Sett baud i [scale.line]."),
        Hint.NOT_UNDERSTOOD: tr("Noe svarer, men forstår ikke forespørselen. Sjekk driveren."),
        Hint.PRINTOUT: tr("Vekten sender utskrift. Sett den til å svare på kommandoer."),
    }
    said = words.get(hint, tr("Noe sender på porten, men det er ikke denne vekten."))
    which = tr("«kiosk devices --try PORT» viser hvilke drivere som leser det.")
    return f"{said} {which}" if hint in UNREAD else said


def _permission_words(address: str) -> str:
    path = file_behind(address)
    access = access_to(str(path)) if path is not None else None
    group = access.group if access is not None else "dialout"
    return tr("Ingen tilgang til vektens port. Legg brukeren i gruppen {group}.").format(
        group=group
    )


def _busy_words(address: str) -> str:
    path = file_behind(address)
    names = ", ".join(holders(str(path))) if path is not None else ""
    if names:
        return tr("Et annet program bruker vektens port: {names}. Stopp det.").format(names=names)
    return tr("Et annet program bruker vektens port. Er brltty eller ModemManager i gang?")
