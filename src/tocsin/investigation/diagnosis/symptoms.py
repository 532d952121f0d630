"""What is visibly wrong in a snapshot, before anybody says why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple, cast

from tocsin.investigation.diagnosis.evidence import cut
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.workloads.jobs import complete, history
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Node, Pod, Resource, Service, Workload

# What a pod may need beyond its grace period until the kubelet has reported it gone.
OVERDUE = timedelta(minutes=2)
_PRESSURES = {"MemoryPressure": "memory", "DiskPressure": "disk space", "PIDPressure": "process ids"}


class Symptom(NamedTuple):
    """Something wrong with an object: in words, with the reference that shows it."""

    subject: Subject
    text: str
    ref: str


def symptoms(inventory: Inventory) -> tuple[Symptom, ...]:
    """Return what is wrong, each object once: pods under the workload that made them, Services, claims, nodes, deployments."""
    found: dict[Subject, Symptom] = {}
    for symptom in (
        *_nodes(inventory),
        *_claims(inventory),
        *_pods(inventory),
        *_workloads(inventory),
        *_probes(inventory),
        *_deployment(inventory),
    ):
        found.setdefault(symptom.subject, symptom)
    return tuple(sorted(found.values()))


def _nodes(inventory: Inventory) -> Iterator[Symptom]:
    for node in cast(tuple[Node, ...], inventory.of("Node")):
        ready = node.condition("Ready")
        if ready and ready.text("status") != "True":
            yield Symptom(node.subject, f"node {node.name} is not ready", ready.cite("status").ref)
        for kind, resource in _PRESSURES.items():
            told = node.condition(kind)
            if told and told.text("status") == "True":
                yield Symptom(node.subject, f"node {node.name} is short of {resource}", told.cite("status").ref)


def _claims(inventory: Inventory) -> Iterator[Symptom]:
    for claim in inventory.of("PersistentVolumeClaim"):
        phase = claim.text("status/phase")
        if phase not in ("", "Bound") and not _bides(claim, inventory):
            yield Symptom(claim.subject, f"claim {claim.name} is {phase}", claim.cite("status/phase").ref)


def _bides(claim: Resource, inventory: Inventory) -> bool:
    """Tell whether a claim waits as it should: its class makes a volume only for a pod, and no pod uses the claim."""
    class_ = inventory.get(Subject("StorageClass", "", claim.text("spec/storageClassName")))
    late = class_ is not None and class_.text("volumeBindingMode") == "WaitForFirstConsumer"
    volumes = (
        volume for pod in inventory.pods if pod.namespace == claim.namespace for volume in pod.parts("spec/volumes")
    )
    used = (volume.text("persistentVolumeClaim/claimName") == claim.name for volume in volumes)
    return claim.text("status/phase") == "Pending" and late and not any(used)


def _pods(inventory: Inventory) -> Iterator[Symptom]:
    for pod in inventory.pods:
        if overdue(pod, inventory):
            text = f"pod {pod.name} does not end"
            yield Symptom(inventory.controller(pod.subject), text, pod.cite("metadata/deletionTimestamp").ref)
        # of a pod without a status nobody printed how it is
        elif not pod.ready and not pod.leaving and pod.mapping("status") and not replaced(pod, inventory):
            broken = next(
                (container for container in pod.containers if container.waiting and container.waiting.text("reason")),
                None,
            )
            state = broken.waiting.text("reason") if broken and broken.waiting else pod.phase or "not ready"
            what = "not ready" if state == "Running" else state
            yield Symptom(inventory.controller(pod.subject), f"pod {pod.name} is {what}", pod.cite("status/phase").ref)


def overdue(pod: Pod, inventory: Inventory) -> bool:
    """Tell whether a pod should be gone: its deletionTimestamp, which counts the grace period in, is past."""
    return inventory.snapshot.beyond(pod.time("metadata/deletionTimestamp"), OVERDUE)


def replaced(pod: Pod, inventory: Inventory) -> bool:
    """Tell whether a pod that failed for good is history: its controller has all the pods, or the result, it wants."""
    if pod.phase != "Failed":
        return False
    for at in (*inventory.owners(pod.subject)[1:], inventory.controller(pod.subject)):
        held = inventory.get(at)
        if isinstance(held, Workload) and held.kind == "Job":
            return complete(held) or history(held, inventory)
        if isinstance(held, Workload) and held.mapping("status") and held.kind != "ReplicaSet":
            return not held.lacking
    return False


def _workloads(inventory: Inventory) -> Iterator[Symptom]:
    for workload in inventory.workloads:
        if workload.kind == "Job":
            failed = workload.condition("Failed")
            if failed and failed.text("status") == "True" and not history(workload, inventory):
                yield Symptom(workload.subject, f"job {workload.name} failed", failed.cite("reason").ref)
        elif workload.lacking:
            text = f"{workload.available} of {workload.desired} replicas of {workload.name} are ready"
            yield Symptom(workload.subject, text, workload.cite("status/readyReplicas").ref)


def _probes(inventory: Inventory) -> Iterator[Symptom]:
    """Yield the Services that could not be connected to, when a prober tried."""
    services = {service.name: service for service in cast(tuple[Service, ...], inventory.of("Service"))}
    for index, probe in enumerate(inventory.snapshot.probes):
        service = services.get(probe.target.partition(":")[0].partition(".")[0])
        if service and not probe.succeeded:
            yield Symptom(service.subject, f"no connection to {probe.target}", f"probes/{index}#/succeeded")


def _deployment(inventory: Inventory) -> Iterator[Symptom]:
    """Yield what failed in a run, and a run that came to no good end although nothing says why."""
    held = inventory.deployment
    if held is None:
        return
    for failure in held.failures:
        ref = f"deployment/log#L{max(failure.first, 1)}"
        yield Symptom(failure.subject, f"{failure.subject.name}: {cut(failure.summary)}", ref)
    for address in held.drifted:
        yield Symptom(Subject("Resource", "", address), f"{address} changed outside", "deployment#")
    if not held.failures and not held.succeeded:
        how = held.stopped or f"exit code {held.section.exit_code}"
        yield Symptom(held.subject, f"{held.subject.name} did not come to its end ({how})", "deployment#")
    refused = [verdict.rule for verdict in held.section.policies if verdict.status == "failed"]
    if refused:
        yield Symptom(held.subject, f"{held.subject.name} fails the policy {refused[0]}", "deployment#/policies")
