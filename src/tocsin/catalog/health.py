"""How a service is, and why: from its incidents, its alerts, its last deployment, and how long it was silent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Nothing heard of it for so long: nobody can say whether anything still watches it.
SILENT_AFTER = timedelta(days=90)
GRAVE = frozenset({"critical", "high"})


class State(StrEnum):
    """From worst to best; `unknown` is never good."""

    DOWN = "down"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An open incident that affects a service. `is_own`: an alert or the cause names it, not only something that it needs.

    `is_elsewhere`: its cause is known, and lies in another service.
    """

    name: str
    title: str
    severity: str
    is_own: bool
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one service. `failed_deployment` is the last one where that failed.

    Incidents of deployments are only in `deploying`, by name: what was not deployed has not broken what runs.
    """

    troubles: Sequence[Trouble] = ()
    firing: Sequence[str] = ()
    failed_deployment: str = ""
    deploying: Sequence[str] = ()
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """A state and why."""

    state: State
    reason: str


def health(facts: Facts, now: datetime) -> Health:
    """How a service with these facts is. Without any word of it, or none for long, it is unknown: silence is not health."""
    own = [trouble for trouble in facts.troubles if trouble.is_own]
    for trouble in own:
        if trouble.severity == "critical" and not trouble.is_elsewhere:
            return Health(State.DOWN, _said(trouble))
    if own:
        more = f", and {len(own) - 1} more" if len(own) > 1 else ""
        return Health(State.DEGRADED, _said(own[0]) + more)
    if facts.firing:
        count = f"{len(facts.firing)} alerts fire" if len(facts.firing) > 1 else "an alert fires"
        return Health(State.DEGRADED, f"{count}: {facts.firing[0]}")
    if grave := [trouble for trouble in facts.troubles if trouble.severity in GRAVE]:
        return Health(State.DEGRADED, f"what it needs is in trouble: {_said(grave[0])}")
    if facts.failed_deployment:
        return Health(State.DEGRADED, f"its last deployment did not go well: {facts.failed_deployment}")
    if facts.heard_at is None:
        return Health(State.UNKNOWN, "nothing watches it: no alert and no deployment was ever about it")
    silent = now - facts.heard_at
    if silent > SILENT_AFTER:
        return Health(State.UNKNOWN, f"nothing was heard of it for {silent.days} days: perhaps nothing watches it")
    if facts.deploying:
        return Health(State.HEALTHY, f"no alert fires for what runs; {facts.deploying[0]} is about a deployment of it")
    return Health(State.HEALTHY, "no alert fires, and no incident affects it")


def _said(trouble: Trouble) -> str:
    return f"{trouble.name} ({trouble.severity}): {trouble.title}"
