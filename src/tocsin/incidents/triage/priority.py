"""How soon somebody should turn to it: from class and scope, with what people know of a way around it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tocsin.incidents.triage.scope import Extent, Scope
from tocsin.incidents.triage.severity import Severity, Triage


class Workaround(StrEnum):
    """Whether there is a way around the failure: a field that people set."""

    UNKNOWN = ""
    NONE = "none"
    EXISTS = "exists"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a priority rests on. `consequence` is “data loss” or “a breach”; `critical_feature` names one that is touched."""

    start: Triage
    extent: Extent
    is_security: bool = False
    consequence: str = ""
    is_approaching: bool = False
    critical_feature: str = ""
    workaround: Workaround = Workaround.UNKNOWN


_OF_SCOPE = {
    Scope.ONE_USER: Severity.LOW,
    Scope.MANY_USERS: Severity.MEDIUM,
    Scope.MANY_COMPONENTS: Severity.HIGH,
    Scope.WHOLE_SYSTEM: Severity.CRITICAL,
}


def prioritise(grounds: Grounds) -> Triage:
    """The priority and why. On the scale of severities, which teams show as P1 to P4 and the like.

    Lost data and breaches are always critical; a threshold that is only approached is low. Else the scope decides (what is
    unmeasured counts as the alert says), one step higher where security is touched. No way around a critical feature makes it
    at least high; with a way around it, high is medium.
    """
    if grounds.consequence:
        return Triage(Severity.CRITICAL, f"{grounds.consequence} is always critical")
    if grounds.is_approaching:
        return Triage(Severity.LOW, "a threshold is being approached; nothing has failed yet")
    severity, reason = _by_scope(grounds)
    is_measured = grounds.extent.scope is not Scope.UNMEASURED
    if is_measured and grounds.is_security and severity is not Severity.CRITICAL:
        severity, reason = severity.raised, f"{reason}; one step higher, since security is touched"
    if grounds.workaround is Workaround.NONE and grounds.critical_feature and severity.rank > Severity.HIGH.rank:
        return Triage(Severity.HIGH, f"there is no way around it, and {grounds.critical_feature} is critical")
    if grounds.workaround is Workaround.EXISTS and severity is Severity.HIGH:
        return Triage(Severity.MEDIUM, f"{reason}; medium, since there is a way around it")
    return Triage(severity, reason)


def _by_scope(grounds: Grounds) -> Triage:
    scope = grounds.extent.scope
    if scope is Scope.UNMEASURED:
        return Triage(grounds.start.severity, f"its scope is not measured: {grounds.start.reason}")
    return Triage(_OF_SCOPE[scope], f"it touches {scope}")
