"""How bad an alert is at first sight: a severity with its reason. People and later evidence can change it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """One scale, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return RANKS[self]


RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Triage(NamedTuple):
    """A severity and why."""

    severity: Severity
    reason: str


WORDS = {
    Severity.CRITICAL: {"critical", "crit", "page", "fatal", "emergency", "p1", "sev1", "disaster"},
    Severity.HIGH: {"high", "error", "major", "err", "p2", "sev2"},
    Severity.MEDIUM: {"medium", "warning", "warn", "average", "p3", "sev3", "moderate"},
    Severity.LOW: {"low", "info", "informational", "notice", "none", "minor", "p4", "sev4", "sev5", "p5", "debug"},
}
SEVERITY_OF_WORD = {word: severity for severity, words in WORDS.items() for word in words}

# What calls somebody about a deployment, and how bad that is by the kind of the environment; an unknown one counts as
# production. Whatever happens in development is low.
_DEPLOYMENTS = {
    "apply failure": (Severity.CRITICAL, Severity.HIGH),
    "security policy block": (Severity.CRITICAL, Severity.HIGH),
    "policy block": (Severity.MEDIUM, Severity.MEDIUM),
    "plan timeout": (Severity.MEDIUM, Severity.MEDIUM),
    "drift": (Severity.HIGH, Severity.MEDIUM),
    "plan failure": (Severity.LOW, Severity.LOW),
}

# The worst an alert can be where it is not production: nobody is woken for a development machine.
CEILING = {"staging": Severity.HIGH, "development": Severity.LOW}


def triage(said: str, environment_kind: str) -> Triage:
    """The severity of an alert whose sender says `said` in an environment of that kind; an unknown kind counts as production.

    Of a deployment `said` is its trigger (alerts.runs.Trigger).
    """
    if said in _DEPLOYMENTS:
        return _of_deployment(said, environment_kind)
    severity = SEVERITY_OF_WORD.get(said.strip().lower(), Severity.MEDIUM)
    if said.strip().lower() in SEVERITY_OF_WORD:
        reason = f"the alert says “{said}”"
    elif said:
        reason = f"the alert says “{said}”, a word Tocsin does not know: medium"
    else:
        reason = "the alert names no severity: medium"
    ceiling = CEILING.get(environment_kind)
    if ceiling is not None and severity.rank < ceiling.rank:
        return Triage(ceiling, f"{reason}; {environment_kind} is at most {ceiling}")
    return Triage(severity, f"{reason}, in {environment_kind}")


def _of_deployment(trigger: str, environment_kind: str) -> Triage:
    if environment_kind == "development":
        return Triage(Severity.LOW, f"{trigger} in development")
    in_production, in_staging = _DEPLOYMENTS[trigger]
    if environment_kind == "staging":
        return Triage(in_staging, f"{trigger} in staging")
    where = "production" if environment_kind == "production" else "an unknown environment, which counts as production"
    return Triage(in_production, f"{trigger} in {where}")
