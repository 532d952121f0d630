"""Whose turn it is: people in an order, who hand over at times of a clock on the wall. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tocsin.oncall.clock import BadSchedule, Span, instant, shown, zone_named

LONGEST_TURN, MOST_MONTHS = timedelta(weeks=53), 12
# Far from where arithmetic with dates ends.
YEARS = range(1990, 2200)


class Unit(StrEnum):
    """What the length of a turn is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns. `turns`: who is in each, one or several; `start`: the first hand-over, of the clock in `zone`.

    A turn lasts `every` units on the wall, never a number of hours in between: a daily hand-over at 09:00 stays at 09:00. With
    hours, the turn in which a clock goes back lasts longer, and the one that it skips does not take place. With months, turns
    begin on the day of the month of `start`; in a month that does not have it, on its last: from 31 January on, that is
    28 February, then 31 March again.
    Raises BadSchedule where nobody could follow it.
    """

    turns: tuple[tuple[str, ...], ...]
    start: datetime
    zone: str
    unit: Unit = Unit.WEEKS
    every: int = 1

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if self.start.tzinfo is not None or self.start.year not in YEARS:
            raise BadSchedule("Say when the first turn begins by the clock on the wall, such as 2026-03-02T09:00.")
        if not self.turns or not all(self.turns):
            raise BadSchedule("Say whose turn it is: a rotation needs at least one person.")
        longest = MOST_MONTHS if self.unit is Unit.MONTHS else LONGEST_TURN // timedelta(**{self.unit: 1})
        if not 1 <= self.every <= longest:
            weeks = LONGEST_TURN.days // 7
            raise BadSchedule(f"A turn lasts at least one hour and at most {weeks} weeks or {MOST_MONTHS} months.")

    @property
    def place(self) -> ZoneInfo:
        """The zone of its clock."""
        return zone_named(self.zone)

    def wall(self, ordinal: int) -> datetime:
        """What the clock shows when a turn begins; the first is number 0."""
        if self.unit is not Unit.MONTHS:
            return self.start + ordinal * timedelta(**{self.unit: self.every})
        year, before = divmod(_month(self.start) + ordinal * self.every, 12)
        day = min(self.start.day, monthrange(year, before + 1)[1])
        return self.start.replace(year=year, month=before + 1, day=day)

    def handover(self, ordinal: int) -> datetime:
        """When a turn begins, in UTC."""
        return instant(self.wall(ordinal), self.place)

    def ordinal(self, at: datetime) -> int:
        """Which turn it is at an instant; negative before the first."""
        number = self._passed(shown(at, self.place))
        while self.handover(number + 1) <= at:  # the clock went back: it shows less than it did
            number += 1
        while self.handover(number) > at:
            number -= 1
        return number

    def _passed(self, wall: datetime) -> int:
        """How many turns have passed when the clock shows this; of months, those that have begun count."""
        if self.unit is Unit.MONTHS:
            return (_month(wall) - _month(self.start)) // self.every
        return (wall - self.start) // timedelta(**{self.unit: self.every})

    def handovers(self, span: Span) -> Iterator[datetime]:
        """The hand-overs within a span, its start left out."""
        number = max(0, self.ordinal(span.start) + 1)
        while (at := self.handover(number)) < span.end:
            yield at
            number += 1

    def present(self, ordinal: int, away: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Who has a turn, each with whom they stand in for, empty for their own: the next in the order who is there."""
        own, count = self.turns[ordinal % len(self.turns)], len(self.turns)
        others = (one for ahead in range(1, count) for one in self.turns[(ordinal + ahead) % count])
        taken = {*own, *away}
        for person in dict.fromkeys(own):
            if person not in away:
                yield person, ""
            elif other := next((one for one in others if one not in taken), ""):
                taken.add(other)
                yield other, person


def _month(wall: datetime) -> int:
    """Months since the beginning of the calendar."""
    return wall.year * 12 + wall.month - 1
