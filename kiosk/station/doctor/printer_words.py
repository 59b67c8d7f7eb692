"""Why the printer cannot be used and what to do, for who looks after the station."""

from __future__ import annotations

from drivers.host import access_to
from drivers.printers.transports import LostCause
from kiosk.language.texts import tr


def loss_of_printer_words(cause: LostCause, address: str) -> str:
    """A sentence for each cause, with the address it is about."""
    if cause is LostCause.NOT_ALLOWED:
        access = access_to(address) if address.startswith("/") else None
        text = tr("Ingen tilgang til skriveren på {address}. Legg brukeren i gruppen {group}.")
        return text.format(address=address, group=access.group if access is not None else "lp")
    texts = {
        LostCause.NOT_FOUND: tr(
            "Det er ingen skriver på {address}. Er den på, og er kabelen i? Se «kiosk devices»."
        ),
        LostCause.BUSY: tr("Et annet program bruker skriveren på {address}. Er CUPS installert?"),
        LostCause.UNPLUGGED: tr("Skriveren på {address} ble borte. Sjekk kabelen."),
    }
    return texts.get(cause, tr("Skriveren på {address} svarer ikke.")).format(address=address)
