"""A Deployment whose rollout is paused half way."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import missed
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.changes.differences import differences
from tocsin.investigation.diagnosis.reading.workloads.revisions import revisions
from tocsin.investigation.diagnosis.remedies.workloads import describe, resume_rollout
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.world import World


@cause("rollout", modes=("rollout.paused",), needs=("Deployment",))
def rollout_paused(world: World) -> Iterator[Finding]:
    """A Deployment is paused, and what was changed in it since then is not rolled out.

    While it is paused, changes of its template are only remembered: a fix that was applied does not reach the pods. It
    is scaled and healed as always, so nothing looks wrong.

    When it is wrong: somebody paused it on purpose, to look at the first new pods. So it is told only of one that lacks
    replicas or was asked about.
    """
    for workload in world.workloads:
        hurts = workload.get("spec/paused") is True and missed(workload, world.inventory)
        if hurts and (pending := _pending(world, workload)):
            yield Finding(
                workload.subject,
                f"the rollout of {workload.name} is paused: {pending}",
                cites=[
                    workload.cite("spec/paused", STRONG),
                    workload.cite("status/updatedReplicas", MODERATE),
                ],
                remedies=[resume_rollout(workload.subject), describe(workload.subject)],
            )


def _pending(world: World, workload: Workload) -> str:
    """Say what waits to be rolled out; empty when nothing does."""
    updated = workload.number("status/updatedReplicas")
    if updated is not None and updated < workload.desired:
        return f"{updated} of {workload.desired} replicas have the new template"
    held = revisions(world.inventory).get(workload.subject, [])
    moved = list(differences(held[-1].template, workload.get("spec/template/spec"))) if held else []
    return f"{moved[0]} waits" if moved else ""
