"""A StatefulSet whose headless Service does not exist."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import missed
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.world import World


@cause("service", modes=("rollout.sts_service",), needs=("StatefulSet", "Service"))
def headless_service_missing(world: World) -> Iterator[Finding]:
    """A StatefulSet names a Service (spec.serviceName) that does not exist, so its pods have no names of their own.

    That Service gives each pod its name, db-0.db for instance, by which the others find it. Without it a database or a
    queue starts, but its members do not find each other.

    When it is wrong: the members do not use those names. It is told only where replicas are missing or somebody asked.
    """
    if not world.knows("Service"):
        return
    for held in world.workloads:
        name = held.text("spec/serviceName")
        if held.kind != "StatefulSet" or not name or world.get("Service", held.namespace, name):
            continue
        said = list(_said(world, held, name))
        if said or missed(held, world.inventory):
            yield Finding(
                held.subject,
                f"{held.name} names its pods by service {name}, which does not exist: they do not find each other",
                cites=[held.cite("spec/serviceName", STRONG), *said],
                felt_by=[Subject("Service", held.namespace, name)],
                remedies=[
                    look("get", "services", of=held.subject, purpose="see whether it has another name"),
                    describe(held.subject),
                ],
            )


def _said(world: World, held: Workload, service: str) -> Iterator[Citation]:
    """Cite complaints about names under that Service."""
    for pod in world.pods_of(held.subject):
        for container in pod.containers:
            lines = world.current_complaints(pod, container)
            yield from (line.cite(STRONG) for line in lines if f".{service}" in line.text)
