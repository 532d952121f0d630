"""A Job that was given up after its pods failed too often."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.reading.workloads.jobs import failure, history, parent_of
from tocsin.investigation.diagnosis.remedies.jobs import run_again
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.world import World


@cause("job", modes=("job.backoff",), needs=("Job",), own=False)
def job_backoff_exceeded(world: World) -> Iterator[Finding]:
    """The pods of a Job failed more often than it allows (backoffLimit), and the Job was given up.

    Why they failed stands in their logs and exit codes, as long as the pods are kept. A Job that was given up does not
    try again by itself.

    When it is wrong: a later run did the work, or the pods failed for what their own logs tell better.
    """
    for job in world.of("Job"):
        told = failure(job)
        if not told or told.text("reason") != "BackoffLimitExceeded" or history(job, world.inventory):
            continue
        pods, parent = [pod for pod in world.pods if job.subject in world.inventory.owners(pod.subject)], parent_of(job)
        codes = sorted(
            {str(exit_.number("exitCode")) for pod in pods for c in pod.containers if (exit_ := c.last_exit)}
        )
        how = f", with exit code {', '.join(codes)}" if codes else "; none of its pods is left to tell why"
        failed = job.number("status/failed")
        yield Finding(
            job.subject,
            f"job {job.name} was given up after {failed if failed else 'too many'} failed pods{how}",
            cites=[told.cite("reason", MODERATE), job.cite("status/failed", WEAK)],
            felt_by=[parent] if parent else (),
            remedies=[
                *(read_logs(pod.subject, pod.containers[-1].name) for pod in pods[-1:] if pod.containers),
                describe(job.subject),
                *([run_again(parent, f"{parent.name}-again")] if parent else []),
            ],
        )
