"""``python -m tests.bench [ANCHOR …]``: every anchor beside its peer, in one run.

Prints a table, writes ``docs/benchmarks.md`` when all anchors ran, and ends with 1 if a bar was
missed. Only ratios of one run mean anything; absolute figures hold for one machine.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.bench import driver_table
from tests.bench.result import Result
from tests.receipts import wire

MODULES = ("decoders", "drivers", "links", "store", "journal", "waiting", "printer", "ui")
REPORT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Each anchor is measured side by side with its baseline or peer in the same run (`make bench`),
interleaved; only the ratios mean anything, absolute figures hold for one machine. This run:
{machine}.

{summary}

"""


def collect(names: Iterable[str]) -> tuple[list[Result], str]:
    """Run the named modules one after the other, so that none disturbs another.

    Returns the lines of the table and the pages that stand below it.
    """
    results: list[Result] = []
    pages: list[str] = []
    for name in names:
        print(f"… {name}", file=sys.stderr, flush=True)
        if name == "drivers":
            rows = driver_table.rows()
            results += driver_table.results(rows)
            pages += [driver_table.markdown(rows), wire.markdown()]
        else:
            results += _anchors(name)
    return results, "\n".join(pages)


def _anchors(name: str) -> list[Result]:
    found: list[Result] = (
        screen() if name == "ui" else import_module(f"tests.bench.anchors_{name}").run()
    )
    return found


def screen() -> list[Result]:
    """The screen's anchors on the whole station, under an X server of their own."""
    from kiosk.demo.display import VirtualDisplay
    from tests.bench import anchors_ui
    from tests.bench.whole_station import configured

    display = VirtualDisplay(1280, 800)
    try:
        with configured() as (command, ready_file):
            return anchors_ui.run(anchors_ui.Program(command, ready_file=ready_file))
    finally:
        display.stop()


def figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(results: Iterable[Result]) -> str:
    lines = [
        "| anchor | what | ours | peer | ratio | bar | met | note |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in results:
        met = "yes" if r.passed else "**no**"
        cells = (r.anchor, r.what, figure(r.ours), figure(r.peer), figure(r.ratio), r.bar, met)
        lines.append("| " + " | ".join(cells) + f" | {r.note} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    results, pages = collect(arguments or MODULES)
    missed = [r for r in results if not r.passed]
    summary = f"{len(results) - len(missed)} of {len(results)} bars met."
    print(table(results))
    print(f"{summary}\n\n{pages}")
    if not arguments:
        machine = (
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
            f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, "
            "software rendering"
        )
        text = HEAD.format(machine=machine, summary=summary) + table(results) + "\n\n" + pages
        REPORT.write_text(text, "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
