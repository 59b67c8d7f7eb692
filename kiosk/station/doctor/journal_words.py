"""Why the journal does not take what is sent, and what to do, for who looks after the station."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.journal.http.peer_certificate import PeerCertificate, shown_by
from kiosk.language.texts import tr
from kiosk.model.causes import SHORT_WORDS, Cause
from kiosk.system.clock import now_utc

UNTRUSTED = frozenset(
    {
        Cause.CERTIFICATE_EXPIRED,
        Cause.CERTIFICATE_NOT_YET,
        Cause.CERTIFICATE_ISSUER,
        Cause.CERTIFICATE_NAME,
        Cause.CERTIFICATE_OTHER,
    }
)
NOT_REACHED = frozenset({Cause.NAME_UNKNOWN, Cause.REFUSED, Cause.NO_ROUTE, Cause.TIME_OUT})
ENVIRONMENT = Path("/etc/environment")
_PROXY = re.compile(r"^\s*(?:export\s+)?https?_proxy\s*=\s*\S", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Where:
    """The service that was asked: ``part`` is its table in the configuration."""

    part: str
    host: str
    port: int


def cause_words(cause: Cause, where: Where, detail: str = "") -> str:
    """A sentence for a cause, with the certificate that was shown where it is about one.

    Asks the server for that certificate once more.
    """
    shown = shown_by(where.host, where.port) if cause in UNTRUSTED else None
    text = _texts()[cause].format(
        host=where.host, port=where.port, part=where.part, detail=detail, **_of(shown)
    )
    if cause in NOT_REACHED and behind_proxy():
        text += " " + tr(
            "Maskinen er satt opp med en proxy (https_proxy), men stasjonen bruker den ikke av seg "
            "selv: skriv den i «journal.proxy», eller be om åpning rett til journalen."
        )
    return text


def short_words(cause: Cause) -> str:
    """A cause in a few words, for a list."""
    return tr(SHORT_WORDS[cause])


def behind_proxy() -> bool:
    """Whether this machine is told to reach the web through a proxy."""
    if any(os.environ.get(name) for name in ("https_proxy", "HTTPS_PROXY")):
        return True
    try:
        return _PROXY.search(ENVIRONMENT.read_text("utf-8", "replace")) is not None
    except OSError:
        return False


def _of(shown: PeerCertificate | None) -> dict[str, str]:
    if shown is None:
        unknown = tr("ukjent")
        return {
            "subject": unknown,
            "issuer": unknown,
            "names": unknown,
            "begins": unknown,
            "ends": unknown,
            "now": _day(now_utc()),
        }
    return {
        "subject": shown.subject,
        "issuer": shown.issuer,
        "names": ", ".join(shown.names) or shown.subject,
        "begins": _day(shown.begins),
        "ends": _day(shown.ends),
        "now": _day(now_utc()),
    }


def _day(moment: datetime) -> str:
    return moment.astimezone().date().isoformat()


def _texts() -> dict[Cause, str]:
    return {**_line_texts(), **_certificate_texts(), **_answer_texts()}


def _line_texts() -> dict[Cause, str]:
    return {
        Cause.NAME_UNKNOWN: tr(
            "Navnet {host} finnes ikke i DNS. Sjekk adressen i [{part}] og maskinens navnetjener."
        ),
        Cause.REFUSED: tr(
            "{host} tar ikke imot på port {port}. Kjører tjenesten, og er adressen og porten i "
            "[{part}] riktige?"
        ),
        Cause.NO_ROUTE: tr("Det finnes ingen vei til {host}. Er nettverkskabelen i?"),
        Cause.TIME_OUT: tr(
            "{host} svarte ikke i tide på port {port}. Slipper brannmuren stasjonen gjennom?"
        ),
        Cause.CUT: tr(
            "{host} brøt forbindelsen på port {port} uten å svare. Er det riktig tjeneste?"
        ),
        Cause.PROXY: tr(
            "En proxy svarte i stedet for {host}. Be om åpning rett til journalen, eller skriv "
            "proxyens adresse i «journal.proxy»."
        ),
        Cause.OWN_PROXY: tr(
            "Proxyen i «journal.proxy» slipper ikke stasjonen fram til {host} ({detail}). Sjekk "
            "adressen, og be den som drifter proxyen om å slippe stasjonen gjennom uten pålogging."
        ),
        Cause.CLOCK: tr(
            "Klokken på stasjonen og klokken hos {host} går ulikt. Slå på tidssynkronisering."
        ),
        Cause.OTHER: tr("{host} kan ikke nås ({detail}). Sjekk adressen i [{part}]."),
    }


def _certificate_texts() -> dict[Cause, str]:
    return {
        Cause.NOT_TLS: tr(
            "{host} svarer ikke med TLS på port {port}. Er porten riktig, og skal den være "
            "kryptert?"
        ),
        Cause.CERTIFICATE_EXPIRED: tr(
            "Sertifikatet til {host} gikk ut {ends}. Den som drifter journalen, må fornye det."
        ),
        Cause.CERTIFICATE_NOT_YET: tr(
            "Sertifikatet til {host} gjelder først fra {begins}. Stasjonens klokke sier {now}: går "
            "den feil?"
        ),
        Cause.CERTIFICATE_ISSUER: tr(
            "Sertifikatet til {host} er utstedt av «{issuer}», som stasjonen ikke kjenner. Legg "
            "utstederens sertifikat i en fil og oppgi den i «{part}.ca_file»."
        ),
        Cause.CERTIFICATE_NAME: tr(
            "Sertifikatet gjelder for {names}, ikke for {host}. Bruk et av de navnene i [{part}]."
        ),
        Cause.CERTIFICATE_OTHER: tr("Sertifikatet til {host} kan ikke godtas ({detail})."),
        Cause.OWN_CERTIFICATE: tr(
            "{host} godtar ikke stasjonens eget sertifikat. Er «{part}.client_cert» satt, gyldig "
            "og kjent hos journalen?"
        ),
        Cause.OWN_FILES: tr(
            "Stasjonens eget sertifikat kan ikke brukes. Sjekk «{part}.client_cert» og "
            "«{part}.client_key» med «kiosk check»."
        ),
        Cause.CA_FILE: tr("Filen i «{part}.ca_file» mangler eller har ingen sertifikater i seg."),
    }


def _answer_texts() -> dict[Cause, str]:
    return {
        Cause.TOKEN_FILE: tr(
            "Filen i «journal.token_file» mangler, kan ikke leses eller har ikke noe gyldig token."
        ),
        Cause.KEY_FILE: tr(
            "Nøkkelen i «journal.sign_in.key_file» kan ikke brukes. Den skal være en privat "
            "nøkkel som JWK eller PEM."
        ),
        Cause.NOT_SIGNED_IN: tr(
            "{host} avviser innloggingen (401). Er tokenet gått ut, eller mangler "
            "[journal.sign_in]?"
        ),
        Cause.SIGN_IN_REFUSED: tr(
            "Innloggingen ble avvist ({detail}). Sjekk client_id, scope og nøkkelen i "
            "[journal.sign_in]."
        ),
        Cause.SIGN_IN_AWAY: tr(
            "Innloggingstjenesten kan ikke brukes ({detail}). Sjekk adressene i [journal.sign_in]."
        ),
        Cause.SIGN_IN_UNSAFE: tr(
            "Innloggingstjenesten viser til en adresse som stasjonen ikke stoler på ({detail}): "
            "den er uten https eller hører til en annen tjeneste. Ingenting er sendt dit. Sjekk "
            "«journal.sign_in.issuer», eller skriv den riktige adressen i "
            "«journal.sign_in.token_url»."
        ),
        Cause.FORBIDDEN: tr(
            "{host} kjenner stasjonen, men gir den ikke tilgang (403). Be om rettighetene hos den "
            "som drifter journalen."
        ),
        Cause.NOT_FOUND: tr(
            "{host} svarer, men det er ingen FHIR-tjeneste på adressen (404). Sjekk slutten av "
            "«journal.url»."
        ),
        Cause.REDIRECTED: tr(
            "{host} sender videre til en annen adresse. Skriv den endelige adressen i "
            "«journal.url»."
        ),
        Cause.WEB_PAGE: tr(
            "{host} svarer med en nettside, ikke som en FHIR-tjeneste. Sjekk «journal.url»: er det "
            "en påloggingsside eller en proxy?"
        ),
        Cause.NOT_FHIR: tr(
            "{host} svarer, men ikke som en FHIR-tjeneste. Sjekk slutten av «journal.url»."
        ),
        Cause.BUSY: tr("{host} svarer at den er opptatt eller har en feil. Prøv igjen senere."),
        Cause.REFUSES: tr("{host} avviser spørsmålet. Sjekk «journal.url»."),
    }
