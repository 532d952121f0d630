"""Changes of the clock, against a watcher who reasons in another way. benchmarks/schedules.py sweeps all of them."""

from __future__ import annotations

from random import Random

import pytest

from tests.oncall import generated, oracle

# One of each kind: north and south, half an hour, at midnight, at one minute past, with a negative summer time, without rule.
KINDS = (
    *(
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Havana",
        "Africa/Casablanca",
        "Europe/Dublin",
    ),
    *("Asia/Gaza", "America/Santiago", "Asia/Beirut", "Africa/Cairo", "Pacific/Fiji", "Antarctica/Troll"),
)


@pytest.mark.parametrize("zone", KINDS)
def test_a_change_of_the_clock_leaves_no_gap_and_no_double_cover(zone: str) -> None:
    chance = Random(zone)
    for change in chance.sample(oracle.changes(zone), 2):
        watched = generated.watch(change, zone)
        for _ in range(3):
            layers = generated.layers_around(change, zone, chance)
            assert list(generated.differences(layers, watched, chance)) == []


def test_the_watcher_sees_every_minute_once_and_never_goes_back() -> None:
    change = oracle.changes("Europe/Berlin")[1]
    seen = [latest for _, latest in generated.watch(change, "Europe/Berlin")]
    assert len(seen) == generated.MINUTES
    assert seen == sorted(seen)
    assert len(seen) - len(set(seen)) == 60


def test_the_zones_whose_clocks_change_are_found() -> None:
    assert len(oracle.changes("Europe/Berlin")) == 32
    assert oracle.changes("Asia/Tokyo") == ()
