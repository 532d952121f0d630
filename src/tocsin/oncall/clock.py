"""From the clock on the wall to the one instant that it means, the same for every hand-over, opening and closing. Pure.

A wall time means the first instant at which the clock shows it or a later one. So a time that a change of the clock skips is
the instant of the jump, and of a time that is shown twice the first counts (fold=0). This order never turns back: what lies in
order on the wall lies in order in time, and no change of the clock can leave a gap between two shifts or make them overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class BadSchedule(ValueError):
    """A schedule, or a change of one, that makes no sense; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time between two instants; the end is not part of it."""

    start: datetime
    end: datetime

    def covers(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.start <= at < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether they have an instant in common."""
        return max(self.start, other.start) < min(self.end, other.end)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as there can be, in order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


# Of the zone database, and no place's clock: that of the machine, and that of one that nobody has set.
_NO_PLACES = frozenset({"localtime", "Factory"})


def zone_names() -> list[str]:
    """The zones that people choose from, in order."""
    return sorted(available_timezones() - _NO_PLACES)


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises BadSchedule."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSchedule(f"“{name}” is no time zone; write one such as Europe/Berlin.") from error


@lru_cache(maxsize=1 << 14)
def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which a clock in `zone` shows `wall`, which has no zone of its own, or a later time."""
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if shown(at, zone) == wall:
        return at
    return _jump(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), at, zone)


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in `zone` shows at an instant, without its zone."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second, in UTC, at which the clock changes between two instants."""
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = before.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def days_around(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """The days that a clock in `zone` shows during a span, with one more before and after."""
    day, last = shown(span.start, zone).date() - DAY, shown(span.end, zone).date() + DAY
    while day <= last:
        yield day
        day += DAY


def daily(day: date, opens: time, closes: time, zone: ZoneInfo) -> Span:
    """From one time of a day to another, which is of the next day where it is not later."""
    last = day if closes > opens else day + DAY
    return Span(instant(datetime.combine(day, opens), zone), instant(datetime.combine(last, closes), zone))
