"""A pod whose containers are ready, and that waits for somebody else to say so."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_LONG = timedelta(minutes=2)


@cause("probe", modes=("probe.gate",), needs=("Pod",))
def readiness_gate_unmet(world: World) -> Iterator[Finding]:
    """A pod is not ready because a readiness gate is not met, although all its containers are.

    A readiness gate is a condition that another controller has to set: that a load balancer has taken the pod in, for
    example. Without that controller, or without its rights, the pod is never ready.

    When it is wrong: the controller is at work, and sets it in a moment.
    """
    for pod in world.pods:
        ready, contained = pod.condition("Ready"), pod.condition("ContainersReady")
        unmet = _unmet(pod)
        if not unmet or pod.ready or pod.leaving or not ready or not _all_ready(pod):
            continue
        since = contained.time("lastTransitionTime") if contained else None
        if world.snapshot.within(since, _LONG):
            continue
        told = "reason" if ready.text("reason") == "ReadinessGatesNotReady" else "status"
        yield Finding(
            world.controller(pod),
            f"{pod.name} is not ready although its containers are: nobody has set its readiness gate {', '.join(unmet)}",
            cites=[ready.cite(told, CONCLUSIVE), pod.cite("spec/readinessGates", STRONG)],
            remedies=_looks(pod, unmet[0]),
        )


def _all_ready(pod: Pod) -> bool:
    held = [container for container in pod.containers if not container.init]
    return bool(held) and all(container.ready for container in held)


def _unmet(pod: Pod) -> list[str]:
    """Return the types of the gates that no condition meets."""
    types = [gate.text("conditionType") for gate in pod.parts("spec/readinessGates")]
    told = {kind: pod.condition(kind) for kind in types if kind}
    return [kind for kind, condition in told.items() if not condition or condition.text("status") != "True"]


def _looks(pod: Pod, gate: str) -> list[Command]:
    told = ("get", "pod", pod.name, "-o", "jsonpath={.status.conditions}")
    return [
        look(*told, of=pod.subject, purpose="see who set what"),
        look("get", "pods", "-A", of=pod.subject, purpose=f"find the controller that sets {gate}, and its state"),
    ]
