"""Words about messages to the journal: interfaces and why one is given up."""

from __future__ import annotations

from kiosk.language.texts import tr
from kiosk.model.outbox import DiscardReason
from kiosk.ui.words.mark import mark

INTERFACES: dict[str, str] = {
    "fhir-transaction": mark("FHIR"),
    "fhir-batch": mark("FHIR"),
    "fhir-single": mark("FHIR"),
    "hl7v2-mllp": mark("HL7"),
    "gdt-file": mark("GDT-fil"),
    "csv-file": mark("CSV-fil"),
    "clinic-database": mark("klinikken"),
}
"""What an interface is called on the screen."""


def interface_name(adapter: str) -> str:
    """The name of an interface; nothing for none."""
    return tr(INTERFACES.get(adapter, adapter)) if adapter else ""


DISCARD_REASONS: dict[DiscardReason, str] = {
    DiscardReason.ALREADY_THERE: mark("Står alt i journalen"),
    DiscardReason.MEASURED_AGAIN: mark("Målt på nytt"),
    DiscardReason.WRONG: mark("Målingen er feil"),
    DiscardReason.ONLY_A_TRY: mark("Var bare en prøve"),
}
