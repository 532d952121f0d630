"""A pod that was deleted and does not go."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.workloads import describe, drop_finalizers, force_delete
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.symptoms import overdue
from tocsin.investigation.diagnosis.world import World, cite_event

_ENDLESS = ("FailedKillPod", "ExceededGracePeriod", "FailedPreStopHook", "FailedUnMount", "FailedUnmount")


@cause("rollout", modes=("pod.stuck_terminating",), needs=("Pod",))
def pod_stuck_terminating(world: World) -> Iterator[Finding]:
    """A pod was deleted, its grace period is over, and it is still there.

    Either a finalizer holds it, which whoever set it must take off, or the kubelet cannot end it: a volume that does
    not unmount, a process that waits for a dead disk, a runtime that hangs. A StatefulSet or a rollout waits for it.

    When it is wrong: its node is away; then nobody can say whether it ended. What blocks the update of a DaemonSet is
    told as that.
    """
    for pod in world.pods:
        held = world.workload(pod.subject)
        if not overdue(pod, world.inventory) or _unheard(world, pod.node) or (held and held.updating):
            continue
        holds = pod.words("metadata/finalizers")
        trouble = [cite_event(event, STRONG) for event in world.events(*_ENDLESS, about=pod.subject)]
        yield Finding(
            world.controller(pod),
            f"{pod.name} should have ended {_since(world, pod)} ago; {_why(holds, trouble)}",
            cites=[
                pod.cite("metadata/deletionTimestamp", MODERATE if holds or trouble else STRONG),
                *([pod.cite("metadata/finalizers", CONCLUSIVE)] if holds else []),
                *trouble,
            ],
            remedies=_remedies(pod, holds),
        )


def _unheard(world: World, name: str) -> bool:
    node = world.inventory.get(Subject("Node", "", name))
    ready = node.condition("Ready") if node else None
    return bool(ready and ready.text("status") != "True")


def _since(world: World, pod: Pod) -> str:
    at, now = pod.time("metadata/deletionTimestamp"), world.snapshot.captured_at
    return ago(at, now) if at and now else "long"


def _why(holds: tuple[str, ...], trouble: list[Citation]) -> str:
    if holds:
        return f"the finalizer {', '.join(holds)} holds it"
    return f"its kubelet cannot end it: {opening(str(trouble[0].value))}" if trouble else "its kubelet has not ended it"


def _remedies(pod: Pod, holds: tuple[str, ...]) -> list[Command]:
    return [describe(pod.subject), drop_finalizers(pod.subject, holds) if holds else force_delete(pod.subject)]
