"""A probe that asks on the wrong port or in the wrong protocol."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.pods.probing import mistaken, passes_elsewhere, port, shown, way
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.patches import patch_probe
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.resources import Container, Pod
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
                remedies=[*_remedies(world, pod, container, field), describe(saying.about)],
            )


def _remedies(world: World, pod: Pod, container: Container, field: str) -> Sequence[Command]:
    """Ask on the one port that the container declares; where there are more, go back to the revision before."""
    workload, probe = world.workload(pod.subject), container.spec.part(field)
    names = [held.name for held in workload.containers] if workload else []
    ports = [number for part in container.ports if (number := part.number("containerPort"))]
    if (
        not workload
        or not probe
        or container.name not in names
        or len(ports) != 1
        or port(container, probe) == ports[0]
    ):
        return rollback(world.controller(pod))
    asked = {**probe.value, way(probe): {**probe.mapping(way(probe)), "port": ports[0]}}
    purpose = f"let the {shown(field)} of {container.name} ask on port {ports[0]}"
    place = names.index(container.name)
    return [patch_probe(workload.subject, place, field, probe.value, asked, purpose=purpose)]
