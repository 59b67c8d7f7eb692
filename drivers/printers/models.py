"""What is known of printer models: how many dots their paper takes, and which are no use here.

Widths from python-escpos's table of capabilities (a test compares the two) and, for the models it
lacks, from Epson's specifications: 203 dots an inch give 576 on 80 mm paper, 180 give 512.
"""

from __future__ import annotations

import re

WIDTHS = (384, 512, 576)
"""Dots across the paper that a slip can be laid out for, narrowest first."""

SAFE_WIDTH = 384
"""What fits every printer, where neither the printer nor a person has told its width: on paper
that is too narrow the end of a value would be missing.
"""

MODELS = {
    "80-V-UL": 576,
    "CT-S651": 576,
    "KR-306": 576,
    "NT-5890": 384,
    "NT-80": 576,
    "P822D": 576,
    "POS5890": 384,
    "POS-5890": 384,
    "SUNMI V2": 384,
    "TH230": 576,
    "TM-L90": 576,
    "TM-M30": 576,
    "TM-P80": 576,
    "TM-T20": 576,
    "TM-T70": 512,
    "TM-T82": 576,
    "TM-T88": 512,
    "TM-T90": 512,
    "TSP600": 576,
    "ZJ-5870": 384,
}
"""By how the model's name begins; the longest that fits counts."""

RASTER_ONLY = ("TSP100", "TSP113", "TSP143")
"""Star printers that understand nothing but raster commands of Star's own kind."""

UNSUPPORTED_USB = {(0x0519, 0x0003): "Star TSP100"}
"""By vendor and product number, as in the list of USB ids."""


def width_of(model: str) -> int | None:
    """Dots across the paper of a model by the name it answers; ``None`` if it is not known."""
    name = model.strip().upper()
    known = [start for start in MODELS if name.startswith(start)]
    return MODELS[max(known, key=len)] if known else None


def aligns_pictures(model: str, width: int) -> bool:
    """Whether a model puts pictures at the right edge of ``width`` dots when told so.

    Epson's do (``ESC a`` counts for ``GS v 0``); of other makers some leave them at the left.
    """
    return model.strip().upper().startswith("TM-") and width_of(model) == width


def model_of(device_id: str) -> str:
    """The model in an IEEE 1284 identity (``MDL:`` or ``MODEL:``), or an empty string."""
    found = re.search(r"(?:^|;)\s*(?:MDL|MODEL):([^;]*)", device_id)
    return found[1].strip() if found else ""


def is_unsupported(device_id: str) -> bool:
    """Whether an IEEE 1284 identity or a model's name is of a printer that takes no ESC/POS."""
    name = (model_of(device_id) or device_id).upper()
    return any(model in name for model in RASTER_ONLY)
