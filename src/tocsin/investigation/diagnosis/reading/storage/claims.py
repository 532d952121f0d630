"""Claims and volumes as pods use them: who mounts what, where it is, whether anybody makes volumes of a class."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from tocsin.investigation.diagnosis.reading.workloads.placement import hosts
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Resource
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World

_DEFAULT_KEYS = "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"

# What the scheduler says of nodes on which a pod's volume cannot be used.
VOLUME_ELSEWHERE = (
    r"had volume node affinity conflict|didn't match PersistentVolume's node|had no available volume zone"
    r"|didn't find available persistent volumes to bind"
)


def claims_of(pod: Pod) -> list[Subject]:
    """Return the claims that a pod mounts, its own generic ephemeral ones too."""
    found = []
    for volume in pod.parts("spec/volumes"):
        name = volume.text("persistentVolumeClaim/claimName")
        if volume.get("ephemeral") is not None:
            name = f"{pod.name}-{volume.text('name')}"
        if name:
            found.append(Subject("PersistentVolumeClaim", pod.namespace, name))
    return found


def users_of(world: World, claim: Subject) -> Iterator[Pod]:
    """Yield the pods that mount a claim and have not ended."""
    for at, hops in sorted(world.topology.downstream(claim).items()):
        held = world.inventory.get(at) if hops == 1 else None
        if isinstance(held, Pod) and held.phase not in ("Succeeded", "Failed"):
            yield held


def volume_of(world: World, claim: Resource) -> Resource | None:
    """Return the volume that a claim is bound to; None where it is not stored, or there is none."""
    name = claim.text("spec/volumeName")
    return world.inventory.get(Subject("PersistentVolume", "", name)) if name else None


def volumes_of(world: World, pod: Pod | None) -> list[Resource]:
    """Return the stored volumes to which a pod's claims are bound."""
    claims = [world.inventory.get(claim) for claim in claims_of(pod)] if pod else []
    volumes = [volume_of(world, claim) for claim in claims if claim]
    return [volume for volume in volumes if volume]


def tied_to_missing(world: World, volume: Resource) -> bool:
    """Tell whether a volume is tied to nodes none of which is in the cluster any more."""
    names = hosts(volume)
    there = {name for node in world.nodes for name in (node.name, node.labels.get("kubernetes.io/hostname"))}
    return bool(names and there) and not there.intersection(names)


def default_class(world: World) -> Resource | None:
    """Return the storage class that claims get which name none."""
    classes = world.inventory.of("StorageClass")
    return next((held for held in classes if any(_default(held, key) for key in _DEFAULT_KEYS)), None)


def class_of(world: World, claim: Resource) -> Resource | None:
    """Return the storage class of a claim; None where it names none, or one that is not stored."""
    name = claim.text("spec/storageClassName")
    return world.inventory.get(Subject("StorageClass", "", name)) if name else None


def provisioner_of(world: World, claim: Resource) -> str:
    """Return who makes volumes for a claim on demand; empty where nobody does."""
    held = class_of(world, claim)
    name = held.text("provisioner") if held else ""
    return "" if name == "kubernetes.io/no-provisioner" else name


def pending(world: World) -> Iterator[Resource]:
    """Yield the claims that wait for a volume and are not being deleted."""
    for claim in world.of("PersistentVolumeClaim"):
        if claim.text("status/phase") == "Pending" and not claim.leaving:
            yield claim


def unmounted(world: World) -> Iterator[Pod]:
    """Yield the pods that have a node but whose containers never started: what they mount is not there yet."""
    for pod in world.pods:
        ran = any(held.ready or held.restarts or held.last_exit for held in pod.containers)
        if pod.node and pod.phase == "Pending" and not pod.leaving and not ran:
            yield pod


class Mounting(NamedTuple):
    """A pod that waits for what it mounts, as an event tells; the pod itself and its node where they are known."""

    subject: Subject
    pod: Pod | None
    event: StoredEvent

    @property
    def where(self) -> str:
        """The node to which the pod was given."""
        return self.pod.node if self.pod else "its node"


def mounting(world: World, reason: str, least: timedelta) -> Iterator[Mounting]:
    """Yield the pods that wait so long for what they mount, and pods of which only the event was read."""
    for pod in unmounted(world):
        if waited(world, pod, least):
            yield from (Mounting(pod.subject, pod, event) for event in world.events(reason, about=pod.subject))
    for event in world.events(reason):
        if event.about.kind == "Pod" and world.inventory.get(event.about) is None:
            yield Mounting(event.about, None, event)


def refused(world: World, reason: str) -> Iterator[tuple[Subject, Resource | None, StoredEvent]]:
    """Yield the events about claims that wait for a volume, with the claim where it was read."""
    waiting = {claim.subject: claim for claim in pending(world)}
    for event in world.events(reason):
        unread = event.about.kind == "PersistentVolumeClaim" and world.inventory.get(event.about) is None
        if unread or event.about in waiting:
            yield event.about, waiting.get(event.about), event


def waits_for_consumer(world: World, claim: Resource) -> bool:
    """Tell whether a claim's volume is made only once a pod that mounts it is given a node."""
    held = class_of(world, claim)
    told = any(world.events("WaitForFirstConsumer", about=claim.subject))
    return told or bool(held and held.text("volumeBindingMode") == "WaitForFirstConsumer")


def waited(world: World, item: Resource, least: timedelta) -> bool:
    """Tell whether an object is at least so old; taken for granted where nobody knows."""
    now, made = world.snapshot.captured_at, item.created
    return not now or not made or now - made >= least


def _default(held: Resource, key: str) -> bool:
    return held.texts("metadata/annotations").get(key) == "true"
