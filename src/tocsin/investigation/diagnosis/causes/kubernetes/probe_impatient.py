"""A liveness or startup probe that kills before the application had time to answer."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.probing import mistaken, patience, shown
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unprobed
from tocsin.investigation.diagnosis.world import World

_SHORT = 10


@cause("probe", needs=("Pod",))
def probe_impatient(world: World) -> Iterator[Finding]:
    """A probe gives the application so little time that it is killed before it can answer.

    From its start an application has the initial delay plus the failure threshold times the period. Then the kubelet
    kills it, and it starts from the beginning.

    When it is wrong: the application hangs, and would not answer however long one waited.
    """
    for pod, container, field, saying in unprobed(world):
        probe = container.spec.part(field)
        if (
            not probe
            or field == "readinessProbe"
            or container.restarts == 0
            or mistaken(pod, container, field, saying.text)
        ):
            continue
        seconds = patience(probe)
        if seconds <= _SHORT:
            yield Finding(
                saying.controller,
                f"the {shown(field)} of {container.name} in {saying.about.name} kills it {seconds} s after its start",
                cites=[
                    saying.weighing(STRONG),
                    container.cite(field, STRONG),
                    container.status.cite("restartCount", MODERATE),
                ]
                if container.status
                else [saying.weighing(STRONG)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
