"""Every change of every zone's clock from 2020 to 2035 against the oracle: `python -m benchmarks.schedules [SCHEDULES] [STEP]`.

Around each change, SCHEDULES (2) of them are made up and compared minute by minute, thirty hours before and after, with the
watcher of tests/oncall/oracle.py. STEP (1) takes every STEPth change only. Ends with 1 where anything differs. Then it says how
much processor time a schedule takes that is as large as can be made.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from random import Random

from tests.oncall import generated, oracle

from tocsin.oncall.clock import Span
from tocsin.oncall.definition import MOST_LAYERS, MOST_TURNS
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Layer, Restriction, Schedule, who_is_on_call
from tocsin.oncall.shifts import shifts

MOST_SHOWN = 5
FIRST = datetime.fromisoformat("2026-01-05T09:00")


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
    measure(Schedule(tuple(largest(number) for number in range(MOST_LAYERS))))
    return int(differing > 0)


def largest(number: int) -> Layer:
    """A layer of as many people as there can be, by turns, open for five hours of every workday at times of its own."""
    turns = tuple((f"{person}",) for person in range(MOST_TURNS))
    hours = (Restriction(frozenset(range(5)), clock(hour, number), clock(hour + 1, number)) for hour in range(8, 18, 2))
    unit = tuple(Unit)[number % len(Unit)]
    return Layer(str(number), Rotation(turns, FIRST, "Europe/Berlin", unit, 2), tuple(hours))


def measure(schedule: Schedule) -> None:
    """Prints the processor time of one instant and of 90 days."""
    at = datetime(2026, 3, 3, 11, tzinfo=UTC)
    started = time.process_time()
    who_is_on_call(schedule, at)
    asked = time.process_time()
    found = shifts(schedule, Span(at, at + timedelta(days=90)))
    took = time.process_time() - asked
    print(f"{MOST_LAYERS} layers of {MOST_TURNS} people: {1000 * (asked - started):.1f} ms for one instant,", end=" ")
    print(f"{1000 * took:.0f} ms for the {len(found)} shifts of 90 days")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
