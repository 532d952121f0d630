"""A StatefulSet whose pods keep an old template, because its update strategy says so."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import missed
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import rollout_done
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.remedies.workloads import delete, describe
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.world import World

_HASH = "metadata/labels/controller-revision-hash"
_PARTITION = "spec/updateStrategy/rollingUpdate/partition"
_TYPE = "spec/updateStrategy/type"


@cause("rollout", modes=("rollout.sts_partition",), needs=("StatefulSet", "Pod"))
def statefulset_update_held_back(world: World) -> Iterator[Finding]:
    """Pods of a StatefulSet keep the old template: a partition keeps the lower ones back, or OnDelete keeps all.

    A partition of 2 updates only the pods numbered 2 and above. It is set to try a release on few pods, and forgotten.
    With OnDelete a pod gets the new template only when somebody deletes it.

    When it is wrong: the old pods fail for a reason that the new template does not mend. It is told only where pods
    fail or somebody asked.
    """
    for held in world.workloads:
        newest = held.text("status/updateRevision")
        if held.kind != "StatefulSet" or not newest or not missed(held, world.inventory):
            continue
        old = [pod for pod in world.pods_of(held.subject) if pod.text(_HASH) not in ("", newest) and _kept(held, pod)]
        failing = [pod for pod in old if not pod.ready and not pod.leaving]
        if old and (failing or not held.lacking):
            how = "its strategy is OnDelete" if _by_hand(held) else f"its partition is {held.number(_PARTITION)}"
            yield Finding(
                held.subject,
                f"{len(old)} pods of {held.name} keep the old template, {len(failing)} of them fail: {how}",
                cites=[
                    held.cite(_TYPE if _by_hand(held) else _PARTITION, STRONG),
                    held.cite("status/updateRevision", MODERATE),
                    *(pod.cite(_HASH, MODERATE) for pod in failing or old),
                ],
                remedies=[*_remedies(held, failing), describe(held.subject)],
            )


def _by_hand(held: Workload) -> bool:
    return held.text(_TYPE) == "OnDelete"


def _kept(held: Workload, pod: Pod) -> bool:
    """Tell whether the strategy keeps a pod from being updated."""
    ordinal = whole(pod.name.rpartition("-")[2])
    return _by_hand(held) or (ordinal is not None and ordinal < (held.number(_PARTITION) or 0))


def _remedies(held: Workload, failing: list[Pod]) -> list[Command]:
    if _by_hand(held):
        why = "the new template mends it"
        return [delete(pod.subject, f"let {pod.name} be made of the new template", why) for pod in failing[:1]]
    before = "the pods that have the new template are well"
    purpose, done = f"roll the new template of {held.name} out to all pods", rollout_done(held.subject)
    return [
        patch(held.subject, f"/{_PARTITION}", held.number(_PARTITION), 0, purpose=purpose, before=before, verify=done)
    ]
