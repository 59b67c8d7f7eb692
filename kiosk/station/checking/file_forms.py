"""The form of the files that were agreed on: names and columns, from the configuration, with a
sentence for each thing that is wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.config.schema import Config, Csv, Gdt
from kiosk.journal.files.csv_template import COLUMNS, Template, TemplateFault
from kiosk.journal.files.file_names import PLACES, NameFault, NamePattern, name_fault
from kiosk.language.texts import tr


def template_of(table: Csv) -> Template:
    """The form of CSV files that is configured."""
    return Template(
        table.columns or COLUMNS,
        table.names,
        separator=table.separator,
        encoding=table.encoding,
        decimal_comma=table.decimal_comma,
        heading=table.heading,
    )


def pattern_of(config: Config, table: str) -> NamePattern | None:
    """The names of files that are configured; ``None`` for the messages' ids."""
    if table == "gdt":
        gdt = config.gdt
        if gdt is None or not gdt.file_name:
            return None
        return NamePattern(gdt.file_name, {"sender": gdt.sender, "receiver": gdt.receiver})
    return NamePattern(config.csv.file_name) if config.csv and config.csv.file_name else None


def gdt_faults(config: Config) -> Iterator[str]:
    """What is wrong with the names of GDT files."""
    table = config.gdt
    if table is None:
        return
    yield from _name_faults("gdt", table.file_name)
    for key, word in (("sender", table.sender), ("receiver", table.receiver)):
        if f"{{{key}}}" in table.file_name and (not word or name_fault(word)):
            yield _name_words(f"gdt.{key}", NameFault.NOT_A_FILE_NAME, word)


def csv_faults(config: Config) -> Iterator[str]:
    """What is wrong with the names and columns of CSV files."""
    table = config.csv
    if table is None:
        return
    yield from _name_faults("csv", table.file_name)
    for part in ("sender", "receiver"):
        if f"{{{part}}}" in table.file_name:
            yield _name_words("csv.file_name", NameFault.UNKNOWN_PLACE, part)
    if table.file_name and not table.fetched and not _is_own(table.file_name):
        text = tr(
            "«csv.file_name»: navnet blir det samme for flere filer. Ta med {message} eller "
            "{short}, eller sett «csv.fetched» til true hvis mottakeren fjerner det den har lest."
        )
        yield text
    for fault, part in template_of(table).faults():
        yield _column_sentences()[fault].format(part=part, known=", ".join(COLUMNS))


def gdt_warning(table: Gdt) -> str:
    """What keeps most values from being sent over GDT as it is set up; empty if nothing does."""
    if table.requests or table.long_numbers:
        return ""
    return tr(
        "«gdt»: et fødselsnummer er lengre enn feltet for pasientnummer i GDT, så ingenting kan "
        "sendes med det. Oppgi «gdt.requests», mappen der journalen legger sine forespørsler, "
        "eller sett «gdt.long_numbers» til true hvis leverandøren sier at fødselsnummer tas imot."
    )


def _is_own(pattern: str) -> bool:
    return not name_fault(pattern) and NamePattern(pattern).is_own


def _name_faults(table: str, pattern: str) -> Iterator[str]:
    if pattern and (fault := name_fault(pattern)):
        yield _name_words(f"{table}.file_name", *fault)


def _name_words(key: str, fault: NameFault, part: str) -> str:
    known = ", ".join(f"{{{place}}}" for place in PLACES)
    return _name_sentences()[fault].format(key=key, part=part, known=known)


def _name_sentences() -> dict[NameFault, str]:
    """A sentence for each way a name can be wrong."""
    return {
        NameFault.NOT_A_PATTERN: tr("«{key}»: «{part}» har en klamme for mye eller for lite."),
        NameFault.UNKNOWN_PLACE: tr("«{key}»: {{{part}}} er ukjent. Dette kan stå der: {known}."),
        NameFault.NOT_A_FILE_NAME: tr(
            "«{key}»: «{part}» kan ikke stå i et filnavn. Bruk bokstavene a–z, tall, punktum, "
            "bindestrek og understrek."
        ),
        NameFault.HIDDEN: tr(
            "«{key}»: et filnavn kan ikke begynne med punktum eller slutte på .tmp; slike filer "
            "henter ikke mottakeren."
        ),
    }


def _column_sentences() -> dict[TemplateFault, str]:
    """A sentence for each way a template can be wrong."""
    return {
        TemplateFault.UNKNOWN: tr("«csv.columns»: «{part}» er ukjent. Kolonnene er: {known}."),
        TemplateFault.TWICE: tr("«csv.columns»: «{part}» står der to ganger."),
        TemplateFault.MISSING: tr(
            "«csv.columns»: «{part}» mangler. Uten den kan en verdi leses feil i journalen."
        ),
        TemplateFault.NO_WHAT: tr(
            "«csv.columns»: en av disse må være med, ellers sier ingen hva som er målt: {part}."
        ),
        TemplateFault.SAME_NAME: tr("«csv.names»: to kolonner har samme overskrift, «{part}»."),
        TemplateFault.NAME_OF_NOTHING: tr(
            "«csv.names»: «{part}» er ingen av kolonnene i «csv.columns»."
        ),
        TemplateFault.FORMULA: tr(
            "«csv.names»: overskriften til «{part}» er tom eller kan leses som en formel "
            "(=, +, -, @)."
        ),
        TemplateFault.COMMA_TWICE: tr(
            "«csv.decimal_comma» krever et annet skilletegn enn komma: sett «csv.separator» til "
            '"semicolon" eller "tab".'
        ),
    }
