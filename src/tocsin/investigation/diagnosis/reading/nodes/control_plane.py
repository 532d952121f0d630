"""The components of the control plane: their pods, the leases that they renew, and what they are heard to say."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import bothers, complaints
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

NAMESPACE = "kube-system"
# Leaders renew every few seconds; a minute without it is longer than any change of leader takes.
_SILENT = timedelta(minutes=1)
_LATELY = timedelta(minutes=15)
# Reasons under which controllers report a request that failed.
_PASSED_ON = (
    *("FailedCreate", "FailedDelete", "FailedUpdate", "FailedSync", "FailedMount", "FailedToCreateEndpoint"),
    *(
        "FailedToUpdateEndpoint",
        "FailedToUpdateEndpointSlices",
        "FailedGetScale",
        "FailedRescale",
        "ProvisioningFailed",
    ),
    *("FailedGetResourceMetric", "FailedComputeMetricsReplicas", "ReplicaSetCreateError", "FailedUpdateStatus"),
)


def component(world: World, name: str) -> Subject:
    """Return the first pod of a component, as kubeadm labels them; where none is visible, the component by its name."""
    return next((pod.subject for pod in pods_of(world, name)), Subject("ControlPlane", "", name))


def pods_of(world: World, name: str) -> list[Pod]:
    """Return the pods of a component."""
    return [pod for pod in world.pods if pod.namespace == NAMESPACE and pod.labels.get("component") == name]


def lease(name: str) -> Subject:
    """Return the lease that the leader among a component's replicas renews."""
    return Subject("Lease", NAMESPACE, name)


def unrenewed(world: World, name: str, weight: float = CONCLUSIVE) -> list[Citation]:
    """Cite the lease of a component that nobody renews any more."""
    held = world.inventory.get(lease(name))
    renewed = held.time("spec/renewTime") if held else None
    return [held.cite("spec/renewTime", weight)] if held and world.snapshot.beyond(renewed, _SILENT) else []


def silent(world: World, name: str) -> Iterator[Citation]:
    """Cite that a component does not renew its lease, or that none of its pods is ready."""
    yield from unrenewed(world, name)
    pods = pods_of(world, name)
    if pods and not any(pod.ready for pod in pods):
        yield from (pod.cite("status/conditions", STRONG) for pod in pods[:3])


def refusals(world: World) -> Iterator[StoredEvent]:
    """Yield the events by which controllers and kubelets pass on what the API server told them, where it still matters.

    An event about a pod that serves is history, and what is said under other reasons may be anybody's words.
    """
    for event in world.events(*_PASSED_ON):
        held = world.inventory.get(event.about)
        over = world.snapshot.beyond(event.last, _LATELY)
        if not over and not (isinstance(held, Pod) and held.ready):
            yield event


def heard(world: World, pattern: str, hint: str) -> list[tuple[Subject, Citation]]:
    """Return who was told something by the control plane: containers by their logs, objects by their events.

    `hint` is a simpler pattern, found in whatever the other matches.
    """
    spoken = complaints(world, pattern, hint=hint)
    told = [(world.controller(pod), line.cite(STRONG)) for pod, held, line in spoken if bothers(world, held, line)]
    wording = re.compile(pattern)
    for event in refusals(world):
        if wording.search(event.message):
            told.append((world.controller(event.about), cite_event(event, STRONG if len(told) < 3 else MODERATE)))
    return told
