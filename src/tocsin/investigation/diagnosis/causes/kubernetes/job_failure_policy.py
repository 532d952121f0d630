"""A Job that was ended by a rule about failures."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.workloads.jobs import failure, history, parent_of
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_REASONS = {
    "PodFailurePolicy": "a rule of its podFailurePolicy ended it at once",
    "FailedIndexes": "some of its indexes failed for good",
    "MaxFailedIndexesExceeded": "more of its indexes failed than it allows",
}


@cause("job", modes=("job.failure_policy",), needs=("Job",))
def job_failure_policy(world: World) -> Iterator[Finding]:
    """A Job was ended by one of its own rules: an exit code or a disruption that it does not retry, or failed indexes.

    Such rules save attempts that cannot succeed. The condition's message names the rule, the pod and the exit code.

    When it is wrong: the rule matches more than was meant, a disruption of the node for instance.
    """
    for job in world.of("Job"):
        told = failure(job)
        what = _REASONS.get(told.text("reason")) if told else None
        if told and what and not history(job, world.inventory):
            parent = parent_of(job)
            yield Finding(
                job.subject,
                f"job {job.name} failed: {what}: {opening(told.text('message'))}",
                cites=[told.cite("reason", CONCLUSIVE), told.cite("message", MODERATE)],
                felt_by=[parent] if parent else (),
                remedies=[describe(job.subject)],
            )
