"""What Helm, Argo CD and Flux rolled out, and when: from the objects in which they keep their own state."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

# Where an object says which release it came with, by the tool: annotations and labels that these tools document.
_HELM = "meta.helm.sh/release-name"
_FLUX = {"HelmRelease": "helm.toolkit.fluxcd.io/name", "Kustomization": "kustomize.toolkit.fluxcd.io/name"}


class Release(NamedTuple):
    """One rollout by a tool: who, of what, when, which version; `state` is in the tool's own words ("failed")."""

    subject: Subject
    by: str
    at: datetime
    what: str
    state: str
    workloads: tuple[Subject, ...]
    cite: Citation


def releases(inventory: Inventory) -> Iterator[Release]:
    """Yield the latest rollout of each release that is stored, with the workloads that it brought.

    Sources: Helm keeps a Secret of type helm.sh/release.v1 for each revision, its state in labels; Argo CD's Application
    and Flux's HelmRelease and Kustomization have a status.
    """
    yield from _of_helm(inventory)
    yield from _of_argo(inventory)
    yield from _of_flux(inventory)


def helm_revisions(inventory: Inventory, release: Subject) -> list[tuple[int, str]]:
    """Return the stored revisions of a Helm release with their states, oldest first."""
    return sorted(
        (version, held.labels.get("status", ""))
        for held in inventory.of("Secret")
        if held.namespace == release.namespace
        and (held.labels.get("owner"), held.labels.get("name")) == ("helm", release.name)
        and (version := whole(held.labels.get("version", ""))) is not None
    )


def _of_helm(inventory: Inventory) -> Iterator[Release]:
    latest: dict[tuple[str, str], tuple[int, Resource]] = {}
    for held in inventory.of("Secret"):
        name, version = held.labels.get("name", ""), whole(held.labels.get("version", ""))
        if held.labels.get("owner") != "helm" or version is None:
            continue
        key = (held.namespace, name)
        if key not in latest or version > latest[key][0]:
            latest[key] = (version, held)
    for (namespace, name), (number, held) in sorted(latest.items(), key=lambda item: item[0]):
        at = _epoch(held.labels.get("modifiedAt", "")) or held.created
        if at and number > 1:  # the first one changed nothing: nothing was there before
            state = held.labels.get("status", "")
            brought = _carrying(inventory, namespace, _HELM, name)
            told = f"release {name} revision {number} is {state or 'stored'}"
            yield Release(
                held.subject, "Helm", at, told, state, brought, held.cite("metadata/labels/version", MODERATE)
            )


def _of_argo(inventory: Inventory) -> Iterator[Release]:
    for held in inventory.of("Application"):
        history = list(held.parts("status/history"))
        at = history[-1].time("deployedAt") if history else None
        at = held.time("status/operationState/finishedAt") or at
        if not at:
            continue
        state = held.text("status/operationState/phase") or held.text("status/sync/status")
        revision = held.text("status/sync/revision")[:12]
        brought = tuple(sorted(map(_resource, held.parts("status/resources"))))
        told = f"application {held.name} synced {revision or 'a revision'}: {state or 'done'}"
        cite = held.cite("status/operationState/phase", MODERATE)
        yield Release(held.subject, "Argo CD", at, told, state, brought, cite)


def _of_flux(inventory: Inventory) -> Iterator[Release]:
    for kind, label in _FLUX.items():
        for held in inventory.of(kind):
            ready = held.condition("Ready")
            history = next(held.parts("status/history"), None)
            at = (history.time("lastDeployed") if history else None) or (
                ready.time("lastTransitionTime") if ready else None
            )
            if not at or not ready:
                continue
            version = history.text("chartVersion") if history else held.text("status/lastAppliedRevision")
            told = f"{kind} {held.name} applied {version or 'a revision'}: {ready.text('reason')}"
            brought = _carrying(inventory, held.namespace, label, held.name)
            yield Release(held.subject, "Flux", at, told, ready.text("reason"), brought, ready.cite("reason", MODERATE))


def _carrying(inventory: Inventory, namespace: str, mark: str, name: str) -> tuple[Subject, ...]:
    """Return the workloads that a label or annotation says belong to a release."""
    return tuple(
        workload.subject
        for workload in inventory.workloads
        if workload.namespace == namespace and _marks(workload).get(mark) == name
    )


def _marks(item: Resource) -> Mapping[str, str]:
    return {**item.labels, **item.texts("metadata/annotations")}


def _resource(part: Part) -> Subject:
    return Subject(part.text("kind"), part.text("namespace"), part.text("name"))


def _epoch(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() and len(seconds) < 12 else None
