"""``make mutants``: does any test notice when a rule is damaged?

Runs every module of ``rules.toml``, or those named on the command line by the end of their name,
and prints each survivor, and for each module how many mutants there were, were noticed, are named
as equivalent and survived. Ends with 1 if one survived or an equivalent one is not there any more.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main() -> int:
    """Try the mutants and tell."""
    asked_for = _arguments()
    rules = tomllib.loads((HERE / "rules.toml").read_text("utf-8"))
    equal = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8"))["equivalent"]
    bad = False
    for module, tests in rules["modules"].items():
        if asked_for.modules and not any(module.endswith(end) for end in asked_for.modules):
            continue
        named = {(row["where"], row["change"]) for row in equal if row["module"] == module}
        reach = rules["leave_out"], module in rules["kept"]
        bad |= _try_module(module, tests, reach, named, asked_for.sample)
    return 1 if bad else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--sample", type=int, default=0, help="so many of each module, by chance")
    return parser.parse_args()


def _try_module(
    module: str,
    tests: list[str],
    reach: tuple[str, bool],
    named: set[tuple[str, str]],
    sample: int,
) -> bool:
    from tests.mutants import trying

    begun, path = time.monotonic(), ROOT / (module.replace(".", "/") + ".py")
    all_of_them = [_Told(*told) for told in trying.asked(lambda: _made(path, module))]
    leave_out, kept = reach
    reached = trying.reached(path, tests, leave_out)
    if kept:
        for mutant in all_of_them:
            mutant.lines = None
    chosen = all_of_them
    if sample and sample < len(chosen):
        chosen = random.Random(module).sample(chosen, sample)
    left = [m for m in chosen if (m.where, m.change) not in named]
    survivors = []
    for mutant in left:
        if not _noticed(trying, path, mutant, reached):
            survivors.append(mutant)
            told = f"  survived  {path.name}:{mutant.line} {mutant.where}: {mutant.change}"
            print(told, flush=True)
    gone = named - {(m.where, m.change) for m in all_of_them}
    print(
        f"{module}: {len(chosen)} mutants, {len(left) - len(survivors)} noticed, "
        f"{len(chosen) - len(left)} equivalent, {len(survivors)} survived, "
        f"{time.monotonic() - begun:.0f} s",
        flush=True,
    )
    for where, change in sorted(gone):
        print(f"  is named as equivalent and not there  {where}: {change}", flush=True)
    return bool(survivors or gone)


class _Told:
    def __init__(self, where: str, change: str, line: int, lines: list[int], source: str) -> None:
        self.where, self.change, self.line, self.source = where, change, line, source
        self.lines = range(*lines) if lines else None


def _made(path: Path, module: str) -> list[tuple[str, str, int, list[int], str]]:
    from tests.mutants.damage import mutants_of

    found = mutants_of(path, import_module(module))
    return [
        (m.where, m.change, m.line, [m.lines.start, m.lines.stop] if m.lines else [], m.source)
        for m in found
    ]


def _noticed(trying, path: Path, mutant: _Told, reached) -> bool:
    tests = reached.tests_for(mutant.lines)
    seconds = sum(reached.seconds[test] for test in tests)
    return bool(tests) and trying.killed(path, mutant.source, tests, seconds)


if __name__ == "__main__":
    sys.exit(main())
