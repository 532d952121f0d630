"""Pods that wait for a node without any scheduler looking at them."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.claims import waited
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

_DEFAULT = "default-scheduler"
_LEASE = Subject("Lease", "kube-system", "kube-scheduler")
# A scheduler answers within seconds, and renews its lease every two.
_UNSEEN, _SILENT = timedelta(minutes=1), timedelta(minutes=1)


@cause("scheduling", modes=("sched.no_scheduler",), needs=("Pod",))
def scheduler_absent(world: World) -> Iterator[Finding]:
    """A pod waits for a node, and no scheduler has said a word about it.

    The pod names a scheduler that does not run in the cluster, or the cluster's own scheduler is down or cannot renew
    its lease. What runs goes on; nothing new is placed.

    When it is wrong: the pod was made seconds ago, and the scheduler has not come to it.
    """
    told = {saying.about for saying in unscheduled(world)}
    down = any(held.service == "kube-scheduler" and not held.active for held in world.snapshot.node_services)
    for pod in world.pods:
        if _unseen(world, pod) and pod.subject not in told and not down:
            name = pod.text("spec/schedulerName") or _DEFAULT
            yield from _own(world, pod) if name == _DEFAULT else _named(world, pod, name)


def _unseen(world: World, pod: Pod) -> bool:
    condition = pod.condition("PodScheduled")
    silent = not condition or not (condition.text("reason") or condition.text("message"))
    waiting = pod.phase == "Pending" and not pod.node and not pod.leaving and not any(pod.parts("spec/schedulingGates"))
    heard = any(world.events("FailedScheduling", "Scheduled", about=pod.subject)) if waiting and silent else True
    return waiting and silent and not heard and waited(world, pod, _UNSEEN)


def _named(world: World, pod: Pod, name: str) -> Iterator[Finding]:
    """Yield a pod that names another scheduler, where that has placed nothing."""
    if not any(other.node and other.text("spec/schedulerName") == name for other in world.pods):
        yield Finding(
            world.controller(pod),
            f"{pod.name} waits for scheduler {name}, which has placed no pod here and said nothing about this one",
            cites=[pod.cite("spec/schedulerName", CONCLUSIVE), pod.cite("status/conditions", MODERATE)],
            remedies=[look("get", "pods", "-A", of=pod.subject, purpose=f"see whether anything runs as {name}")],
        )


def _own(world: World, pod: Pod) -> Iterator[Finding]:
    """Yield the cluster's scheduler where its lease or its pods say that it is away."""
    if proof := [*_silent(world), *_broken(world)]:
        yield Finding(
            proof[0].about if proof[0].about.kind == "Lease" else world.controller(proof[0].about),
            f"the cluster's scheduler is away: nothing was said about {pod.name}",
            cites=[*proof, pod.cite("status/conditions", MODERATE)],
            felt_by=[world.controller(pod)],
            remedies=[
                look("get", "lease", _LEASE.name, "-o", "yaml", of=_LEASE, purpose="see when it was renewed last"),
                look("get", "pods", "-l", "component=kube-scheduler", of=_LEASE, purpose="see whether it runs"),
            ],
        )


def _silent(world: World) -> Iterator[Citation]:
    lease, now = world.inventory.get(_LEASE), world.snapshot.captured_at
    renewed = lease.time("spec/renewTime") if lease else None
    if lease and renewed and now and now - renewed > _SILENT:
        yield lease.cite("spec/renewTime", CONCLUSIVE)


def _broken(world: World) -> Iterator[Citation]:
    pods = [
        pod for pod in world.pods if pod.namespace == _LEASE.namespace and pod.labels.get("component") == _LEASE.name
    ]
    if not any(pod.ready for pod in pods):
        yield from (pod.cite("status/phase", STRONG) for pod in pods)
