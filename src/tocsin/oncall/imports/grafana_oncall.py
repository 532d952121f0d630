"""Grafana OnCall: answers of its API, version 1. Pure.

A file a list (`schedules.json`: `{"results": […]}` or `[…]`), called `users`, `schedules`, `on_call_shifts`, `escalation_chains`,
`escalation_policies`, `integrations` or `routes`; or one file with all of them by these names. A schedule names its shifts. A
shift: `{"id": "S1", "type": "rolling_users", "start": "2026-03-02T09:00:00", "time_zone": "Europe/Berlin", "duration": 604800,
"frequency": "weekly", "interval": 1, "week_start": "MO", "by_day": null, "rolling_users": [["U1"], ["U2"]], "level": 1}`. The
higher level wins; those of one level count together. Recurrence as in RFC 5545.
https://grafana.com/docs/oncall/latest/oncall-api-reference/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tocsin.oncall.clock import DAY, BadSchedule, Span, instant, zone_named
from tocsin.oncall.escalation import Policy, Step, Target, To
from tocsin.oncall.imports import found
from tocsin.oncall.imports.found import (
    BadExport,
    CantBeMade,
    Document,
    Found,
    FoundChoice,
    FoundPolicy,
    FoundSchedule,
    Problem,
)
from tocsin.oncall.imports.turns import apart, continued, merged, named, stretch
from tocsin.oncall.rotation import YEARS, Rotation, Unit
from tocsin.oncall.schedule import Kind, Layer, Override, Restriction

NAME = "Grafana OnCall"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNITS = {"hourly": Unit.HOURS, "daily": Unit.DAYS, "weekly": Unit.WEEKS}
SHORTEST, LONGEST = 28, 31  # days of a month
ONCE = ("single_event", "override")
# Waited after a step behind which no wait is said: the shortest that there is.
NO_WAIT = 1
# So often a chain is gone through again there, where it ends in that step.
REPEATS = 5


class _User(msgspec.Struct):
    id: str
    email: str = ""
    username: str = ""
    timezone: str | None = None


class _Schedule(msgspec.Struct):
    id: str
    name: str
    type: str
    time_zone: str | None = None
    shifts: list[str] | None = None
    ical_url_primary: str | None = None
    ical_url_overrides: str | None = None


class _Shift(msgspec.Struct):
    id: str
    type: str
    start: datetime
    duration: found.Seconds
    name: str | None = None
    level: int | None = None
    time_zone: str | None = None
    rotation_start: datetime | None = None
    until: datetime | None = None
    frequency: str | None = None
    interval: found.Count | None = None
    week_start: str | None = None
    by_day: list[str] | None = None
    by_month: list[int] | None = None
    by_monthday: list[int] | None = None
    users: list[str] | None = None
    rolling_users: list[list[str]] | None = None
    start_rotation_from_user_index: int | None = None

    def __post_init__(self) -> None:
        for at in filter(None, (self.start, self.rotation_start, self.until)):
            if at.year not in YEARS:
                raise ValueError(f"{at:%Y-%m-%d} is no day of a shift")

    @property
    def lasts(self) -> timedelta:
        return timedelta(seconds=self.duration)


class _Chain(msgspec.Struct):
    id: str
    name: str


class _Step(msgspec.Struct):
    id: str
    escalation_chain_id: str
    type: str
    position: int = 0
    duration: found.Seconds | None = None
    persons_to_notify: list[str] | None = None
    notify_on_call_from_schedule: str | None = None


class _DefaultRoute(msgspec.Struct):
    escalation_chain_id: str | None = None


class _Integration(msgspec.Struct):
    id: str
    name: str
    default_route: _DefaultRoute | None = None


class _Route(msgspec.Struct):
    id: str
    integration_id: str
    is_the_last_route: bool = False


class _Export(msgspec.Struct):
    users: list[_User] = []
    schedules: list[_Schedule] = []
    on_call_shifts: list[_Shift] = []
    escalation_chains: list[_Chain] = []
    escalation_policies: list[_Step] = []
    integrations: list[_Integration] = []
    routes: list[_Route] = []


LISTS = tuple(field.name for field in msgspec.structs.fields(_Export))


def read(documents: Sequence[Document], now: datetime) -> Found:
    """What lists of the API say. Raises BadExport."""
    notes: list[str] = []
    exports = [found.converted(_lists(each, notes), _Export, each.path) for each in documents]
    everything = {name: found.once(one for each in exports for one in getattr(each, name)) for name in LISTS}
    export = _Export(**everything)
    if not any(everything.values()):
        raise BadExport(f"there is no list called {', '.join(LISTS)} in it, as Grafana OnCall's API answers them")
    problems: list[Problem] = []
    people = {user.id for user in export.users}
    return Found(
        people=tuple(found.Person(u.id, u.username, u.email, u.timezone or "") for u in export.users),
        schedules=tuple(_schedules(export, people, now, problems, notes)),
        policies=tuple(_policies(export, people, problems, notes)),
        choices=tuple(_choices(export, notes)),
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _lists(document: Document, notes: list[str]) -> dict[str, Any]:
    """The lists of a file by their names; one whose name is not known says nothing."""
    content, name = document.content, PurePath(document.path).stem.lower()
    several = content if isinstance(content, dict) and content.keys() & set(LISTS) else {name: content}
    lists = {}
    for key, each in several.items():
        if isinstance(each, dict) and each.get("next"):
            notes.append(f"{document.path}: only a page of an answer (“next” names another)")
        lists[key] = each.get("results", each) if isinstance(each, dict) else each
    return lists


def _schedules(
    export: _Export, people: set[str], now: datetime, problems: list[Problem], notes: list[str]
) -> Iterator[FoundSchedule]:
    shifts = {shift.id: shift for shift in export.on_call_shifts}
    for each in export.schedules:
        try:
            groups = _groups(each, shifts, people, now, notes)
        except (CantBeMade, BadSchedule) as error:
            problems.append(Problem(f"schedule {each.name}", str(error)))
            continue
        if len(groups) > 1:
            notes.append(
                f"schedule {each.name}: shifts that are on call at the same time become {len(groups)} schedules"
            )
        for number, group in enumerate(groups, 1):
            name = each.name if len(groups) == 1 else f"{each.name} ({number})"
            zone = each.time_zone or "UTC"
            yield FoundSchedule(
                each.id, name, zone, named(group), overrides=tuple(_overrides(each, shifts, people, now))
            )


def _groups(
    schedule: _Schedule, shifts: Mapping[str, _Shift], people: set[str], now: datetime, notes: list[str]
) -> list[list[Layer]]:
    """The layers of a schedule, the higher levels behind; several groups where some count at the same time."""
    if schedule.ical_url_primary:
        host = urlsplit(schedule.ical_url_primary).hostname
        raise CantBeMade(f"its shifts are in a calendar at {host}, not in the export")
    if schedule.ical_url_overrides:
        notes.append(f"schedule {schedule.name}: overrides out of a calendar are left out")
    zone = schedule.time_zone or "UTC"
    found.references(schedule.name, schedule.shifts or (), shifts, "shift")
    living = [shift for key in schedule.shifts or () if not _is_over(shift := shifts[key], zone, now)]
    notes += [
        f"schedule {schedule.name}: “{shift.name}” happens once and is left out"
        for shift in living
        if shift.type == "single_event" or (shift.type == "override" and not _stand_in(shift, people))
    ]
    notes += [
        f"schedule {schedule.name}: a turn of “{shift.name}” lasts until the next, there {shift.lasts.days} days"
        for shift in living
        if shift.frequency == "monthly"
    ]
    levels: dict[int, list[Layer]] = defaultdict(list)
    for shift in living:
        if shift.type not in ONCE:
            levels[shift.level or 0].append(_layer(shift, zone, people))
    if not levels:
        raise CantBeMade("it has no shift that comes again, or all of them are over")
    groups = {level: apart(levels[level], now) for level in sorted(levels)}
    if len(groups) == 1:
        return next(iter(groups.values()))
    if any(len(each) > 1 for each in groups.values()):
        raise CantBeMade("on several levels, it has shifts of one level at the same time")
    return [[layer for [group] in groups.values() for layer in group]]


def _overrides(
    schedule: _Schedule, shifts: Mapping[str, _Shift], people: set[str], now: datetime
) -> Iterator[Override]:
    """Those of one person that are not over."""
    for shift in (shifts[key] for key in schedule.shifts or ()):
        zone = shift.time_zone or schedule.time_zone or "UTC"
        if shift.type == "override" and _stand_in(shift, people) and not _is_over(shift, zone, now):
            span = Span(_at(shift.start, zone), _at(shift.start + shift.lasts, zone))
            yield Override(Kind.REPLACE, span, _stand_in(shift, people))


def _stand_in(shift: _Shift, people: set[str]) -> str:
    """The one person of an override; nothing where there are others, or nobody who is known."""
    several = shift.users or [person for turn in shift.rolling_users or () for person in turn]
    return several[0] if len(several) == 1 and several[0] in people and shift.duration > 0 else ""


def _is_over(shift: _Shift, zone: str, now: datetime) -> bool:
    ends = shift.start + shift.lasts if shift.type in ONCE else shift.until
    return ends is not None and _at(ends, shift.time_zone or zone) <= now


def _at(when: datetime, zone: str) -> datetime:
    return instant(when.replace(tzinfo=None), zone_named(zone)) if when.tzinfo is None else when.astimezone(UTC)


def _layer(shift: _Shift, of_schedule: str, people: set[str]) -> Layer:
    name, zone = shift.name or shift.id, shift.time_zone or of_schedule
    turns = tuple(tuple(turn) for turn in shift.rolling_users or [shift.users or []])
    if not turns or not all(turns):
        raise CantBeMade(f"nobody is in “{name}”, or in one of its turns")
    found.references(name, [person for turn in turns for person in turn], people, "user")
    first = (shift.start_rotation_from_user_index or 0) % len(turns)
    begin, unit, hours = _recurrence(shift, name, len(turns))
    rotation = Rotation(turns[first:] + turns[:first], begin, zone, unit, shift.interval or 1)
    if shift.rotation_start:
        rotation = continued(rotation, max(_at(shift.rotation_start, zone), rotation.handover(0)))
    return Layer(name, rotation, merged(hours), shift.until.replace(tzinfo=None) if shift.until else None)


def _recurrence(shift: _Shift, name: str, turns: int) -> tuple[datetime, Unit, Iterator[Restriction]]:
    """When its first turn begins, what turns are counted in, and the hours of the week to which it is kept."""
    start, interval = shift.start.replace(tzinfo=None), shift.interval or 1
    if shift.frequency == "monthly":
        _check_months(shift, name)
        return start, Unit.MONTHS, iter(())
    unit = UNITS.get(shift.frequency or "")
    if unit is None or shift.by_month or shift.by_monthday:
        raise CantBeMade(f"“{name}” comes again {shift.frequency or 'never'}, by days of the month or by months")
    period = timedelta(**{unit: interval})
    if not shift.by_day and shift.lasts == period:
        return start, unit, iter(())
    if shift.lasts > period or not shift.duration:
        raise CantBeMade(f"“{name}” lasts {shift.lasts} and comes again after {period}")
    if unit is Unit.DAYS and interval == 1 and (turns == 1 or not shift.by_day):
        return start, unit, stretch(start.time(), shift.lasts, _days(shift, name) or range(7))
    if unit is Unit.WEEKS and interval == 1:
        days = _days(shift, name)
        back = (start.weekday() - DAYS.index(shift.week_start or "MO")) % 7 if days else 0
        return start - back * DAY, unit, stretch(start.time(), shift.lasts, days or [start.weekday()])
    raise CantBeMade(f"“{name}” skips times in a way that no weekly hours can tell")


def _check_months(shift: _Shift, name: str) -> None:
    """Raises CantBeMade where turns of months are not handed over on one day, or end before the next begin.

    A month that does not have the day is left out there (RFC 5545), and here its last day counts: so only days that all have.
    """
    day, months = shift.start.day, shift.interval or 1
    on_one_day = not (shift.by_day or shift.by_month) and (shift.by_monthday or [day]) == [day] and day <= SHORTEST
    if not on_one_day or not SHORTEST * DAY <= shift.lasts / months <= LONGEST * DAY:
        raise CantBeMade(
            f"“{name}” comes again monthly, but not from one day of the month, the {SHORTEST}th at most, to the next"
        )


def _days(shift: _Shift, name: str) -> list[int]:
    if unknown := [day for day in [*(shift.by_day or ()), shift.week_start or "MO"] if day not in DAYS]:
        raise CantBeMade(f"“{name}” names the weekday {unknown[0]}")
    return [DAYS.index(day) for day in shift.by_day or ()]


def _policies(export: _Export, people: set[str], problems: list[Problem], notes: list[str]) -> Iterator[FoundPolicy]:
    plans = {schedule.id for schedule in export.schedules}
    for chain in export.escalation_chains:
        several = [one for one in export.escalation_policies if one.escalation_chain_id == chain.id]
        parts = sorted(several, key=lambda one: one.position)
        if parts and parts[0].type == "wait":
            notes.append(f"escalation chain {chain.name}: calls at once, there only after a while")
        try:
            policy = _policy(parts, people, plans)
        except CantBeMade as error:
            problems.append(Problem(f"escalation chain {chain.name}", str(error)))
            continue
        yield FoundPolicy(chain.id, chain.name, policy)


def _choices(export: _Export, notes: list[str]) -> Iterator[FoundChoice]:
    """For the service that is called as an integration is: what that does with all that none of its routes is for."""
    for each in export.integrations:
        if others := sum(route.integration_id == each.id and not route.is_the_last_route for route in export.routes):
            notes.append(f"integration {each.name}: only its default route counts, {others} others are left out")
        if each.default_route and each.default_route.escalation_chain_id:
            yield FoundChoice(each.default_route.escalation_chain_id, each.name)


def _policy(parts: Sequence[_Step], people: set[str], plans: set[str]) -> Policy:
    steps: list[Step] = []
    rounds = 1
    for part in parts:
        if part.type == "repeat_escalation":
            rounds = 1 + REPEATS
        elif part.type != "wait":
            steps.append(Step(_targets(part, people, plans), 0))
        elif steps:
            last = steps.pop()
            steps.append(Step(last.targets, last.wait + -(-(part.duration or 0) // 60)))
    return Policy(tuple(Step(step.targets, step.wait or NO_WAIT) for step in steps), rounds)


def _targets(part: _Step, people: set[str], plans: set[str]) -> tuple[Target, ...]:
    if part.type == "notify_persons":
        found.references("a step", part.persons_to_notify or (), people, "user")
        return tuple(Target(To.PERSON, person) for person in part.persons_to_notify or ())
    if part.type == "notify_on_call_from_schedule" and part.notify_on_call_from_schedule:
        found.references("a step", [part.notify_on_call_from_schedule], plans, "schedule")
        return (Target(To.SCHEDULE, part.notify_on_call_from_schedule),)
    raise CantBeMade(f"it has a step {part.type}, and a step here calls people and schedules")
