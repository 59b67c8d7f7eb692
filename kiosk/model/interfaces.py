"""Every way a message may go, by the key that is kept with it: each once, with what is true of it.

The keys stand in stores that exist: none is ever changed or used for something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.language.marking import mark

FHIR_TRANSACTION, FHIR_BATCH, FHIR_SINGLE = "fhir-transaction", "fhir-batch", "fhir-single"
HL7, GDT_FILE, CSV_FILE, CLINIC = "hl7v2-mllp", "gdt-file", "csv-file", "clinic-database"


@dataclass(frozen=True, slots=True)
class Interface:
    """One way. ``name`` is what it is called on the screen.

    ``finds_out``: it can learn what became of a message in doubt (the journal is asked, the folder
    looked into, the clinic's database given the same again); of any other nobody can tell.
    ``by_files``: it writes files, and stays with the station that measured. ``characters`` is how
    the frozen bytes are spelt.
    """

    name: str
    finds_out: bool = True
    by_files: bool = False
    characters: str = "utf-8"


INTERFACES: dict[str, Interface] = {
    FHIR_TRANSACTION: Interface(mark("FHIR")),
    FHIR_BATCH: Interface(mark("FHIR")),
    FHIR_SINGLE: Interface(mark("FHIR")),
    HL7: Interface(mark("HL7"), finds_out=False),
    GDT_FILE: Interface(mark("GDT-fil"), by_files=True, characters="iso-8859-1"),
    CSV_FILE: Interface(mark("CSV-fil"), by_files=True),
    CLINIC: Interface(mark("klinikken")),
}

FINDS_OUT = frozenset(key for key, one in INTERFACES.items() if one.finds_out)
BY_FILES = frozenset(key for key, one in INTERFACES.items() if one.by_files)
