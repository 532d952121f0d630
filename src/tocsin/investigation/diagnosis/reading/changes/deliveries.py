"""What deployment tools could not apply, in the API server's words: from the status of Argo CD's and Flux's objects."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.inventory import WORKLOADS
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_FLUX = ("Kustomization", "HelmRelease")
_FAILED = ("Failed", "Error")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message of a tool, with the object in which it keeps it, and the workloads that it should have brought."""

    subject: Subject
    text: str
    part: Part
    brings: tuple[Subject, ...]

    def cite(self, weight: float = MODERATE) -> Citation:
        """Cite the message."""
        return self.part.cite("message", weight)


def refusals(world: World) -> Iterator[Refusal]:
    """Yield the messages of Argo CD's Applications and Flux's Kustomizations and HelmReleases whose last try failed."""
    for held in world.inventory.of("Application"):
        brings = tuple(
            Subject(part.text("kind"), part.text("namespace"), part.text("name"))
            for part in held.parts("status/resources")
            if part.text("kind") in WORKLOADS
        )
        yield from (Refusal(held.subject, part.text("message"), part, brings) for part in _of_argo(held))
    for kind in _FLUX:
        for held in world.inventory.of(kind):
            ready = held.condition("Ready")
            if ready and ready.text("status") == "False" and ready.text("message"):
                yield Refusal(held.subject, ready.text("message"), ready, _of_flux(world, held))


def _of_argo(held: Resource) -> Iterator[Part]:
    operation = held.part("status/operationState")
    if operation and operation.text("phase") in _FAILED:
        failed = [part for part in operation.parts("syncResult/resources") if part.text("status") == "SyncFailed"]
        yield from (part for part in (failed or [operation]) if part.text("message"))
    yield from (part for part in held.parts("status/conditions") if part.text("type").endswith("Error"))


def _of_flux(world: World, held: Resource) -> tuple[Subject, ...]:
    scope = held.text("spec/targetNamespace") or held.namespace
    return tuple(item.subject for item in world.workloads if item.namespace == scope and item.lacking)
