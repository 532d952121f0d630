"""A cluster whose scheduler does not run."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.nodes.control_plane import component, lease, silent, unrenewed
from tocsin.investigation.diagnosis.reading.nodes.state import running, stopped
from tocsin.investigation.diagnosis.reading.storage.claims import waited
from tocsin.investigation.diagnosis.remedies.control_plane import look_at_component, look_at_lease
from tocsin.investigation.diagnosis.remedies.nodes import start_service
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import overlooked
from tocsin.investigation.diagnosis.world import World

_NAME, _SCHEDULER = "kube-scheduler", "default-scheduler"
# A scheduler answers within seconds.
_UNSEEN = timedelta(minutes=1)


@cause("control-plane", needs=("Pod",))
def scheduler_down(world: World) -> Iterator[Finding]:
    """The scheduler of the cluster does not run, or cannot renew its lease, so no new pod is given a node.

    Pods that run are not touched. New ones stay Pending without a word: no event says why, because the one who would
    say it is away.

    When it is wrong: another instance of the scheduler is the leader, or the pods name a scheduler of their own.
    """
    waiting = [pod for pod in overlooked(world) if pod.text("spec/schedulerName") in ("", _SCHEDULER)]
    services = [] if running(world, _NAME) else list(stopped(world, _NAME))
    for held in services:
        yield Finding(
            held.node,
            f"{_NAME} on {held.node.name} is {held.state}: no new pod is given a node, {len(waiting)} wait",
            cites=[held.cite, *unrenewed(world, _NAME, STRONG)],
            felt_by=[world.controller(pod) for pod in waiting],
            remedies=[start_service(held.node, _NAME), look_at_lease(_NAME)],
        )
    late = [pod for pod in waiting if waited(world, pod, _UNSEEN)]
    if late and not services:
        yield from _unheard(world, late)


def _unheard(world: World, waiting: list[Pod]) -> Iterator[Finding]:
    """Yield the scheduler where its lease or its pods say that it is away."""
    if proof := list(silent(world, _NAME)):
        yield Finding(
            lease(_NAME) if proof[0].about == lease(_NAME) else component(world, _NAME),
            f"the cluster's scheduler is away: nothing was said about {waiting[0].name}, {len(waiting)} pods wait",
            cites=[*proof, *(pod.cite("status/conditions", MODERATE) for pod in waiting[:1])],
            felt_by=sorted({world.controller(pod) for pod in waiting}),
            remedies=[look_at_lease(_NAME), look_at_component(_NAME)],
        )
