"""Schedules made up at random around a change of the clock, and what the oracle says against them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.oncall import oracle
from tocsin.oncall.clock import Span
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Layer, Restriction, Schedule, who_is_on_call
from tocsin.oncall.shifts import shifts

# As long before and after a change as its traces can be seen: a day, and the longest change.
AROUND = timedelta(hours=30)
MINUTES = int(2 * AROUND / oracle.MINUTE)
ASKED_DIRECTLY = 12
# Times of day at which clocks change somewhere, and around them, are drawn as often as all others.
_NEAR = tuple(time(hour, minute) for hour in (0, 1, 2, 3, 23) for minute in (0, 1, 15, 30, 45, 59))
_EVERY = {Unit.HOURS: (1, 2, 5, 8, 12, 24, 36), Unit.DAYS: (1, 2, 5), Unit.WEEKS: (1, 2), Unit.MONTHS: (1, 2, 3)}


def layers_around(change: datetime, zone: str, chance: Random) -> tuple[Layer, ...]:
    """One to three layers with turns of one person; no two layers share a person."""
    wall = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return tuple(_layer(number, wall, zone, chance) for number in range(chance.randint(1, 3)))


def _layer(number: int, wall: datetime, zone: str, chance: Random) -> Layer:
    unit = chance.choice(list(Unit))
    day = (
        _month_before(wall.date(), chance)
        if unit is Unit.MONTHS
        else wall.date() - timedelta(days=chance.randint(0, 20))
    )
    turns = tuple((f"{number}-{one}",) for one in range(chance.randint(1, 4)))
    rotation = Rotation(turns, datetime.combine(day, _time(chance)), zone, unit, chance.choice(_EVERY[unit]))
    restrictions = tuple(_restriction(chance) for _ in range(chance.choice((0, 0, 1, 1, 2))))
    ends = datetime.combine(wall.date(), _time(chance)) if chance.random() < 0.2 else None
    return Layer(f"layer {number}", rotation, restrictions, ends)


def _month_before(day: date, chance: Random) -> date:
    """A day in one of the two years before from which on, half of the time, turns of months are handed over around `day`."""
    wanted = {day.day, (day + timedelta(days=1)).day, 31} if chance.random() < 0.5 else range(1, 32)
    near = [day - timedelta(days=back) for back in range(750)]
    return chance.choice([one for one in near if one.day in wanted])


def _restriction(chance: Random) -> Restriction:
    days = frozenset(chance.sample(range(7), chance.choice((1, 3, 5, 7, 7))))
    return Restriction(days, _time(chance), _time(chance))


def _time(chance: Random) -> time:
    return chance.choice(_NEAR) if chance.random() < 0.5 else time(chance.randrange(24), chance.randrange(60))


def watch(change: datetime, zone: str) -> list[tuple[datetime, datetime]]:
    """Each minute around a change, with the watcher's time."""
    return list(oracle.watched(change - AROUND, MINUTES, ZoneInfo(zone)))


def differences(
    layers: tuple[Layer, ...], watched: list[tuple[datetime, datetime]], chance: Random
) -> Iterator[tuple[datetime, str, str]]:
    """The minutes in which a schedule and the oracle differ: when, and whom each of the two names."""
    schedule = Schedule(layers)
    by_shifts = _by_minute(schedule, watched[0][0])
    said = [oracle.on_call(layers, latest) for _, latest in watched]
    for (at, _), ours, theirs in zip(watched, by_shifts, said, strict=True):
        if ours != theirs:
            yield at, ours, theirs
    for place in chance.sample(range(MINUTES), ASKED_DIRECTLY):
        at, ours = watched[place][0], ",".join(who_is_on_call(schedule, watched[place][0]).people)
        if ours != said[place]:
            yield at, ours, said[place]


def _by_minute(schedule: Schedule, start: datetime) -> list[str]:
    """Who is on call in each minute; two who are at once show as both."""
    found = [""] * MINUTES
    for shift in shifts(schedule, Span(start, start + 2 * AROUND)):
        for minute in range(_minutes(shift.span.start - start), _minutes(shift.span.end - start)):
            found[minute] = f"{found[minute]},{shift.person}" if found[minute] else shift.person
    return found


def _minutes(length: timedelta) -> int:
    whole, rest = divmod(length, oracle.MINUTE)
    assert not rest, "a shift begins or ends within a minute"
    return whole
