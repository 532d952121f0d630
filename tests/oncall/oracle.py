"""Who is on call by another way of reasoning: watch the clock on the wall, minute by minute, and never let it go back.

Nothing here asks a zone for the instant of a wall time. A watcher writes down the latest time that the clock has shown so far;
in the night in which it repeats an hour, the watcher's time stands still. On that time all arithmetic is plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Layer

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
# A watcher who begins this long before has seen every time that a clock may show again.
LEAD = timedelta(hours=27)


def watched(start: datetime, minutes: int, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Each minute from `start` on, with the latest time that the clock has shown by then."""
    at = start - LEAD
    latest = at.astimezone(zone).replace(tzinfo=None)
    for _ in range(int(LEAD / MINUTE) + minutes):
        latest = max(latest, at.astimezone(zone).replace(tzinfo=None))
        if at >= start:
            yield at, latest
        at += MINUTE


def on_call(layers: tuple[Layer, ...], latest: datetime) -> str:
    """Who is on call in layers of one zone with turns of one person, when the watcher's time is `latest`; empty: nobody."""
    winner = ""
    for layer in layers:
        if layer.rotation.start <= latest and (layer.ends is None or latest < layer.ends) and is_open(layer, latest):
            winner = layer.rotation.turns[passed(layer.rotation, latest) % len(layer.rotation.turns)][0]
    return winner


def passed(rotation: Rotation, latest: datetime) -> int:
    """How many hand-overs there were after the first, when the watcher's time is `latest`."""
    if rotation.unit is not Unit.MONTHS:
        return int((latest - rotation.start) / timedelta(**{rotation.unit: rotation.every}))
    count, year, month = -1, rotation.start.year, rotation.start.month
    while of_month(rotation.start, year, month) <= latest:
        count, month = count + 1, month + rotation.every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return count


def of_month(start: datetime, year: int, month: int) -> datetime:
    """The day of a month on which those hand over who began at `start`: the last day not behind that which there is."""
    for day in range(start.day, 0, -1):
        with suppress(ValueError):
            return start.replace(year=year, month=month, day=day)
    raise AssertionError("a month without days")


def is_open(layer: Layer, latest: datetime) -> bool:
    """Whether one of its restrictions holds, today's or one of yesterday that goes on over midnight."""
    today, clock = latest.weekday(), latest.time()
    for each in layer.restrictions:
        over_midnight = each.closes <= each.opens
        if today in each.days and clock >= each.opens and (over_midnight or clock < each.closes):
            return True
        if over_midnight and (today - 1) % 7 in each.days and clock < each.closes:
            return True
    return not layer.restrictions


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The minutes from 2020 to 2035 in which the clock of a zone changes, found by halving days that end with another offset."""
    zone, found, day = ZoneInfo(name), [], FIRST
    while day < LAST:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            low, high = day, day + DAY
            while high - low > MINUTE:
                middle = low + ((high - low) // 2 // MINUTE) * MINUTE
                is_old = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if is_old else (low, middle)
            found.append(high)
        day += DAY
    return tuple(found)


def zones() -> list[str]:
    """Every zone whose clock changes at all from 2020 to 2035."""
    return [name for name in sorted(available_timezones()) if changes(name)]
