"""A Job that took longer than it may."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.workloads.jobs import failure, history, parent_of
from tocsin.investigation.diagnosis.remedies.jobs import allow_longer
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_DEADLINE = "spec/activeDeadlineSeconds"


@cause("job", modes=("job.deadline",), needs=("Job",))
def job_deadline_exceeded(world: World) -> Iterator[Finding]:
    """A Job ran longer than its activeDeadlineSeconds; its pods were ended and deleted, and their logs with them.

    The time counts from the Job's start and covers all its attempts, also the time in which a pod waits for a node or
    an image.

    When it is wrong: it hangs, or its pods never started; then more time changes nothing.
    """
    for job in world.of("Job"):
        told = failure(job)
        if told and told.text("reason") == "DeadlineExceeded" and not history(job, world.inventory):
            seconds, parent = job.number(_DEADLINE), parent_of(job)
            cronjob = world.inventory.get(parent) if parent else None
            template = cronjob.number(f"spec/jobTemplate/{_DEADLINE}") if cronjob else None
            yield Finding(
                job.subject,
                f"job {job.name} was ended: it took longer than its deadline{f' of {seconds} s' if seconds else ''}",
                cites=[told.cite("reason", CONCLUSIVE), *([job.cite(_DEADLINE, MODERATE)] if seconds else [])],
                felt_by=[parent] if parent else (),
                remedies=[
                    *([allow_longer(parent, template)] if parent and template else []),
                    describe(job.subject),
                ],
            )
