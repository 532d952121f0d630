"""A cluster whose scheduler does not run."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.node_state import minutes_since, running, stopped
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import start_service
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

_LEASE = Subject("Lease", "kube-system", "kube-scheduler")


@cause("control-plane", needs=("node_services",))
def scheduler_down(world: World) -> Iterator[Finding]:
    """The scheduler of the cluster does not run, so no new pod is given a node.

    Pods that run are not touched. New ones stay Pending without a word: no event says why, because the one who would
    say it is away.

    When it is wrong: another instance of the scheduler is the leader, or the pods name a scheduler of their own.
    """
    waiting = _untouched(world)
    if running(world, "kube-scheduler"):
        return
    for held in stopped(world, "kube-scheduler"):
        yield Finding(
            held.node,
            f"kube-scheduler on {held.node.name} is {held.state}: no new pod is given a node, {len(waiting)} wait",
            cites=[held.cite, *_unrenewed(world)],
            felt_by=[world.controller(pod) for pod in waiting],
            remedies=[
                start_service(held.node, "kube-scheduler"),
                look(
                    "get",
                    "lease",
                    _LEASE.name,
                    "-o",
                    "yaml",
                    of=_LEASE,
                    purpose="see who leads and when it last renewed",
                ),
            ],
        )


def _untouched(world: World) -> list[Pod]:
    """Return the pods without a node of which no scheduler said anything."""
    told = {saying.about for saying in unscheduled(world)}
    return [
        pod for pod in world.pods if not pod.node and not pod.get("spec/schedulingGates") and pod.subject not in told
    ]


def _unrenewed(world: World) -> Iterator[Citation]:
    """Cite the leader's lease when it was not renewed for minutes: a leader does so every two seconds."""
    lease = world.inventory.get(_LEASE)
    if lease and (minutes_since(world, lease, "spec/renewTime") or 0) >= 1:
        yield lease.cite("spec/renewTime", STRONG)
