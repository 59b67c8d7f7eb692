"""What is wrong with the store and what to do, for the person who looks after the station."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from kiosk.language.texts import tr
from kiosk.store.errors import StoreError, StoreFault


def error_words(error: StoreError) -> str:
    """What is wrong, with the file and the line to type where they are known."""
    if error.path is None:
        return fault_words(error.fault)
    file, own = str(error.path), _name(os.geteuid())
    match error.fault:
        case StoreFault.KEY_PERMISSIONS:
            text = tr("Nøkkelfilen {file} kan leses av andre. Rett det: chmod 0600 {file}")
        case StoreFault.KEY_OWNER:
            text = tr(
                "Nøkkelfilen {file} tilhører {owner}, ikke {user}. Rett det: chown {user} {file}"
            )
        case StoreFault.KEY_UNREADABLE:
            text = _unreadable(error.path)
        case StoreFault.KEY_MISSING:
            text = tr(
                "Nøkkelfilen {file} mangler. Legg den tilbake, eller skriv nøkkelen inn fra "
                "papirkopien med «kiosk setup»."
            )
        case StoreFault.VANISHED:
            text = tr(
                "Stasjonen hadde et lager, og filen {file} er borte. Ingenting nytt er laget. Legg "
                "filen tilbake, eller hent den siste kopien med «kiosk restore». Er alt tapt, "
                "lages et nytt lager med «kiosk store new --lost»."
            )
        case StoreFault.EMPTIED:
            text = tr(
                "Stasjonen hadde et lager, og filen {file} er tømt. Ingenting nytt er laget. Hent "
                "den siste kopien med «kiosk restore». Er alt tapt, lages et nytt lager med «kiosk "
                "store new --lost»."
            )
        case StoreFault.FOREIGN:
            text = tr(
                "Lageret i {file} er ikke det stasjonen hadde. Ingenting er endret. Legg det "
                "riktige tilbake, eller ta dette i bruk med «kiosk store accept»."
            )
        case _:
            return fault_words(error.fault)
    return text.format(file=file, owner=_owner(error.path), user=own)


def _unreadable(path: Path) -> str:
    if path.is_dir():
        return tr("{file} er en mappe, ikke en nøkkelfil. Sjekk «database.key_file».")
    if _owner(path):
        return tr(
            "Nøkkelfilen {file} tilhører {owner} og kan ikke leses av {user}. Rett det: "
            "chown {user} {file}"
        )
    return tr("Nøkkelfilen {file} kan ikke nås av {user}: mappen den ligger i, er stengt.")


def _owner(path: Path) -> str:
    try:
        return _name(path.stat().st_uid)
    except OSError:
        return ""


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def fault_words(fault: StoreFault) -> str:
    """What is wrong with the store and what to do, for the installer."""
    words = {
        StoreFault.KEY_MISSING: tr(
            "Nøkkelen til lageret mangler. Legg nøkkelfilen tilbake, eller skriv nøkkelen inn fra "
            "papirkopien med «kiosk setup»."
        ),
        StoreFault.KEY_UNREADABLE: tr(
            "Nøkkelfilen kan ikke leses. Sjekk at den finnes og at tjenestebrukeren eier den."
        ),
        StoreFault.KEY_PERMISSIONS: tr(
            "Nøkkelfilen kan leses av andre. Sett rettighetene til 0600."
        ),
        StoreFault.KEY_OWNER: tr(
            "Nøkkelfilen tilhører en annen bruker. Sett eieren til tjenestebrukeren."
        ),
        StoreFault.KEY_SEALED: tr(
            "Nøkkelen er bundet til denne maskinen og kan ikke åpnes. Er TPM-brikken nullstilt, "
            "må nøkkelen skrives inn fra papirkopien med «kiosk setup»."
        ),
        StoreFault.NOT_ALLOWED: tr("Bare root og tjenestebrukeren har tilgang. Bruk sudo."),
        StoreFault.OLDER_SCHEMA: tr(
            "Lageret er fra en eldre versjon og er ikke endret. Start stasjonen på nytt "
            "(systemctl restart kiosk): da oppgraderes det."
        ),
        StoreFault.KEY_MALFORMED: tr(
            "Nøkkelfilen har ikke 64 heksadesimale sifre. Den er skadet eller byttet ut."
        ),
        StoreFault.WRONG_KEY: tr(
            "Nøkkelen passer ikke til lageret. Ingenting er slettet. Finn riktig nøkkel."
        ),
        StoreFault.PLAINTEXT: tr("Lageret er ikke kryptert og brukes derfor ikke."),
        StoreFault.CORRUPT: tr(
            "Lageret er skadet. Ikke slett noe. Mål på papir og kontakt IKT-ansvarlig."
        ),
        StoreFault.SQLITE_UNSAFE: tr(
            "Denne SQLite-versjonen kan ødelegge lageret. Installer sqlcipher3 0.6.4 eller nyere."
        ),
        StoreFault.NO_CIPHER: tr("SQLite uten kryptering. Installer sqlcipher3."),
        StoreFault.READ_ONLY: tr(
            "Disken kan ikke skrives til. Mål på papir og kontakt IKT-ansvarlig."
        ),
        StoreFault.DISK_FULL: tr("Disken er full. Frigjør plass. Ingenting er gått tapt."),
        StoreFault.NEWER_SCHEMA: tr(
            "Lageret er laget av en nyere versjon. Installer den nyere versjonen igjen."
        ),
        StoreFault.MODE_MIX: tr("Opplæringsdata og ekte data kan ikke blandes."),
        StoreFault.IN_USE: tr("Stasjonen kjører allerede. Stopp den først."),
        StoreFault.UNREACHABLE: tr(
            "Klinikkens database svarer ikke. Sjekk nettet og serveren. Målinger lagres her så "
            "lenge."
        ),
        StoreFault.NOT_ADMITTED: tr(
            "Klinikkens database avviser stasjonen. Sjekk brukeren, passordfilen og rettighetene."
        ),
        StoreFault.NO_DRIVER: tr(
            "Biblioteket for PostgreSQL mangler. Installer stasjonen med tillegget «postgresql»."
        ),
        StoreFault.ABSENT: tr("Det finnes ikke noe lager der."),
        StoreFault.VANISHED: tr(
            "Lageret er borte. Ingenting nytt er laget. Legg filen tilbake, eller hent den siste "
            "kopien med «kiosk restore»."
        ),
        StoreFault.EMPTIED: tr(
            "Lageret er tømt. Ingenting nytt er laget. Hent den siste kopien med «kiosk restore»."
        ),
        StoreFault.FOREIGN: tr(
            "Lageret er ikke det stasjonen hadde. Legg det riktige tilbake, eller ta dette i bruk "
            "med «kiosk store accept»."
        ),
        StoreFault.NO_ROOM: tr(
            "Lageret må oppgraderes, og det er ikke plass til en kopi først. Ingenting er endret. "
            "Frigjør plass på disken; stasjonen prøver igjen av seg selv."
        ),
        StoreFault.OCCUPIED: tr("Det finnes allerede noe der, og ingenting er overskrevet."),
    }
    return words.get(fault, tr("Lageret kan ikke åpnes. Kontakt IKT-ansvarlig."))
