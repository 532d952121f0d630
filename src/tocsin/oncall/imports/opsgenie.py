"""Opsgenie: the folder of its configuration backup, or answers of its API, version 2. Pure.

A file holds one thing, as the backup writes it (`schedules/Payments-1.json`: `{"schedule": {…}}`), or an answer (`{"data":
[…]}`); the folder or the file is called `users`, `schedules`, `escalations`, `teams` or `services`. A schedule: `{"id": "1",
"name": "Payments", "timezone": "Europe/Berlin", "rotations": [{"name": "Week", "type": "weekly", "length": 1, "startDate":
"2026-03-02T08:00:00Z", "participants": [{"type": "user", "id": "U1"}], "timeRestriction": {"type": "time-of-day",
"restriction": {"startHour": 9, "startMin": 0, "endHour": 17, "endMin": 0}}}]}`; all rotations count, also at the same time.
https://docs.opsgenie.com/docs/api-overview, https://github.com/opsgenie/opsgenie-configuration-backup
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import PurePath
from typing import Annotated, Any

import msgspec

from tocsin.catalog.imports.parsed import Catalogue, ParsedService, ParsedTeam, slug_of
from tocsin.oncall.clock import DAY, BadSchedule, Span, zone_named
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
from tocsin.oncall.imports.turns import WEEK, apart, begin_of, end_of, merged, named, stretch
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Kind, Layer, Override, Restriction

NAME = "Opsgenie"
KINDS = {"users": "user", "schedules": "schedule", "escalations": "escalation", "teams": "team", "services": "service"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"hourly": Unit.HOURS, "daily": Unit.DAYS, "weekly": Unit.WEEKS}
MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
# Waited after the last step, where the export does not say how long.
LAST_WAIT = 5
LAST_MILLISECOND = 253_000_000_000_000
# The backup writes instants as text or as milliseconds since 1970.
Instant = Annotated[datetime, msgspec.Meta(tz=True)] | Annotated[int, msgspec.Meta(ge=0, le=LAST_MILLISECOND)]
Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
Minute = Annotated[int, msgspec.Meta(ge=0, le=59)]


class _User(msgspec.Struct, rename="camel"):
    id: str
    username: str
    time_zone: str | None = None


class _Who(msgspec.Struct, rename="camel"):
    type: str
    id: str | None = None
    username: str | None = None
    name: str | None = None

    @property
    def called(self) -> str:
        return self.name or self.username or self.id or ""


class _Hours(msgspec.Struct, rename="camel"):
    start_hour: Hour
    end_hour: Hour
    start_min: Minute = 0
    end_min: Minute = 0
    start_day: str | None = None
    end_day: str | None = None


class _Restricted(msgspec.Struct, rename="camel"):
    restriction: _Hours | None = None
    restrictions: list[_Hours] = []


class _Rotation(msgspec.Struct, rename="camel"):
    start_date: Instant
    type: str
    participants: list[_Who]
    name: str | None = None
    length: found.Count = 1
    end_date: Instant | None = None
    time_restriction: _Restricted | None = None


class _Named(msgspec.Struct, rename="camel"):
    name: str | None = None


class _Override(msgspec.Struct, rename="camel"):
    user: _Who
    start_date: Instant
    end_date: Instant
    rotations: list[_Named] = []


class _Schedule(msgspec.Struct, rename="camel"):
    id: str
    name: str
    timezone: str = "UTC"
    description: str | None = None
    enabled: bool = True
    rotations: list[_Rotation] | None = None
    overrides: list[_Override] = []


class _Delay(msgspec.Struct, rename="camel"):
    time_amount: found.Count = 0
    time_unit: str = "minutes"

    @property
    def minutes(self) -> int:
        return self.time_amount * MINUTES.get(_word(self.time_unit), 1)


class _Rule(msgspec.Struct, rename="camel"):
    recipient: _Who
    delay: _Delay = msgspec.field(default_factory=_Delay)
    condition: str = "if-not-acked"
    notify_type: str = "default"


class _Repeat(msgspec.Struct, rename="camel"):
    wait_interval: found.Count = 0
    count: found.Count = 0


class _Escalation(msgspec.Struct, rename="camel"):
    id: str
    name: str
    rules: list[_Rule]
    description: str | None = None
    repeat: _Repeat | None = None


class _Routing(msgspec.Struct, rename="camel"):
    notify: _Who
    is_default: bool = False
    order: int = 0


class _Team(msgspec.Struct, rename="camel"):
    id: str
    name: str
    description: str | None = None
    routing_rules: list[_Routing] = []


class _Service(msgspec.Struct, rename="camel"):
    id: str
    name: str
    description: str | None = None
    team_id: str | None = None
    tags: list[str] = []


def read(documents: Sequence[Document], now: datetime) -> Found:
    """What a backup says. Raises BadExport."""
    parts = [(kind, each, d.path) for d in documents if (kind := _kind(d.path)) for each in _each(d.content, kind)]
    plans, escalations = _of(parts, "schedules", _Schedule, "rotations"), _of(parts, "escalations", _Escalation)
    users, teams, services = _of(parts, "users", _User), _of(parts, "teams", _Team), _of(parts, "services", _Service)
    if not parts:
        raise BadExport(f"there is no folder or file called {', '.join(KINDS)} in it, as Opsgenie's backup makes them")
    problems: list[Problem] = []
    notes: list[str] = []
    people = {key: user.id for user in users for key in (user.username.lower(), user.id)}
    schedules = tuple(_schedules(plans, people, now, problems, notes))
    known = {key: plan.id for plan in plans for key in (plan.name, plan.id)}
    return Found(
        people=tuple(found.Person(user.id, "", user.username, user.time_zone or "") for user in users),
        schedules=schedules,
        policies=tuple(_policies(escalations, people, known, problems, notes)),
        choices=tuple(_choices(teams, escalations, problems, notes)),
        services=_catalogue(services, teams),
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _kind(path: str) -> str:
    """What a file holds, by the folder it is in, or its own name."""
    names = [*reversed(PurePath(path).parent.parts), PurePath(path).stem]
    return next((name.lower() for name in names if name.lower() in KINDS), "")


def _each(content: Any, kind: str) -> list[Any]:
    """The things in a file, however deep they lie in it."""
    if isinstance(content, list):
        return [one for each in content for one in _each(each, kind)]
    if not isinstance(content, dict):
        return [content]
    inner = content.get(KINDS[kind], content.get("data"))
    if isinstance(inner, dict) and content.get("scheduleOverrideList"):
        inner = inner | {"overrides": content["scheduleOverrideList"]}
    if isinstance(inner, dict) and content.get("teamRoutingRules"):
        inner = inner | {"routingRules": content["teamRoutingRules"]}
    return [content] if inner is None else _each(inner, kind)


def _of(parts: list[tuple[str, Any, str]], kind: str, form: type[found.T], whole: str = "id") -> list[found.T]:
    return found.once((found.converted(content, form, path) for one, content, path in parts if one == kind), whole)


def _word(text: str) -> str:
    return text.lower().replace("_", "-")


def _schedules(
    plans: list[_Schedule], people: dict[str, str], now: datetime, problems: list[Problem], notes: list[str]
) -> Iterator[FoundSchedule]:
    for plan in plans:
        try:
            groups = apart(_layers(plan, people, now), now)
        except (CantBeMade, BadSchedule) as error:
            problems.append(Problem(f"schedule {plan.name}", str(error)))
            continue
        if len(groups) > 1:
            notes.append(
                f"schedule {plan.name}: rotations that are on call at the same time become {len(groups)} schedules"
            )
        overrides = tuple(_overrides(plan, people, now, problems))
        for group in groups:
            name = plan.name if len(groups) == 1 else f"{plan.name}: {group[0].name}"
            yield FoundSchedule(plan.id, name, plan.timezone, tuple(group), plan.description or "", overrides)


def _overrides(plan: _Schedule, people: dict[str, str], now: datetime, problems: list[Problem]) -> Iterator[Override]:
    """Those that are not over, of all rotations; of some alone there is no equal."""
    rotations = {each.name for each in plan.rotations or ()}
    for each in plan.overrides:
        span = Span(_instant(each.start_date), _instant(each.end_date))
        if span.end <= now:
            continue
        try:
            if each.rotations and not rotations <= {one.name for one in each.rotations}:
                raise CantBeMade("it is for some of the rotations only")
            begin_of(span.start, UTC), begin_of(span.end, UTC)
            yield Override(Kind.REPLACE, span, _person(each.user, "an override", people))
        except (CantBeMade, BadSchedule) as error:
            problems.append(Problem(f"override of {plan.name} from {span.start:%Y-%m-%d %H:%M %Z}", str(error)))


def _layers(plan: _Schedule, people: dict[str, str], now: datetime) -> tuple[Layer, ...]:
    zone_named(plan.timezone)
    if not plan.enabled:
        raise CantBeMade("it is switched off there")
    if plan.rotations is None:
        raise CantBeMade("its rotations are not in the file: ask for it with expand=rotation")
    living = [each for each in plan.rotations if each.end_date is None or _instant(each.end_date) > now]
    if not living:
        raise CantBeMade("it has no rotation, or all of them are over")
    return named(_layer(each, plan.timezone, people) for each in living)


def _layer(rotation: _Rotation, zone: str, people: dict[str, str]) -> Layer:
    name, place = rotation.name or "", zone_named(zone)
    if other := next((each for each in rotation.participants if _word(each.type) != "user"), None):
        raise CantBeMade(f"in “{name}” the {other.type.lower()} {other.called} has a turn, and here only people have")
    keys = [_person(each, name, people) for each in rotation.participants]
    if _word(rotation.type) not in UNITS:
        raise CantBeMade(f"“{name}” has turns of the type {rotation.type}")
    begin = begin_of(_instant(rotation.start_date), place)
    turns = Rotation(tuple((key,) for key in keys), begin, zone, UNITS[_word(rotation.type)], rotation.length)
    limits = rotation.time_restriction
    several = [*limits.restrictions, *([limits.restriction] if limits.restriction else [])] if limits else []
    ends = end_of(None if rotation.end_date is None else _instant(rotation.end_date), place)
    return Layer(name, turns, merged(one for each in several for one in _hours(each)), ends)


def _person(who: _Who, name: str, people: dict[str, str]) -> str:
    keys = [key for key in (who.id, (who.username or "").lower()) if key]
    return next((people[key] for key in keys if key in people), "") or found.absent(name, who.called, "user")


def _instant(value: datetime | int) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int) else value


def _hours(hours: _Hours) -> Iterator[Restriction]:
    opens = time(hours.start_hour % 24, hours.start_min)
    length = timedelta(hours=hours.end_hour - hours.start_hour, minutes=hours.end_min - hours.start_min)
    if hours.start_day is None or hours.end_day is None:
        return stretch(opens, length % DAY or DAY)
    first, last = (_day(day) for day in (hours.start_day, hours.end_day))
    return stretch(opens, ((last - first) * DAY + length) % WEEK or WEEK, [first])


def _day(name: str) -> int:
    if name.lower() not in DAYS:
        raise CantBeMade(f"“{name}” is no weekday")
    return DAYS.index(name.lower())


def _policies(
    escalations: list[_Escalation],
    people: dict[str, str],
    plans: dict[str, str],
    problems: list[Problem],
    notes: list[str],
) -> Iterator[FoundPolicy]:
    for each in escalations:
        try:
            policy = _policy(each, people, plans)
        except CantBeMade as error:
            problems.append(Problem(f"escalation {each.name}", str(error)))
            continue
        if any(_word(rule.condition) == "if-not-closed" for rule in each.rules):
            notes.append(f"escalation {each.name}: goes on until somebody answers, there in part until it is closed")
        if each.rules and all(rule.delay.minutes for rule in each.rules):
            notes.append(f"escalation {each.name}: calls at once, there only after a while")
        yield FoundPolicy(each.id, each.name, policy, each.description or "")


def _policy(escalation: _Escalation, people: dict[str, str], plans: dict[str, str]) -> Policy:
    """Rules count from the beginning there; here a step waits from the one before."""
    called: dict[int, list[Target]] = defaultdict(list)
    for rule in sorted(escalation.rules, key=lambda rule: rule.delay.minutes):
        called[rule.delay.minutes].append(_target(rule, people, plans))
    repeat = escalation.repeat or _Repeat()
    waits = [after - before for before, after in pairwise(called)]
    waits.append(repeat.wait_interval or LAST_WAIT)
    return Policy(tuple(map(Step, map(tuple, called.values()), waits)), repeat.count + 1)


def _target(rule: _Rule, people: dict[str, str], plans: dict[str, str]) -> Target:
    who, kind = rule.recipient, _word(rule.recipient.type)
    if _word(rule.notify_type) not in ("default", "all"):
        raise CantBeMade(
            f"it calls the {rule.notify_type.lower()} of {who.called}, and a step here only who is on call"
        )
    if kind == "user":
        return Target(To.PERSON, _person(who, "a rule", people))
    if kind == "schedule":
        keys = [key for key in (who.id, who.name) if key in plans]
        return Target(To.SCHEDULE, plans[keys[0]] if keys else found.absent("a rule", who.called, "schedule"))
    raise CantBeMade(f"it calls the {kind} {who.called}, and a step here calls people and schedules")


def _choices(
    teams: list[_Team], escalations: list[_Escalation], problems: list[Problem], notes: list[str]
) -> Iterator[FoundChoice]:
    """What teams do with all that no other of their rules is for."""
    keys = {key: each.id for each in escalations for key in (each.name, each.id)}
    for team in teams:
        rules = sorted(team.routing_rules, key=lambda rule: (rule.is_default, rule.order))
        if not rules:
            continue
        if len(rules) > 1:
            notes.append(
                f"team {team.name}: only its last routing rule counts, {len(rules) - 1} before it are left out"
            )
        who = rules[-1].notify
        policy = next((keys[key] for key in (who.id, who.name) if key in keys), "")
        if policy:
            yield FoundChoice(policy, team=team.name)
        elif _word(who.type) != "none":
            why = f"it routes to the {_word(who.type)} {who.called}, which is no escalation of the export"
            problems.append(Problem(f"choice for the services of the team {team.name}", why))


def _catalogue(services: list[_Service], teams: list[_Team]) -> Catalogue:
    owners = {team.id: slug_of(team.name) for team in teams}
    return Catalogue(
        tuple(
            ParsedService(
                slug_of(each.name),
                each.name,
                description=each.description or "",
                owner=owners.get(each.team_id or "", ""),
                tags=tuple(each.tags),
                where=NAME,
            )
            for each in services
            if slug_of(each.name)
        ),
        tuple(
            ParsedTeam(slug_of(team.name), team.name, team.description or "") for team in teams if slug_of(team.name)
        ),
    )
