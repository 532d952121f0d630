"""PagerDuty: answers of its REST API, version 2, for schedules, escalation policies, users and services. Pure.

`{"schedule": {"id": "P1", "name": "Payments", "time_zone": "Europe/Berlin", "schedule_layers": [{"name": "Layer 1", "start":
"2026-03-02T09:00:00+01:00", "end": null, "rotation_virtual_start": "2026-03-02T09:00:00+01:00", "rotation_turn_length_seconds":
604800, "users": [{"user": {"id": "U1"}}], "restrictions": [{"type": "daily_restriction", "start_time_of_day": "09:00:00",
"duration_seconds": 28800}]}]}}`; the layer that comes first wins over those behind it.
https://developer.pagerduty.com/api-reference
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Annotated

import msgspec

from tocsin.catalog.imports.parsed import Catalogue, ParsedService, ParsedTeam, slug_of
from tocsin.oncall.clock import BadSchedule, Span, zone_named
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
from tocsin.oncall.imports.turns import begin_of, continued, end_of, merged, named, stretch, unit_of
from tocsin.oncall.rotation import YEARS, Rotation, Unit
from tocsin.oncall.schedule import Kind, Layer, Override, Restriction

NAME = "PagerDuty"
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Ref(msgspec.Struct):
    id: str
    type: str = ""
    summary: str | None = None


class _User(msgspec.Struct):
    id: str
    email: str = ""
    time_zone: str | None = None


class _Turn(msgspec.Struct):
    user: _Ref | None = None


class _Hours(msgspec.Struct):
    start_time_of_day: time
    duration_seconds: found.Seconds
    start_day_of_week: Annotated[int, msgspec.Meta(ge=1, le=7)] | None = None


class _Layer(msgspec.Struct):
    rotation_virtual_start: Instant
    rotation_turn_length_seconds: found.Seconds
    name: str | None = None
    start: Instant | None = None
    end: Instant | None = None
    users: list[_Turn] = []
    restrictions: list[_Hours] = []


class _Entry(msgspec.Struct):
    start: Instant
    end: Instant
    user: _Ref | None = None

    def __post_init__(self) -> None:
        if not YEARS.start <= self.start.year <= self.end.year < YEARS.stop:
            raise ValueError(f"nobody is on call from {self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}")


class _Rendered(msgspec.Struct):
    rendered_schedule_entries: list[_Entry] = []


class _Schedule(msgspec.Struct):
    id: str
    name: str
    time_zone: str = "UTC"
    description: str | None = None
    schedule_layers: list[_Layer] | None = None
    final_schedule: _Rendered | None = None
    overrides_subschedule: _Rendered | None = None


class _Rule(msgspec.Struct):
    targets: list[_Ref]
    escalation_delay_in_minutes: found.Count = 30


class _Policy(msgspec.Struct):
    id: str
    name: str
    escalation_rules: list[_Rule]
    description: str | None = None
    num_loops: found.Count = 0


class _Service(msgspec.Struct):
    id: str
    name: str
    description: str | None = None
    html_url: str | None = None
    teams: list[_Ref] = []
    escalation_policy: _Ref | None = None


class _Answer(msgspec.Struct):
    user: _User | None = None
    users: list[_User] = []
    schedule: _Schedule | None = None
    schedules: list[_Schedule] = []
    escalation_policy: _Policy | None = None
    escalation_policies: list[_Policy] = []
    service: _Service | None = None
    services: list[_Service] = []
    more: bool | None = None


def read(documents: Sequence[Document], now: datetime) -> Found:
    """What API answers say, one a document. Raises BadExport."""
    answers = [found.converted(document.content, _Answer, document.path) for document in documents]
    users = found.once(one for each in answers for one in _both(each.user, each.users))
    plans = found.once((one for each in answers for one in _both(each.schedule, each.schedules)), "schedule_layers")
    policies = found.once(one for each in answers for one in _both(each.escalation_policy, each.escalation_policies))
    services = found.once(one for each in answers for one in _both(each.service, each.services))
    if not (users or plans or policies or services):
        raise BadExport(
            "there are no users, schedules, escalation_policies or services in it, as PagerDuty's API answers them"
        )
    notes = [
        f"{d.path}: only a page of an answer (“more” is true)"
        for d, each in zip(documents, answers, strict=True)
        if each.more
    ]
    problems: list[Problem] = []
    known = {user.id for user in users}
    schedules = tuple(_schedules(plans, known, now, problems))
    if hourly := [each.name for each in schedules if any(layer.rotation.unit is Unit.HOURS for layer in each.layers)]:
        notes.append(f"turns of hours follow the clock on the wall, also where it is changed: {found.listed(hourly)}")
    return Found(
        people=tuple(found.Person(user.id, "", user.email, user.time_zone or "") for user in users),
        schedules=schedules,
        policies=tuple(_policies(policies, known, {plan.id for plan in plans}, problems)),
        choices=tuple(FoundChoice(one.escalation_policy.id, one.name) for one in services if one.escalation_policy),
        services=_catalogue(services),
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _both(one: found.T | None, several: list[found.T]) -> list[found.T]:
    return [*several, *([one] if one is not None else [])]


def _schedules(
    plans: list[_Schedule], people: set[str], now: datetime, problems: list[Problem]
) -> Iterator[FoundSchedule]:
    for plan in plans:
        try:
            yield _schedule(plan, people, now)
        except (CantBeMade, BadSchedule) as error:
            problems.append(Problem(f"schedule {plan.name}", str(error)))


def _schedule(plan: _Schedule, people: set[str], now: datetime) -> FoundSchedule:
    if plan.schedule_layers is None:
        raise CantBeMade(f"its layers are not in the file: a list has none, fetch /schedules/{plan.id}")
    zone_named(plan.time_zone)
    living = [layer for layer in reversed(plan.schedule_layers) if layer.end is None or layer.end > now]
    layers = named(_layer(layer, plan, people) for layer in living)
    if not layers:
        raise CantBeMade("all of its layers are over")
    return FoundSchedule(
        plan.id,
        plan.name,
        plan.time_zone,
        layers,
        plan.description or "",
        tuple(
            Override(Kind.REPLACE, Span(each.start, each.end), each.user.id)
            for each in _entries(plan.overrides_subschedule)
            if each.user and now < each.end and each.start < each.end
        ),
        tuple(
            found.Entry(each.user.id if each.user else "", Span(each.start, each.end))
            for each in _entries(plan.final_schedule)
        ),
    )


def _entries(rendered: _Rendered | None) -> list[_Entry]:
    return rendered.rendered_schedule_entries if rendered else []


def _layer(layer: _Layer, plan: _Schedule, people: set[str]) -> Layer:
    name, place = layer.name or "", zone_named(plan.time_zone)
    turns = [turn.user.id for turn in layer.users if turn.user]
    if not turns:
        raise CantBeMade(f"nobody is in the layer “{name}”")
    found.references(name, turns, people, "user")
    unit, every = unit_of(timedelta(seconds=layer.rotation_turn_length_seconds))
    begin = begin_of(layer.rotation_virtual_start, place)
    rotation = Rotation(tuple((person,) for person in turns), begin, plan.time_zone, unit, every)
    hours = merged(one for each in layer.restrictions for one in _hours(each))
    ends = end_of(layer.end, place)
    begin_of(layer.start or layer.rotation_virtual_start, place)
    return Layer(name, continued(rotation, layer.start or layer.rotation_virtual_start), hours, ends)


def _hours(hours: _Hours) -> Iterator[Restriction]:
    length = timedelta(seconds=hours.duration_seconds)
    if hours.start_day_of_week is None:
        return stretch(hours.start_time_of_day, length)
    return stretch(hours.start_time_of_day, length, [hours.start_day_of_week - 1])


def _policies(
    policies: list[_Policy], people: set[str], plans: set[str], problems: list[Problem]
) -> Iterator[FoundPolicy]:
    for each in policies:
        try:
            steps = tuple(
                Step(tuple(_target(one, people, plans) for one in rule.targets), rule.escalation_delay_in_minutes)
                for rule in each.escalation_rules
            )
        except CantBeMade as error:
            problems.append(Problem(f"escalation policy {each.name}", str(error)))
            continue
        yield FoundPolicy(each.id, each.name, Policy(steps, each.num_loops + 1), each.description or "")


def _target(target: _Ref, people: set[str], plans: set[str]) -> Target:
    kind = target.type.removesuffix("_reference")
    called = target.summary or target.id
    if kind == "user":
        found.references(called, [target.id], people, "user")
        return Target(To.PERSON, target.id)
    if kind == "schedule":
        found.references(called, [target.id], plans, "schedule")
        return Target(To.SCHEDULE, target.id)
    raise CantBeMade(f"it calls “{called}”, a {target.type or 'target without a type'}")


def _catalogue(services: list[_Service]) -> Catalogue:
    owners = {slug_of(team.summary or team.id): team.summary or team.id for each in services for team in each.teams[:1]}
    return Catalogue(
        tuple(
            ParsedService(
                slug_of(each.name),
                each.name,
                description=each.description or "",
                owner=slug_of(each.teams[0].summary or each.teams[0].id) if each.teams else "",
                links={NAME: each.html_url} if each.html_url else {},
                where=NAME,
            )
            for each in services
            if slug_of(each.name)
        ),
        tuple(ParsedTeam(slug, name) for slug, name in owners.items() if slug),
    )
