"""An object whose deletion waits for a controller that does not come."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

# Pods, claims, volumes and namespaces have finalizers that the cluster itself keeps for good reasons.
_OTHERWISE = ("Pod", "Namespace", "PersistentVolumeClaim", "PersistentVolume", "Node", "VolumeAttachment")
# The garbage collector's own: the object waits for what it owns.
_COLLECTOR = ("foregroundDeletion", "orphan")
_PATIENCE = timedelta(minutes=20)


@cause("control-plane", modes=("ctrl.finalizer",))
def finalizer_blocks(world: World) -> Iterator[Finding]:
    """An object was deleted and stays, because its finalizer is not taken off.

    A finalizer is the promise of a controller to tidy up first. If that controller is gone, cannot reach what it has to
    tidy up, or waits for another object in turn, the deletion never ends, and nothing of that name can be made anew.

    When it is wrong: tidying up takes long, as for a load balancer or a database in a cloud.
    """
    now = world.snapshot.captured_at
    for item in _leaving(world):
        since, finalizers = item.time("metadata/deletionTimestamp"), item.words("metadata/finalizers")
        waited = [name for name in finalizers if name not in _COLLECTOR]
        if since and now and waited and now - since > _PATIENCE:
            yield Finding(
                item.subject,
                f"{item.kind} {item.name} was deleted {ago(since, now)} before and stays: {', '.join(waited)} is not taken off",
                cites=[item.cite("metadata/finalizers", CONCLUSIVE), item.cite("metadata/deletionTimestamp", MODERATE)],
                remedies=[
                    look(
                        *("get", target(item.subject), "-o", "jsonpath={.metadata.finalizers}"),
                        of=item.subject,
                        purpose="see whose promise holds it; taking it off by hand leaves behind what was to be tidied up",
                    ),
                    look("get", "deployments", "-A", of=item.subject, purpose="see whether that controller runs"),
                ],
            )


def _leaving(world: World) -> Iterator[Resource]:
    """Yield the objects that are being deleted; only their text is searched, so that few are decoded."""
    for subject, stored in sorted(world.snapshot.by_subject.items()):
        if subject.kind not in _OTHERWISE and b'"deletionTimestamp"' in bytes(stored.raw):
            held = world.inventory.get(subject)
            if held and held.leaving:
                yield held
