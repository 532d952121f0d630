"""Turns and hours of other products as those of ours: by the clock on the wall, by the weekday. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from tocsin.oncall.clock import DAY, Span
from tocsin.oncall.imports.found import CantBeMade
from tocsin.oncall.rotation import YEARS, Rotation, Unit
from tocsin.oncall.schedule import Layer, Restriction

WEEK = 7 * DAY
MINUTE = timedelta(minutes=1)
EVERY_DAY = frozenset(range(7))
# Weeks repeat, and clocks are changed within a year.
LOOKED_AT = 53 * WEEK


def unit_of(turn: timedelta) -> tuple[Unit, int]:
    """A length in the greatest unit of which it is a whole number. Raises CantBeMade where it is none of hours."""
    for unit in (Unit.WEEKS, Unit.DAYS, Unit.HOURS):
        every, rest = divmod(turn, timedelta(**{unit: 1}))
        if not rest and every:
            return unit, every
    raise CantBeMade(f"turns of {turn} are no whole number of hours")


def begin_of(at: datetime, place: tzinfo) -> datetime:
    """What the clock shows when something begins. Raises CantBeMade for a year in which nobody is on call."""
    if at.year not in YEARS:
        raise CantBeMade(f"{at:%Y-%m-%d} is no day on which anything begins")
    return at.astimezone(place).replace(tzinfo=None, fold=0)


def end_of(at: datetime | None, place: tzinfo) -> datetime | None:
    """What the clock shows when something ends; never, where that is what a year far away means."""
    return None if at is None or at.year >= YEARS.stop else begin_of(at, place)


def continued(rotation: Rotation, at: datetime) -> Rotation:
    """The same rotation, begun with the turn that it has at an instant."""
    ordinal = rotation.ordinal(at)
    first = ordinal % len(rotation.turns)
    turns = rotation.turns[first:] + rotation.turns[:first]
    return replace(rotation, turns=turns, start=rotation.wall(ordinal))


def stretch(opens: time, length: timedelta, days: Iterable[int] = EVERY_DAY) -> Iterator[Restriction]:
    """Hours that begin at one time on each of these days, from Monday 0, in parts of at most a day.

    Begun minutes count as whole ones: 23:59:59 is how others write midnight. Raises CantBeMade for no hours at all, as a layer
    without any is not kept to hours.
    """
    if length <= timedelta():
        raise CantBeMade("hours that it is kept to end as they begin")
    length = min(length + -length % MINUTE, WEEK)
    begin = datetime.combine(date.min, opens)
    firsts = frozenset(days)
    for begun in range(-(-length // DAY)):
        part = min(DAY, length - begun * DAY)
        closes = (begin + part).time()
        yield Restriction(frozenset((day + begun) % 7 for day in firsts), opens, closes)


def merged(restrictions: Iterable[Restriction]) -> tuple[Restriction, ...]:
    """The same hours, those of equal times as one."""
    days: dict[tuple[time, time], frozenset[int]] = defaultdict(frozenset)
    for each in restrictions:
        days[each.opens, each.closes] |= each.days
    return tuple(Restriction(found, *times) for times, found in days.items())


def named(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Layers with a name of its own each."""
    taken: set[str] = set()
    found = []
    for number, layer in enumerate(layers, 1):
        name = " ".join(layer.name.split())[:80] or f"Layer {number}"
        name = f"{name} ({number})" if name in taken else name
        taken.add(name)
        found.append(replace(layer, name=name))
    return tuple(found)


def apart(layers: Iterable[Layer], now: datetime) -> list[list[Layer]]:
    """Layers in groups, in none of which two have somebody on call at the same time; one group where that never happens."""
    span = Span(now, now + LOOKED_AT)
    groups: list[list[Layer]] = []
    for layer in layers:
        free = (group for group in groups if not any(_meet(layer, other, span) for other in group))
        if group := next(free, None):
            group.append(layer)
        else:
            groups.append([layer])
    return groups


def _meet(one: Layer, other: Layer, span: Span) -> bool:
    """Whether both are open at once: then that begins where one of them opens."""
    begins = {span.start, one.rotation.handover(0), other.rotation.handover(0)}
    begins |= {hours.start for layer in (one, other) for hours in layer.hours(span)}
    return any(span.covers(at) and one.on_call(at).duties and other.on_call(at).duties for at in begins)
