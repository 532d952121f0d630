"""When alerts come in far faster than usual, and what an incident's timeline then says of them. Pure.

The usual rate is an exponentially weighted mean of new firings a minute, per environment. A minute is a storm above
max(20, λ + 6 √λ): six standard deviations of a Poisson process of that rate, and never for a handful of alerts. What comes in a
storm teaches at most the threshold, so that a storm does not become the usual.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

LEAST_STORM = 20
DEVIATIONS = 6.0
# The weight of one minute: half of what is known is forgotten after 8 hours.
MINUTE_WEIGHT = 1 - 0.5 ** (1 / 480)
MINUTE = timedelta(minutes=1)
# In a storm an incident's timeline gets one line in this time; after as long without one the storm is over.
TELL_EVERY = MINUTE
CALM_AFTER = timedelta(minutes=5)
MOST_TITLES = 50
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """New firings of one environment: the usual number a minute, and those of the minute that began at `minute`."""

    usual: float = 0.0
    minute: datetime | None = None
    count: int = 0

    @property
    def threshold(self) -> float:
        """More than this in one minute is a storm."""
        return max(LEAST_STORM, self.usual + DEVIATIONS * math.sqrt(self.usual))

    @property
    def is_storm(self) -> bool:
        """Whether this minute is one."""
        return self.count > self.threshold

    def with_firings(self, count: int, now: datetime) -> Rate:
        """The rate after `count` more firings at `now`; minutes that have passed since become part of the usual."""
        if self.minute is None:
            return Rate(self.usual, now, count)
        passed = max(0, (now - self.minute) // MINUTE)
        if not passed:
            return replace(self, count=self.count + count)
        learnt = self.usual + MINUTE_WEIGHT * (min(self.count, self.threshold) - self.usual)
        return Rate(learnt * (1 - MINUTE_WEIGHT) ** (passed - 1), self.minute + passed * MINUTE, count)


class Pulse(msgspec.Struct, frozen=True, omit_defaults=True):
    """How fast firings join one incident, and the storm that it is or was in.

    `untold` counts, by title, what joined in the storm since the timeline last said so.
    """

    minute: datetime | None = None
    count: int = 0
    storm_since: datetime | None = None
    storm_at: datetime | None = None
    told_at: datetime | None = None
    peak: int = 0
    untold: dict[str, int] = {}

    def is_storm(self, now: datetime) -> bool:
        """Whether the incident is in a storm at `now`."""
        return self.storm_at is not None and now - self.storm_at < CALM_AFTER


@dataclass(frozen=True, slots=True)
class Beat:
    """A pulse after firings joined: `line` is what the timeline says, empty where nothing; `folds` where it says no more."""

    pulse: Pulse
    line: str = ""
    folds: bool = False


def beat(pulse: Pulse, joined: Mapping[str, int], now: datetime, threshold: float) -> Beat:
    """The pulse of an incident after these firings, by title, joined at `now`; `threshold` is the environment's."""
    count = sum(joined.values())
    is_same_minute = pulse.minute is not None and now - pulse.minute < MINUTE
    fresh = msgspec.structs.replace(
        pulse, minute=pulse.minute if is_same_minute else now, count=pulse.count + count if is_same_minute else count
    )
    if fresh.count <= threshold and not pulse.is_storm(now):
        return Beat(fresh)
    begins = not pulse.is_storm(now)
    fresh = msgspec.structs.replace(
        fresh,
        storm_since=now if begins else pulse.storm_since,
        storm_at=now if fresh.count > threshold else pulse.storm_at,
        peak=max(fresh.count, 0 if begins else pulse.peak),
        untold=_added(pulse.untold, joined),  # a storm may begin before the last one's rest was told
    )
    if begins:
        text = f"Alerts come in a storm, {fresh.count} within a minute: {_named(fresh.untold)}. One line a minute sums up more."
        return Beat(msgspec.structs.replace(fresh, told_at=now, untold={}), text, folds=True)
    return told(fresh, now) if fresh.told_at is None or now - fresh.told_at >= TELL_EVERY else Beat(fresh, folds=True)


def told(pulse: Pulse, now: datetime) -> Beat:
    """The pulse after its timeline said what joined since the last line."""
    if not pulse.untold:
        return Beat(pulse, folds=True)
    total = sum(pulse.untold.values())
    line = f"{total} firing{'s' if total > 1 else ''} joined in the storm: {_named(pulse.untold)}."
    return Beat(msgspec.structs.replace(pulse, told_at=now, untold={}), line, folds=True)


def over(pulse: Pulse) -> str:
    """What the timeline says when a storm has calmed down."""
    assert pulse.storm_since is not None
    assert pulse.storm_at is not None
    minutes = max(1, math.ceil((pulse.storm_at - pulse.storm_since) / MINUTE))
    return f"The storm is over. It lasted {minutes} min; at most {pulse.peak} firings joined within a minute."


def _named(counts: Mapping[str, int]) -> str:
    named = [f"{title} ({count})" for title, count in Counter(counts).most_common(MOST_NAMED)]
    more = f" and {len(counts) - MOST_NAMED} others" if len(counts) > MOST_NAMED else ""
    return f"{', '.join(named)}{more}"


def _added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Both together; titles beyond the most that are kept apart are counted as one."""
    sums = dict(counts)
    for title, count in more.items():
        key = title if title in sums or len(sums) < MOST_TITLES else "others"
        sums[key] = sums.get(key, 0) + count
    return sums
