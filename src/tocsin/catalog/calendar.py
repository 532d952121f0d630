"""When a team works: its zone, weekdays, hours and holidays; what "next business day" and business time mean there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Business time that is not over within this many days is a calendar that never opens.
FARTHEST_DAYS = 1500


class NeverOpen(Exception):
    """A calendar without a business day in sight; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A team's working time. `days` counts from Monday, 0; `opens` lies before `closes`; `holidays` has a name a day."""

    zone: str = "UTC"
    days: frozenset[int] = frozenset(range(5))
    opens: time = time(9)
    closes: time = time(17)
    holidays: Mapping[date, str] = field(default_factory=dict)

    def is_business_day(self, day: date) -> bool:
        """Whether the team works on that day, as its zone counts days."""
        return day.weekday() in self.days and day not in self.holidays

    def is_working(self, at: datetime) -> bool:
        """Whether the team works at that instant."""
        local = at.astimezone(ZoneInfo(self.zone))
        return self.is_business_day(local.date()) and self.opens <= local.time() < self.closes

    def next_business_day(self, at: datetime) -> datetime:
        """The opening, in UTC, of the first business day after the day of `at`. Raises NeverOpen."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        return next(opening for opening, _ in self._stretches(today + timedelta(days=1)))

    def after(self, at: datetime, span: timedelta) -> datetime:
        """When `span` of business time has passed since `at`, in UTC. Raises NeverOpen.

        Time passes as clocks on the wall do not: an hour that a change to summer time leaves out is not worked.
        """
        at, left = at.astimezone(UTC), span
        for opening, closing in self._stretches(at.astimezone(ZoneInfo(self.zone)).date()):
            begin = max(at, opening)
            if begin < closing:
                if left <= closing - begin:
                    return begin + left
                left -= closing - begin
        raise AssertionError("stretches end by raising")

    def _stretches(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        """The working times of the business days from `first` on, in UTC."""
        zone = ZoneInfo(self.zone)
        for ahead in range(FARTHEST_DAYS):
            day = first + timedelta(days=ahead)
            if self.is_business_day(day):
                ends = (datetime.combine(day, wall, zone).astimezone(UTC) for wall in (self.opens, self.closes))
                yield next(ends), next(ends)
        raise NeverOpen(f"no business day within {FARTHEST_DAYS} days: choose weekdays, and fewer holidays")
