"""An environment variable that a program needs and does not have."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Pod, Resource
from tocsin.investigation.diagnosis.signals import complaints, crash_cites
from tocsin.investigation.diagnosis.world import World

_NAME = r"[A-Z][A-Z0-9_]{3,}"
_COMPLAINT = (
    r"(?i:environment variable \S+ (?:is )?(?:undefined|not set|missing|required|not defined|not found))"
    r"|(?i:(?:missing|required) (?:required )?(?:environment|env) var(?:iable)?)"
    rf"|{_NAME}\b.{{0,30}}\b(?i:environment variable|env var).{{0,20}}(?i:required|missing|not set|must be (?:set|defined))"
    rf"|\b{_NAME}: (?:parameter not set|unbound variable)"
    rf"|KeyError: ['\"]{_NAME}['\"]"
    rf"|required key {_NAME} missing value"
    r"|Could not resolve placeholder '[\w.-]+'"
)

_HINT = r"(?i:env(?:ironment)? var)|parameter not set|unbound variable|KeyError: |required key |resolve placeholder"


@cause("configuration", needs=("Pod", "logs"))
def variable_missing(world: World) -> Iterator[Finding]:
    """A program ends because an environment variable that it needs is not set.

    The variable was forgotten in the specification, or stands in a ConfigMap that the container does not read.

    When it is wrong: the message is only a warning, and the program has a default.
    """
    for pod, container, line in complaints(world, _COMPLAINT, hint=_HINT):
        holder = _holder(world, pod, re.findall(rf"\b{_NAME}\b", line.text))
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} lacks a variable: “{ending(line.text)}”"
            + (f"; ConfigMap {holder.name} has it" if holder else ""),
            cites=[*crash_cites(container, line), *([holder.cite("data", MODERATE)] if holder else [])],
            remedies=[read_logs(pod.subject, container.name)],
        )


def _holder(world: World, pod: Pod, names: list[str]) -> Resource | None:
    """Return a ConfigMap of the namespace that has a variable of one of these names."""
    near = (item for item in world.inventory.of("ConfigMap") if item.namespace == pod.namespace)
    return next((item for item in near if any(name in item.mapping("data") for name in names)), None)
