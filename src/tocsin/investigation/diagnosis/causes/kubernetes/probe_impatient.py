"""A liveness or startup probe that kills before the application had time to answer."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.pods.probing import killed_at_start, mistaken, patience, shown
from tocsin.investigation.diagnosis.remedies.probes import allow_longer
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unprobed
from tocsin.investigation.diagnosis.world import World

_SHORT = 10


@cause("probe", modes=("probe.startup_slow",), needs=("Pod",))
def probe_impatient(world: World) -> Iterator[Finding]:
    """A probe gives the application so little time that it is killed before it can answer.

    From its start an application has the initial delay plus the failure threshold times the period. Then the kubelet
    kills it, and it starts from the beginning.

    When it is wrong: the application hangs, and would not answer however long one waited.
    """
    for pod, container, field, saying in unprobed(world):
        probe, status = container.spec.part(field), container.status
        if not probe or not status or field == "readinessProbe" or container.restarts == 0:
            continue
        if mistaken(pod, container, field, saying.text):
            continue
        seconds, each_time = patience(probe), killed_at_start(pod, container, field)
        covered = field == "livenessProbe" and container.spec.get("startupProbe")
        if seconds > _SHORT and (covered or not each_time):
            continue
        lived = container.last_exit.cite("finishedAt", MODERATE) if each_time and container.last_exit else None
        yield Finding(
            saying.controller,
            f"the {shown(field)} of {container.name} in {saying.about.name} kills it {seconds} s after its start",
            cites=[
                saying.weighing(STRONG),
                container.cite(field, STRONG),
                status.cite("restartCount", MODERATE),
                *([lived] if lived else []),
            ],
            remedies=[
                *rollback(saying.controller),
                *allow_longer(world.workload(pod.subject), container.name, field, probe),
                describe(saying.about),
            ],
        )
