"""The way into the journal: which one, where, and at once what it answers."""

from __future__ import annotations

import re
from pathlib import Path

from drivers.folder import replace_file
from kiosk.cli.setting_up.bench import Bench, later_words, say
from kiosk.config.values import form_of
from kiosk.journal.sign_in.bearer import is_token
from kiosk.language.texts import tr
from kiosk.station.checking.addresses import host_fault, service_fault
from kiosk.station.checking.files import file_fault, folder_fault

WAYS = ("journal", "hl7", "gdt", "csv")
"""The tables that are a way in, in the order they are offered."""
FOLDERS = ("gdt", "csv")
"""Those through which files are exchanged."""

TOKEN_FILE = "journal.token"  # noqa: S105 - a file's name
NONE, FILE, PASTED = "none", "file", "pasted"


def journal_step(bench: Bench) -> None:
    """Ask for a way in, and ask again until it answers or is kept as it is."""
    bench.heading(tr("Journalen"))
    known = [way for way in WAYS if bench.document.get(way) is not None]
    if known:
        say("  " + tr("Satt opp: {ways}.").format(ways=", ".join(f"[{way}]" for way in known)))
    question = tr("Endre veien til journalen?") if known else tr("Sette opp journalen nå?")
    if not _wanted(bench, question, default=not known):
        return
    while (way := _chosen(bench)) is not None:
        if _tried(bench, way) or bench.asker.alone:
            return
        if bench.asker.confirm("journal.keep", tr("Beholde den likevel?"), default=True):
            return


def _wanted(bench: Bench, question: str, *, default: bool) -> bool:
    if bench.asker.alone:
        return any(bench.asker.wants(way, "", default=False) for way in WAYS)
    return bench.asker.wants("journal", question, default=default)


def _chosen(bench: Bench) -> str | None:
    say("  " + later_words())
    told = [way for way in WAYS if bench.asker.alone and bench.asker.wants(way, "", default=False)]
    way = bench.asker.choose(
        "journal.way",
        tr("Hvilken vei går verdiene til journalen?"),
        [
            ("journal", tr("FHIR-tjeneste (https)")),
            ("hl7", tr("HL7-mottaker (MLLP)")),
            ("gdt", tr("mappe med GDT-filer")),
            ("csv", tr("mappe med CSV-filer")),
        ],
        told[0] if told else "",
        later=True,
    )
    if way is None:
        return None
    {"journal": _fhir, "hl7": _hl7, "gdt": _folder, "csv": _folder}[way](bench, way)
    return way


def _fhir(bench: Bench, _: str) -> None:
    document, asker = bench.document, bench.asker
    url = asker.ask(
        "journal.url",
        tr("Adressen til FHIR-tjenesten"),
        document.get("journal.url") or "",
        service_fault,
    )
    document.set("journal.url", url)
    _authority(bench, "journal")
    number = asker.ask(
        "journal.organisation",
        tr("Organisasjonsnummer, 9 sifre"),
        document.get("journal.organisation") or "",
        _organisation_fault,
        later=True,
    )
    if number:
        document.set("journal.organisation", number)
    if document.get("journal.sign_in") is None:
        _token(bench)


def _token(bench: Bench) -> None:
    """How the station signs in, as far as a token goes; more is in the page about signing in."""
    document, asker = bench.document, bench.asker
    own = str(document.path.parent / TOKEN_FILE)
    if asker.alone:
        kind = next((k for k in (PASTED, FILE) if _told(bench, k)), NONE)
    else:
        kind = (
            asker.choose(
                "journal.sign_in",
                tr("Hvordan logger stasjonen inn der?"),
                [
                    (NONE, tr("uten innlogging, eller settes opp senere (HelseID, SMART)")),
                    (PASTED, tr("med et token som limes inn her")),
                    (FILE, tr("med et token i en fil som finnes")),
                ],
                FILE if document.get("journal.token_file") else NONE,
            )
            or NONE
        )
    if kind == PASTED:
        token = asker.ask("journal.token", tr("Token"), "", _token_fault, secret=True)
        _write_secret(Path(own), token or "", bench)
        document.set("journal.token_file", own)
    elif kind == FILE:
        default = document.get("journal.token_file") or ""
        file = asker.ask("journal.token_file", tr("Filen med tokenet"), default, file_fault)
        document.set("journal.token_file", file)


def _told(bench: Bench, kind: str) -> bool:
    name = "journal.token" if kind == PASTED else "journal.token_file"
    return bench.asker.ask(name, "", later=True) is not None


def _write_secret(path: Path, text: str, bench: Bench) -> None:
    """Write a secret for the service's user alone, whole or not at all."""
    replace_file(path, f"{text}\n".encode("ascii"), owner=bench.service_owner())


def _hl7(bench: Bench, _: str) -> None:
    document, asker = bench.document, bench.asker
    known = document.get("hl7.host") or ""
    host = asker.ask("hl7.host", tr("Maskinen som tar imot"), known, host_fault)
    document.set("hl7.host", host)
    port = asker.ask("hl7.port", tr("Porten"), str(document.get("hl7.port") or ""), _port_fault)
    document.set("hl7.port", int(port or 0))
    before = document.get("hl7.tls") is not False
    tls = asker.confirm("hl7.tls", tr("Er linjen kryptert (TLS)?"), default=before)
    if tls != before:
        document.set("hl7.tls", tls)
    if tls:
        _authority(bench, "hl7")


def _authority(bench: Bench, part: str) -> None:
    """The certificate of an authority of the clinic's own, where there is one."""
    file = bench.asker.ask(
        f"{part}.ca_file",
        tr("Fil med sertifikatet til en egen utsteder, om tjenesten har det"),
        bench.document.get(f"{part}.ca_file") or "",
        file_fault,
        later=True,
    )
    if file:
        bench.document.set(f"{part}.ca_file", file)


def _folder(bench: Bench, way: str) -> None:
    name = f"{way}.folder"
    question = tr("Mappen journalen henter filer fra")
    check = _existing if not bench.asker.alone else lambda _: ""
    folder = bench.asker.ask(name, question, bench.document.get(name) or "", check)
    bench.document.set(name, folder)
    receiver = bench.asker.ask("gdt.receiver", "", later=True) if bench.asker.alone else None
    if way == "gdt" and receiver:
        bench.document.set("gdt.receiver", receiver)
    if way == "gdt":
        _gdt_numbers(bench)


def _gdt_numbers(bench: Bench) -> None:
    """How the journal knows a child: field 3000 of GDT has no room for a national number."""
    asker, document = bench.asker, bench.document
    before = bool(document.get("gdt.long_numbers"))
    question = tr("Tar journalen imot fødselsnummer med 11 siffer over GDT? Leverandøren vet det")
    takes = asker.confirm("gdt.long_numbers", question, default=before)
    if takes != before:
        document.set("gdt.long_numbers", takes)
    if takes:
        return
    question = tr("Mappen der journalen legger forespørsler med sitt eget pasientnummer")
    check = _existing if not asker.alone else lambda _: ""
    known = document.get("gdt.requests") or ""
    folder = asker.ask("gdt.requests", question, known, check, later=True)
    if folder:
        document.set("gdt.requests", folder)


def _existing(folder: str) -> str:
    return folder_fault(folder, writes=False)


def _tried(bench: Bench, way: str) -> bool:
    """Mark the folder that was just named, and let the doctor ask as the station would."""
    say("  " + tr("Prøver …"))
    if way in FOLDERS:
        bench.mark_folders()
    well = bench.examined({"journal"})
    if not well:
        bench.trouble.append(way)
    return well


def _organisation_fault(number: str) -> str:
    if re.fullmatch(r"[0-9]{9}", number):
        return ""
    return tr("Det skal være {expected}.").format(expected=form_of("journal.organisation"))


def _port_fault(text: str) -> str:
    fits = text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535
    return "" if fits else tr("Skriv et tall fra 1 til 65535.")


def _token_fault(text: str) -> str:
    return "" if is_token(text) else tr("Det er ikke noe token.")
