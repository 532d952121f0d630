"""A pod that was ended because it ran longer than it may."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.symptoms import replaced
from tocsin.investigation.diagnosis.world import World

_DEADLINE = "spec/activeDeadlineSeconds"


@cause("rollout", modes=("pod.deadline",), needs=("Pod",))
def pod_deadline_exceeded(world: World) -> Iterator[Finding]:
    """A pod ran longer than its activeDeadlineSeconds, and its kubelet ended it.

    The time counts from its start, however well it works. It is meant for work that ends; on a server it ends a
    healthy one.

    When it is wrong: the work hangs, and the deadline only showed it.
    """
    for pod in world.pods:
        of_a_job = any(at.kind == "Job" for at in world.inventory.owners(pod.subject))
        if pod.phase != "Failed" or pod.text("status/reason") != "DeadlineExceeded" or of_a_job:
            continue
        if not replaced(pod, world.inventory):
            seconds = pod.number(_DEADLINE)
            allowed = f" of {seconds} s" if seconds else ""
            yield Finding(
                world.controller(pod),
                f"{pod.name} was ended: it ran longer than its deadline{allowed}",
                cites=[pod.cite("status/reason", CONCLUSIVE), *([pod.cite(_DEADLINE, MODERATE)] if seconds else [])],
                remedies=[describe(world.controller(pod))],
            )
