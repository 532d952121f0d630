"""A StatefulSet that waits for a pod of a broken revision, although the template was mended."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.reading.nodes.state import minutes_since
from tocsin.investigation.diagnosis.remedies.workloads import delete, describe
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_HASH = "metadata/labels/controller-revision-hash"
# Minutes in which a pod may come back by itself.
_PATIENCE = 5


@cause("rollout", modes=("rollout.sts_stuck",), needs=("StatefulSet", "Pod"))
def statefulset_stuck(world: World) -> Iterator[Finding]:
    """A StatefulSet was given a newer template, but waits for a broken pod of an older one and does not replace it.

    It updates its pods one after another and goes on only when each is ready. A pod that never becomes ready blocks it,
    even when the mended template is already there: such a pod must be deleted by hand.

    When it is wrong: the pod is only slow to start; then it is not the update that keeps it.
    """
    for held in world.workloads:
        newest = held.text("status/updateRevision")
        ordered = (
            held.text("spec/podManagementPolicy") != "Parallel" and held.text("spec/updateStrategy/type") != "OnDelete"
        )
        if held.kind != "StatefulSet" or not ordered or not newest or newest == held.text("status/currentRevision"):
            continue
        kept = held.number("spec/updateStrategy/rollingUpdate/partition") or 0
        for pod in world.pods_of(held.subject):
            revision, ordinal = pod.text(_HASH), whole(pod.name.rpartition("-")[2])
            stale = revision not in ("", newest) and ordinal is not None and ordinal >= kept
            if stale and not pod.leaving and _long_unready(world, pod):
                yield Finding(
                    held.subject,
                    f"{held.name} waits for {pod.name}, which is not ready and of revision {revision}, not {newest}",
                    cites=[
                        pod.cite(_HASH, STRONG),
                        held.cite("status/updateRevision", STRONG),
                        pod.cite("status/conditions", MODERATE),
                    ],
                    remedies=[
                        delete(
                            pod.subject, f"let {pod.name} be made of revision {newest}", "the newest template is mended"
                        ),
                        describe(held.subject),
                    ],
                )


def _long_unready(world: World, pod: Pod) -> bool:
    """Tell whether a pod has not been ready for minutes; taken for granted where no time was stored."""
    told = pod.condition("Ready")
    minutes = minutes_since(world, told, "lastTransitionTime") if told else None
    return not pod.ready and (minutes is None or minutes >= _PATIENCE)
