"""Remedies on Jobs and CronJobs: letting one go on, running it once more, giving it more time."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, target
from tocsin.investigation.diagnosis.remedies.patches import patch


def resume(item: Subject) -> Command:
    """Let a suspended Job or CronJob go on."""
    return patch(
        item,
        "/spec/suspend",
        True,
        False,
        purpose=f"let {item.name} go on",
        before="nobody suspended it on purpose (maintenance, a queue that decides whose turn it is)",
        verify=Verify(kubectl("get", target(item), of=item), "False under SUSPEND, or a pod that runs"),
    )


def run_again(cronjob: Subject, name: str) -> Command:
    """Make a Job of a CronJob now, under a name of its own."""
    job = Subject("Job", cronjob.namespace, name)
    return Command(
        argv=kubectl("create", "job", name, f"--from=cronjob/{cronjob.name}", of=cronjob),
        purpose=f"run {cronjob.name} once now",
        tier="reversible",
        before="what made it fail is mended, and running it twice does no harm",
        undo=Undo(kubectl("delete", target(job), of=cronjob)),
        verify=Verify(
            kubectl("wait", "--for=condition=complete", target(job), "--timeout=10m", of=cronjob), "condition met"
        ),
    )


def allow_longer(cronjob: Subject, seconds: int) -> Command:
    """Give the Jobs of a CronJob twice the time."""
    return patch(
        cronjob,
        "/spec/jobTemplate/spec/activeDeadlineSeconds",
        seconds,
        2 * seconds,
        purpose=f"give each run of {cronjob.name} {2 * seconds} s",
        before="a run works all the time and does not hang",
        verify=Verify(
            kubectl("get", target(cronjob), "-o", "yaml", of=cronjob), f"activeDeadlineSeconds: {2 * seconds}"
        ),
    )
