"""The whole judgement on an incident: class, scope, priority and the severity that follows, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.incidents.triage.classification import Classified, Told, classify, tells_of_security
from tocsin.incidents.triage.priority import Grounds, Workaround, prioritise
from tocsin.incidents.triage.scope import Affected, Extent, Topology, measure
from tocsin.incidents.triage.severity import Severity, Triage
from tocsin.incidents.triage.start import triage
from tocsin.incidents.triage.words import consequence, is_approaching

# How far scope and priority may raise what is not production; lost data and breaches are critical everywhere.
_RAISED_AT_MOST = {"staging": Severity.HIGH, "development": Severity.MEDIUM}


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What is known of one alert of the incident. `component` is the service or resource it is about, as people call it."""

    title: str
    said: str = ""
    description: str = ""
    source_kind: str = ""
    component: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an assessment rests on. `cause` and `category` are those of a diagnosis to rely on, else empty.

    `so_far` is the severity that Tocsin gave it before, with its reason: what it rested on may be past, and still holds.
    """

    environment_kind: str
    alerts: Sequence[AlertFacts]
    topology: Topology = field(default_factory=Topology)
    cause: str = ""
    category: str = ""
    critical_feature: str = ""
    workaround: Workaround = Workaround.UNKNOWN
    so_far: Triage | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement; `severity` is proposed, with all its terms as reason."""

    classified: Classified
    extent: Extent
    priority: Triage
    severity: Triage


def assess(facts: Facts) -> Assessment:
    """Judges an incident anew from all that is known. More alerts never lower the severity, in whatever order they came."""
    start = start_of(facts)
    told = [Told(alert.title, alert.description, alert.source_kind) for alert in facts.alerts]
    affected = [Affected(a.title, a.component, a.description, a.labels) for a in facts.alerts]
    extent = measure(affected, facts.topology)
    grounds = Grounds(
        start,
        extent,
        is_security=tells_of_security(told, facts.cause, facts.category),
        consequence=_consequence(facts.alerts),
        is_approaching=bool(facts.alerts) and all(is_approaching(alert.title) for alert in facts.alerts),
        critical_feature=facts.critical_feature,
        workaround=facts.workaround,
    )
    priority = prioritise(grounds)
    severity = _severity(facts.environment_kind, start, priority, is_lost=bool(grounds.consequence))
    return Assessment(classify(told, facts.cause, facts.category), extent, priority, severity)


def start_of(facts: Facts) -> Triage:
    """The worst of what its alerts start from; of several as bad, the reason does not depend on their order."""
    starts = [triage(alert.said, facts.environment_kind, alert.title) for alert in facts.alerts]
    told = min(starts, key=lambda one: (one.severity.rank, one.reason), default=None)
    if facts.so_far is not None and (told is None or facts.so_far.severity.rank < told.severity.rank):
        return facts.so_far
    return told or triage("", facts.environment_kind)


def _consequence(alerts: Sequence[AlertFacts]) -> str:
    told = {consequence(text) for alert in alerts for text in (alert.title, alert.description)}
    return " and ".join(sorted(told - {""}))


def _severity(environment_kind: str, start: Triage, priority: Triage, *, is_lost: bool) -> Triage:
    """The severity it starts from, raised where the priority is higher; never lowered."""
    ceiling = Severity.CRITICAL if is_lost else _RAISED_AT_MOST.get(environment_kind, Severity.CRITICAL)
    raised = priority.severity.at_most(ceiling)
    if raised.rank >= start.severity.rank:
        return start
    bounded = "" if raised is priority.severity else f", at most {ceiling} in {environment_kind}"
    return Triage(raised, f"{start.reason}; raised to {raised}{bounded}: {priority.reason}")
