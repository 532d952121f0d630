"""An environment variable that a program needs and does not have."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i:environment variable \S+ (?:is )?(?:undefined|not set|missing|required|not defined))"
    r"|(?i:(?:missing|required) (?:required )?environment variable)"
    r"|\b[A-Z][A-Z0-9_]{3,}: (?:parameter not set|unbound variable)"
)


@cause("configuration", needs=("Pod", "logs"))
def variable_missing(world: World) -> Iterator[Finding]:
    """A program ends because an environment variable that it needs is not set.

    The variable was forgotten in the specification, or stands in a ConfigMap that the container does not read.

    When it is wrong: the message is only a warning, and the program has a default.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} lacks a variable: “{line.text.strip()[-140:]}”",
            cites=[line.cite(CONCLUSIVE)],
            remedies=[read_logs(pod.subject, container.name)],
        )
