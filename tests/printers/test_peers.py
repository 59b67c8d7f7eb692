"""Programs by others take our slips and our simulated printer for what they should be."""

from __future__ import annotations

import base64
import json
import subprocess
from contextlib import ExitStack

import pytest

from drivers.printers.command_bytes import picture_rows
from drivers.printers.models import WIDTHS
from kiosk.receipts.languages import SLIP_LANGUAGES
from tests.full import PROVING
from tests.journal.validators import NODE, SCRIPTS
from tests.printers.raw_port import RawPort
from tests.receipts.wire import sent, standard_slip

PAPER = 576
HOST = "127.91.7.{}"
"""Loopback addresses of this test alone: the port that receiptio asks is always 9100."""


def told(script: str, *arguments: str, given: str = "") -> list:
    command = [str(NODE), str(SCRIPTS / script), *arguments]
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=True, timeout=100
    )
    return json.loads(done.stdout)


def placed(commands: list[dict]) -> list[str]:
    """The rows of dots on the paper, by the commands as the other program understood them."""
    left, area, right, rows = 0, PAPER, False, []
    for one in commands:
        match one:
            case {"name": "GS L", "args": [low, high]}:
                left = low + 256 * high
            case {"name": "GS W", "args": [low, high]}:
                area = low + 256 * high
            case {"name": "ESC a", "args": [side]}:
                right = side == 2
            case {"name": "GS v0", "rows": dots}:
                rows += [("0" * left + (r.rjust(area, "0") if right else r)) for r in dots]
    return [row.ljust(PAPER, "0") for row in rows]


CASES = [
    (language, width, aligns)
    for language in SLIP_LANGUAGES
    for width in WIDTHS
    for aligns in (False, True)
]
SAMPLE = [("uk", 384, False), ("ar", 512, True)]


@pytest.mark.prove
def test_npos_reads_slips_dot_by_dot():
    cases = CASES if PROVING else SAMPLE
    slips = [standard_slip(language, width) for language, width, _ in cases]
    streams = [sent(s, aligns=aligns) for s, (_, _, aligns) in zip(slips, cases, strict=True)]
    given = json.dumps([base64.b64encode(stream).decode() for stream in streams])
    for case, slip, commands in zip(cases, slips, told("read-slips.mjs", given=given), strict=True):
        width, aligns = case[1:]
        dots = picture_rows(slip, aligns=aligns)
        size = width // 8
        wanted = [
            f"{int.from_bytes(dots[at : at + size]):0{width}b}".ljust(PAPER, "0")
            for at in range(0, len(dots), size)
        ]
        assert placed(commands) == wanted, case
        names = [one["name"] for one in commands]
        assert names[:1] + names[-4:] == ["ESC @", "ESC d", "GS V", "GS (H", "GS r"], case


def test_receiptio_reads_the_states_of_the_simulated_printer():
    with ExitStack() as ports:
        _, empty, is_open = (
            ports.enter_context(RawPort(address=(HOST.format(n), 9100))) for n in (1, 2, 3)
        )
        empty.mechanism.set_paper(present=False)
        is_open.mechanism.set_cover(is_open=True)
        states = told("printer-states.mjs", *(HOST.format(n) for n in (1, 2, 3)))
    assert states == ["online", "paperempty", "coveropen"]
