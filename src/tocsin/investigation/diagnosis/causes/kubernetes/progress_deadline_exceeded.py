"""A rollout that does not come to its end."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.world import World


@cause("rollout", modes=("rollout.deadline",), needs=("Deployment",), own=False)
def progress_deadline_exceeded(world: World) -> Iterator[Finding]:
    """The new pods of a Deployment did not become available within its progressDeadlineSeconds.

    The rollout is stuck, not undone: the new pods stay as they are, and those old ones that are left go on serving.
    Why the new ones do not become available is another matter, which their own state tells.

    When it is wrong: they become available yet, only later than the deadline allows.
    """
    for workload in world.workloads:
        told = workload.condition("Progressing")
        if told and told.text("status") == "False" and told.text("reason") == "ProgressDeadlineExceeded":
            serving = f"{workload.available} of {workload.desired} replicas serve"
            yield Finding(
                workload.subject,
                f"the rollout of {workload.name} is stuck: {opening(told.text('message')) or 'it made no progress'}; {serving}",
                cites=[told.cite("reason", MODERATE), workload.cite("status/updatedReplicas", WEAK)],
                remedies=[*rollback(workload.subject), describe(workload.subject)],
            )
