"""The severity an incident starts from: what the sender says, in which environment. Cheap: asked for every firing."""

from __future__ import annotations

from functools import lru_cache

from tocsin.incidents.triage.severity import SEVERITY_OF_WORD, Severity, Triage
from tocsin.incidents.triage.words import MOST_READ, consequence, is_approaching

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


def triage(said: str, environment_kind: str, title: str = "") -> Triage:
    """The severity of an alert of this title whose sender says `said`, in an environment of that kind.

    An unknown kind counts as production. Of a deployment `said` is its trigger (alerts.runs.Trigger). A title that tells
    of lost data or a breach is critical everywhere.
    """
    return _triage(said[:MOST_READ], environment_kind, title[:MOST_READ])


@lru_cache(maxsize=2048)
def _triage(said: str, environment_kind: str, title: str) -> Triage:
    if told := consequence(title):
        return Triage(Severity.CRITICAL, f"its title tells of {told}, which is always critical")
    if said in _DEPLOYMENTS:
        return _of_deployment(said, environment_kind)
    severity, reason = _said(said, title)
    ceiling = CEILING.get(environment_kind)
    if ceiling is not None and severity.rank < ceiling.rank:
        return Triage(ceiling, f"{reason}; {environment_kind} is at most {ceiling}")
    return Triage(severity, f"{reason}, in {_where(environment_kind)}")


def _said(said: str, title: str) -> Triage:
    known = SEVERITY_OF_WORD.get(said.strip().lower())
    if known is not None:
        return Triage(known, f"the alert says “{said}”")
    unsaid = f"the alert says “{said}”, a word Tocsin does not know" if said else "the alert names no severity"
    if is_approaching(title):
        return Triage(Severity.LOW, f"{unsaid}, and its title says that a threshold is only being approached: low")
    return Triage(Severity.MEDIUM, f"{unsaid}: medium")


def _of_deployment(trigger: str, environment_kind: str) -> Triage:
    if environment_kind == "development":
        return Triage(Severity.LOW, f"{trigger} in development")
    in_production, in_staging = _DEPLOYMENTS[trigger]
    if environment_kind == "staging":
        return Triage(in_staging, f"{trigger} in staging")
    return Triage(in_production, f"{trigger} in {_where(environment_kind)}")


def _where(environment_kind: str) -> str:
    known = environment_kind in ("production", "staging", "development")
    return environment_kind if known else "an unknown environment, which counts as production"
