"""The ways into the journal, as the doctor finds them: each is asked, and its trouble named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from kiosk.config.schema import Config
from kiosk.journal.causes import cause_of
from kiosk.journal.contract import Endpoint, NoAnswer, Reply
from kiosk.journal.files.folder_mark import Gone
from kiosk.language.texts import tr
from kiosk.model.causes import Cause, cause_in
from kiosk.model.interfaces import HL7
from kiosk.station import journal_side
from kiosk.station.access_ends import WARN_BEFORE, access_ends
from kiosk.station.checking.files import around
from kiosk.station.checking.folders import folders_of, gone_words
from kiosk.station.doctor.finding import Finding, Level
from kiosk.station.doctor.journal_words import Where, cause_words, short_words
from kiosk.station.interfaces import hl7_address, ways_of
from kiosk.system.clock import now_utc


def journal(config: Config) -> Iterator[Finding]:
    """Ask every way in that is configured."""
    if not ways_of(config):
        yield Finding(
            "journal", Level.NOTE, tr("Ingen journal er satt opp. Verdiene blir i utkassen.")
        )
    # Whose file is missing was told with the configuration; to try it would say it twice.
    broken = {part for part, _ in around(config)}
    if "hl7" not in broken:
        yield from _hl7(config)
    yield from _folders(config)
    endpoint = journal_side.endpoint_of(config)
    if endpoint is not None and "journal" not in broken:
        yield from _fhir(endpoint, config)


def _hl7(config: Config) -> Iterator[Finding]:
    table = config.hl7
    if table is None:
        return
    from kiosk.journal.hl7.mllp import MllpLine

    line = MllpLine(hl7_address(table))
    try:
        trouble = line.reach()
    finally:
        line.close()
    if trouble is None:
        text = tr("{way} er klar til å ta imot.").format(way=HL7)
        yield Finding("journal", Level.FINE, text)
    else:
        yield _sick(trouble, Where("hl7", table.host, table.port))


def _folders(config: Config) -> Iterator[Finding]:
    """Whether each folder is the marked one. A missing one was told with the configuration."""
    for folder in folders_of(config):
        gone = folder.gone()
        if gone is None:
            text = tr("{folder} er stasjonens mappe og klar til å ta imot.")
            yield Finding("folder", Level.FINE, text.format(folder=folder.path))
        elif gone.why not in {Gone.NO_FOLDER, Gone.NOT_WRITABLE}:
            yield Finding("folder", Level.SICK, gone_words(folder, gone))


def _fhir(endpoint: Endpoint, config: Config) -> Iterator[Finding]:
    client = journal_side.connector(endpoint, config)()
    try:
        reply = client.capabilities()
    finally:
        client.close()
    yield from _expiries(config)
    if cause_of(reply, now_utc()) is not None:
        yield _sick(reply, _where(endpoint))
        return
    yield Finding("journal", Level.FINE, tr("Journalen svarer som en FHIR-tjeneste."))
    yield from _tried_twice(config)


def _where(endpoint: Endpoint) -> Where:
    return _place("journal", endpoint.base_url)


def _place(part: str, url: str) -> Where:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Where(part, parts.hostname or "", port)


def _sick(reply: Reply, where: Where) -> Finding:
    cause = cause_of(reply, now_utc()) or Cause.OTHER
    detail = reply.detail if isinstance(reply, NoAnswer) else str(reply.status)
    if isinstance(reply, NoAnswer) and reply.url:
        # It was not the journal itself: the certificate, the name or the port are another's.
        where = _place(where.part, reply.url)
    return Finding("journal", Level.SICK, cause_words(cause, where, detail))


def _tried_twice(config: Config) -> Iterator[Finding]:
    """Send a test resource twice, where a test patient is configured."""
    from kiosk.journal.fhir.self_test import Honours

    told = journal_side.tried_twice(config)
    if told is None:
        return
    level = Level.FINE if told.honours is Honours.ONCE else Level.SICK
    texts = {
        Honours.ONCE: tr("Journalen lagrer det samme bare én gang, også om det sendes to ganger."),
        Honours.TWICE: tr(
            "Journalen lagrer to ganger det som sendes to ganger. Meld det til leverandøren. "
            "Stasjonen spør alltid før den sender noe usikkert på nytt."
        ),
        Honours.NOT_FOUND: tr(
            "Journalen finner ikke igjen det den har tatt imot. Meld det til leverandøren."
        ),
        Honours.REFUSED: tr("Journalen tok ikke imot selvtesten: {detail}"),
    }
    cause = cause_in(told.detail)
    detail = f"{short_words(cause)} ({told.detail})" if cause is not None else told.detail
    yield Finding("journal", level, texts[told.honours].format(detail=detail))


def _expiries(config: Config) -> Iterator[Finding]:
    names = {
        "key": tr("Nøkkelen til innloggingen"),
        "certificate": tr("Stasjonens sertifikat"),
    }
    today = datetime.now(UTC).date()
    for what, end in access_ends(config).items():
        if end - today < WARN_BEFORE:
            text = tr("{what} går ut {day}. Forny i tide.")
            told = text.format(what=names[what], day=end.isoformat())
            yield Finding("journal", Level.SICK if end <= today else Level.NOTE, told)
