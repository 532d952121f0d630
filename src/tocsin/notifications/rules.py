"""Which channel hears of what: rules by severity, project, service, hours and kind of event, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from tocsin.incidents.triage import Severity
from tocsin.notifications.channel import Usual
from tocsin.notifications.notice import Facts, Kind

Choice = TypeVar("Choice", bound=StrEnum)


class BadRule(ValueError):
    """A rule that can't be used; the message says which part, and what to write there."""


class Hours(StrEnum):
    """When a rule holds, by the project's calendar."""

    ALWAYS = "always"
    BUSINESS = "business hours"
    OTHERWISE = "outside business hours"


# What a lifecycle event is, as opposed to what is said to one person.
EVENTS = tuple(kind for kind in Kind if kind not in {Kind.PAGE, Kind.NAG, Kind.DUTY, Kind.TEST})
NEWS = (Kind.NEW, Kind.RESOLVED, Kind.REOPENED)
ROOM = (Kind.NEW, Kind.RAISED, Kind.RESOLVED, Kind.REOPENED)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; an empty part means any."""

    kinds: frozenset[Kind]
    severities: frozenset[Severity] = frozenset()
    projects: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    hours: Hours = Hours.ALWAYS

    def __str__(self) -> str:
        """As people say it: “critical or high: new, resolved; of shop; business hours”."""
        severities = [each.value for each in Severity if each in self.severities]
        kinds = "every event" if self.kinds >= set(EVENTS) else ", ".join(k.value for k in Kind if k in self.kinds)
        parts = [f"{' or '.join(severities) or 'any severity'}: {kinds}"]
        parts += [f"of {', '.join(sorted(self.projects))}"] if self.projects else []
        parts += [f"affecting {', '.join(sorted(self.services))}"] if self.services else []
        parts += [self.hours.value] if self.hours != Hours.ALWAYS else []
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a channel is told, and because of what."""

    tells: bool
    reason: str


def judge(
    rules: Iterable[Rule],
    kind: Kind,
    facts: Facts,
    *,
    is_business_time: bool,
    was_told: bool,
    follows: frozenset[Kind],
) -> Judgement:
    """Whether a channel with these rules hears of an event.

    `was_told`: it was told of the incident before; then it also hears of the kinds it `follows`, whatever its rules, and of
    the end where any of them asks for ends: what was begun is finished, whatever its severity is by then.
    """
    rules = tuple(rules)
    ends = kind is Kind.RESOLVED and any(kind in rule.kinds for rule in rules)
    if was_told and (ends or kind in follows):
        return Judgement(True, f"this channel was told of {facts.name}")
    misses = []
    for rule in rules:
        miss = _miss(rule, kind, facts, is_business_time)
        if not miss:
            return Judgement(True, f"of the rule “{rule}”")
        misses.append(miss)
    return Judgement(False, misses[0] if len(misses) == 1 else "no rule asks for it" if misses else "there is no rule")


def _miss(rule: Rule, kind: Kind, facts: Facts, is_business_time: bool) -> str:
    """What keeps a rule from holding; empty where it holds."""
    if kind not in rule.kinds:
        return f"“{kind}” is not among {', '.join(k.value for k in Kind if k in rule.kinds)}"
    if rule.severities and facts.severity not in rule.severities:
        return f"severity {facts.severity} is not among {', '.join(s.value for s in Severity if s in rule.severities)}"
    if rule.projects and facts.project not in rule.projects:
        return f"project {facts.project} is not among {', '.join(sorted(rule.projects))}"
    if rule.services and not rule.services.intersection(facts.services):
        return f"none of {', '.join(sorted(rule.services))} is affected"
    if rule.hours != Hours.ALWAYS and (rule.hours == Hours.BUSINESS) != is_business_time:
        return f"the rule holds {rule.hours}"
    return ""


class Audience(StrEnum):
    """For whom a channel is: what it then begins with."""

    USUAL = "as usual for its kind"
    LEADERSHIP = "leadership"
    TEAM = "a team"
    EVERYTHING = "everything"
    NOBODY = "nothing by itself"


_OF_USUAL: dict[Usual, tuple[Rule, ...]] = {
    Usual.NEWS: (Rule(frozenset(NEWS)),),
    Usual.ROOM: (Rule(frozenset(ROOM)),),
    Usual.CRITICAL: (Rule(frozenset({Kind.NEW, Kind.RAISED, Kind.REOPENED}), frozenset({Severity.CRITICAL})),),
    Usual.EVERYTHING: (Rule(frozenset(EVENTS)),),
    Usual.TICKETS: (Rule(frozenset({Kind.NEW}), frozenset({Severity.LOW})),),
    Usual.NOTHING: (),
}


def first_rules(audience: Audience, usual: Usual) -> tuple[Rule, ...]:
    """The rules that a new channel begins with: by its audience, or as usual for its kind."""
    room = frozenset(ROOM)
    return {
        Audience.USUAL: _OF_USUAL[usual],
        Audience.LEADERSHIP: (Rule(room, frozenset({Severity.CRITICAL})),),
        Audience.TEAM: (Rule(room, frozenset({Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM})),),
        Audience.EVERYTHING: _OF_USUAL[Usual.EVERYTHING],
        Audience.NOBODY: (),
    }[audience]


def written(rule: Rule) -> dict[str, Any]:
    """The rule as JSON, which `parse` reads back."""
    return {
        "kinds": [kind.value for kind in Kind if kind in rule.kinds],
        "severities": [severity.value for severity in Severity if severity in rule.severities],
        "projects": sorted(rule.projects),
        "services": sorted(rule.services),
        "hours": rule.hours.value,
    }


def parse(document: Mapping[str, Any]) -> Rule:
    """The rule that JSON describes. Raises BadRule."""
    kinds = frozenset(_choice(Kind, each, "kinds") for each in document.get("kinds", ()))
    if not kinds:
        raise BadRule("Choose at least one event that the rule is about.")
    if unfit := kinds - set(EVENTS):
        raise BadRule(f"“{', '.join(sorted(unfit))}” is said to one person, and no matter of rules.")
    severities = frozenset(_choice(Severity, each, "severities") for each in document.get("severities", ()))
    hours = _choice(Hours, document.get("hours", Hours.ALWAYS), "hours")
    projects, services = (frozenset(map(str, document.get(name, ()))) for name in ("projects", "services"))
    return Rule(kinds, severities, projects, services, hours)


def _choice(of: type[Choice], value: object, name: str) -> Choice:
    try:
        return of(str(value))
    except ValueError:
        raise BadRule(f"{name}: “{value}” is unknown; choose from {', '.join(of)}.") from None
