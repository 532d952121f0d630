"""A workload of which nobody wants a single replica."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK
from tocsin.investigation.diagnosis.remedies.workloads import scale_to
from tocsin.investigation.diagnosis.resources import selects
from tocsin.investigation.diagnosis.world import World


@cause("rollout", needs=("Deployment",))
def scaled_to_zero(world: World) -> Iterator[Finding]:
    """A workload is scaled to zero while a Service still sends requests to it.

    Nothing fails in the cluster: there is just nobody to answer. It happens by hand, by an autoscaler, or by a
    schedule that did not scale up again.

    When it is wrong: it sleeps on purpose (scale to zero on demand, an environment switched off at night).
    """
    for workload in world.workloads:
        if workload.kind not in ("Deployment", "StatefulSet") or workload.desired:
            continue
        services = [
            s
            for s in world.services
            if s.namespace == workload.namespace and selects(s.selector, workload.template_labels)
        ]
        for service in services:
            yield Finding(
                workload.subject,
                f"{workload.name} is scaled to zero, and service {service.name} has nobody else to send requests to",
                cites=[workload.cite("spec/replicas", STRONG), service.cite("spec/selector", WEAK)],
                felt_by=[service.subject],
                remedies=[scale_to(workload.subject, 1, 0)],
            )
