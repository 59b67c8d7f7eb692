"""``make fuzz``: a million inputs for each driver on all cores, or as many as FUZZ_INPUTS says.

Prints a line for each driver and ends with 1 if any promise was broken.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from drivers.registry import all_drivers
from tests.fuzz.fuzzing import corpus_of, faults, inputs

INPUTS = int(os.environ.get("FUZZ_INPUTS", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "0")) or time.time_ns() % 1_000_000_007
SHOWN = 5


def fuzz(key: str) -> tuple[str, int, float, list[str]]:
    """Run one driver; returns its key, the inputs, the seconds and the first faults."""
    corpus, start, found = corpus_of(all_drivers()[key]), time.monotonic(), []
    for data in inputs(corpus, SEED, INPUTS):
        found += faults(corpus, data)
        if len(found) >= SHOWN:
            break
    return key, INPUTS, time.monotonic() - start, found


def main() -> int:
    """Run every driver the registry finds, or those named."""
    keys = sys.argv[1:] or sorted(all_drivers())
    print(f"{INPUTS} inputs a driver, FUZZ_SEED={SEED}", flush=True)
    broken = False
    with ProcessPoolExecutor() as pool:
        for key, count, seconds, found in pool.map(fuzz, keys):
            broken |= bool(found)
            word = "BROKEN" if found else "kept"
            print(f"{key:20} {count:>9} inputs {seconds:7.1f} s  {word}", flush=True)
            for fault in found:
                print(f"    {fault}", flush=True)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
