"""Every change of every zone's clock from 2020 to 2035 against the oracle: `python -m benchmarks.schedules [SCHEDULES] [STEP]`.

Around each change, SCHEDULES (2) of them are made up and compared minute by minute, thirty hours before and after, with the
watcher of tests/oncall/oracle.py. STEP (1) takes every STEPth change only. Ends with 1 where anything differs.
"""

from __future__ import annotations

import sys
import time
from random import Random

from tests.oncall import generated, oracle

MOST_SHOWN = 5


def main(schedules: int = 2, step: int = 1) -> int:
    """Prints what was compared and what differed."""
    started, compared, differing, shown = time.perf_counter(), 0, 0, 0
    zones = oracle.zones()
    changes = [(zone, change) for zone in zones for change in oracle.changes(zone)][::step]
    for zone, change in changes:
        chance = Random(f"{zone} {change}")
        watched = generated.watch(change, zone)
        for _ in range(schedules):
            layers = generated.layers_around(change, zone, chance)
            found = list(generated.differences(layers, watched, chance))
            compared, differing = compared + generated.MINUTES + generated.ASKED_DIRECTLY, differing + len(found)
            if found and shown < MOST_SHOWN:
                shown += 1
                print(zone, *found[0], layers)
    took = time.perf_counter() - started
    print(f"{len(zones)} zones, {len(changes)} changes of their clocks, {len(changes) * schedules} schedules")
    print(f"{compared:,} instants compared in {took:.0f} s, {differing} differ")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
