"""How a CSV file looks: which columns, under which names, with which signs. Pure.

Whatever a template leaves out is left out because somebody configured it so; the columns without
which a row cannot be told from another, or a limit from a threshold, must be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

COLUMNS = (
    "message",
    "id",
    "status",
    "patient_number",
    "patient_number_kind",
    "birth_date",
    "given_name",
    "measured_at",
    "key",
    "code_system",
    "code",
    "comparator",
    "value",
    "unit",
    "absent",
    "method",
    "device",
    "device_serial",
    "calibrated_on",
    "performer",
    "performer_hpr",
    "note",
)
NEEDED = ("patient_number", "measured_at", "status", "comparator", "value", "unit", "absent")
"""Without these a value could be read as another child's, as still standing, or as exact."""

WHAT = ("key", "code")
"""One of these says what was measured."""

SEPARATORS: Mapping[str, str] = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "cp1252",
}


class TemplateFault(StrEnum):
    """What is wrong with the columns of a template."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    MISSING = "missing"
    NO_WHAT = "no-what"
    SAME_NAME = "same-name"
    NAME_OF_NOTHING = "name-of-nothing"
    FORMULA = "formula"
    COMMA_TWICE = "comma-twice"


@dataclass(frozen=True, slots=True)
class Template:
    """One agreed form. ``names`` are headings where they differ from the column's own name."""

    columns: tuple[str, ...] = COLUMNS
    names: Mapping[str, str] | None = None
    separator: str = "comma"
    encoding: str = "utf-8"
    decimal_comma: bool = False
    heading: bool = True

    def faults(self) -> Iterator[tuple[TemplateFault, str]]:
        """What is wrong, with the column it is about."""
        yield from self._wrong_columns()
        yield from self._wrong_names()
        if self.decimal_comma and self.separator == "comma":
            yield TemplateFault.COMMA_TWICE, ","

    def _wrong_columns(self) -> Iterator[tuple[TemplateFault, str]]:
        for column in dict.fromkeys(self.columns):
            if column not in COLUMNS:
                yield TemplateFault.UNKNOWN, column
            if self.columns.count(column) > 1:
                yield TemplateFault.TWICE, column
        yield from (
            (TemplateFault.MISSING, column) for column in NEEDED if column not in self.columns
        )
        if not any(column in self.columns for column in WHAT):
            yield TemplateFault.NO_WHAT, ", ".join(WHAT)

    def _wrong_names(self) -> Iterator[tuple[TemplateFault, str]]:
        for column, name in (self.names or {}).items():
            if column not in self.columns:
                yield TemplateFault.NAME_OF_NOTHING, column
            if not name.strip() or is_formula(name) or not name.isprintable():
                yield TemplateFault.FORMULA, column
        above = Counter(self.heading_of(column) for column in dict.fromkeys(self.columns))
        yield from ((TemplateFault.SAME_NAME, name) for name, n in above.items() if n > 1)

    def heading_of(self, column: str) -> str:
        """What stands above a column."""
        return (self.names or {}).get(column, column)


DEFAULT = Template()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula (OWASP, CSV injection).

    Full-width signs count too, and so do signs after spaces, which some programs drop.
    """
    bare = text.lstrip()
    return text.startswith(("\t", "\r", "\n")) or bare.startswith(tuple("=+-@＝＋－＠"))
