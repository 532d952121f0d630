"""A probe that asks on the wrong port or in the wrong protocol."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.probing import mistaken, passes_elsewhere, shown
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import unprobed
from tocsin.investigation.diagnosis.world import World


@cause("probe", needs=("Pod",))
def probe_misdirected(world: World) -> Iterator[Finding]:
    """A probe asks where or how the application does not answer: another port, or another protocol.

    The application may be well. A liveness or startup probe then makes the kubelet kill it again and again; a
    readiness probe keeps it out of its Services.

    When it is wrong: the application listens on more ports than it declares, and the one asked for is just not open yet.
    """
    for pod, container, field, saying in unprobed(world):
        probe, reason = container.spec.part(field), mistaken(pod, container, field, saying.text)
        if probe and reason and not passes_elsewhere(world.pods, pod, container, field):
            yield Finding(
                saying.controller,
                f"the {shown(field)} of {container.name} in {saying.about.name} {reason}",
                cites=[saying.weighing(STRONG), container.cite(field, STRONG), container.cite("ports", MODERATE)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )
