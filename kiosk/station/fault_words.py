"""What is wrong with the store and what to do, for the person who looks after the station."""

from __future__ import annotations

from kiosk.i18n import tr
from kiosk.store.errors import StoreFault


def fault_words(fault: StoreFault) -> str:
    """What is wrong with the store and what to do, for the installer."""
    words = {
        StoreFault.KEY_MISSING: tr(
            "Nøkkelen til lageret mangler. Legg nøkkelfilen tilbake, eller bruk "
            "gjenopprettingsnøkkelen."
        ),
        StoreFault.KEY_UNREADABLE: tr(
            "Nøkkelfilen kan ikke leses. Sjekk at den finnes og at tjenestebrukeren eier den."
        ),
        StoreFault.KEY_PERMISSIONS: tr(
            "Nøkkelfilen kan leses av andre. Sett rettighetene til 0600 og eieren til "
            "tjenestebrukeren."
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
        StoreFault.ABSENT: tr("Det finnes ikke noe lager der. Sjekk stien."),
        StoreFault.OCCUPIED: tr("Det finnes allerede noe der, og ingenting er overskrevet."),
    }
    return words.get(fault, tr("Lageret kan ikke åpnes. Kontakt IKT-ansvarlig."))
