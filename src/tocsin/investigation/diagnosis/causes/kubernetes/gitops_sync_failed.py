"""What is written in git could not be applied to the cluster."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

# Conditions by which Argo CD says that it cannot even try.
_CONDITIONS = ("ComparisonError", "InvalidSpecError", "SyncError")
_FLUX = ("Kustomization", "HelmRelease")
# Flux gives these reasons while it waits for something else, or is at work.
_WAITING = re.compile(r"DependencyNotReady|Progressing|HealthCheckFailed|Suspended")


@cause("rollout")
def gitops_sync_failed(world: World) -> Iterator[Finding]:
    """Argo CD or Flux could not bring the cluster to what git describes, so the old state stays, or nothing is there.

    The manifests name a namespace that does not exist, a kind that the cluster does not know, a field that may not
    change, or something that its rights do not allow. The tool tries again, with the same result, until git changes.

    When it is wrong: what git describes was meant for another cluster, and nobody misses it here.
    """
    for application in world.inventory.of("Application"):
        cites = list(_refused(application))
        if cites and application.get("status/sync/status") is not None:
            yield _finding(application, cites)
    for kind in _FLUX:
        for resource in world.inventory.of(kind):
            ready = resource.condition("Ready")
            if ready and ready.text("status") == "False" and not _WAITING.search(ready.text("reason")):
                yield _finding(resource, [ready.cite("message", CONCLUSIVE)])


def _refused(application: Resource) -> Iterator[Citation]:
    """Cite what Argo CD says of its last attempt, then of what it could not compare."""
    operation = application.part("status/operationState")
    if operation and operation.text("phase") in ("Failed", "Error"):
        yield operation.cite("message", CONCLUSIVE)
    for condition in application.parts("status/conditions"):
        if condition.text("type") in _CONDITIONS:
            yield condition.cite("message", STRONG)


def _finding(resource: Resource, cites: list[Citation]) -> Finding:
    said = str(cites[0].value)
    return Finding(
        resource.subject,
        f"{resource.kind} {resource.name} is not applied: {opening(said)}",
        cites=cites,
        remedies=[describe(resource.subject)],
    )
