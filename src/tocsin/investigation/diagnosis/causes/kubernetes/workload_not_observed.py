"""A workload whose specification no controller has read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.nodes.control_plane import unrenewed
from tocsin.investigation.diagnosis.remedies.control_plane import look_at_lease
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.world import World

_NAME = "kube-controller-manager"
# Controllers answer a change within seconds, in large clusters within a minute.
_PATIENCE = timedelta(minutes=3)


@cause("control-plane", modes=("rollout.generation",), needs=("Deployment",))
def workload_not_observed(world: World) -> Iterator[Finding]:
    """A workload was changed, and minutes later its controller has still not looked at it.

    Its status tells of an older generation than its specification has. The controller manager is down, has lost its
    leader, or cannot follow; then nothing at all is scaled, replaced or rolled out.

    When it is wrong: it was changed a moment ago.
    """
    for workload in world.workloads:
        wanted, seen = workload.number("metadata/generation"), workload.number("status/observedGeneration")
        changed = _changed(workload)
        now = world.snapshot.captured_at
        if wanted and seen and seen < wanted and changed and now and now - changed > _PATIENCE:
            minutes = int((now - changed).total_seconds() // 60)
            yield Finding(
                workload.subject,
                f"{workload.name} was changed {minutes} min ago, and no controller has looked: it is at generation {wanted},"
                f" its status at {seen}",
                cites=[
                    workload.cite("status/observedGeneration", STRONG),
                    workload.cite("metadata/generation", MODERATE),
                    *unrenewed(world, _NAME, STRONG),
                ],
                remedies=[
                    look_at_lease(_NAME),
                    describe(workload.subject),
                ],
            )


def _changed(workload: Workload) -> datetime | None:
    """Return when somebody last wrote the specification."""
    entries = workload.parts("metadata/managedFields")
    times = [entry.time("time") for entry in entries if entry.text("subresource") != "status"]
    return max((at for at in times if at), default=None)
